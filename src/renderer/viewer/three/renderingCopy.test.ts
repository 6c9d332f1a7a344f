import { describe, expect, it } from 'vitest';
import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { beginRenderingCopy, partAround, thinnedGrid, thinning } from './renderingCopy.ts';
import { byteOfHu } from './transferFunction.ts';

const grid: GridLps = {
  sizeIjk: [7, 4, 6],
  originLpsMm: [10, 20, 30],
  spacingMm: [0.5, 0.5, 1],
  directions: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};

describe('thinning', () => {
  it('keeps every side within the largest', () => {
    expect(thinning({ ...grid, sizeIjk: [512, 512, 600] }, 512)).toEqual([1, 1, 2]);
    expect(thinning({ ...grid, sizeIjk: [512, 512, 600] }, 160)).toEqual([4, 4, 4]);
  });

  it("puts a block's centre in the middle of its voxels", () => {
    const thinned = thinnedGrid(grid, [2, 2, 3]);
    expect(thinned.sizeIjk).toEqual([3, 2, 2]);
    expect(ijkToLps(thinned, [1, 1, 1])).toEqual(ijkToLps(grid, [2.5, 2.5, 4]));
  });
});

it('the copy holds block means as bytes', () => {
  const data = Int16Array.from({ length: 7 * 4 * 6 }, (_, index) => ((index * 37) % 900) - 100);
  const { copy, step } = beginRenderingCopy({ grid, data }, { grid, firstIjk: [0, 0, 0] }, 4);
  let steps = 1;
  while (step()) steps++;
  expect(steps).toBe(copy.grid.sizeIjk[2]);
  const by = thinning(grid, 4);
  const [nI, nJ, nK] = copy.grid.sizeIjk;
  for (let k = 0; k < nK; k++)
    for (let j = 0; j < nJ; j++)
      for (let i = 0; i < nI; i++) {
        let sum = 0;
        for (let dk = 0; dk < by[2]; dk++)
          for (let dj = 0; dj < by[1]; dj++)
            for (let di = 0; di < by[0]; di++)
              sum += data[i * by[0] + di + 7 * (j * by[1] + dj + 4 * (k * by[2] + dk))]!;
        const mean = sum / (by[0] * by[1] * by[2]);
        expect(copy.data[i + nI * (j + nJ * k)]).toBe(Math.floor(byteOfHu(mean) + 0.5));
      }
});

describe('a part of the scan', () => {
  it('reaches as far as asked along each axis, and no further than the scan', () => {
    const part = partAround(grid, [11.5, 20.5, 32], 1);
    expect(part.firstIjk).toEqual([1, 0, 1]);
    expect(part.grid.sizeIjk).toEqual([5, 4, 3]);
    expect(part.grid.originLpsMm).toEqual([10.5, 20, 31]);
  });

  it('is copied from its own voxels', () => {
    const data = Int16Array.from({ length: 7 * 4 * 6 }, (_, index) => index * 5);
    const part = partAround(grid, [11.5, 20.5, 32], 1);
    const { copy, step } = beginRenderingCopy({ grid, data }, part, 512);
    while (step());
    expect(copy.grid).toEqual(part.grid);
    const source = data[1 + 2 + 7 * (0 + 3 + 4 * (1 + 1))]!;
    expect(copy.data[2 + 5 * (3 + 4 * 1)]).toBe(Math.floor(byteOfHu(source) + 0.5));
  });
});
