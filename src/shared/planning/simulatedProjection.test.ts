import { describe, expect, it } from 'vitest';
import { workingView } from '#shared/anatomy/cArmView.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { distance, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import { box } from '#shared/mesh/testing/primitives.ts';
import {
  attenuationMm,
  fluoroscopyGreys,
  isOutline,
  projectionFrame,
  projectPoint,
  silhouette,
} from './simulatedProjection.ts';

/** A cube of water of 40 mm round the origin, in air of 80 mm; voxels of 2 mm. */
const side = 40;
const data = new Int16Array(side ** 3).fill(-1000);
for (let at = 0; at < data.length; at++) {
  const [i, j, k] = [at % side, Math.floor(at / side) % side, Math.floor(at / side ** 2)];
  if ([i, j, k].every((index) => index >= 10 && index < 30)) data[at] = 0;
}
const volume = {
  grid: {
    sizeIjk: [side, side, side] as const,
    originLpsMm: [-39, -39, -39] as const,
    spacingMm: [2, 2, 2] as const,
    directions: LPS_AXES,
  },
  data,
};
const pictureOf = (alphaDegrees: number, betaDegrees: number) =>
  projectionFrame({ alphaDegrees, betaDegrees }, [0, 0, 0], { sidePixels: 60, mmPerPixel: 1 });

describe('a simulated projection', () => {
  it('sums what lies along the beam', () => {
    const sums = attenuationMm(volume, pictureOf(0, 0), 60);
    const at = (x: number, y: number): number => sums[y * 60 + x]!;
    expect(at(30, 30)).toBeGreaterThan(38);
    expect(at(30, 30)).toBeLessThan(42);
    expect(at(12, 30)).toBeGreaterThan(38);
    expect(at(8, 30)).toBe(0);
    // Turned by 45° the beam goes through the diagonal.
    const turned = attenuationMm(volume, pictureOf(45, 0), 60)[30 * 60 + 30]!;
    expect(turned).toBeGreaterThan(40 * Math.SQRT2 - 4);
    const greys = fluoroscopyGreys(sums);
    expect(greys[30 * 60 + 30]!).toBeLessThan(greys[30 * 60 + 2]!);
  });

  it('shows the patient from the detector: from the front the left is on the right, the head above', () => {
    const front = pictureOf(0, 0);
    expect(projectPoint(front, [10, 0, 0])).toEqual([40, 30]);
    expect(projectPoint(front, [0, 0, 10])[1]).toBeCloseTo(20, 9);
    // From the patient's left (LAO 90°) the front is on the left of the picture.
    expect(projectPoint(pictureOf(90, 0), [0, -10, 0])[0]).toBeCloseTo(20, 9);
    // From cranial what lies in front moves down.
    expect(projectPoint(pictureOf(0, 30), [0, -10, 0])[1]).toBeGreaterThan(30);
  });

  it('shows an axis in its full length in the views perpendicular to it', () => {
    const axis: Vec3 = normalize([0.6, -0.6, 0.5]);
    const frame = projectionFrame(workingView(axis)!, [0, 0, 0], { sidePixels: 60, mmPerPixel: 1 });
    const [x, y] = projectPoint(frame, [20 * axis[0], 20 * axis[1], 20 * axis[2]]);
    expect(Math.hypot(x - 30, y - 30)).toBeCloseTo(20, 6);
    expect(distance(axis, [0, 0, 0])).toBeCloseTo(1, 9);
  });

  it('outlines a surface', () => {
    const mask = silhouette(box([-10, -10, -10], [10, 10, 10]), pictureOf(0, 0));
    const filled = mask.reduce((sum, value) => sum + value, 0);
    expect(filled).toBeGreaterThanOrEqual(400);
    expect(filled).toBeLessThan(450);
    expect(isOutline(mask, 60, 30 * 60 + 30)).toBe(false);
    expect(isOutline(mask, 60, 30 * 60 + 20)).toBe(true);
    expect(isOutline(mask, 60, 30 * 60 + 5)).toBe(false);
  });
});
