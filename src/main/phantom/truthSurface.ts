import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { APPENDAGE_CUBE_EDGE_MM, type CropFrame } from '../surface/cropFrame.ts';
import {
  type ExtractedAppendage,
  type ExtractedOstium,
  extractAppendage,
} from '../surface/extraction/extractAppendage.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';
import { appendageBounds } from './anatomy/index.ts';
import type { PhantomScene } from './scene.ts';
import { DEFAULT_SCAN, type ScanOptions } from './surfels.ts';
import { compileTape, type Tape } from './tape.ts';
import { createTruthField } from './truthField.ts';

/** The appendage of a phantom as meshes, drawn from its analytic fields as a network's would be. */
export interface TrueSurface extends ExtractedAppendage {
  readonly ostium: ExtractedOstium;
  readonly frame: CropFrame;
}

export interface TrueSurfaceOptions extends JobOptions {
  /** Cells per axis over the cube. Default 256: 0.27 mm. */
  readonly resolution?: number;
  /** Of the search for the exact distances' feet, see surfels.ts. Default: as the networks are trained. */
  readonly scan?: ScanOptions;
}

/** The network's cube first; a larger one for the few appendages that it would cut. */
const EDGES_MM = [APPENDAGE_CUBE_EDGE_MM, 1.4 * APPENDAGE_CUBE_EDGE_MM] as const;

/**
 * The closed lumen and its open wall from the scene's implicit lumen and exact distances.
 * @throws UserError where the scene has no appendage that a mesh could be drawn of; CancelledError.
 */
export async function trueSurface(
  scene: PhantomScene,
  options: TrueSurfaceOptions = {},
  tape: Tape = compileTape(scene),
): Promise<TrueSurface> {
  const { resolution = 256, scan = DEFAULT_SCAN, signal, onProgress } = options;
  const { centreLpsMm } = appendageBounds(scene);
  for (const edgeMm of EDGES_MM) {
    const frame: CropFrame = { centreLpsMm, edgeMm };
    const extracted = await extractAppendage(
      truthFunction(scene, frame, scan, tape),
      frame,
      { resolution, planarCap: false },
      signal,
      (fraction) => onProgress?.({ stage: 'Drawing the true surface', fraction }),
    );
    if (!extracted.found || !extracted.ostium.found) break;
    if (!extracted.truncated) return { ...extracted, ostium: extracted.ostium, frame };
  }
  throw new UserError(failure('phantom.no-surface', { seed: scene.seed }));
}

function truthFunction(scene: PhantomScene, frame: CropFrame, scan: ScanOptions, tape: Tape): FieldFunction {
  const field = createTruthField(scene, frame, scan, tape);
  return async (pointsNormalized) => {
    // A turn of the event loop, so that a cancel can arrive between two chunks.
    await nextTurn();
    const both = field.distances(pointsNormalized);
    const count = both.length / 2;
    const signedMm = new Float32Array(count);
    const unsignedMm = new Float32Array(count);
    for (let n = 0; n < count; n++) {
      signedMm[n] = both[2 * n]!;
      unsignedMm[n] = both[2 * n + 1]!;
    }
    return { signedMm, unsignedMm };
  };
}
