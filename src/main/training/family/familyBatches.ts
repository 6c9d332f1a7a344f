import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import type { Random } from '#shared/random/random.ts';
import type { PlannedBatch } from '../epochs/epochBatches.ts';
import {
  type Augmentation,
  drawMotion,
  moveImage,
  movePoint,
  movePoints,
  NO_MOTION,
  type RigidMotion,
} from '../epochs/rigidMotion.ts';
import type { CaseSource, TrainingCase } from './caseSource.ts';
import type { FamilyBatch, ImageCrop } from './familyTrainer.ts';

export interface BatchSettings {
  /** Points of an example. */
  readonly points: number;
  /** The share of each sampling category in them. */
  readonly shares: readonly number[];
  readonly augmentation: Augmentation | undefined;
  /** Voxels along the edge of the part that is trained on; the whole image where left out. */
  readonly cropSize: number | undefined;
}

/** How many points each category gives; what rounding leaves goes to the last. */
export function pointsOfCategories(points: number, shares: readonly number[]): number[] {
  const counts = shares.slice(0, -1).map((share) => Math.round(share * points));
  return [...counts, Math.max(0, points - counts.reduce((sum, count) => sum + count, 0))];
}

/** A point that lands outside the image is drawn again, this often. */
const TRIES = 64;

interface PointRegion {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

/** The image's faces, or the crop's, in normalised units. */
function regionOf(spec: FamilySpec, crop: ImageCrop | undefined): PointRegion {
  if (!crop) return { low: [-1, -1, -1], high: [1, 1, 1] };
  const [x, y, z] = crop.firstVoxel;
  const placeOf = (voxel: number): number => (2 * voxel) / spec.resolution - 1;
  return {
    low: [placeOf(x), placeOf(y), placeOf(z)],
    high: [placeOf(x + crop.size), placeOf(y + crop.size), placeOf(z + crop.size)],
  };
}

const isWithin = (points: Float32Array, at: number, { low, high }: PointRegion): boolean =>
  points[at]! >= low[0] &&
  points[at + 1]! >= low[1] &&
  points[at + 2]! >= low[2] &&
  points[at]! <= high[0] &&
  points[at + 1]! <= high[1] &&
  points[at + 2]! <= high[2];

/**
 * Draws the points of one example and moves them with its image. Places lie all over the memory of a case: they are
 * drawn first and read after, so that the processor waits for many of them at once.
 */
function drawPoints(
  { samples }: TrainingCase,
  settings: BatchSettings,
  motion: RigidMotion,
  region: PointRegion,
  random: Random,
  item: number,
  {
    pointsNormalized,
    distances,
  }: { readonly pointsNormalized: Float32Array; readonly distances: Float32Array },
): void {
  let first = item * settings.points;
  pointsOfCategories(settings.points, settings.shares).forEach((count, category) => {
    const pool = samples[category]!;
    const last = pool.length / 4 - 1;
    const places = new Uint32Array(count);
    for (let n = 0; n < count; n++) places[n] = 4 * random.integer(0, last);
    movePoints(motion, pool, places, pointsNormalized, 3 * first);
    for (let n = 0; n < count; n++) distances[first + n] = pool[places[n]! + 3]!;
    for (let to = first; to < first + count; to++) {
      for (let tries = 1; tries < TRIES && !isWithin(pointsNormalized, 3 * to, region); tries++) {
        const from = 4 * random.integer(0, last);
        movePoint(motion, pool, from, pointsNormalized, 3 * to);
        distances[to] = pool[from + 3]!;
      }
    }
    first += count;
  });
}

/** Draws where the crop of a step lies: round a point of its first case near the surface, on whole voxels of the coarsest level. */
function drawCrop(spec: FamilySpec, size: number, first: TrainingCase, random: Random): ImageCrop {
  const coarsest = spec.levels.reduce((product, { pool }) => product * pool, 1);
  const places = first.samples[0]!;
  const at = 4 * random.integer(0, places.length / 4 - 1);
  const placed = (axis: number): number => {
    const voxel = ((places[at + axis]! + 1) / 2) * spec.resolution - size / 2;
    const cell = Math.round(voxel / coarsest);
    return Math.min(Math.max(cell, 0), (spec.resolution - size) / coarsest) * coarsest;
  };
  return { size, firstVoxel: [placed(0), placed(1), placed(2)] };
}

/** Reads the cases of a step and draws its examples. */
export async function makeBatch(
  spec: FamilySpec,
  source: CaseSource,
  settings: BatchSettings,
  { names, random, isTraining }: PlannedBatch,
): Promise<FamilyBatch> {
  const cases = await Promise.all(names.map((name) => source.read(name)));
  const { points, cropSize, augmentation } = settings;
  const crop =
    cropSize === undefined || cropSize >= spec.resolution
      ? undefined
      : drawCrop(spec, cropSize, cases[0]!, random.fork('crop'));
  const into = {
    pointsNormalized: new Float32Array(names.length * points * 3),
    distances: new Float32Array(names.length * points),
  };
  const region = regionOf(spec, crop);
  const motions = cases.map((_, item) =>
    isTraining && augmentation
      ? drawMotion(augmentation, spec.edgeMm, random.fork(`motion ${item}`))
      : undefined,
  );
  const imagesHu = cases.map((found, item) => {
    drawPoints(
      found,
      settings,
      motions[item] ?? NO_MOTION,
      region,
      random.fork(`points ${item}`),
      item,
      into,
    );
    if (!crop) return found.imageHu;
    const part = new Float32Array(crop.size ** 3);
    moveImage(found.imageHu, spec.resolution, motions[item] ?? NO_MOTION, part, crop);
    return part;
  });
  const moves = !crop && motions.some((motion) => motion !== undefined);
  return {
    items: names.length,
    imagesHu,
    points,
    ...into,
    crop,
    // A part is moved here, for it shows what lies beyond it; whole images are moved where they are trained on.
    motions: moves ? motions.map((motion) => motion ?? NO_MOTION) : undefined,
  };
}
