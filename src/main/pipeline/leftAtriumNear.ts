import { distancesOf, type LeftAtriumField, type SurroundingsField } from '#shared/anatomy/surroundings.ts';
import { ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';

/** An ostium is at most 20 mm from its middle to its rim, and is followed 10 mm into the atrium, funnel and room included, mm. */
const REACH_MM = 36;

/**
 * The left atrium's distances in a box round the ostium, as much of it as the cube of the surroundings holds, in memory of
 * its own; null where the network does not know the atrium, or sees nothing of it there.
 */
export function leftAtriumNear(field: SurroundingsField, ostiumLpsMm: Vec3): LeftAtriumField | null {
  const values = distancesOf(field, 'leftAtrium');
  if (!values) return null;
  const { grid } = field;
  const [ni, nj] = grid.sizeIjk;
  const middle = lpsToIjk(grid, ostiumLpsMm);
  const low = perAxis((axis) => Math.max(0, Math.floor(middle[axis] - REACH_MM / grid.spacingMm[axis])));
  const high = perAxis((axis) =>
    Math.min(grid.sizeIjk[axis] - 1, Math.ceil(middle[axis] + REACH_MM / grid.spacingMm[axis])),
  );
  const sizeIjk = perAxis((axis) => high[axis] - low[axis] + 1);
  if (sizeIjk.some((size) => size < 2)) return null;
  const distancesMm = new Float32Array(sizeIjk[0] * sizeIjk[1] * sizeIjk[2]);
  let isSeen = false;
  for (let k = low[2], n = 0; k <= high[2]; k++) {
    for (let j = low[1]; j <= high[1]; j++) {
      for (let i = low[0]; i <= high[0]; i++, n++) {
        const value = values[i + ni * (j + nj * k)]!;
        distancesMm[n] = value;
        isSeen ||= value < 0;
      }
    }
  }
  return isSeen ? { grid: { ...grid, sizeIjk, originLpsMm: ijkToLps(grid, low) }, distancesMm } : null;
}
