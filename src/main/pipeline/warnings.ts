import { type Failure, failure } from '#shared/failures/failure.ts';
import { plausibilityWarnings, sizeWarnings } from '../meshing/index.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';
import type { AppendageFilling } from './appendageFilling.ts';
import type { BloodContrast } from './contrast.ts';
import type { DarkRemainder } from './darkRemainder.ts';
import type { ThinGrey } from './thinGrey.ts';

/** The lower end of what the networks were trained on is 110 HU (docs/clinical.md, "Hounsfield units"). */
const WEAK_ATRIUM_HU = 150;
/** An appendage this much darker than the atrium is not filled throughout. */
const UNDERFILLED_SHARE = 0.7;
const UNSURE_REGION = 0.5;
/** The lumen's share that a whole scan shows, less rounding at its faces. */
const LEAST_SHOWN_SHARE = 0.995;
/** Dropped pieces smaller than this are not mentioned. */
const LEAST_MENTIONED_ML = 0.1;

/** More of the wall than this without its outer side in the scan: the lumen may go on there. */
const MOST_UNSEEN_SHARE = 0.01;

/** Whether the scan or the cube cuts the appendage; its volume and depth are then withheld. */
export const isAppendageCut = (
  { truncated }: Pick<ExtractedAppendage, 'truncated'>,
  { shownShare, unseenWallShare }: Pick<BloodContrast, 'shownShare' | 'unseenWallShare'>,
): boolean => truncated || shownShare < LEAST_SHOWN_SHARE || unseenWallShare > MOST_UNSEEN_SHARE;

/**
 * A warning for each thing that a reader must know, also after the surface has been edited: where the appendage is,
 * how much of it the scan shows, how it is filled.
 * @param confidence in what was found, 0 to 1; null where nothing is known of it
 * @param unfit why no number is given
 * @param filling its compartments, where it has two
 * @param remainder dark tissue that it may leave out
 */
export function scanWarnings(
  appendage: Pick<ExtractedAppendage, 'truncated'>,
  contrast: BloodContrast,
  confidence: number | null,
  unfit?: Failure,
  filling?: AppendageFilling,
  remainder?: DarkRemainder,
): Failure[] {
  const warnings: Failure[] = unfit ? [failure('measure.none-given', { reason: unfit })] : [];
  const { atriumHu, appendageHu } = contrast;
  if (confidence !== null && confidence < UNSURE_REGION) {
    warnings.push(failure('pipeline.region-unsure'));
  }
  if (isAppendageCut(appendage, contrast)) {
    // Where no number is given, the sentence about volume and depth would read as if the others were.
    warnings.push(failure(unfit ? 'measure.appendage-cut' : 'pipeline.appendage-cut'));
  }
  if (atriumHu !== undefined && atriumHu < WEAK_ATRIUM_HU) {
    warnings.push(failure('pipeline.contrast-weak', { atriumHu }));
  }
  const isDark =
    atriumHu !== undefined && appendageHu !== undefined && appendageHu < UNDERFILLED_SHARE * atriumHu;
  const isMeasured = !unfit && !isAppendageCut(appendage, contrast);
  if (filling && isMeasured) warnings.push(fillingWarning(filling));
  else if (isDark || filling) warnings.push(failure('pipeline.underfilled'));
  if (remainder && isMeasured) warnings.push(failure('pipeline.dark-beyond', { ...remainder }));
  return warnings;
}

const fillingWarning = ({ filledHu, ...rest }: AppendageFilling): Failure =>
  filledHu === undefined
    ? failure('pipeline.nothing-filled', { unfilledHu: rest.unfilledHu })
    : failure('pipeline.part-unfilled', {
        unfilledMl: rest.unfilledMl,
        uncertaintyMl: rest.uncertaintyMl,
        unfilledHu: rest.unfilledHu,
        filledHu,
        fromDepthMm: rest.fromDepthMm,
      });

/** What a reader must know of thin grey parts that the surface was drawn without. */
export const thinGreyWarnings = (
  grey: Pick<ThinGrey, 'volumeMl' | 'valueHu' | 'bloodHu'> | undefined,
): Failure[] =>
  grey
    ? [
        failure('pipeline.thin-grey', {
          volumeMl: grey.volumeMl,
          valueHu: grey.valueHu,
          bloodHu: grey.bloodHu,
        }),
      ]
    : [];

/** Landmarks further from the plane that fits the ostium by itself than this disagree with it, mm. */
const LANDMARK_AWAY_MM = 4;

/**
 * A landmark whose places disagree by more is not found reliably, mm. On 10 of 200 phantoms of wide variety they do, and
 * the plane is then 10° off at the median; on the others 3.5° (docs/accuracy.md, "How sure the plane is").
 */
const LANDMARK_SPREAD_MM = 1.3;

/** A warning where ridge or circumflex lie elsewhere than the ostium says, or are not found. */
export function landmarkWarnings(
  landmarks: { readonly fromCapMm: readonly number[]; readonly spreadsMm: readonly number[] } | undefined,
): Failure[] {
  if (!landmarks) return [];
  const spreadMm = Math.max(...landmarks.spreadsMm);
  if (spreadMm > LANDMARK_SPREAD_MM) return [failure('pipeline.landmarks-unsure', { spreadMm })];
  const [ridgeMm = 0, circumflexMm = 0] = landmarks.fromCapMm.map(Math.abs);
  return Math.max(ridgeMm, circumflexMm) > LANDMARK_AWAY_MM
    ? [failure('pipeline.landmarks-disagree', { ridgeMm, circumflexMm })]
    : [];
}

/**
 * A warning for each thing about the surface that a person's editing may change.
 * @param isCut see {@link isAppendageCut}
 */
export function surfaceWarnings(
  {
    ostium,
    volumeMl,
    droppedPieces,
    open,
    quality,
  }: Pick<ExtractedAppendage, 'ostium' | 'volumeMl' | 'droppedPieces' | 'open' | 'quality'>,
  isCut: boolean,
): Failure[] {
  const warnings: Failure[] = [];
  if (open?.isRagged && ostium.found) {
    const { perimeterMm, areaMm2 } = ostium.measures;
    warnings.push(failure('pipeline.ragged-rim', { perimeterMm, areaMm2 }));
  } else {
    if (open) warnings.push(failure('pipeline.open-surface'));
    if (open && open.openings > 1) {
      warnings.push(failure('pipeline.more-openings', { openings: open.openings }));
    }
    if (!ostium.found) warnings.push(failure('meshing.no-ostium'));
    warnings.push(...sizeWarnings(volumeMl, ostium.found ? ostium.measures.areaMm2 : null));
    const found = ostium.found ? ostium : null;
    warnings.push(...plausibilityWarnings({ ostium: found }, quality, isCut));
  }
  const dropped = droppedPieces.filter((piece) => piece.volumeMl >= LEAST_MENTIONED_ML);
  if (dropped.length > 0) {
    const total = dropped.reduce((sum, piece) => sum + piece.volumeMl, 0);
    warnings.push(failure('meshing.pieces-left-out', { pieces: dropped.length, volumeMl: total }));
  }
  return warnings;
}
