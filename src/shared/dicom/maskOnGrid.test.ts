import { describe, expect, it } from 'vitest';
import { cubeGridLps, type GridLps, ijkToLps } from '../geometry/gridLps.ts';
import { type LabelImage, labelImage } from './labelImage.ts';
import { appendageLabel, maskOnGrid } from './maskOnGrid.ts';

const grid: GridLps = { ...cubeGridLps([10, -20, 30], 6, 2), sizeIjk: [5, 4, 3], spacingMm: [0.5, 0.75, 2] };
const values = Uint8Array.from({ length: 60 }, (_, voxel) => (voxel % 7 < 2 ? 1 : 0));
const image = (of: GridLps, data: Uint8Array): LabelImage => labelImage(of, data, 'labels', '1.2');

describe('maskOnGrid', () => {
  it('is exact on its own grid, on a part of it and where slices run the other way', () => {
    expect(maskOnGrid(image(grid, values), 1, grid)).toEqual(values);
    const part: GridLps = { ...grid, sizeIjk: [2, 2, 2], originLpsMm: ijkToLps(grid, [2, 1, 1]) };
    const at = (i: number, j: number, k: number): number => values[i + 5 * (j + 4 * k)]!;
    expect([...maskOnGrid(image(grid, values), 1, part)]).toEqual([
      at(2, 1, 1),
      at(3, 1, 1),
      at(2, 2, 1),
      at(3, 2, 1),
      at(2, 1, 2),
      at(3, 1, 2),
      at(2, 2, 2),
      at(3, 2, 2),
    ]);
    const [x, y, z] = grid.directions;
    const turned: GridLps = {
      ...grid,
      originLpsMm: ijkToLps(grid, [0, 0, 2]),
      directions: [x, y, [-z[0], -z[1], -z[2]]],
    };
    const reversed = Uint8Array.from([2, 1, 0].flatMap((k) => [...values.subarray(20 * k, 20 * k + 20)]));
    expect(maskOnGrid(image(turned, reversed), 1, grid)).toEqual(values);
  });

  it('takes the nearest voxel of another grid, and nothing beyond it', () => {
    const fine: GridLps = {
      ...grid,
      sizeIjk: [10, 4, 3],
      spacingMm: [0.25, 0.75, 2],
      originLpsMm: ijkToLps(grid, [-0.25, 0, 0]),
    };
    const doubled = maskOnGrid(image(grid, values), 1, fine);
    expect([...doubled].filter((_, voxel) => voxel % 2 === 0)).toEqual([...values]);
    const beyond: GridLps = { ...grid, originLpsMm: ijkToLps(grid, [5, 0, 0]) };
    expect(maskOnGrid(image(grid, values), 1, beyond)).not.toContain(1);
  });
});

it('finds the appendage by its name among several', () => {
  const named = (...names: string[]) => ({ labels: names.map((name, at) => ({ value: at + 1, name })) });
  expect(appendageLabel(named(''))).toBe(1);
  expect(appendageLabel(named('Left atrium', 'Left atrial appendage'))).toBe(2);
  expect(appendageLabel(named('LA', 'LAA', 'Aorta'))).toBe(2);
  expect(appendageLabel(named('left appendage', 'right appendage'))).toBeUndefined();
  expect(appendageLabel(named('a', 'b'))).toBeUndefined();
});
