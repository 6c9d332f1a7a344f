import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { ViewedVolume } from '../../viewer/types.ts';

/** Voxel indices, both inclusive. */
export interface IndexBox {
  readonly lowIjk: Vec3;
  readonly highIjk: Vec3;
}

type Axis = 0 | 1 | 2;

/**
 * The voxels of a grid whose centres can lie in an axis-aligned LPS cube, clipped to the grid; null where there is none.
 * On a grid that is turned against LPS the box is larger than the cube, so that all of the cube is inside.
 */
export function cubeInGrid(grid: GridLps, centreLpsMm: Vec3, edgeMm: number): IndexBox | null {
  const centreIjk = lpsToIjk(grid, centreLpsMm);
  const rangeOf = (axis: Axis): readonly [number, number] => {
    const [l, p, s] = grid.directions[axis];
    const reach = ((Math.abs(l) + Math.abs(p) + Math.abs(s)) * edgeMm) / 2 / grid.spacingMm[axis];
    // A hair of tolerance keeps a voxel whose centre lies on the cube's face.
    return [
      Math.max(0, Math.ceil(centreIjk[axis] - reach - 1e-6)),
      Math.min(grid.sizeIjk[axis] - 1, Math.floor(centreIjk[axis] + reach + 1e-6)),
    ];
  };
  const [i, j, k] = [rangeOf(0), rangeOf(1), rangeOf(2)];
  if (i[0] > i[1] || j[0] > j[1] || k[0] > k[1]) return null;
  return { lowIjk: [i[0], j[0], k[0]], highIjk: [i[1], j[1], k[1]] };
}

/**
 * The scan's own voxels in a cube of `edgeMm` round a point, less where the scan ends: values untouched, the grid's
 * origin at the first voxel that is kept.
 * @throws UserError where the cube lies outside of the scan
 */
export function cropVolume(volume: ViewedVolume, centreLpsMm: Vec3, edgeMm: number): ViewedVolume {
  const box = cubeInGrid(volume.grid, centreLpsMm, edgeMm);
  if (!box) throw new UserError(failure('page.box-outside-scan'));
  return cropBox(volume, box);
}

/** The voxels of a part that was cut from a scan like this one; null where that part is none of this scan's. */
export function cropToGrid(volume: ViewedVolume, { originLpsMm, sizeIjk }: GridLps): ViewedVolume | null {
  const [i, j, k] = lpsToIjk(volume.grid, originLpsMm).map(Math.round);
  const lowIjk: Vec3 = [i ?? 0, j ?? 0, k ?? 0];
  const highIjk: Vec3 = [lowIjk[0] + sizeIjk[0] - 1, lowIjk[1] + sizeIjk[1] - 1, lowIjk[2] + sizeIjk[2] - 1];
  const isInside = lowIjk.every((low, axis) => low >= 0 && highIjk[axis]! < volume.grid.sizeIjk[axis]!);
  return isInside ? cropBox(volume, { lowIjk, highIjk }) : null;
}

function cropBox({ grid, data }: ViewedVolume, box: IndexBox): ViewedVolume {
  const [i0, j0, k0] = box.lowIjk;
  const sizeIjk: Vec3 = [box.highIjk[0] - i0 + 1, box.highIjk[1] - j0 + 1, box.highIjk[2] - k0 + 1];
  const [nI, nJ, nK] = sizeIjk;
  const [rowStride, sliceStride] = [grid.sizeIjk[0], grid.sizeIjk[0] * grid.sizeIjk[1]];
  const cropped = new Int16Array(nI * nJ * nK);
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      const from = i0 + (j0 + j) * rowStride + (k0 + k) * sliceStride;
      cropped.set(data.subarray(from, from + nI), nI * (j + nJ * k));
    }
  }
  return { grid: { ...grid, sizeIjk, originLpsMm: ijkToLps(grid, box.lowIjk) }, data: cropped };
}
