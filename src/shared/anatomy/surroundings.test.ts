import { describe, expect, it } from 'vitest';
import { cubeGridLps, ijkToLps } from '../geometry/gridLps.ts';
import { distancesOf, type SurroundingsField, valueAt } from './surroundings.ts';

const grid = cubeGridLps([10, -20, 30], 24, 12);
/** A field that is linear along each axis, so that between voxels it is known. */
const linear = ([x, y, z]: readonly number[]): number => 0.3 * x! - 0.2 * y! + 0.5 * z! - 10;
const voxels = Array.from({ length: 12 ** 3 }, (_, n) =>
  ijkToLps(grid, [n % 12, Math.floor(n / 12) % 12, Math.floor(n / 144)]),
);
const field: SurroundingsField = {
  grid,
  reachMm: 14,
  structures: ['leftAtrium', 'circumflex'],
  distancesMm: Float32Array.from([...voxels.map(linear), ...voxels.map((p) => -linear(p))]),
};

describe('a field of the surroundings', () => {
  it('holds each structure in its own part, and none that it does not name', () => {
    const atrium = distancesOf(field, 'leftAtrium')!;
    expect(atrium).toHaveLength(12 ** 3);
    expect(distancesOf(field, 'circumflex')![77]).toBeCloseTo(-atrium[77]!, 5);
    expect(distancesOf(field, 'mitralAnnulus')).toBeUndefined();
  });

  it('is read between voxels', () => {
    const atrium = distancesOf(field, 'leftAtrium')!;
    for (const point of [
      [10.3, -19.2, 31.7],
      [1.2, -28.5, 40.3],
    ] as const) {
      expect(valueAt(atrium, grid, point)).toBeCloseTo(linear(point), 4);
    }
  });

  it('is not a number outside of the cube and beside voxels that the scan does not reach', () => {
    const atrium = distancesOf(field, 'leftAtrium')!.slice();
    expect(valueAt(atrium, grid, [10, -20, 45])).toBeNaN();
    atrium[0] = Number.NaN;
    const [x, y, z] = voxels[0]!;
    expect(valueAt(atrium, grid, [x + 0.5, y + 0.5, z + 0.5])).toBeNaN();
    expect(valueAt(atrium, grid, [x + 2.5, y + 0.5, z + 0.5])).not.toBeNaN();
  });
});
