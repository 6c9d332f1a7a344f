import type { CropFrame } from '../surface/cropFrame.ts';
import { createLocalField } from './localField.ts';
import { shapeProgram } from './program.ts';
import type { PhantomScene } from './scene.ts';
import { DEFAULT_SCAN, DISC_RADIUS_VOXELS, findSurfels, type ScanOptions, type Surfels } from './surfels.ts';
import { compileTape, type Tape } from './tape.ts';
import { drawPoint } from './trainingPoints.ts';
import { spatialOrder, surfelBlocks } from './truthDiscs.ts';
import { type LumenSurface, measurePoints } from './truthFeet.ts';
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
  const { bodyShape, ostiumPointLpsMm, ostiumNormal } = scene.appendage;
  const surface: LumenSurface = {
    surfels,
    blocks: surfelBlocks(surfels),
    discRadiusMm: DISC_RADIUS_VOXELS * surfels.voxelMm,
    field: createLocalField(shapeProgram(tape, [bodyShape])),
    centreLpsMm: frame.centreLpsMm,
    ostiumPointLpsMm,
    ostiumNormal,
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
      measurePoints(surface, local, answers);
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
