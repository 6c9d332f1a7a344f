import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GridLps, ijkToLps } from './gridLps.ts';
import { firstVoxelOfPart } from './partOfGrid.ts';
import { cross, normalize, perpendicular, scale, type Vec3 } from './vec3.ts';

/** Scans in any orientation, right- and left-handed. */
const anyScan: fc.Arbitrary<GridLps> = fc
  .record({
    axis: fc
      .tuple(...([0, 1, 2] as const).map(() => fc.double({ min: -1, max: 1, noNaN: true })))
      .filter((v) => Math.hypot(...v) > 0.1),
    handed: fc.constantFrom(1, -1),
  })
  .map(({ axis: [x = 0, y = 0, z = 0], handed }) => {
    const k = normalize([x, y, z]);
    const i = perpendicular(k);
    return {
      sizeIjk: [512, 400, 300],
      originLpsMm: [-123.4, 56.7, -890.1],
      spacingMm: [0.39, 0.41, 0.625],
      directions: [i, cross(k, i), scale(k, handed)],
    };
  });

const partAt = (scan: GridLps, firstIjk: Vec3, sizeIjk: Vec3): GridLps => ({
  ...scan,
  sizeIjk,
  originLpsMm: ijkToLps(scan, firstIjk),
});

describe('firstVoxelOfPart', () => {
  it('finds a part again, whatever the orientation', () => {
    fc.assert(
      fc.property(anyScan, fc.nat(212), fc.nat(100), fc.nat(50), (scan, i, j, k) => {
        expect(firstVoxelOfPart(partAt(scan, [i, j, k], [300, 300, 250]), scan)).toEqual([i, j, k]);
      }),
    );
  });

  it('refuses what reaches out of the scan, by one voxel on any side', () => {
    fc.assert(
      fc.property(anyScan, (scan) => {
        expect(firstVoxelOfPart(scan, scan)).toEqual([0, 0, 0]);
        for (const axis of [0, 1, 2]) {
          const step = (by: number): Vec3 => [axis === 0 ? by : 0, axis === 1 ? by : 0, axis === 2 ? by : 0];
          expect(firstVoxelOfPart(partAt(scan, step(1), scan.sizeIjk), scan)).toBeNull();
          expect(firstVoxelOfPart(partAt(scan, step(-1), scan.sizeIjk), scan)).toBeNull();
        }
      }),
    );
  });

  it('refuses half steps, another spacing, and turned axes', () => {
    fc.assert(
      fc.property(anyScan, (scan) => {
        const part = partAt(scan, [10, 20, 30], [100, 100, 100]);
        expect(firstVoxelOfPart(partAt(scan, [10.5, 20, 30], [100, 100, 100]), scan)).toBeNull();
        const [a, b, c] = part.spacingMm;
        expect(firstVoxelOfPart({ ...part, spacingMm: [a, b, c * 1.001] }, scan)).toBeNull();
        const [i, j, k] = part.directions;
        expect(firstVoxelOfPart({ ...part, directions: [j, i, k] }, scan)).toBeNull();
        expect(firstVoxelOfPart({ ...part, directions: [i, j, scale(k, -1)] }, scan)).toBeNull();
      }),
    );
  });
});
