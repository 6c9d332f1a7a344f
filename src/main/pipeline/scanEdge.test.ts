import { describe, expect, it } from 'vitest';
import { smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { isAtScanEdge, unseenWallShare } from './scanEdge.ts';

const grid = smallGrid({ sizeIjk: [40, 40, 40], originLpsMm: [0, 0, 0], spacingMm: [1, 1, 1] });
const volume = { grid, data: new Int16Array(voxelCount(grid)).fill(40) };

describe('the scan’s edge', () => {
  it('is not at a lumen inside of the scan', () => {
    expect(unseenWallShare(volume, icosphere([20, 20, 20], 10, 3))).toBe(0);
    expect(isAtScanEdge(volume, [[20, 20, 20]])).toBe(false);
  });

  it('is where the outer side of a wall is not shown: half of a ball on the edge', () => {
    expect(unseenWallShare(volume, icosphere([0, 20, 20], 10, 3))).toBeCloseTo(0.5, 0);
    expect(unseenWallShare(volume, icosphere([7, 20, 20], 10, 3))).toBeGreaterThan(0.1);
    expect(isAtScanEdge(volume, [[20, 20, 38]])).toBe(true);
    expect(isAtScanEdge(volume, [[-3, 20, 20]])).toBe(true);
  });

  it('is where padding begins, too', () => {
    const data = volume.data.slice();
    data.fill(-2048, 0, voxelCount(grid) / 2);
    expect(unseenWallShare({ grid, data }, icosphere([20, 20, 20], 8, 3))).toBeGreaterThan(0.4);
  });
});
