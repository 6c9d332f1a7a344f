import { describe, expect, it } from 'vitest';
import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import { rotateAbout, turnAxes } from '../obliqueAxes.ts';
import { type PlaneFrame, pixelToLps, planeDirections, planeFrame } from '../planeFrame.ts';
import type { ViewedVolume } from '../types.ts';
import { NO_HU } from './huWindow.ts';
import { huAt, reslice, sampleLattice, slabOffsetsMm } from './reslice.ts';

const STRAIGHT: readonly [Vec3, Vec3, Vec3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const SINGLE = { thicknessMm: 0, mode: 'maximum' } as const;

/** HU = 3x − 2y + 5z + 40 in LPS mm: trilinear sampling must return it everywhere. */
const linear = ([x, y, z]: Vec3): number => 3 * x - 2 * y + 5 * z + 40;

function linearVolume(directions: GridLps['directions'] = STRAIGHT): ViewedVolume {
  const grid: GridLps = {
    sizeIjk: [24, 20, 16],
    originLpsMm: [-12, -9, -10],
    spacingMm: [1, 1, 1.5],
    directions,
  };
  const [nI, nJ, nK] = grid.sizeIjk;
  const data = new Int16Array(nI * nJ * nK);
  for (let k = 0; k < nK; k++)
    for (let j = 0; j < nJ; j++)
      for (let i = 0; i < nI; i++)
        data[i + nI * (j + nJ * k)] = Math.round(linear(ijkToLps(grid, [i, j, k])));
  return { grid, data };
}

const frameOf = (axes: readonly [Vec3, Vec3, Vec3], plane: 'axial' | 'coronal' | 'sagittal'): PlaneFrame =>
  planeFrame(planeDirections(plane, axes), [1, 0.5, 2], [0, 0, 0], {
    mmPerPixel: 0.75,
    widthPixels: 60,
    heightPixels: 50,
  });

/** Compares every sample of a pane with the linear field; says how many lay in the scan. */
function compareWithField(volume: ViewedVolume, frame: PlaneFrame): number {
  const lattice = sampleLattice(volume.grid, frame, 1);
  const out = new Int16Array(lattice.columns * lattice.rows);
  reslice(volume, lattice, SINGLE, out);
  // One look at the worst at the end: an assertion for each of thousands of samples takes longer than all else.
  const beyond = new Set<number>();
  const offHu: number[] = [];
  for (let row = 0; row < lattice.rows; row++) {
    for (let column = 0; column < lattice.columns; column++) {
      const point = pixelToLps(frame, [column + 0.5, row + 0.5]);
      const ijk = lpsToIjk(volume.grid, point);
      const margin = Math.min(...ijk.map((at, axis) => Math.min(at, volume.grid.sizeIjk[axis]! - 1 - at)));
      const value = out[row * lattice.columns + column]!;
      if (margin < -0.501) beyond.add(value);
      if (margin > 0) offHu.push(Math.abs(value - linear(point)));
    }
  }
  for (const value of beyond) expect(value).toBe(NO_HU);
  // The volume's own rounding and the result's: a HU each at the most.
  expect(Math.max(...offHu)).toBeLessThanOrEqual(1.01);
  return offHu.length;
}

describe('reslicing', () => {
  it('returns a linear field on straight planes', () => {
    for (const plane of ['axial', 'coronal', 'sagittal'] as const)
      expect(compareWithField(linearVolume(), frameOf(STRAIGHT, plane))).toBeGreaterThan(200);
  });

  it('returns a linear field on oblique planes and on turned grids', () => {
    const axes = turnAxes(turnAxes(STRAIGHT, 2, 0.5), 0, 0.4);
    const axis = normalize([1, 2, -1]);
    const turned = STRAIGHT.map((direction) => rotateAbout(direction, axis, 0.3)) as [Vec3, Vec3, Vec3];
    for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
      expect(compareWithField(linearVolume(), frameOf(axes, plane))).toBeGreaterThan(200);
      expect(compareWithField(linearVolume(turned), frameOf(axes, plane))).toBeGreaterThan(200);
    }
  });

  it('shows the outermost voxels to their faces, and nothing beyond', () => {
    const volume = linearVolume();
    const inFirst = ijkToLps(volume.grid, [-0.45, 5, 15.45]);
    expect(huAt(volume, inFirst)).toBe(volume.data[0 + 24 * (5 + 20 * 15)]);
    expect(huAt(volume, ijkToLps(volume.grid, [-0.55, 5, 3]))).toBeNull();
    expect(huAt(volume, ijkToLps(volume.grid, [3, 19.55, 3]))).toBeNull();
  });

  it('reads the voxel itself at a voxel centre, negative values too', () => {
    const volume = linearVolume();
    for (const ijk of [
      [0, 0, 0],
      [23, 19, 15],
      [7, 3, 15],
      [4, 4, 0],
    ] as const)
      expect(huAt(volume, ijkToLps(volume.grid, ijk))).toBe(
        volume.data[ijk[0] + 24 * (ijk[1] + 20 * ijk[2])],
      );
  });

  it('works on a scan of a single slice', () => {
    const volume: ViewedVolume = {
      grid: { sizeIjk: [4, 4, 1], originLpsMm: [0, 0, 0], spacingMm: [1, 1, 5], directions: STRAIGHT },
      data: Int16Array.from({ length: 16 }, (_, index) => index * 10),
    };
    expect(huAt(volume, [1.5, 2, 1])).toBe(95);
  });
});

describe('slabs', () => {
  const volume = linearVolume();
  const frame = planeFrame(planeDirections('axial', STRAIGHT), [0, 0, 2], [0, 0, 2], {
    mmPerPixel: 1,
    widthPixels: 1,
    heightPixels: 1,
  });
  const lattice = sampleLattice(volume.grid, frame, 1);
  const through = (thicknessMm: number, mode: 'maximum' | 'minimum' | 'mean'): number => {
    const out = new Int16Array(1);
    reslice(volume, lattice, { thicknessMm, mode }, out);
    return out[0]!;
  };

  it('are sampled once for each voxel along the normal, evenly to both sides', () => {
    expect(slabOffsetsMm({ thicknessMm: 6, mode: 'mean' }, lattice.normalIjkPerMm)).toEqual([
      -3, -1.5, 0, 1.5, 3,
    ]);
    expect(slabOffsetsMm({ thicknessMm: 1, mode: 'mean' }, lattice.normalIjkPerMm)).toEqual([0]);
  });

  it('take maximum, minimum or mean: 5 HU to the mm along z', () => {
    expect(through(6, 'mean')).toBe(50);
    expect(through(6, 'maximum')).toBe(65);
    expect(through(6, 'minimum')).toBe(35);
  });

  it('leave out what lies outside the scan', () => {
    // The scan ends at z = 13.25, 11.25 mm above the plane; below it reaches 12.75 mm.
    const highest = volume.data[12 + 24 * (9 + 20 * 15)]!;
    expect(through(60, 'maximum')).toBe(highest);
  });
});
