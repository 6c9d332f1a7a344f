import type { GridLps } from '#shared/geometry/gridLps.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { squeeze, squeezedGrid, squeezeWeights, usersOf } from '#shared/volume/averageToGrid.ts';
import type { Volume } from '#shared/volume/volume.ts';

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

/** One slice of a scan averaged to the coarse copy's rows and columns. */
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

/** A coarse copy that grows with the slices of a scan. */
export interface CoarseCopy {
  readonly sizeIjk: Vec3;
  /** Adds the squeezed slice k; in any order, each once. */
  add(k: number, squeezedSlice: Float32Array): void;
  /** HU rounded to whole numbers; complete when every slice has been added. */
  readonly volume: Volume<Int16Array>;
}

/**
 * Builds what `squeeze` would give for the whole scan, from its slices: slices can be squeezed wherever they are
 * decoded, and the scan is never copied. Slices that come early are kept until their turn, so that sums do not depend
 * on the order.
 */
export function createCoarseCopy(grid: GridLps): CoarseCopy {
  const sizeIjk = coarseSizeIjk(grid);
  const coarseGrid = squeezedGrid(grid, sizeIjk);
  const data = new Int16Array(voxelCount(coarseGrid));
  const [, , alongK] = squeezeWeights(grid.sizeIjk, sizeIjk);
  const perSlice = sizeIjk[0] * sizeIjk[1];
  const sums = new Map<number, Float32Array>();
  const early = new Map<number, Float32Array>();
  let next = 0;
  const addInOrder = (k: number, slice: Float32Array): void => {
    for (const { output, weight } of usersOf(alongK, k)) {
      const sum = sums.get(output) ?? new Float32Array(perSlice);
      sums.set(output, sum);
      for (let v = 0; v < perSlice; v++) sum[v]! += weight * slice[v]!;
      if (k < alongK.first[output]! + alongK.count[output]! - 1) continue;
      for (let v = 0; v < perSlice; v++) data[output * perSlice + v] = Math.round(sum[v]!);
      sums.delete(output);
    }
  };
  return {
    sizeIjk,
    volume: { grid: coarseGrid, data },
    add(k, squeezedSlice) {
      early.set(k, squeezedSlice);
      for (let slice = early.get(next); slice !== undefined; slice = early.get(next)) {
        early.delete(next);
        addInOrder(next, slice);
        next++;
      }
    },
  };
}
