import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import type { RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import type { JobOptions } from '#shared/progress.ts';
import { type HeatmapPeak, strongestBlob } from './heatmap.ts';
import { regionConfidence, turnThatShows } from './recognition.ts';
import {
  type BoxLps,
  boundingBoxLps,
  boxGridLps,
  cubeBox,
  scanWindows,
  ZOOM_EDGE_MM,
} from './regionBlocks.ts';

export interface RegionResult {
  /** Where the appendage's cube is to be centred, LPS mm. */
  readonly centreLpsMm: Vec3;
  /** How often such a find is the appendage, 0 to 1 (recognition.ts). */
  readonly confidence: number;
  /** The coarse estimate of the appendage's volume, mL. */
  readonly coarseVolumeMl: number;
  /** Network runs that were made. */
  readonly passes: number;
}

/** Where the network's highest probability is below this, nothing in the scan looks like an appendage. */
const LEAST_PEAK = 0.5;
/** What is marked with less confidence than this is not the appendage, if one is seen in the turned scan. */
const DOUBTFUL_CONFIDENCE = 0.1;

/** Passes after the first, each centred on the last result. */
const ZOOM_PASSES = 4;
/**
 * A find this near to the middle of its cube is not looked at again: on eight phantoms a further pass moved it by 0.06 to
 * 0.23 mm. The field network then settles its own cube (pipeline/settleCrop.ts).
 */
const SETTLED_MM = 10;

/**
 * Finds the appendage: first in the whole scan squeezed to the network's cube, then in cubes of ZOOM_EDGE_MM round
 * what was found, until that lies near the middle. Where that shows nothing, or hardly anything, the scan is looked at
 * turned, so that one that is stored the wrong way round is refused with that reason.
 *
 * @param scanGrid the scan's grid.
 * @param sampleHu gives the scan's HU, averaged (not picked) on any coarser grid; x fastest.
 * @throws UserError where nothing looks like a left atrial appendage, or one is seen in the turned scan alone.
 */
export async function detectRegion(
  scanGrid: GridLps,
  sampleHu: (grid: GridLps) => Float32Array,
  engine: RegionEngine,
  resolution: number,
  { signal, onProgress }: JobOptions = {},
): Promise<RegionResult> {
  let passes = 0;
  const windows = scanWindows(boundingBoxLps(scanGrid));
  const look = async (box: BoxLps): Promise<HeatmapPeak | null> => {
    throwIfCancelled(signal);
    const grid = boxGridLps(box, resolution);
    const probability = await engine.detect(sampleHu(grid), signal);
    passes++;
    onProgress?.({ stage: 'Finding the appendage', fraction: passes / (passes + ZOOM_PASSES) });
    return strongestBlob(probability, grid);
  };

  // Each window's coarse find is looked at once more at full zoom, so that windows are compared on equal terms.
  let best: HeatmapPeak | null = null;
  let movedMm = 0;
  for (const window of windows) {
    const coarse = await look(window);
    if (!coarse) continue;
    const zoomed = await look(cubeBox(coarse.centreLpsMm, ZOOM_EDGE_MM));
    if (zoomed && (!best || zoomed.peak * zoomed.volumeMl > best.peak * best.volumeMl)) {
      best = zoomed;
      movedMm = distance(zoomed.centreLpsMm, coarse.centreLpsMm);
    }
  }
  for (let pass = 1; best && movedMm >= SETTLED_MM && pass < ZOOM_PASSES; pass++) {
    const next = await look(cubeBox(best.centreLpsMm, ZOOM_EDGE_MM));
    if (!next) break;
    movedMm = distance(next.centreLpsMm, best.centreLpsMm);
    best = next;
  }
  const found = best && best.peak >= LEAST_PEAK ? best : null;
  const confidence = found ? regionConfidence(found) : 0;
  if (confidence < DOUBTFUL_CONFIDENCE) {
    const turn = await turnThatShows(windows, sampleHu, engine, resolution, signal);
    if (turn) throw new UserError(failure('pipeline.seen-turned', { turn }));
  }
  if (!found) throw new UserError(failure('pipeline.no-region'));
  return { centreLpsMm: found.centreLpsMm, confidence, coarseVolumeMl: found.volumeMl, passes };
}
