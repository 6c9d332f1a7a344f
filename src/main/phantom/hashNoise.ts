/**
 * Noise that is a function of integer lattice positions alone (a counter through the pcg3d hash of Jarzynski and
 * Olano 2020), so that any part of an image, on any device, gets the same values as the whole.
 */
const out = new Uint32Array(3);

/** pcg3d; the three hashed words are written to the returned array, which the next call reuses. */
export function pcg3d(xIn: number, yIn: number, zIn: number): Uint32Array {
  let x = (Math.imul(xIn, 1664525) + 1013904223) | 0;
  let y = (Math.imul(yIn, 1664525) + 1013904223) | 0;
  let z = (Math.imul(zIn, 1664525) + 1013904223) | 0;
  x = (x + Math.imul(y, z)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  x ^= x >>> 16;
  y ^= y >>> 16;
  z ^= z >>> 16;
  x = (x + Math.imul(y, z)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  out[0] = x;
  out[1] = y;
  out[2] = z;
  return out;
}

/** Lattice value in [−1, 1): the hash's first word's upper 24 bits. */
function latticeValue(i: number, j: number, k: number, seed: number): number {
  let x = (Math.imul(i ^ seed, 1664525) + 1013904223) | 0;
  let y = (Math.imul(j, 1664525) + 1013904223) | 0;
  let z = (Math.imul(k ^ (seed >>> 16), 1664525) + 1013904223) | 0;
  x = (x + Math.imul(y, z)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  x ^= x >>> 16;
  y ^= y >>> 16;
  z ^= z >>> 16;
  x = (x + Math.imul(y, z)) | 0;
  return (x >>> 8) / 8388608 - 1;
}

/** Of the cell of the call before, the four corners at its lower i, each followed by what the upper i adds. */
const corners = new Float64Array(8);
/** That cell's i, j, k and seed; none at first. */
const cell = new Float64Array(4).fill(Number.NaN);

function enterCell(i: number, j: number, k: number, seed: number): void {
  cell[0] = i;
  cell[1] = j;
  cell[2] = k;
  cell[3] = seed;
  for (let row = 0; row < 4; row++) {
    const lower = latticeValue(i, j + (row & 1), k + (row >> 1), seed);
    corners[2 * row] = lower;
    corners[2 * row + 1] = latticeValue(i + 1, j + (row & 1), k + (row >> 1), seed) - lower;
  }
}

/** Smooth value noise in [−1, 1] at a position in units of the wavelength: cubic Hermite blend of the cell's corners. */
export function valueNoise(x: number, y: number, z: number, seed: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  // Neighbouring points mostly share their cell: its corners are kept from the call before.
  if (cell[0] !== i || cell[1] !== j || cell[2] !== k || cell[3] !== seed) enterCell(i, j, k, seed);
  const u = x - i;
  const v = y - j;
  const w = z - k;
  const a = u * u * (3 - 2 * u);
  const b = v * v * (3 - 2 * v);
  const c = w * w * (3 - 2 * w);
  const c0 = corners[0]! + corners[1]! * a;
  const c1 = corners[2]! + corners[3]! * a;
  const c2 = corners[4]! + corners[5]! * a;
  const c3 = corners[6]! + corners[7]! * a;
  const d0 = c0 + (c1 - c0) * b;
  const d1 = c2 + (c3 - c2) * b;
  return d0 + (d1 - d0) * c;
}

/** Variance of the sum of six 16-bit uniforms, each divided by 65536. */
const SIX_UNIFORM_SCALE = Math.SQRT2 / 65536;

/**
 * White noise of mean 0 and SD 1 at an integer voxel: the sum of the six 16-bit halves of one hash. Integer
 * arithmetic up to the last product, so it is the same everywhere; smoothing makes it Gaussian.
 */
export function whiteNoise(i: number, j: number, k: number, seed: number): number {
  let x = (Math.imul(i, 1664525) + 1013904223) | 0;
  let y = (Math.imul(j, 1664525) + 1013904223) | 0;
  let z = (Math.imul(k ^ seed, 1664525) + 1013904223) | 0;
  x = (x + Math.imul(y, z)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  x ^= x >>> 16;
  y ^= y >>> 16;
  z ^= z >>> 16;
  x = (x + Math.imul(y, z)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  const sum = (x & 0xffff) + (x >>> 16) + (y & 0xffff) + (y >>> 16) + (z & 0xffff) + (z >>> 16);
  return (sum - 196605) * SIX_UNIFORM_SCALE;
}
