import { describe, expect, it } from 'vitest';
import { type GridLps, ijkToLps, LPS_AXES, voxelVolumeMm3 } from '../geometry/gridLps.ts';
import { cross, distance, normalize, type Vec3 } from '../geometry/vec3.ts';
import { signedVolumeMm3 } from './measures.ts';
import { rasterizeClosedMesh } from './rasterize.ts';
import { box, icosphere, torus } from './testing/primitives.ts';

const count = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0);

const a = normalize([0.7, 0.5, -0.2]);
const b = normalize(cross([0, 0, 1], a));
const oblique: GridLps = {
  sizeIjk: [60, 50, 30],
  originLpsMm: [-12, -14, -12],
  spacingMm: [0.5, 0.6, 1.1],
  directions: [a, b, cross(b, a)],
};

describe('rasterizeClosedMesh', () => {
  it('marks exactly the voxel centres inside, on an oblique, anisotropic, left-handed grid', () => {
    const centre = ijkToLps(oblique, [31, 24, 14]);
    const mesh = icosphere(centre, 6, 5);
    const mask = rasterizeClosedMesh(mesh, oblique);
    let wrong = 0;
    for (let voxel = 0; voxel < mask.length; voxel++) {
      const ijk: Vec3 = [voxel % 60, Math.floor(voxel / 60) % 50, Math.floor(voxel / 3000)];
      const gap = distance(ijkToLps(oblique, ijk), centre) - 6;
      if (Math.abs(gap) > 0.01 && gap < 0 !== (mask[voxel] === 1)) wrong++;
    }
    expect(wrong).toBe(0);
    expect((count(mask) * voxelVolumeMm3(oblique)) / signedVolumeMm3(mesh)).toBeCloseTo(1, 1);
  });

  it('counts a box whose faces, edges and corners lie on voxel centres half-open, without leaks', () => {
    const grid: GridLps = {
      sizeIjk: [9, 9, 9],
      originLpsMm: [0, 0, 0],
      spacingMm: [1, 1, 1],
      directions: LPS_AXES,
    };
    const mask = rasterizeClosedMesh(box([2, 2, 2], [6, 6, 6]), grid);
    expect(count(mask)).toBe(4 ** 3);
    // Two boxes that share a face cover every voxel once.
    const left = rasterizeClosedMesh(box([1, 2, 2], [4, 6, 6]), grid);
    const right = rasterizeClosedMesh(box([4, 2, 2], [7, 6, 6]), grid);
    expect(left.some((value, voxel) => value + right[voxel]! > 1)).toBe(false);
    expect(count(left) + count(right)).toBe(6 * 16);
  });

  it('cuts off what lies beyond the grid and leaves holes hollow', () => {
    const grid: GridLps = {
      sizeIjk: [10, 20, 20],
      originLpsMm: [0.5, -9.5, -9.5],
      spacingMm: [1, 1, 1],
      directions: LPS_AXES,
    };
    const half = rasterizeClosedMesh(icosphere([0, 0, 0], 8, 4), grid);
    expect(count(half) / ((2 / 3) * Math.PI * 512)).toBeCloseTo(1, 1);
    const ring = rasterizeClosedMesh(torus([5, 0, 0], 4, 1.5, 64, 32), grid);
    expect(ring[4 + 10 * (10 + 20 * 10)]).toBe(0);
    const outer = icosphere([5, 0, 0], 4, 3);
    const inner = icosphere([5, 0, 0], 2, 3);
    inner.triangles.reverse();
    const firstInner = outer.positionsLpsMm.length / 3;
    const both = {
      positionsLpsMm: Float32Array.of(...outer.positionsLpsMm, ...inner.positionsLpsMm),
      triangles: Uint32Array.of(...outer.triangles, ...inner.triangles.map((index) => firstInner + index)),
    };
    const shell = rasterizeClosedMesh(both, grid);
    expect(shell[4 + 10 * (10 + 20 * 10)]).toBe(0);
    expect(shell[8 + 10 * (10 + 20 * 10)]).toBe(0 + shell[2 + 10 * (10 + 20 * 10)]!);
    expect(count(shell)).toBeGreaterThan(150);
    expect(count(rasterizeClosedMesh(icosphere([100, 0, 0], 8, 2), grid))).toBe(0);
  });
});
