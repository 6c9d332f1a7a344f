import { insideDistanceMm } from '#shared/anatomy/distanceTransform.ts';
import { type GridLps, voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import { labelComponents } from '#shared/volume/components.ts';
import { gaussianMean } from '#shared/volume/gaussian.ts';

/** A lumen on a grid, and what the scan shows in it. */
export interface LumenValues {
  readonly grid: GridLps;
  /** 1 in the closed lumen, which touches no border of the grid. */
  readonly inside: Uint8Array;
  /** HU; NaN where the scan shows nothing. */
  readonly valuesHu: Float32Array;
  /** Values nearer to the wall than this are mixed with what lies beyond it, mm. */
  readonly marginMm: number;
  /** Of the atrium's blood, HU; undefined where the scan does not show it. */
  readonly atriumHu: number | undefined;
}

/** A lumen in two compartments: filled with contrast, and what is not. */
export interface LumenFilling {
  /** On the lumen's grid: 0 outside, {@link FILLED} or {@link UNFILLED}. */
  readonly compartments: Uint8Array;
  /** Of the filled compartment, HU: the median away from the wall; undefined where nothing is filled. */
  readonly filledHu: number | undefined;
  /** Of the unfilled one, HU. */
  readonly unfilledHu: number;
  /** What divides them, HU. */
  readonly limitHu: number;
  /** Share of the lumen that is not filled, 0 to 1. */
  readonly unfilledShare: number;
  /** By how much that share changes, up or down, where the limit is moved by the noise of the smoothed values. */
  readonly shareUncertainty: number;
}

export const FILLED = 1;
export const UNFILLED = 2;

/** Blood without contrast, HU: what lies above it is enhancement (docs/clinical.md, "Hounsfield units"). */
export const UNENHANCED_HU = 50;
/** Below this, blood is not enhanced, and nothing tells filled from unfilled (docs/clinical.md, "Hounsfield units"). */
const LEAST_BLOOD_HU = 100;
/** What has less than this share of the blood's enhancement is not filled. */
const LEAST_ENHANCEMENT = 0.6;
/** Standard deviation of the smoothing within the lumen, mm: it leaves about a quarter of a CT's noise. */
const SMOOTHING_MM = 1.2;
/** Unfilled pieces of less volume are trabeculae, streaks and noise, mL. */
const LEAST_UNFILLED_ML = 0.3;
/** Of which so much lies further from the wall than the margin, where the values are the lumen's alone, mL. */
const LEAST_CORE_ML = 0.08;
/** From medians to medians; they settle in two or three. */
const ROUNDS = 6;
const LEAST_CORE_VOXELS = 30;

/** Up to what a lumen is not filled, beside filled blood of so many HU. */
export const unfilledUpToHu = (bloodHu: number): number =>
  UNENHANCED_HU + LEAST_ENHANCEMENT * (bloodHu - UNENHANCED_HU);

/**
 * Divides a lumen by its contrast, in voxels away from the wall that are smoothed within the lumen alone. What has less
 * than 60 % of the enhancement of the blood (the atrium's, or the lumen's own brightest quarter where that is brighter)
 * begins the unfilled compartment; the limit is then half-way between the medians of both, found again until it
 * settles. Voxels beside the wall belong to what they are beside of. Pieces smaller than 0.3 mL stay filled.
 *
 * Example: blood of 350 HU, a thrombus of 60 HU in the tip. Below 50 + 0.6·300 = 230 HU the tip is a candidate; the
 * medians are 350 and about 65 HU, so the limit comes to 207 HU, half-way along the blurred border between them.
 * @returns undefined where the lumen is one compartment, or too thin to be measured
 */
export function divideByFilling(lumen: LumenValues): LumenFilling | undefined {
  const { grid, inside } = lumen;
  const core = coreOf(lumen);
  const smooth = smoothedWithin(lumen, core);
  const values = valuesWithin(core, smooth).sort();
  if (values.length < LEAST_CORE_VOXELS) return undefined;
  const quantile = (share: number): number => values[Math.floor(share * (values.length - 1))]!;
  const bloodHu = Math.max(lumen.atriumHu ?? Number.NEGATIVE_INFINITY, quantile(0.75));
  if (bloodHu < LEAST_BLOOD_HU) return undefined;
  const mostHu = unfilledUpToHu(bloodHu);

  const settled = settledLimit(values, mostHu, bloodHu);
  if (!settled || settled.unfilledHu > mostHu) return undefined;
  const { limitHu, filledHu, unfilledHu } = settled;
  const shareAt = (hu: number): { compartments: Uint8Array; share: number } =>
    compartmentsAt(grid, inside, core, smooth, hu);
  const { compartments, share } = shareAt(limitHu);
  if (share === 0) return undefined;
  const noiseHu = filledHu === undefined ? 0 : spread(values.filter((value) => value >= limitHu));
  const [low, high] = [shareAt(limitHu - noiseHu).share, shareAt(limitHu + noiseHu).share];
  return {
    compartments,
    filledHu,
    unfilledHu,
    limitHu,
    unfilledShare: share,
    shareUncertainty: Math.max(share - low, high - share, 0),
  };
}

function coreOf({ grid, inside, valuesHu, marginMm }: LumenValues): Uint8Array {
  const wallMm = insideDistanceMm(inside, grid);
  const core = new Uint8Array(inside.length);
  for (let voxel = 0; voxel < core.length; voxel++)
    core[voxel] = wallMm[voxel]! >= marginMm && !Number.isNaN(valuesHu[voxel]!) ? 1 : 0;
  return core;
}

function valuesWithin(mask: Uint8Array, all: Float32Array): Float32Array {
  const values = new Float32Array(all.length);
  let count = 0;
  for (let voxel = 0; voxel < all.length; voxel++) if (mask[voxel] === 1) values[count++] = all[voxel]!;
  return values.slice(0, count);
}

/** The Gaussian mean of the core's values alone. */
function smoothedWithin({ grid, valuesHu }: LumenValues, core: Uint8Array): Float32Array {
  const [i, j, k] = grid.spacingMm;
  const sigma = [SMOOTHING_MM / i, SMOOTHING_MM / j, SMOOTHING_MM / k] as const;
  const weights = new Float32Array(core.length);
  const values = new Float32Array(core.length);
  for (let voxel = 0; voxel < core.length; voxel++) {
    if (core[voxel] === 0) continue;
    weights[voxel] = 1;
    values[voxel] = valuesHu[voxel]!;
  }
  const sums = gaussianMean(values, grid.sizeIjk, sigma);
  const total = gaussianMean(weights, grid.sizeIjk, sigma);
  for (let voxel = 0; voxel < sums.length; voxel++)
    sums[voxel] = core[voxel] === 1 ? sums[voxel]! / total[voxel]! : 0;
  return sums;
}

/** The limit half-way between the medians of what lies on its two sides; undefined where nothing lies below. */
function settledLimit(
  sorted: Float32Array,
  firstLimitHu: number,
  bloodHu: number,
): { limitHu: number; filledHu: number | undefined; unfilledHu: number } | undefined {
  let limitHu = firstLimitHu;
  let filledHu: number | undefined;
  let unfilledHu = Number.NaN;
  for (let round = 0; round < ROUNDS; round++) {
    const below = sorted.findIndex((value) => value >= limitHu);
    const count = below < 0 ? sorted.length : below;
    if (count === 0) return undefined;
    unfilledHu = sorted[count >> 1]!;
    filledHu = count === sorted.length ? undefined : sorted[(count + sorted.length) >> 1]!;
    limitHu = ((filledHu ?? bloodHu) + unfilledHu) / 2;
  }
  return { limitHu, filledHu, unfilledHu };
}

/** A robust standard deviation of sorted values. */
function spread(sorted: Float32Array): number {
  if (sorted.length === 0) return 0;
  const median = sorted[sorted.length >> 1]!;
  const off = sorted.map((value) => Math.abs(value - median)).sort();
  return 1.4826 * off[off.length >> 1]!;
}

function compartmentsAt(
  grid: GridLps,
  inside: Uint8Array,
  core: Uint8Array,
  smooth: Float32Array,
  limitHu: number,
): { compartments: Uint8Array; share: number } {
  const compartments = core.map((isCore, voxel) =>
    isCore === 0 ? 0 : smooth[voxel]! < limitHu ? UNFILLED : FILLED,
  );
  const voxelMl = voxelVolumeMm3(grid) / 1000;
  fillSmallPieces(compartments, grid, LEAST_CORE_ML / voxelMl);
  spreadToWall(compartments, inside, grid);
  fillSmallPieces(compartments, grid, LEAST_UNFILLED_ML / voxelMl);
  let [unfilled, all] = [0, 0];
  inside.forEach((flag, voxel) => {
    all += flag;
    if (compartments[voxel] === UNFILLED) unfilled++;
  });
  return { compartments, share: unfilled / Math.max(1, all) };
}

function fillSmallPieces(compartments: Uint8Array, { sizeIjk }: GridLps, leastVoxels: number): void {
  const { pieceOfVoxel, sizes } = labelComponents(compartments, sizeIjk, UNFILLED);
  pieceOfVoxel.forEach((piece, voxel) => {
    if (piece > 0 && sizes[piece - 1]! < leastVoxels) compartments[voxel] = FILLED;
  });
}

/** Every other voxel of the lumen joins the compartment that it is nearest to through the lumen. */
function spreadToWall(compartments: Uint8Array, inside: Uint8Array, { sizeIjk: [nI, nJ] }: GridLps): void {
  // The lumen touches no border of its grid (see LumenValues): neighbours need no check.
  const steps = [1, -1, nI, -nI, nI * nJ, -nI * nJ];
  let front: number[] = [];
  compartments.forEach((value, voxel) => {
    if (value !== 0) front.push(voxel);
  });
  while (front.length > 0) {
    const next: number[] = [];
    for (const voxel of front) {
      for (const step of steps) {
        const beside = voxel + step;
        if (inside[beside] !== 1 || compartments[beside] !== 0) continue;
        compartments[beside] = compartments[voxel]!;
        next.push(beside);
      }
    }
    front = next;
  }
}
