import type { Random } from '#shared/random/random.ts';

/** How an example is varied: ranges in millimetres and degrees, so that they mean the same at any resolution. */
export interface Augmentation {
  /** Shifts along each axis are uniform within ± this. */
  readonly translationMm: number;
  /** Turns about each axis are uniform within ± this. */
  readonly rotationDegrees: number;
  /** Standard deviation of the noise of each voxel. */
  readonly noiseHu: number;
}

/** One drawn variation of an image and its points: x ↦ R·x + t about the cube's centre, and noise. */
export interface RigidMotion {
  /** Row-major. */
  readonly rotation: readonly number[];
  /** In normalised units (half the cube's edge), x, y, z. */
  readonly translation: readonly [number, number, number];
  readonly noiseHu: number;
  readonly noiseSeed: number;
}

/** Leaves an image as it is. */
export const NO_MOTION: RigidMotion = {
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  translation: [0, 0, 0],
  noiseHu: 0,
  noiseSeed: 0,
};

/** HU where a moved image shows nothing, as in prepared images. */
export const OUTSIDE_HU = -2048;

/** Seeds are whole numbers that a float holds. */
const LARGEST_SEED = 2 ** 24 - 1;

function multiplied(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, index) => {
    const [row, column] = [Math.floor(index / 3), index % 3];
    return a[3 * row]! * b[column]! + a[3 * row + 1]! * b[3 + column]! + a[3 * row + 2]! * b[6 + column]!;
  });
}

/** Turns about x, then y, then z, in radians. */
function rotationOf([x, y, z]: readonly [number, number, number]): number[] {
  const [cx, sx, cy, sy, cz, sz] = [x, y, z].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const aboutX = [1, 0, 0, 0, cx, -sx, 0, sx, cx];
  const aboutY = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  const aboutZ = [cz, -sz, 0, sz, cz, 0, 0, 0, 1];
  return multiplied(aboutZ, multiplied(aboutY, aboutX));
}

export function drawMotion(augmentation: Augmentation, edgeMm: number, random: Random): RigidMotion {
  const within = (range: number): [number, number, number] => [
    random.uniform(-range, range),
    random.uniform(-range, range),
    random.uniform(-range, range),
  ];
  const rotation = rotationOf(within((augmentation.rotationDegrees * Math.PI) / 180));
  const translation = within(augmentation.translationMm / (edgeMm / 2));
  return { rotation, translation, noiseHu: augmentation.noiseHu, noiseSeed: random.integer(0, LARGEST_SEED) };
}

/** R·x + t of the point at `from` of `points`, written to `into` at `to`. */
export function movePoint(
  { rotation, translation }: RigidMotion,
  points: Float32Array,
  from: number,
  into: Float32Array,
  to: number,
): void {
  const [x, y, z] = [points[from]!, points[from + 1]!, points[from + 2]!];
  for (let axis = 0; axis < 3; axis++) {
    into[to + axis] =
      rotation[3 * axis]! * x +
      rotation[3 * axis + 1]! * y +
      rotation[3 * axis + 2]! * z +
      translation[axis]!;
  }
}

/** As {@link movePoint} for many points at once, those at `places`, written one after the other from `to` on. */
export function movePoints(
  { rotation, translation }: RigidMotion,
  points: Float32Array,
  places: Uint32Array,
  into: Float32Array,
  to: number,
): void {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = rotation as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [tx, ty, tz] = translation;
  for (let n = 0, at = to; n < places.length; n++, at += 3) {
    const from = places[n]!;
    const x = points[from]!;
    const y = points[from + 1]!;
    const z = points[from + 2]!;
    into[at] = xx * x + xy * y + xz * z + tx;
    into[at + 1] = yx * x + yy * y + yz * z + ty;
    into[at + 2] = zx * x + zy * y + zz * z + tz;
  }
}

/** Two mixed words of a voxel's index and a seed (Jarzynski and Olano 2020, pcg2d). */
function mixedWords(index: number, seed: number): [number, number] {
  let a = (Math.imul(index, 1664525) + 1013904223) >>> 0;
  let b = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  a = (a + Math.imul(b, 1664525)) >>> 0;
  b = (b + Math.imul(a, 1664525)) >>> 0;
  a = (a ^ (a >>> 16)) >>> 0;
  b = (b ^ (b >>> 16)) >>> 0;
  a = (a + Math.imul(b, 1664525)) >>> 0;
  b = (b + Math.imul(a, 1664525)) >>> 0;
  return [(a ^ (a >>> 16)) >>> 0, (b ^ (b >>> 16)) >>> 0];
}

/** Standard normal noise of a voxel (Box and Muller). */
export function voxelNoise(index: number, seed: number): number {
  const [a, b] = mixedWords(index, seed);
  return Math.sqrt(-2 * Math.log((a + 1) / 4294967808)) * Math.cos((2 * Math.PI * b) / 4294967296);
}

/**
 * A moved image, trilinear, with noise: out(x) = image(Rᵀ·(x − t)).
 * @param image size³ HU, x fastest
 * @param part which part of the moved image is wanted: its first voxel and size; the whole where left out
 */
export function moveImage(
  image: ArrayLike<number>,
  size: number,
  motion: RigidMotion,
  into: Float32Array,
  part: { readonly size: number; readonly firstVoxel: readonly [number, number, number] } = {
    size,
    firstVoxel: [0, 0, 0],
  },
): void {
  const { rotation: r, translation, noiseHu, noiseSeed } = motion;
  const centre = (size - 1) / 2;
  // One voxel is 2/size normalised units, and turning is the same in either.
  const [tx, ty, tz] = translation.map((value) => (value * size) / 2) as [number, number, number];
  let to = 0;
  for (let z = 0; z < part.size; z++) {
    const dz = z + part.firstVoxel[2] - centre - tz;
    for (let y = 0; y < part.size; y++) {
      const dy = y + part.firstVoxel[1] - centre - ty;
      for (let x = 0; x < part.size; x++, to++) {
        const dx = x + part.firstVoxel[0] - centre - tx;
        const sx = r[0]! * dx + r[3]! * dy + r[6]! * dz + centre;
        const sy = r[1]! * dx + r[4]! * dy + r[7]! * dz + centre;
        const sz = r[2]! * dx + r[5]! * dy + r[8]! * dz + centre;
        const value = valueAt(image, size, sx, sy, sz);
        into[to] = noiseHu > 0 ? value + noiseHu * voxelNoise(to, noiseSeed) : value;
      }
    }
  }
}

function valueAt(image: ArrayLike<number>, size: number, x: number, y: number, z: number): number {
  const last = size - 1;
  if (x < -0.5 || y < -0.5 || z < -0.5 || x > last + 0.5 || y > last + 0.5 || z > last + 0.5)
    return OUTSIDE_HU;
  const cx = Math.min(Math.max(x, 0), last);
  const cy = Math.min(Math.max(y, 0), last);
  const cz = Math.min(Math.max(z, 0), last);
  const x0 = Math.min(Math.floor(cx), last - 1);
  const y0 = Math.min(Math.floor(cy), last - 1);
  const z0 = Math.min(Math.floor(cz), last - 1);
  const [fx, fy, fz] = [cx - x0, cy - y0, cz - z0];
  const at = (z0 * size + y0) * size + x0;
  const plane = size * size;
  const line = (i: number): number => image[i]! + fx * (image[i + 1]! - image[i]!);
  const near = line(at) + fy * (line(at + size) - line(at));
  const far = line(at + plane) + fy * (line(at + plane + size) - line(at + plane));
  return near + fz * (far - near);
}
