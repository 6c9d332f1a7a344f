import { pcg3d, whiteNoise } from './hashNoise.ts';
import { SURFEL_WORDS, type Surfels, WALL } from './surfels.ts';

/**
 * At most this many surfels are tried for a point until one is suitable: inside the cube, of the wanted kind, by its
 * area.
 */
export const DRAWS = 16;

const unit = (word: number): number => (word >>> 8) / 16777216;

/** The n-th training point of a seed, normalised. */
export function drawPoint(
  { count, data }: Surfels,
  edgeMm: number,
  seed: number,
  n: number,
  into: Float32Array,
): void {
  const half = edgeMm / 2;
  const kind = n % 8;
  const local: [number, number, number] = [0, 0, 0];
  if (kind >= 6 || count === 0) {
    const hash = pcg3d(n, seed, 0xc0de);
    for (let axis = 0; axis < 3; axis++) local[axis] = (2 * unit(hash[axis]!) - 1) * half;
  } else {
    let o = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const hash = pcg3d(n, seed, 0xd0 + draw);
      o = Math.min(Math.floor(unit(hash[0]!) * count), count - 1) * SURFEL_WORDS;
      const inside =
        Math.abs(data[o]!) < half && Math.abs(data[o + 1]!) < half && Math.abs(data[o + 2]!) < half;
      if (inside && (kind >= 4 || data[o + 3] === WALL) && unit(hash[1]!) < data[o + 7]!) break;
    }
    const spread = kind === 3 ? 0.5 : 1.5;
    const height = 6 * unit(pcg3d(n, seed, 0xfeed)[0]!) - 3;
    for (let axis = 0; axis < 3; axis++) {
      const offset = kind < 4 ? spread * whiteNoise(n, axis, 0x9a, seed) : height * data[o + 4 + axis]!;
      local[axis] = data[o + axis]! + offset;
    }
  }
  for (let axis = 0; axis < 3; axis++) into[3 * n + axis] = Math.min(Math.max(local[axis]! / half, -1), 1);
}
