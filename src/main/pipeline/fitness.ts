import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import type { HeatmapPeak } from '../nudf/region/heatmap.ts';
import { clearerTurn, lookAt } from '../nudf/region/recognition.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';
import { type BloodContrast, nearbyHu } from './contrast.ts';
import { isAtScanEdge } from './scanEdge.ts';
import { whyNotHounsfield } from './scanValues.ts';
import { fieldDisagreementMm, surfaceConfidence } from './surfaceConfidence.ts';

/** What is known of how far a result can be relied on. */
export interface Fitness {
  /** How often a surface like this is the appendage, 0 to 1; null where the model cannot say. */
  readonly confidence: number | null;
  /** Why no number of it is given; undefined where numbers are. */
  readonly unfit: Failure | undefined;
}

/** Blood without contrast is at 30–60 HU; contrast-filled atria start at 110 (docs/clinical.md, "Hounsfield units"). */
const LEAST_BLOOD_HU = 100;
/** Below this the networks were hardly trained: the weakest atria of phantoms are at 110 HU. */
const TRUSTED_BLOOD_HU = 125;
/** Blood near a lumen that is so much brighter says that there is contrast, and that the lumen is not filled with it. */
const FILLED_NEARBY_HU = 130;

/** Shares of the wall whose outer side the scan does not show (scanEdge.ts). */
const MOSTLY_UNSEEN = 0.4;
const UNSEEN = 0.15;

/** Far outside of the published 1.5–25 mL and 100–1000 mm² (docs/clinical.md, "Sizes of the appendage"). */
const POSSIBLE_VOLUME_ML = [0.6, 60] as const;
const POSSIBLE_OSTIUM_MM2 = [40, 1600] as const;

/**
 * Below this no number is given. Phantoms lie above 0.5; a real scan, unlike any that the networks learnt from, at 0.2,
 * and what is not an appendage mostly below 0.1 (docs/accuracy.md, "When no number is given").
 */
const LEAST_CONFIDENCE = 0.1;
/** Below this the scan is looked at mirrored and upside down too. */
const DOUBTFUL_CONFIDENCE = 0.9;
/**
 * Below this no number is given of what is seen more clearly in a turned scan, though clearly in none, or of which the
 * region network marks but a small part.
 */
const UNCLEAR_CONFIDENCE = 0.5;

/** Where the region network marks less than this share of the surface's volume, the two do not mean the same body. */
const LEAST_MARKED_SHARE = 1 / 3;

/** What the confidence is computed from. */
export interface FitnessEvidence {
  readonly marked: HeatmapPeak | null;
  readonly disagreementMm: number | undefined;
  readonly volumeMl: number;
  readonly confidence: number | null;
}

/** Where the surface was found, and with what its whereabouts are looked at again. */
export interface FoundSurface {
  readonly volume: VolumeHu;
  readonly appendage: ExtractedAppendage;
  readonly contrast: BloodContrast;
  readonly centreLpsMm: Vec3;
}

export interface FitnessOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is called before a find in doubt is refused. */
  readonly onEvidence?: ((evidence: FitnessEvidence) => void) | undefined;
}

/**
 * Whether what was found can be an appendage of a scan that shows one, and which of its numbers can be given.
 * @throws UserError, with the reason, where it cannot; CancelledError when the signal fires
 */
export async function assessFitness(
  { volume, appendage, contrast, centreLpsMm }: FoundSurface,
  region: { readonly engine: RegionEngine; readonly resolution: number },
  { signal, onEvidence }: FitnessOptions = {},
): Promise<Fitness> {
  const values = whyNotHounsfield(volume);
  refuseImpossible(appendage, contrast, values === undefined);
  const marked = await lookAt(volume, centreLpsMm, region.engine, region.resolution, signal);
  const disagreementMm = fieldDisagreementMm(appendage);
  const confidence =
    disagreementMm === undefined ? null : surfaceConfidence(marked, disagreementMm, appendage.volumeMl);
  onEvidence?.({ marked, disagreementMm, volumeMl: appendage.volumeMl, confidence });
  const isOther = (marked?.volumeMl ?? 0) < LEAST_MARKED_SHARE * appendage.volumeMl;
  let leastConfidence = isOther ? UNCLEAR_CONFIDENCE : LEAST_CONFIDENCE;
  if (confidence !== null && confidence < DOUBTFUL_CONFIDENCE) {
    const turned = await clearerTurn(volume, centreLpsMm, marked, region.engine, region.resolution, signal);
    if (turned?.isClear) throw new UserError(failure('pipeline.turned', { turn: turned.turn }));
    if (turned) leastConfidence = UNCLEAR_CONFIDENCE;
  }
  return {
    confidence,
    unfit:
      values ??
      whyTooWeak(contrast) ??
      whyCutAtOstium(volume, appendage, contrast) ??
      (confidence !== null && confidence < leastConfidence && disagreementMm !== undefined
        ? failure('measure.surface-unsure', { percent: Math.round(100 * confidence) })
        : undefined),
  };
}

/** Throws a UserError where what was found is no lumen, or mostly lies outside of the scan. */
function refuseImpossible(
  { volumeMl, ostium }: Pick<ExtractedAppendage, 'volumeMl' | 'ostium'>,
  contrast: BloodContrast,
  areHounsfield: boolean,
): void {
  if (contrast.unseenWallShare >= MOSTLY_UNSEEN) {
    throw new UserError(failure('pipeline.mostly-cut', { percent: 100 * contrast.unseenWallShare }));
  }
  if (areHounsfield) refuseWithoutContrast(contrast);
  const areaMm2 = ostium.found ? ostium.measures.areaMm2 : null;
  if (volumeMl < POSSIBLE_VOLUME_ML[0]) {
    throw new UserError(failure('pipeline.only-slivers', { volumeMl }));
  }
  if (volumeMl > POSSIBLE_VOLUME_ML[1]) throw new UserError(failure('pipeline.too-large', { volumeMl }));
  if (areaMm2 !== null && (areaMm2 < POSSIBLE_OSTIUM_MM2[0] || areaMm2 > POSSIBLE_OSTIUM_MM2[1])) {
    throw new UserError(failure('pipeline.impossible-ostium', { areaMm2 }));
  }
}

/** Why nothing was drawn round a place: the appendage is not there, or no blood with contrast is. */
export function whyNothingFound(volume: VolumeHu, centreLpsMm: Vec3): Failure {
  const brightestHu = whyNotHounsfield(volume) ? undefined : nearbyHu(volume, centreLpsMm);
  return brightestHu !== undefined && brightestHu < LEAST_BLOOD_HU
    ? failure('pipeline.no-blood', { brightestHu })
    : failure('pipeline.no-appendage');
}

/** Throws a UserError where the blood is not enhanced, or where what was found is not filled with it. */
export function refuseWithoutContrast({ atriumHu, appendageHu, nearbyHu }: BloodContrast): void {
  const bloodHu = atriumHu ?? appendageHu;
  if (bloodHu === undefined && nearbyHu !== undefined && nearbyHu < LEAST_BLOOD_HU) {
    throw new UserError(failure('pipeline.no-blood', { brightestHu: nearbyHu }));
  }
  if (bloodHu === undefined || bloodHu >= LEAST_BLOOD_HU) return;
  if (nearbyHu !== undefined && nearbyHu >= FILLED_NEARBY_HU) {
    throw new UserError(failure('pipeline.not-filled', { foundHu: bloodHu, nearbyHu }));
  }
  throw new UserError(failure('pipeline.no-contrast', { bloodHu }));
}

function whyTooWeak({ atriumHu, appendageHu }: BloodContrast): Failure | undefined {
  const bloodHu = atriumHu ?? appendageHu;
  return bloodHu !== undefined && bloodHu < TRUSTED_BLOOD_HU
    ? failure('measure.contrast-too-weak', { bloodHu, limitHu: TRUSTED_BLOOD_HU })
    : undefined;
}

function whyCutAtOstium(
  volume: VolumeHu,
  { ostium }: Pick<ExtractedAppendage, 'ostium'>,
  { unseenWallShare }: BloodContrast,
): Failure | undefined {
  if (unseenWallShare >= UNSEEN) {
    return failure('measure.scan-ends', { percent: 100 * unseenWallShare });
  }
  return ostium.found && isAtScanEdge(volume, ostium.rimLpsMm)
    ? failure('measure.scan-ends-at-ostium')
    : undefined;
}
