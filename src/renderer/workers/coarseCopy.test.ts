import { describe, expect, it } from 'vitest';
import { type GridLps, LPS_AXES, voxelCount } from '#shared/geometry/gridLps.ts';
import { planesBehind, squeeze } from '#shared/volume/averageToGrid.ts';
import { OUTSIDE_HU, type Volume } from '#shared/volume/volume.ts';
import { coarsenPlanes, coarseSizeIjk } from './coarseCopy.ts';

const gridOf = (sizeIjk: GridLps['sizeIjk'], spacingMm: GridLps['spacingMm']): GridLps => ({
  sizeIjk,
  originLpsMm: [-3, 7, 11],
  spacingMm,
  directions: LPS_AXES,
});

/** Values without symmetry, with padding among them. */
function scan(grid: GridLps): Volume<Int16Array> {
  const data = new Int16Array(voxelCount(grid));
  for (let v = 0; v < data.length; v++) data[v] = v % 41 === 0 ? OUTSIDE_HU : ((v * 7919) % 3000) - 1000;
  return { grid, data };
}

describe('coarseSizeIjk', () => {
  it('takes voxels of about 1 mm', () => {
    expect(coarseSizeIjk(gridOf([512, 512, 300], [0.4, 0.4, 0.5]))).toEqual([205, 205, 150]);
  });
  it('is never finer than the scan', () => {
    expect(coarseSizeIjk(gridOf([200, 100, 56], [1.2, 1.2, 3]))).toEqual([200, 100, 56]);
  });
  it('stays within 8 million voxels', () => {
    const [i, j, k] = coarseSizeIjk(gridOf([512, 512, 1200], [0.97, 0.97, 0.5]));
    expect(i * j * k).toBeLessThanOrEqual(8_000_000);
    expect(i * j * k).toBeGreaterThan(7_000_000);
  });
});

describe('coarsenPlanes', () => {
  const volume = scan(gridOf([13, 10, 17], [0.45, 0.6, 0.35]));
  const { sizeIjk } = volume.grid;
  const coarseIjk = [6, 6, 6] as const;

  it.each([1, 2, 4, 6])('makes the squeezed scan, rounded, %i planes at a time', (planesAtOnce) => {
    const made: number[] = [];
    for (let from = 0; from < 6; from += planesAtOnce) {
      const wanted = { from, to: Math.min(6, from + planesAtOnce) };
      const behind = planesBehind(sizeIjk, coarseIjk, wanted);
      const planes = volume.data.subarray(behind.from * 130, behind.to * 130);
      made.push(...coarsenPlanes({ planes, sizeIjk, coarseIjk, wanted }));
    }
    expect(made).toEqual(Array.from(squeeze(volume, coarseIjk).data, Math.round));
  });
});
