import { dot, subtract } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import type { HeatmapPeak } from '../nudf/region/heatmap.ts';
import { borderBlur, logistic } from '../nudf/region/recognition.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';

/** Nearer to the ostium's plane than this the distance to the wall rises towards the cap, mm. */
const RIM_MM = 1.5;
/** So much of the wall is at least as sure. */
const SURE_SHARE = 0.95;

/**
 * How far the two fields disagree on where the wall is, mm: on the closed lumen's surface the distance to the open wall
 * should be 0. What 95 % of the wall do not exceed: 0.2 for appendages, several mm for what only resembles one.
 * Undefined where the model knows one field only.
 */
export function fieldDisagreementMm({
  surface,
  unsignedMm,
  ostium,
  open,
}: Pick<ExtractedAppendage, 'surface' | 'unsignedMm' | 'ostium' | 'open'>): number | undefined {
  if (open || unsignedMm.length === 0) return undefined;
  const onWall = unsignedMm.filter((_, vertex) => {
    if (!ostium.found) return true;
    const off = subtract(vertexLpsMm(surface, vertex), ostium.planePointLpsMm);
    return dot(off, ostium.planeNormal) > RIM_MM;
  });
  if (onWall.length === 0) return undefined;
  return onWall.sort()[Math.min(onWall.length - 1, Math.floor(SURE_SHARE * onWall.length))];
}

/** Fitted by bench/fitConfidence.ts to phantoms and unfit scans (docs/accuracy.md, "When no number is given"). */
const WEIGHTS = { bias: 1.16, logBlur: -2.64, logDisagreement: -2.24, volumes: -2.71 } as const;
const DISAGREEMENT_MM = [0.1, 4] as const;
const VOLUME_RATIO = [0.05, 20] as const;
/** What stands for the volume of nothing marked, mL. */
const NOTHING_ML = 0.01;

const clamp = (value: number, [low, high]: readonly [number, number]): number =>
  Math.min(high, Math.max(low, value));

/**
 * How often a surface like this is the appendage, with a Dice of 0.8 at the least, 0 to 1: from how sharply the region
 * network marks it, how far the two fields disagree, and how far the two networks disagree on its volume.
 * @param marked by the region network round the surface; null where it marks nothing
 */
export function surfaceConfidence(
  marked: HeatmapPeak | null,
  disagreementMm: number,
  volumeMl: number,
): number {
  const blur = borderBlur(marked ?? { sureVoxels: 0, unsureVoxels: 0 });
  const ratio = volumeMl / Math.max(NOTHING_ML, marked?.volumeMl ?? 0);
  return logistic(
    WEIGHTS.bias +
      WEIGHTS.logBlur * Math.log(blur) +
      WEIGHTS.logDisagreement * Math.log(clamp(disagreementMm, DISAGREEMENT_MM)) +
      WEIGHTS.volumes * Math.abs(Math.log(clamp(ratio, VOLUME_RATIO))),
  );
}
