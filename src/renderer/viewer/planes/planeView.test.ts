import { describe, expect, it } from 'vitest';
import { rotateAbout } from '../obliqueAxes.ts';
import { lpsToPixel, pixelToLps } from '../planeFrame.ts';
import { createExampleHost } from '../testing/exampleHost.ts';
import { createPlaneView } from './planeView.ts';

const SIZE = [200, 100] as const;

/** An axial view of the example's cube of 100 mm about the origin, in a pane of 200 × 100 pixels. */
function axialView() {
  const host = createExampleHost();
  const view = createPlaneView('axial', host, () => SIZE);
  view.follow(host.scene());
  return { host, view };
}

describe('the part of the patient in a plane', () => {
  it('is the whole volume at first: 100 mm in the 100 pixels of the shorter side', () => {
    const { view } = axialView();
    const { mmPerPixel, centreLpsMm } = view.frame();
    expect(mmPerPixel).toBeCloseTo(1, 9);
    expect(centreLpsMm.every((coordinate) => Math.abs(coordinate) < 1e-9)).toBe(true);
  });

  it('zooms about the pixel under the pointer', () => {
    const { view } = axialView();
    const before = pixelToLps(view.frame(), [150, 20]);
    view.zoomBy(2, [150, 20]);
    expect(view.frame().mmPerPixel).toBeCloseTo(0.5, 9);
    const [x, y] = lpsToPixel(view.frame(), before);
    expect([x, y]).toEqual([expect.closeTo(150, 6), expect.closeTo(20, 6)]);
  });

  it('stops zooming at 0.02 and 5 mm per pixel', () => {
    const { view } = axialView();
    view.zoomBy(1e6, [0, 0]);
    expect(view.frame().mmPerPixel).toBeCloseTo(0.02, 9);
    view.zoomBy(1e-6, [0, 0]);
    expect(view.frame().mmPerPixel).toBeCloseTo(5, 9);
  });

  it('frames a cube, and shows the whole volume again after a reset', () => {
    const { view } = axialView();
    view.frameCube([10, 0, 0], 25);
    expect(view.frame().mmPerPixel).toBeCloseTo(0.25, 9);
    expect(lpsToPixel(view.frame(), [10, 0, 0])).toEqual([100, 50]);
    view.frameCube([10, 0, 0], 1000);
    expect(view.frame().mmPerPixel).toBeCloseTo(1, 9);
    view.reset();
    expect(lpsToPixel(view.frame(), [0, 0, 0])).toEqual([expect.closeTo(100, 6), expect.closeTo(50, 6)]);
  });

  it('keeps pan and zoom when the axes turn or the volume fills up, not for another scan', () => {
    const { host, view } = axialView();
    view.zoomBy(2, [100, 50]);
    view.panBy([5, 0, 0]);
    const { volume, axes } = host.scene();
    host.change({
      axes: [
        rotateAbout(axes[0], axes[0], 0.3),
        rotateAbout(axes[1], axes[0], 0.3),
        rotateAbout(axes[2], axes[0], 0.3),
      ],
      volume: volume && { ...volume },
    });
    view.follow(host.scene());
    expect(view.frame().mmPerPixel).toBeCloseTo(0.5, 9);
    expect(view.frame().centreLpsMm[0]).toBeCloseTo(-5, 9);
    host.change({ volume: volume && { ...volume, grid: { ...volume.grid, originLpsMm: [0, 0, 0] } } });
    view.follow(host.scene());
    expect(view.frame().mmPerPixel).toBeCloseTo(1, 9);
  });
});
