import { lowerEnvelope } from '#shared/anatomy/distanceTransform.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

/**
 * The Euclidean distance, in mm, between voxel centres: inside of a mask the distance to the nearest centre outside,
 * negative; outside the distance to the nearest centre inside, positive (Felzenszwalb & Huttenlocher 2012, separable).
 * The border is where linear interpolation between voxels gives 0. Nothing is known beyond the grid.
 * @param mask i fastest; inside is where it is not 0, and both kinds of voxels must occur.
 */
export function signedDistanceMm(mask: Uint8Array, sizeIjk: Vec3, spacingMm: Vec3): Float32Array {
  const outside = squaredDistances(mask, 1, sizeIjk, spacingMm);
  const inside = squaredDistances(mask, 0, sizeIjk, spacingMm);
  for (let voxel = 0; voxel < outside.length; voxel++) {
    outside[voxel] = Math.sqrt(outside[voxel]!) - Math.sqrt(inside[voxel]!);
  }
  return outside;
}

const FAR = 1e12;

/** Squared distance of each voxel to the nearest that is set (`target` 1) or not set (0). */
function squaredDistances(
  mask: Uint8Array,
  target: 0 | 1,
  [nI, nJ, nK]: Vec3,
  [spacingI, spacingJ, spacingK]: Vec3,
): Float32Array {
  const squared = new Float32Array(mask.length);
  // Along i only the nearest target to the left and to the right can count.
  for (let row = 0; row < mask.length; row += nI) {
    let distance = FAR;
    for (let i = 0; i < nI; i++) {
      distance = (mask[row + i] !== 0 ? 1 : 0) === target ? 0 : distance + spacingI;
      squared[row + i] = distance;
    }
    distance = FAR;
    for (let i = nI - 1; i >= 0; i--) {
      distance = squared[row + i] === 0 ? 0 : distance + spacingI;
      const nearest = Math.min(distance, squared[row + i]!);
      squared[row + i] = nearest >= FAR ? FAR : nearest * nearest;
    }
  }
  const passJ = createLinePass(nJ, nI, spacingJ);
  for (let k = 0; k < nK; k++) for (let i = 0; i < nI; i++) passJ(squared, i + nI * nJ * k);
  const passK = createLinePass(nK, nI * nJ, spacingK);
  for (let start = 0; start < nI * nJ; start++) passK(squared, start);
  return squared;
}

/** The lower envelope of parabolas along one line. */
function createLinePass(
  size: number,
  stride: number,
  spacingMm: number,
): (values: Float32Array, start: number) => void {
  const source = new Float64Array(size);
  const roots = new Int32Array(size);
  const bounds = new Float64Array(size + 1);
  const step = spacingMm * spacingMm;
  return (values, start) => {
    for (let q = 0; q < size; q++) source[q] = values[start + q * stride]!;
    if (lowerEnvelope(source, step, FAR, roots, bounds) === 0) return;
    for (let q = 0, k = 0; q < size; q++) {
      while (bounds[k + 1]! < q) k++;
      const r = roots[k]!;
      values[start + q * stride] = step * (q - r) ** 2 + source[r]!;
    }
  };
}
