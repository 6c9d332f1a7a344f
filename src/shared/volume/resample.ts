import { type GridLps, ijkToLps, lpsToIjk, voxelCount } from '../geometry/gridLps.ts';
import { subtract, type Vec3 } from '../geometry/vec3.ts';
import type { Volume } from './volume.ts';

/**
 * The straight map from the indices of `target` to the (fractional) indices of `source`: origin + i·perI + j·perJ +
 * k·perK.
 */
interface IndexMap {
  readonly origin: Vec3;
  readonly perI: Vec3;
  readonly perJ: Vec3;
  readonly perK: Vec3;
}

function indexMap(source: GridLps, target: GridLps): IndexMap {
  const at = (voxel: Vec3): Vec3 => lpsToIjk(source, ijkToLps(target, voxel));
  const origin = at([0, 0, 0]);
  return {
    origin,
    perI: subtract(at([1, 0, 0]), origin),
    perJ: subtract(at([0, 1, 0]), origin),
    perK: subtract(at([0, 0, 1]), origin),
  };
}

/** A voxel covers index ± 0.5; a point on its very edge may lie this far beyond by rounding. */
const EDGE = 0.5 + 1e-9;

/**
 * The volume's values at the voxel centres of any other grid, interpolated trilinearly. Between the outermost voxel
 * centres and the outer faces of their voxels the values continue; beyond, they are `outside`. It samples points, so
 * a grid much coarser than the volume aliases: use `averageToGrid` there.
 *
 * @returns one value a voxel of `target`, i fastest
 */
export function resampleTrilinear(volume: Volume, target: GridLps, outside: number): Float32Array {
  const { data, grid } = volume;
  const [sizeI, sizeJ, sizeK] = grid.sizeIjk;
  const [nI, nJ, nK] = target.sizeIjk;
  const { origin, perI, perJ, perK } = indexMap(grid, target);
  const out = new Float32Array(voxelCount(target));
  // Along an axis of one voxel both neighbours are the same.
  const nextI = sizeI > 1 ? 1 : 0;
  const nextJ = sizeJ > 1 ? sizeI : 0;
  const nextK = sizeK > 1 ? sizeI * sizeJ : 0;
  const [lastI, lastJ, lastK] = [Math.max(0, sizeI - 2), Math.max(0, sizeJ - 2), Math.max(0, sizeK - 2)];
  let write = 0;
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      const rowI = origin[0] + j * perJ[0] + k * perK[0];
      const rowJ = origin[1] + j * perJ[1] + k * perK[1];
      const rowK = origin[2] + j * perJ[2] + k * perK[2];
      for (let i = 0; i < nI; i++, write++) {
        let x = rowI + i * perI[0];
        let y = rowJ + i * perI[1];
        let z = rowK + i * perI[2];
        if (
          x < -EDGE ||
          y < -EDGE ||
          z < -EDGE ||
          x > sizeI - 1 + EDGE ||
          y > sizeJ - 1 + EDGE ||
          z > sizeK - 1 + EDGE
        ) {
          out[write] = outside;
          continue;
        }
        x = Math.min(Math.max(x, 0), sizeI - 1);
        y = Math.min(Math.max(y, 0), sizeJ - 1);
        z = Math.min(Math.max(z, 0), sizeK - 1);
        const i0 = Math.min(x | 0, lastI);
        const j0 = Math.min(y | 0, lastJ);
        const k0 = Math.min(z | 0, lastK);
        const fI = x - i0;
        const fJ = y - j0;
        const fK = z - k0;
        const a = i0 + sizeI * (j0 + sizeJ * k0);
        const b = a + nextJ;
        const c = a + nextK;
        const d = c + nextJ;
        const low =
          (data[a]! * (1 - fI) + data[a + nextI]! * fI) * (1 - fJ) +
          (data[b]! * (1 - fI) + data[b + nextI]! * fI) * fJ;
        const high =
          (data[c]! * (1 - fI) + data[c + nextI]! * fI) * (1 - fJ) +
          (data[d]! * (1 - fI) + data[d + nextI]! * fI) * fJ;
        out[write] = low * (1 - fK) + high * fK;
      }
    }
  }
  return out;
}
