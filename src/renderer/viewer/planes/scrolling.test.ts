import { describe, expect, it } from 'vitest';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { distance, dot, normalize, subtract } from '#shared/geometry/vec3.ts';
import { placedCrosshair, sameGrid, sameScan, scrolled, sliceNumber } from './scrolling.ts';

const grid: GridLps = {
  sizeIjk: [50, 50, 40],
  originLpsMm: [-20, -20, 100],
  spacingMm: [0.8, 0.8, 2],
  directions: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, -1],
  ],
};

describe('scrolling', () => {
  it('lands on slice centres, in the direction of the normal whichever way the scan is stored', () => {
    const up = scrolled(grid, [1, 2, 80.7], [0, 0, 1], 1);
    expect(up[0]).toBeCloseTo(1, 12);
    expect(up[2]).toBeCloseTo(82, 12);
    expect(scrolled(grid, [1, 2, 80], [0, 0, 1], -3)[2]).toBeCloseTo(74, 12);
  });

  it('stops at the ends of the scan', () => {
    expect(scrolled(grid, [0, 0, 98], [0, 0, 1], 10)[2]).toBeCloseTo(100, 12);
    expect(scrolled(grid, [0, 0, 30], [0, 0, 1], -90)[2]).toBeCloseTo(22, 12);
  });

  it('moves oblique planes along their normal by a distance between those of the voxels', () => {
    const normal = normalize([1, 0, 1]);
    const shift = subtract(scrolled(grid, [0, 0, 60], normal, 1), [0, 0, 60]);
    const along = dot(shift, normal);
    expect(distance(shift, [normal[0] * along, 0, normal[2] * along])).toBeLessThan(1e-9);
    expect(along).toBeGreaterThan(0.8);
    expect(along).toBeLessThan(2);
  });
});

it('slices are numbered from 1 along the scan, oblique planes not at all', () => {
  expect(sliceNumber(grid, [0, 0, 100], [0, 0, 1])).toEqual({ slice: 1, of: 40 });
  expect(sliceNumber(grid, [0, 0, 22.4], [0, 0, 1])).toEqual({ slice: 40, of: 40 });
  expect(sliceNumber(grid, [0, 0, 60], normalize([0, 1, 1]))).toBeNull();
});

it('grids are the same by their values', () => {
  expect(sameGrid(grid, { ...grid, spacingMm: [0.8, 0.8, 2] })).toBe(true);
  expect(sameGrid(grid, { ...grid, spacingMm: [0.8, 0.8, 2.1] })).toBe(false);
  expect(sameGrid(grid, undefined)).toBe(false);
});

describe('placing the crosshair', () => {
  const straight = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;

  it('lands on voxel centres with straight planes', () => {
    const placed = placedCrosshair(grid, straight, [0.3, 0.5, 61.2]);
    expect(distance(placed, [0, 0.8, 62])).toBeLessThan(1e-9);
  });

  it('leaves the point where it is with oblique planes', () => {
    const oblique = [normalize([1, 1, 0]), normalize([-1, 1, 0]), [0, 0, 1]] as const;
    expect(distance(placedCrosshair(grid, oblique, [0.3, 0.5, 61.2]), [0.3, 0.5, 61.2])).toBeLessThan(1e-9);
  });

  it('stays in the scan', () => {
    const placed = placedCrosshair(grid, straight, [-500, 0, 500]);
    expect(distance(placed, [-20, 0, 100])).toBeLessThan(1e-9);
  });
});

it('keeps the view from phase to phase of one heart, and on no other lattice', () => {
  const volume = { grid, data: new Int16Array() };
  const other = { grid: { ...grid, spacingMm: [0.8, 0.8, 2.1] as Vec3 }, data: new Int16Array() };
  expect(sameScan(volume, other)).toBe(false);
  expect(sameScan({ ...volume, heart: 'a' }, { ...other, heart: 'a' })).toBe(true);
  expect(sameScan({ ...volume, heart: 'a' }, { ...other, heart: 'b' })).toBe(false);
  expect(sameScan(volume, null)).toBe(false);
});
