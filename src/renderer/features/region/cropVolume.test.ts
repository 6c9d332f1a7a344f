import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { type GridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { cropVolume, cubeInGrid } from './cropVolume.ts';

const grid: GridLps = {
  sizeIjk: [10, 8, 6],
  originLpsMm: [-10, 5, 100],
  spacingMm: [0.5, 1, 2],
  directions: LPS_AXES,
};

/** Each voxel's value is its own index: 100·k + 10·j + i. */
const numbered = (): ViewedVolume => {
  const [nI, nJ, nK] = grid.sizeIjk;
  const data = new Int16Array(nI * nJ * nK);
  for (let at = 0; at < data.length; at++) {
    const i = at % nI;
    const j = Math.floor(at / nI) % nJ;
    data[at] = 100 * Math.floor(at / (nI * nJ)) + 10 * j + i;
  }
  return { grid, data };
};

describe('cubeInGrid', () => {
  it('keeps voxels whose centres lie in the cube, those on its faces too', () => {
    expect(cubeInGrid(grid, [-8, 8, 104], 2)).toEqual({ lowIjk: [2, 2, 2], highIjk: [6, 4, 2] });
  });

  it('is clipped to the volume', () => {
    expect(cubeInGrid(grid, [-10, 5, 100], 4)).toEqual({ lowIjk: [0, 0, 0], highIjk: [4, 2, 1] });
  });

  it('is null outside of the volume', () => {
    expect(cubeInGrid(grid, [500, 8, 104], 20)).toBeNull();
  });

  it('contains all of the cube on a rotated grid', () => {
    const c = Math.SQRT1_2;
    const turned: GridLps = {
      sizeIjk: [101, 101, 5],
      originLpsMm: [0, 0, 0],
      spacingMm: [1, 1, 1],
      directions: [
        [c, c, 0],
        [-c, c, 0],
        [0, 0, 1],
      ],
    };
    const box = cubeInGrid(turned, ijkToLps(turned, [50, 50, 2]), 10)!;
    // Half the edge along a diagonal direction: 5·√2 = 7.07 mm.
    expect(box).toEqual({ lowIjk: [43, 43, 0], highIjk: [57, 57, 4] });
  });
});

describe('cropVolume', () => {
  it('copies values and shifts the origin to the first kept voxel', () => {
    const crop = cropVolume(numbered(), [-8, 8, 104], 2);
    expect(crop.grid).toEqual({ ...grid, sizeIjk: [5, 3, 1], originLpsMm: [-9, 7, 104] });
    expect([...crop.data]).toEqual([
      222, 223, 224, 225, 226, 232, 233, 234, 235, 236, 242, 243, 244, 245, 246,
    ]);
  });

  it('is the whole volume for a cube that contains it', () => {
    const volume = numbered();
    expect(cropVolume(volume, [-8, 8, 104], 1000)).toEqual(volume);
  });

  it('refuses a cube outside of the scan in one sentence', () => {
    expect(() => cropVolume(numbered(), [500, 0, 0], 20)).toThrow(UserError);
  });
});
