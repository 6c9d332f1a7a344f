import { throwIfCancelled } from '#shared/errors.ts';
import type { OnProgress } from '#shared/progress.ts';
import { createRandom, type Random } from '#shared/random/random.ts';

/** The unsigned distance at 3·N normalised coordinates, in normalised units (one is half the cube's edge). */
export type UnsignedField = (pointsNormalized: Float32Array, signal?: AbortSignal) => Promise<Float32Array>;

/** The numbers of Sørensen et al. (ISBI 2022), in normalised units; 0.1 is 3.5 mm in the appendage's cube. */
export interface DenseCloudOptions {
  /** Points that are moved at a time. */
  readonly batchPoints?: number;
  /** How many points the cloud should have. */
  readonly points?: number;
  /** Steps toward the surface. */
  readonly steps?: number;
  /** A point further away is given up before each step. */
  readonly giveUpBeyond?: number;
  /** A point that ends nearer than this is kept. */
  readonly keepWithin?: number;
  /** Standard deviation of the noise with which points of the first pass are drawn again. */
  readonly noise?: number;
  readonly seed?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Half the distance over which the slope is measured, normalised: 0.035 mm, far below a voxel. */
const SLOPE_STEP = 1e-3;
/** Passes in a row that may find no point before the search ends. */
const MOST_EMPTY_PASSES = 10;

/**
 * A dense cloud on the zero set of an unsigned distance field, as the NUDF paper makes it: points are spread evenly in
 * the cube and moved along the slope, p − d·∇d/|∇d|, a few times; what ends near enough is kept. Further points are
 * drawn round kept ones of the first passes. Those stay the centres: a chain from pass to pass, as in the reference,
 * drifts past an open rim.
 * @returns 3·N normalised coordinates; empty where the field vanishes nowhere in the cube
 */
export async function denseCloud(
  field: UnsignedField,
  options: DenseCloudOptions = {},
): Promise<Float32Array> {
  const { batchPoints = 100_000, points = 1_000_000, noise = 0.1 / 3, seed = 1, signal } = options;
  const random = createRandom(seed);
  const cloud = new Float32Array(3 * points);
  let found = 0;
  let centres = 0;
  for (let empty = 0; found < points && empty < MOST_EMPTY_PASSES; ) {
    throwIfCancelled(signal);
    const isFirst = centres === 0;
    const sown = isFirst
      ? sowEvenly(batchPoints, random)
      : sowRound(cloud, centres, batchPoints, noise, random);
    const kept = await moveOntoSurface(field, sown, options);
    const room = Math.min(kept.length, 3 * (points - found));
    cloud.set(kept.subarray(0, room), 3 * found);
    found += room / 3;
    empty = kept.length === 0 ? empty + 1 : 0;
    // As many centres as one pass has points: enough to cover the surface evenly.
    if (isFirst && found > 0) centres = found;
    options.onProgress?.({ stage: 'Moving points onto the surface', fraction: found / points });
  }
  return cloud.slice(0, 3 * found);
}

/** Evenly in [−1, 1]³. */
function sowEvenly(count: number, random: Random): Float32Array {
  return Float32Array.from({ length: 3 * count }, () => random.uniform(-1, 1));
}

/** Round the first `centres` points of the cloud, within the cube. */
function sowRound(
  cloud: Float32Array,
  centres: number,
  count: number,
  noise: number,
  random: Random,
): Float32Array {
  const sown = new Float32Array(3 * count);
  for (let point = 0; point < count; point++) {
    const centre = Math.min(Math.floor(random.uniform(0, centres)), centres - 1);
    for (let axis = 0; axis < 3; axis++) {
      const place = cloud[3 * centre + axis]! + random.normal(0, noise);
      sown[3 * point + axis] = Math.min(Math.max(place, -1), 1);
    }
  }
  return sown;
}

/** Moves points down the slope and keeps those that end on the surface. */
async function moveOntoSurface(
  field: UnsignedField,
  sown: Float32Array,
  { steps = 5, giveUpBeyond = 0.1, keepWithin = 0.05, signal }: DenseCloudOptions,
): Promise<Float32Array> {
  let points = sown;
  for (let step = 0; step < steps; step++) {
    const near = within(points, await field(points, signal), giveUpBeyond);
    if (near.points.length === 0) return near.points;
    points = await stepDown(field, near, signal);
  }
  return within(points, await field(points, signal), keepWithin).points;
}

/** Points with their distances. */
interface Measured {
  readonly points: Float32Array;
  readonly distances: Float32Array;
}

/** The points whose distance is below a bound and a number. */
function within(points: Float32Array, distances: Float32Array, bound: number): Measured {
  const kept: number[] = [];
  const keptDistances: number[] = [];
  for (let point = 0; point < distances.length; point++) {
    if (!(distances[point]! < bound)) continue;
    kept.push(points[3 * point]!, points[3 * point + 1]!, points[3 * point + 2]!);
    keptDistances.push(distances[point]!);
  }
  return { points: Float32Array.from(kept), distances: Float32Array.from(keptDistances) };
}

/**
 * p − d·∇d/|∇d|, the slope by central differences: the six neighbours are asked for at once. Where
 * the slope vanishes the point stays.
 */
async function stepDown(
  field: UnsignedField,
  { points, distances }: Measured,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const count = points.length / 3;
  const asked = new Float32Array(6 * points.length);
  for (let tap = 0; tap < 6; tap++) asked.set(points, tap * points.length);
  for (let axis = 0; axis < 3; axis++) {
    for (let point = 0; point < count; point++) {
      asked[2 * axis * points.length + 3 * point + axis]! -= SLOPE_STEP;
      asked[(2 * axis + 1) * points.length + 3 * point + axis]! += SLOPE_STEP;
    }
  }
  const beside = await field(asked, signal);
  const moved = points.slice();
  for (let point = 0; point < count; point++) {
    const slope = [0, 1, 2].map(
      (axis) => beside[(2 * axis + 1) * count + point]! - beside[2 * axis * count + point]!,
    );
    const length = Math.hypot(...slope);
    if (!(length > 0)) continue;
    for (let axis = 0; axis < 3; axis++)
      moved[3 * point + axis]! -= (distances[point]! * slope[axis]!) / length;
  }
  return moved;
}
