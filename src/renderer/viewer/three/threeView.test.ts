import { describe, expect, it, vi } from 'vitest';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { lpsToPixel, pixelToLps } from '../planeFrame.ts';
import { createExampleHost } from '../testing/exampleHost.ts';
import { directionsOfView, FROM_THE_FRONT, orbit } from './camera.ts';
import { createThreeView } from './threeView.ts';

function viewOfExample() {
  const host = createExampleHost();
  const view = createThreeView(host, () => [300, 300]);
  view.follow(host.scene());
  return { host, view };
}

const REGION = { box: { centreLpsMm: [20, 10, 5], edgeMm: 40 }, editable: true } as const;

describe('the camera of the 3D pane', () => {
  it('looks at the scan from the front', () => {
    const { view } = viewOfExample();
    expect(view.frame()).toMatchObject(FROM_THE_FRONT);
    expect(lpsToPixel(view.frame(), [0, 0, 0])).toEqual([expect.closeTo(150, 6), expect.closeTo(150, 6)]);
  });

  it('turns to a region that is set, and keeps the viewing direction', () => {
    const { host, view } = viewOfExample();
    view.orbitBy(40, 10);
    const { normal, mmPerPixel } = view.frame();
    host.change({ region: REGION });
    view.follow(host.scene());
    expect(view.frame().normal).toEqual(normal);
    expect(view.frame().centreLpsMm).toEqual(REGION.box.centreLpsMm);
    expect(view.frame().mmPerPixel).toBeLessThan(mmPerPixel);
  });

  it('fits a surface that comes to stand beside the mesh, and the mesh alone when it goes', () => {
    const { host, view } = viewOfExample();
    const closed = icosphere([0, 0, 0], 20, 1);
    host.change({ mesh: { closed, visible: true, opacity: 1, difference: null } });
    view.follow(host.scene());
    const alone = view.frame();
    view.orbitBy(40, 10);
    view.zoomBy(2, [10, 10]);
    host.change({ beside: [{ mesh: icosphere([0, 0, 0], 20, 1), colour: '#cccccc', place: 'right' }] });
    view.follow(host.scene());
    const both = view.frame();
    expect(both.mmPerPixel).toBeGreaterThan(1.5 * alone.mmPerPixel);
    expect(lpsToPixel(both, [0, 0, 0])[0]).toBeLessThan(150);
    // Turned by the reader, it stays so.
    expect(both.normal).not.toEqual(alone.normal);
    host.change({ beside: [] });
    view.follow(host.scene());
    expect(view.frame().mmPerPixel).toBeCloseTo(alone.mmPerPixel, 9);
  });

  it('stays when the crosshair or the window moves', () => {
    const { host, view } = viewOfExample();
    view.orbitBy(40, 10);
    view.panBy([12, -7]);
    view.zoomBy(1.5, [10, 10]);
    const before = view.frame();
    host.change({ crosshairLpsMm: [3, 3, 3], window: { centreHu: 0, widthHu: 10, inverted: true } });
    view.follow(host.scene());
    expect(view.frame()).toEqual(before);
  });

  it('zooms about the pixel under the pointer', () => {
    const { view } = viewOfExample();
    const before = pixelToLps(view.frame(), [40, 250]);
    view.zoomBy(3, [40, 250]);
    const [x, y] = lpsToPixel(view.frame(), before);
    expect([x, y]).toEqual([expect.closeTo(40, 6), expect.closeTo(250, 6)]);
  });

  it('sees another scan, and any scan after a reset, from the front', () => {
    const { host, view } = viewOfExample();
    view.orbitBy(40, 10);
    view.reset();
    expect(view.frame()).toMatchObject(FROM_THE_FRONT);
    view.orbitBy(40, 10);
    const { volume } = host.scene();
    host.change({ volume: volume && { ...volume, grid: { ...volume.grid, originLpsMm: [0, 0, 0] } } });
    view.follow(host.scene());
    expect(view.frame()).toMatchObject(FROM_THE_FRONT);
  });

  it('follows a C-arm and turns it, and is free again where it was left', () => {
    const { host, view } = viewOfExample();
    vi.spyOn(host.events, 'onCArm').mockImplementation((cArm) => {
      host.change({ cArm });
      view.follow(host.scene());
    });
    view.orbitBy(40, 10);
    expect(view.turnCArmBy(1, 0)).toBe(false);
    host.change({ cArm: { alphaDegrees: -30, betaDegrees: -20 } });
    view.follow(host.scene());
    expect(view.frame()).toMatchObject(directionsOfView({ alphaDegrees: -30, betaDegrees: -20 }));
    // The near side goes to the right: the detector goes to the patient's right.
    view.orbitBy(10, 0);
    expect(host.scene().cArm?.alphaDegrees).toBeLessThan(-34);
    expect(view.turnCArmBy(2, -3)).toBe(true);
    const turned = host.scene().cArm!;
    expect(turned.betaDegrees).toBeCloseTo(-23, 9);
    expect(view.frame()).toMatchObject(directionsOfView(turned));
    host.change({ cArm: null });
    view.follow(host.scene());
    expect(view.frame()).toMatchObject(directionsOfView(turned));
    view.orbitBy(10, 5);
    expect(view.frame()).toMatchObject(orbit(directionsOfView(turned), 10, 5));
    host.change({ cArm: turned });
    view.reset();
    expect(host.scene().cArm).toEqual({ alphaDegrees: expect.closeTo(0), betaDegrees: expect.closeTo(0) });
  });
});
