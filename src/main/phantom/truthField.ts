import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { createLocalField, GRADIENT_STEP_MM, type LocalField } from './localField.ts';
import { shapeProgram } from './program.ts';
import type { PhantomScene } from './scene.ts';
import {
  CAP,
  DEFAULT_SCAN,
  DISC_RADIUS_VOXELS,
  findSurfels,
  type ScanOptions,
  type Surfels,
  WALL,
} from './surfels.ts';
import { compileTape, type Tape } from './tape.ts';
import { drawPoint } from './trainingPoints.ts';
import { blocksNear, NO_SURFACE_MM, nearestDiscs, spatialOrder, surfelBlocks } from './truthDiscs.ts';
import { BATCH } from './workspace.ts';

/** Training points of one crop. */
export interface TruthSamples {
  /** 3·N coordinates in the crop's normalised frame. */
  readonly pointsNormalized: Float32Array;
  /** 2·N: signed distance to the closed lumen, unsigned distance to the open wall, mm. */
  readonly targetsMm: Float32Array;
}

export interface TruthField {
  readonly surfels: Surfels;
  /** Signed distance to the closed lumen and unsigned distance to the open wall, 2·N in mm, at 3·N normalised coordinates. */
  distances(pointsNormalized: Float32Array): Float32Array;
  /**
   * Seeded training points, by their number modulo 8: 0–2 round the wall (SD 1.5 mm), 3 closer to it (SD 0.5 mm),
   * 4–5 within 3 mm of the lumen's surface, its cap included, 6–7 anywhere in the cube.
   */
  sample(seed: number, count: number): TruthSamples;
}

/** The analytic truth of a scene's appendage as the network sees it, on the CPU; cropMaker.ts gives the same on a GPU. */
export function createTruthField(
  scene: PhantomScene,
  frame: CropFrame,
  scan: ScanOptions = DEFAULT_SCAN,
  tape: Tape = compileTape(scene),
): TruthField {
  const surfels = findSurfels(tape, frame, scan);
  const blocks = surfelBlocks(surfels);
  const program = shapeProgram(tape, [scene.appendage.bodyShape]);
  const field = createLocalField(program);
  const { ostiumNormal: normal, ostiumPointLpsMm: ostium } = scene.appendage;
  const centre = frame.centreLpsMm;
  const radius = DISC_RADIUS_VOXELS * surfels.voxelMm;
  const above = (p: Float64Array, at: number): number =>
    (p[at]! + centre[0] - ostium[0]) * normal[0] +
    (p[at + 1]! + centre[1] - ostium[1]) * normal[1] +
    (p[at + 2]! + centre[2] - ostium[2]) * normal[2];

  /** Body's value, or gradient, at points relative to the cube's centre. */
  const toLps = (local: Float64Array): Float64Array => local.map((value, n) => value + centre[n % 3]!);

  const distancesOfBatch = (points: Float64Array, targets: Float32Array): void => {
    const count = points.length / 3;
    const nearBlocks = blocksNear(blocks, radius, points);
    const feet = [new Float64Array(points.length), new Float64Array(points.length)] as const;
    const nearest = [new Float64Array(count), new Float64Array(count)] as const;
    for (let n = 0; n < count; n++) {
      nearestDiscs(
        surfels,
        nearBlocks,
        radius,
        points,
        n,
        nearest[WALL],
        nearest[CAP],
        feet[WALL],
        feet[CAP],
      );
    }
    focusOn(field, centre, points, nearest, feet);
    // The wall's foot: one Newton step onto the body, and not beyond the rim.
    const wallFeet = feet[WALL];
    const lpsFeet = toLps(wallFeet);
    const bodyAtWall = field.values(lpsFeet).slice();
    const slope = field.gradients(lpsFeet).slice();
    for (let n = 0; n < count; n++) {
      if (nearest[WALL][n]! >= NO_SURFACE_MM) continue;
      moveFoot(wallFeet, n, bodyAtWall[n]!, slope[3 * n]!, slope[3 * n + 1]!, slope[3 * n + 2]!, radius);
      const height = above(wallFeet, 3 * n);
      if (height < 0)
        for (let a = 0; a < 3; a++) wallFeet[3 * n + a] = wallFeet[3 * n + a]! - height * normal[a]!;
      nearest[WALL][n] = footDistance(points, wallFeet, n);
    }
    // The cap's foot: within the plane, back into the body.
    const capFeet = feet[CAP];
    const lpsCap = toLps(capFeet);
    const bodyAtCap = field.values(lpsCap).slice();
    const capSlope = field.gradients(lpsCap).slice();
    for (let n = 0; n < count; n++) {
      if (nearest[CAP][n]! >= NO_SURFACE_MM || bodyAtCap[n]! <= 0) continue;
      const g = [capSlope[3 * n]!, capSlope[3 * n + 1]!, capSlope[3 * n + 2]!] as const;
      const across = g[0] * normal[0] + g[1] * normal[1] + g[2] * normal[2];
      moveFoot(
        capFeet,
        n,
        bodyAtCap[n]!,
        g[0] - across * normal[0],
        g[1] - across * normal[1],
        g[2] - across * normal[2],
        radius,
      );
      nearest[CAP][n] = footDistance(points, capFeet, n);
    }
    const body = field.values(toLps(points));
    for (let n = 0; n < count; n++) {
      const magnitude = Math.min(nearest[WALL][n]!, nearest[CAP][n]!);
      targets[2 * n] = body[n]! < 0 && above(points, 3 * n) > 0 ? -magnitude : magnitude;
      targets[2 * n + 1] = nearest[WALL][n]!;
    }
  };
  const distances = (pointsNormalized: Float32Array): Float32Array => {
    const total = pointsNormalized.length / 3;
    const targets = new Float32Array(2 * total);
    // Neighbours go together, so that a batch needs few blocks of discs.
    const order = spatialOrder(pointsNormalized);
    const answers = new Float32Array(2 * BATCH);
    for (let first = 0; first < total; first += BATCH) {
      const members = order.subarray(first, first + BATCH);
      const local = new Float64Array(3 * members.length);
      for (let n = 0; n < local.length; n++) {
        local[n] = (pointsNormalized[3 * members[Math.floor(n / 3)]! + (n % 3)]! * frame.edgeMm) / 2;
      }
      distancesOfBatch(local, answers);
      members.forEach((member, n) => {
        targets[2 * member] = answers[2 * n]!;
        targets[2 * member + 1] = answers[2 * n + 1]!;
      });
    }
    return targets;
  };
  return {
    surfels,
    distances,
    sample(seed, count) {
      const pointsNormalized = new Float32Array(3 * count);
      for (let n = 0; n < count; n++) drawPoint(surfels, frame.edgeMm, seed, n, pointsNormalized);
      return { pointsNormalized, targetsMm: distances(pointsNormalized) };
    },
  };
}

/** Prunes the field for the ball round points and feet; what is left gives the same numbers there. */
function focusOn(
  field: LocalField,
  centre: Vec3,
  points: Float64Array,
  nearest: readonly [Float64Array, Float64Array],
  feet: readonly [Float64Array, Float64Array],
): void {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const include = (places: Float64Array, n: number): void => {
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, places[3 * n + axis]!);
      high[axis] = Math.max(high[axis]!, places[3 * n + axis]!);
    }
  };
  for (let n = 0; 3 * n < points.length; n++) {
    include(points, n);
    // A point without a foot keeps the cube's centre for one, where the field's value is not used.
    for (const kind of [WALL, CAP]) if (nearest[kind]![n]! < NO_SURFACE_MM) include(feet[kind]!, n);
  }
  const middle = perAxis((axis) => (low[axis]! + high[axis]!) / 2);
  const radius = Math.hypot(high[0]! - middle[0], high[1]! - middle[1], high[2]! - middle[2]);
  field.focus(
    middle[0] + centre[0],
    middle[1] + centre[1],
    middle[2] + centre[2],
    radius + 4 * GRADIENT_STEP_MM,
  );
}

/** One Newton step of a foot towards the zero set, no longer than the disc is wide. */
function moveFoot(
  feet: Float64Array,
  n: number,
  value: number,
  gx: number,
  gy: number,
  gz: number,
  longest: number,
): void {
  const squared = Math.max(gx * gx + gy * gy + gz * gz, 1e-3);
  const limit = longest / Math.sqrt(squared);
  const step = Math.min(Math.max(value / squared, -limit), limit);
  feet[3 * n] = feet[3 * n]! - gx * step;
  feet[3 * n + 1] = feet[3 * n + 1]! - gy * step;
  feet[3 * n + 2] = feet[3 * n + 2]! - gz * step;
}

const footDistance = (points: Float64Array, feet: Float64Array, n: number): number =>
  Math.hypot(
    points[3 * n]! - feet[3 * n]!,
    points[3 * n + 1]! - feet[3 * n + 1]!,
    points[3 * n + 2]! - feet[3 * n + 2]!,
  );
