import type { GridLps } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { type PlaneSpan, squeeze, squeezePlanes } from '#shared/volume/averageToGrid.ts';

const COARSE_VOXEL_MM = 1;
const MAX_COARSE_VOXELS = 8_000_000;

/** The size of a scan averaged to voxels of about 1 mm, at most 8 million of them; never more than the scan has. */
export function coarseSizeIjk(grid: GridLps): Vec3 {
  for (let voxelMm = COARSE_VOXEL_MM; ; voxelMm *= 1.02) {
    const size = perAxis((axis) => {
      const voxels = grid.sizeIjk[axis];
      return Math.max(1, Math.min(voxels, Math.round((voxels * grid.spacingMm[axis]) / voxelMm)));
    });
    if (size[0] * size[1] * size[2] <= MAX_COARSE_VOXELS) return size;
  }
}

/** One slice averaged to fewer rows and columns. */
export function squeezeSlice(slice: Int16Array, sizeIjk: Vec3, coarseIjk: Vec3): Float32Array {
  const grid: GridLps = {
    sizeIjk: [sizeIjk[0], sizeIjk[1], 1],
    originLpsMm: [0, 0, 0],
    spacingMm: [1, 1, 1],
    directions: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
  return squeeze({ grid, data: slice }, [coarseIjk[0], coarseIjk[1], 1]).data;
}

/** Planes of a scan's coarse copy that are to be made. */
export interface CoarsePart {
  /** The scan's planes that they are made of (`planesBehind`). */
  readonly planes: Int16Array;
  readonly sizeIjk: Vec3;
  readonly coarseIjk: Vec3;
  readonly wanted: PlaneSpan;
}

/** Planes of the coarse copy, HU rounded to whole numbers. */
export function coarsenPlanes({ planes, sizeIjk, coarseIjk, wanted }: CoarsePart): Int16Array {
  const means = squeezePlanes(planes, sizeIjk, coarseIjk, wanted);
  const rounded = new Int16Array(means.length);
  const row = coarseIjk[0];
  for (let from = 0; from < means.length; from += row)
    round(means.subarray(from, from + row), rounded.subarray(from, from + row));
  return rounded;
}

/** Not by `Int16Array.from(values, Math.round)`, which takes longer than the averaging. */
function round(values: Float32Array, into: Int16Array): void {
  for (let v = 0; v < values.length; v++) into[v] = Math.round(values[v]!);
}
