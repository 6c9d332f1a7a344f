import { lowerEnvelope } from '#shared/anatomy/distanceTransform.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

/**
 * The Euclidean distance, in mm, between voxel centres: inside of a mask the distance to the nearest centre outside,
 * negative; outside the distance to the nearest centre inside, positive (Felzenszwalb & Huttenlocher 2012, separable).
 * The border is where linear interpolation between voxels gives 0. Nothing is known beyond the grid.
 * @param mask i fastest; inside is where it is not 0, and both kinds of voxels must occur.
 * @param mostMm distances up to this are exact; others are only told to be larger, which takes less time.
 */
export function signedDistanceMm(
  mask: Uint8Array,
  sizeIjk: Vec3,
  spacingMm: Vec3,
  mostMm = Infinity,
): Float32Array {
  const outside = squaredDistances(mask, 1, sizeIjk, spacingMm, mostMm);
  const inside = squaredDistances(mask, 0, sizeIjk, spacingMm, mostMm);
  for (let voxel = 0; voxel < outside.length; voxel++) {
    outside[voxel] = Math.sqrt(outside[voxel]!) - Math.sqrt(inside[voxel]!);
  }
  return outside;
}

/** The part of it outside of the mask; 0 inside. Very far where nothing is inside. */
export function outsideDistanceMm(
  mask: Uint8Array,
  sizeIjk: Vec3,
  spacingMm: Vec3,
  mostMm: number,
): Float32Array {
  const distances = squaredDistances(mask, 1, sizeIjk, spacingMm, mostMm);
  for (let voxel = 0; voxel < distances.length; voxel++) distances[voxel] = Math.sqrt(distances[voxel]!);
  return distances;
}

const FAR = 1e12;

/** Squared distance of each voxel to the nearest that is set (`target` 1) or not set (0). */
function squaredDistances(
  mask: Uint8Array,
  target: 0 | 1,
  [nI, nJ, nK]: Vec3,
  [spacingI, spacingJ, spacingK]: Vec3,
  mostMm: number,
): Float32Array {
  const squared = new Float32Array(mask.length);
  // Along i only the nearest target to the left and to the right can count.
  for (let row = 0; row < mask.length; row += nI) {
    let distance = FAR;
    let targets = 0;
    for (let i = 0; i < nI; i++) {
      if ((mask[row + i] !== 0 ? 1 : 0) === target) {
        distance = 0;
        targets++;
      } else distance += spacingI;
      squared[row + i] = distance;
    }
    // Most rows are of one kind.
    if (targets === nI) continue;
    if (targets === 0) {
      squared.fill(FAR, row, row + nI);
      continue;
    }
    distance = FAR;
    for (let i = nI - 1; i >= 0; i--) {
      distance = squared[row + i] === 0 ? 0 : distance + spacingI;
      const nearest = Math.min(distance, squared[row + i]!);
      squared[row + i] = nearest * nearest;
    }
  }
  const passJ = createLinePass(nJ, nI, spacingJ, mostMm);
  for (let slice = 0; slice < squared.length; slice += nI * nJ) passJ(squared, slice, nI);
  const passK = createLinePass(nK, nI * nJ, spacingK, mostMm);
  passK(squared, 0, nI * nJ);
  return squared;
}

/**
 * The lower envelope of parabolas along lines, `count` of them from `start` on, one voxel apart. What lies further than
 * `mostMm` by the passes before cannot be the nearest of anything nearer than that; a line without anything else, and one
 * of targets alone, stay as they are.
 */
function createLinePass(
  size: number,
  stride: number,
  spacingMm: number,
  mostMm: number,
): (values: Float32Array, start: number, count: number) => void {
  const source = new Float64Array(size);
  const roots = new Int32Array(size);
  const bounds = new Float64Array(size + 1);
  const step = spacingMm * spacingMm;
  const reach = Math.ceil(mostMm / spacingMm);
  // Single precision rounds what is just as far.
  const limit = Math.min(mostMm * mostMm * (1 + 1e-5), FAR / 2);
  const pass = (values: Float32Array, start: number): void => {
    let [first, last] = [size, -1];
    for (let q = 0; q < size; q++) {
      const value = values[start + q * stride]!;
      source[q] = value > limit ? FAR : value;
      if (value > limit) continue;
      if (last < 0) first = q;
      last = q;
    }
    lowerEnvelope(source, step, FAR, roots, bounds);
    const end = Math.min(size - 1, last + reach);
    for (let q = Math.max(0, first - reach), k = 0; q <= end; q++) {
      while (bounds[k + 1]! < q) k++;
      const r = roots[k]!;
      values[start + q * stride] = step * (q - r) ** 2 + source[r]!;
    }
  };
  return (values, start, count) => {
    // Looked at in the memory's order, which is several times as fast as line by line: most lines stay as they are.
    const near = new Uint8Array(count);
    const notTarget = new Uint8Array(count);
    for (let q = 0; q < size; q++) {
      for (let line = 0, at = start + q * stride; line < count; line++, at++) {
        const value = values[at]!;
        if (value !== 0) notTarget[line] = 1;
        if (value <= limit) near[line] = 1;
      }
    }
    for (let line = 0; line < count; line++)
      if (near[line] === 1 && notTarget[line] === 1) pass(values, start + line);
  };
}
