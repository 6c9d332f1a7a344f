import type { GridLps } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import type { RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { averageToGrid } from '#shared/volume/averageToGrid.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { type HeatmapPeak, strongestBlob } from './heatmap.ts';
import { type BoxLps, boxGridLps, cubeBox, ZOOM_EDGE_MM } from './regionBlocks.ts';

/*
 * How clearly the region network sees an appendage. Its probability is 1 somewhere in nearly every scan, so the highest
 * says nothing; how sharply it draws the border of what it marks does. Numbers: docs/accuracy.md, "When no number is
 * given".
 */

type MarkedVoxels = Pick<HeatmapPeak, 'sureVoxels' | 'unsureVoxels'>;

/** So that nothing marked at all is a blurred border, not a division by zero. */
const FEW_VOXELS = 3;

/**
 * The unsure voxels for each voxel of a sure body's surface: 0.7 to 1.2 for appendages as they are trained on, 1.5 and
 * more for what only resembles one.
 */
export const borderBlur = ({ sureVoxels, unsureVoxels }: MarkedVoxels): number =>
  (unsureVoxels + FEW_VOXELS) / (sureVoxels + FEW_VOXELS) ** (2 / 3);

/** The share of right finds among those of this value: a sigmoid of the sum of weighted features. */
export const logistic = (sum: number): number => 1 / (1 + Math.exp(-sum));

/** Fitted by bench/fitConfidence.ts to phantoms and unfit scans. */
const REGION = { bias: -3.65, logBlur: -4.85, logSure: 0.94 } as const;

/** How often what the region network marks like this is the appendage, 0 to 1. */
export const regionConfidence = (marked: MarkedVoxels): number =>
  logistic(
    REGION.bias +
      REGION.logBlur * Math.log(borderBlur(marked)) +
      REGION.logSure * Math.log(marked.sureVoxels + FEW_VOXELS),
  );

/** What the region network marks in the cube round a point; null where it marks nothing. */
export async function lookAt(
  volume: VolumeHu,
  centreLpsMm: Vec3,
  engine: RegionEngine,
  resolution: number,
  signal?: AbortSignal,
): Promise<HeatmapPeak | null> {
  const grid = boxGridLps(cubeBox(centreLpsMm, ZOOM_EDGE_MM), resolution);
  return strongestBlob(await engine.detect(averageToGrid(volume, grid), signal), grid);
}

/** The ways in which a header can have a scan the wrong way round: the axes, of L, P and S, that are reversed. */
export const TURNS = {
  mirrored: [0],
  frontToBack: [1],
  upsideDown: [2],
  feetFirst: [0, 2],
  prone: [0, 1],
} as const;
export type Turn = keyof typeof TURNS;

/** A turned scan shows an appendage of this size at least, mL, and of this share of the one that was found. */
const LEAST_TURNED_ML = 1;
const LEAST_TURNED_SHARE = 0.25;
/** By so much its border must be sharper. */
const SHARPER_SHARE = 0.9;
/** Appendages as the network is trained on are seen more sharply than this. */
const CLEAR_BLUR = 1.1;

/** A way of turning the scan in which the network sees an appendage more clearly. */
export interface ClearerTurn {
  readonly turn: Turn;
  /** Whether as clearly as appendages are seen: an unfilled one may be seen so badly that anything is clearer. */
  readonly isClear: boolean;
}

/**
 * Whether the network sees an appendage more clearly in the cube when that is turned: then the scan may lie the wrong
 * way round. Only to be asked where the find is in doubt.
 * @returns the turn whose border is sharpest; undefined where none is clearer than the scan as it is
 */
export async function clearerTurn(
  volume: VolumeHu,
  centreLpsMm: Vec3,
  found: HeatmapPeak | null,
  engine: RegionEngine,
  resolution: number,
  signal?: AbortSignal,
): Promise<ClearerTurn | undefined> {
  const grid = boxGridLps(cubeBox(centreLpsMm, ZOOM_EDGE_MM), resolution);
  const block = averageToGrid(volume, grid);
  let clearest: { turn: Turn; blur: number } | undefined;
  const leastMl = Math.max(LEAST_TURNED_ML, LEAST_TURNED_SHARE * (found?.volumeMl ?? 0));
  const limit = found ? SHARPER_SHARE * borderBlur(found) : Infinity;
  for (const turn of Object.keys(TURNS) as Turn[]) {
    const seen = strongestBlob(await engine.detect(reversed(block, resolution, TURNS[turn]), signal), grid);
    if (!seen || seen.volumeMl < leastMl) continue;
    const blur = borderBlur(seen);
    if (blur < Math.min(limit, clearest?.blur ?? Infinity)) clearest = { turn, blur };
  }
  return clearest && { turn: clearest.turn, isClear: clearest.blur <= CLEAR_BLUR };
}

/** What is found in a turned scan is an appendage as often as this at least. */
const TURNED_CONFIDENCE = 0.5;

/**
 * The way of turning a whole scan, in which nothing is found as it is, that lets the network see an appendage: first in
 * the turned windows, then in the turned cube round what is marked there.
 * @param sampleHu gives the scan's HU on any coarser grid
 * @returns the turn whose find is surest; undefined where none is sure
 */
export async function turnThatShows(
  windows: readonly BoxLps[],
  sampleHu: (grid: GridLps) => Float32Array,
  engine: RegionEngine,
  resolution: number,
  signal?: AbortSignal,
): Promise<Turn | undefined> {
  let surest: { turn: Turn; confidence: number } | undefined;
  const lookIn = async (block: Float32Array, grid: GridLps, turn: Turn): Promise<HeatmapPeak | null> =>
    strongestBlob(await engine.detect(reversed(block, resolution, TURNS[turn]), signal), grid);
  for (const window of windows) {
    const grid = boxGridLps(window, resolution);
    const block = sampleHu(grid);
    for (const turn of Object.keys(TURNS) as Turn[]) {
      const coarse = await lookIn(block, grid, turn);
      if (!coarse) continue;
      const centreLpsMm = mirroredIn(window, coarse.centreLpsMm, TURNS[turn]);
      const cube = boxGridLps(cubeBox(centreLpsMm, ZOOM_EDGE_MM), resolution);
      const zoomed = await lookIn(sampleHu(cube), cube, turn);
      if (!zoomed || zoomed.volumeMl < LEAST_TURNED_ML) continue;
      const confidence = regionConfidence(zoomed);
      if (confidence < TURNED_CONFIDENCE || confidence <= (surest?.confidence ?? 0)) continue;
      surest = { turn, confidence };
    }
  }
  return surest?.turn;
}

/** Where a point of a box lies that is turned with it. */
const mirroredIn = ({ minLpsMm, maxLpsMm }: BoxLps, pointLpsMm: Vec3, axes: readonly number[]): Vec3 =>
  perAxis((axis) =>
    axes.includes(axis) ? minLpsMm[axis] + maxLpsMm[axis] - pointLpsMm[axis] : pointLpsMm[axis],
  );

/** A cube of n³ voxels in reverse along some of its axes. */
function reversed(block: Float32Array, n: number, axes: readonly number[]): Float32Array {
  const [alongI, alongJ, alongK] = [0, 1, 2].map((axis) => (axes.includes(axis) ? n - 1 : 0));
  const turned = new Float32Array(block.length);
  let to = 0;
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const row = n * (Math.abs(alongJ! - j) + n * Math.abs(alongK! - k));
      for (let i = 0; i < n; i++) turned[to++] = block[row + Math.abs(alongI! - i)]!;
    }
  }
  return turned;
}
