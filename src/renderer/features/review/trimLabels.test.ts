import { describe, expect, it } from 'vitest';
import type { LabelMap } from '#shared/contract/values.ts';
import { ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { trimLabels } from './trimLabels.ts';

const map = (voxels: readonly (readonly [number, number, number])[]): LabelMap => {
  const data = new Uint8Array(20 * 18 * 16);
  for (const [i, j, k] of voxels) data[i + 20 * (j + 18 * k)] = 1;
  return {
    grid: { sizeIjk: [20, 18, 16], originLpsMm: [1, 2, 3], spacingMm: [0.5, 0.5, 2], directions: LPS_AXES },
    data,
  };
};

describe('trimLabels', () => {
  it('keeps the labels where they are in space', () => {
    const whole = map([
      [8, 9, 7],
      [10, 9, 8],
    ]);
    const { grid, data } = trimLabels(whole);
    expect(grid.sizeIjk).toEqual([3 + 8, 1 + 8, 2 + 8]);
    expect(grid.originLpsMm).toEqual(ijkToLps(whole.grid, [4, 5, 3]));
    const at = [...data.keys()].filter((index) => data[index] === 1);
    expect(at).toEqual([4 + 11 * (4 + 9 * 4), 6 + 11 * (4 + 9 * 5)]);
  });

  it('pads where the map ends sooner than the margin', () => {
    const { grid, data } = trimLabels(map([[0, 0, 15]]));
    expect(grid.sizeIjk).toEqual([9, 9, 9]);
    expect(grid.originLpsMm).toEqual([1 - 2, 2 - 2, 3 + 11 * 2]);
    expect(data.indexOf(1)).toBe(4 + 9 * (4 + 9 * 4));
  });

  it('leaves an empty map alone', () => {
    const empty = map([]);
    expect(trimLabels(empty)).toBe(empty);
  });
});
