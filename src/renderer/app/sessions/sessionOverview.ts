import type { SessionOverview } from '#shared/contract/services/app.ts';
import { measuredResult } from '#shared/contract/services/measuredResult.ts';
import { lpsToIjk } from '#shared/geometry/gridLps.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ReviewCase, SavedReview } from '../../features/review/index.ts';
import type { SavedSession } from './sessionState.ts';

/** Small in the session's file, large enough to know an anatomy by. */
const SIDE_PIXELS = 64;

/** The window for angiography. */
const LOWEST_HU = -150;
const HIGHEST_HU = 650;

/** Above the greys: where what is segmented ends. */
const OUTLINE = 255;

/** What the list of saved work shows of a session. */
export function overviewOf({
  reviewCase,
  saved,
  isReported,
  phases,
}: Pick<SavedSession, 'reviewCase' | 'saved' | 'isReported' | 'phases'>): SessionOverview {
  const { id, patient, report, crop } = reviewCase;
  return {
    patientName: short(patient.name),
    patientId: short(patient.id),
    studyDate: short(patient.studyDate),
    seriesDescription: short(report.source.seriesDescription),
    state: stateOf(reviewCase, saved),
    isReported,
    reviewedBy: saved.reviewedBy,
    result: measuredResult(
      saved.appendage,
      saved.marks.centreLine !== null || saved.marks.outlines.length > 0,
    ),
    ...withoutUndefined({ phase: phases.find(({ caseId }) => caseId === id)?.result }),
    thumbnail:
      crop.data.length === 0 ? null : { sidePixels: SIDE_PIXELS, valuesBase64: base64(pixels(reviewCase)) },
  };
}

const short = (text: string): string => text.slice(0, 400);

const stateOf = (
  reviewCase: ReviewCase,
  { verdict, appendage, isStale }: SavedReview,
): SessionOverview['state'] => {
  if (verdict !== 'not reviewed') return verdict;
  return isStale || appendage !== reviewCase.original ? 'edited' : 'segmented';
};

/** The axial slice through the middle of the box, as wide as the box, with the outline of the segmentation on it. */
function pixels({ crop, labels, region }: ReviewCase): Uint8Array {
  const [sizeI, sizeJ, sizeK] = crop.grid.sizeIjk;
  const clamp = (index: number, size: number): number => Math.min(Math.max(Math.round(index), 0), size - 1);
  const [x, y, z] = region.centreLpsMm;
  const offset = (pixel: number): number => ((pixel + 0.5) / SIDE_PIXELS - 0.5) * region.edgeMm;
  // The nearest voxel of each pixel, and of a pixel more on each side, which those beside it are asked for.
  const side = SIDE_PIXELS + 2;
  const voxels = new Uint32Array(side * side);
  for (let row = -1; row <= SIDE_PIXELS; row++) {
    for (let column = -1; column <= SIDE_PIXELS; column++) {
      const [i, j, k] = lpsToIjk(crop.grid, [x + offset(column), y + offset(row), z]);
      voxels[column + 1 + side * (row + 1)] =
        clamp(i, sizeI) + sizeI * (clamp(j, sizeJ) + sizeJ * clamp(k, sizeK));
    }
  }
  const at = (column: number, row: number): number => voxels[column + 1 + side * (row + 1)]!;
  const isInside = (column: number, row: number): boolean => (labels.data[at(column, row)] ?? 0) > 0;
  const values = new Uint8Array(SIDE_PIXELS ** 2);
  for (let row = 0; row < SIDE_PIXELS; row++) {
    for (let column = 0; column < SIDE_PIXELS; column++) {
      const share = ((crop.data[at(column, row)] ?? LOWEST_HU) - LOWEST_HU) / (HIGHEST_HU - LOWEST_HU);
      const isOutline =
        isInside(column, row) &&
        !(
          isInside(column - 1, row) &&
          isInside(column + 1, row) &&
          isInside(column, row - 1) &&
          isInside(column, row + 1)
        );
      values[column + SIDE_PIXELS * row] = isOutline
        ? OUTLINE
        : Math.round((OUTLINE - 1) * Math.min(Math.max(share, 0), 1));
    }
  }
  return values;
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The picture as RGBA, the outline in amber. */
export function thumbnailRgba({
  valuesBase64,
}: NonNullable<SessionOverview['thumbnail']>): Uint8ClampedArray<ArrayBuffer> {
  const values = Uint8Array.from(atob(valuesBase64), (character) => character.charCodeAt(0));
  const rgba = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, at) => {
    rgba.set(value === OUTLINE ? [255, 190, 70, 255] : [value, value, value, 255], 4 * at);
  });
  return rgba;
}
