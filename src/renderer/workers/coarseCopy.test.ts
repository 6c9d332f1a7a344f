import { describe, expect, it } from 'vitest';
import { type GridLps, LPS_AXES, voxelCount } from '#shared/geometry/gridLps.ts';
import { squeeze } from '#shared/volume/averageToGrid.ts';
import { OUTSIDE_HU, type Volume } from '#shared/volume/volume.ts';
import { coarseSizeIjk, createCoarseCopy, squeezeSlice } from './coarseCopy.ts';

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

describe('createCoarseCopy', () => {
  const volume = scan(gridOf([13, 10, 17], [0.45, 0.6, 0.35]));
  const [nI, nJ, nK] = volume.grid.sizeIjk;
  const build = (order: readonly number[]): Volume<Int16Array> => {
    const copy = createCoarseCopy(volume.grid);
    for (const k of order) {
      const slice = volume.data.subarray(k * nI * nJ, (k + 1) * nI * nJ);
      copy.add(k, squeezeSlice(slice, volume.grid.sizeIjk, copy.sizeIjk));
    }
    return copy.volume;
  };
  const ascending = Array.from({ length: nK }, (_, k) => k);

  it('is the squeezed scan, rounded', () => {
    const whole = squeeze(volume, [6, 6, 6]);
    const copy = build(ascending);
    expect(copy.grid).toEqual(whole.grid);
    expect(Array.from(copy.data)).toEqual(Array.from(whole.data, Math.round));
  });

  it('does not depend on the order in which slices come', () => {
    const shuffled = [8, ...ascending.filter((k) => k !== 8).reverse()];
    expect(build(shuffled)).toEqual(build(ascending));
  });
});
