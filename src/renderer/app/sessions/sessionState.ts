import type { z } from 'zod';
import type { Annotation } from '#shared/contract/annotations.ts';
import {
  SAVED_CROP,
  SAVED_HEAD,
  SAVED_LABELS,
  type SavedHead,
  type SavedSurface,
  savedCrop,
  savedFloats,
  savedHeadSchema,
  savedLabels,
  savedMesh,
  savedPart,
  savedSurface,
} from '#shared/contract/savedWork.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { SavedPhase } from '#shared/contract/services/phases.ts';
import { type GridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { readingPart, type SessionParts } from '#shared/sessionArchive.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ReviewCase, SavedReview } from '../../features/review/index.ts';
import type { ReviewedSteps } from '../guide/guideStore.ts';

/** All that is needed to continue the work without the scan. */
export interface SessionState {
  readonly reviewCase: ReviewCase;
  readonly saved: SavedReview;
  /** The reader's landing zone, mm from the ostium; null where none was set. */
  readonly landingZoneMm: number | null;
  /** What a reader drew in the planes. */
  readonly annotations: readonly Annotation[];
  /** What of each planning step was reviewed. */
  readonly reviewedSteps: ReviewedSteps;
  /** The phases of the same heart, this one among them; none where it is the only one. */
  readonly phases: readonly SavedPhase[];
}

/** The same as it is being saved. */
export interface SavedSession extends SessionState {
  /** A report was written of what is there now. */
  readonly isReported: boolean;
  /** What documents of the work say of it. */
  readonly documented: NonNullable<SavedHead['documented']>;
  /** What was drawn before there was a segmentation, which is saved with the work from now on; null: nothing was. */
  readonly drawingsId?: string | null;
}

const OFF_CHANCES = 'original.off.f32';
const ATRIUM = 'atrium.f32';

const bytesOf = (array: Int16Array | Float32Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const surfaceHead = ({ closed: _closed, wall, rimLpsMm, ...rest }: MeasuredAppendage): SavedSurface => ({
  ...rest,
  hasWall: wall !== null,
  hasRim: rimLpsMm !== null,
});

const meshParts = (name: string, { positionsLpsMm, triangles }: TriangleMesh): SessionParts => ({
  [`${name}.positions.f32`]: bytesOf(positionsLpsMm),
  [`${name}.triangles.u32`]: bytesOf(triangles),
});

const surfaceParts = (name: string, { closed, wall, rimLpsMm }: MeasuredAppendage): SessionParts => ({
  ...meshParts(name, closed),
  ...(wall && meshParts(`${name}.wall`, wall)),
  ...(rimLpsMm && { [`${name}.rim.f32`]: bytesOf(rimLpsMm) }),
});

/** The part that has them compressed. */
export const COMPRESSED_CROP = `${SAVED_CROP}.gz`;

/** The crop's voxels as bytes; they never change, so they are compressed once. */
export const cropBytes = ({ crop }: ReviewCase): Uint8Array => bytesOf(crop.data);

/** @param compressedCrop the gzip of `cropBytes` */
export function sessionParts(
  { reviewCase, saved, landingZoneMm, annotations, reviewedSteps, phases, documented }: SavedSession,
  compressedCrop: Uint8Array,
): SessionParts {
  const {
    id,
    seriesInstanceUid,
    patient,
    isSample,
    crop,
    scanGrid,
    sourceSeries,
    region,
    labels,
    original,
    report,
    isCut,
    unfilled,
    offChances,
    atrium,
  } = reviewCase;
  const { appendage, plane, marks, device, verdict, reviewedBy, labelEdits, isStale, history } = saved;
  const head: z.input<typeof savedHeadSchema> = {
    format: 'auricle-session',
    formatVersion: 1,
    id,
    seriesInstanceUid,
    patient,
    isSample,
    cropGrid: crop.grid,
    scanGrid,
    sourceSeries,
    region,
    report,
    isCut,
    hasUnfilled: unfilled !== null,
    hasOffChances: offChances !== null,
    atriumGrid: atrium?.grid ?? null,
    original: surfaceHead(original),
    appendage: surfaceHead(appendage),
    plane,
    marks,
    device,
    verdict,
    reviewedBy,
    labelEdits,
    isStale,
    landingZoneMm,
    annotations: [...annotations],
    reviewedSteps: { ...reviewedSteps },
    phases: [...phases],
    documented,
    isOriginal: appendage === original,
  };
  return {
    [SAVED_HEAD]: new TextEncoder().encode(JSON.stringify(head)),
    [COMPRESSED_CROP]: compressedCrop,
    [SAVED_LABELS]: labels.data,
    ...(unfilled && meshParts('unfilled', unfilled)),
    ...(offChances && { [OFF_CHANCES]: bytesOf(offChances) }),
    ...(atrium && { [ATRIUM]: bytesOf(atrium.distancesMm) }),
    ...surfaceParts('original', original),
    ...surfaceParts('appendage', appendage),
    'history.bin': history,
  };
}

/** @throws RangeError where it is missing, or not of its grid */
function savedAtrium(parts: SessionParts, grid: GridLps | null): ReviewCase['atrium'] {
  if (!grid) return null;
  const distancesMm = savedFloats(parts, ATRIUM);
  if (distancesMm.length !== voxelCount(grid)) throw new RangeError('The atrium is not of its grid.');
  return { grid, distancesMm };
}

/** The state from the unpacked parts. @throws UserError that names the part which is missing or damaged */
export function readSession(parts: SessionParts): SessionState {
  const head = readingPart('head', () =>
    savedHeadSchema.parse(JSON.parse(new TextDecoder().decode(savedPart(parts, SAVED_HEAD)))),
  );
  const { cropGrid, original: originalHead, appendage: appendageHead, isOriginal, ...rest } = head;
  const data = readingPart('crop', () => savedCrop(parts, cropGrid.sizeIjk));
  const labels = readingPart('labels', () => savedLabels(parts, cropGrid.sizeIjk));
  const original = readingPart('original', () => savedSurface(parts, 'original', originalHead));
  const { id, seriesInstanceUid, patient, isSample, scanGrid, sourceSeries, region, report, isCut } = rest;
  return {
    reviewCase: {
      id,
      seriesInstanceUid,
      patient,
      isSample,
      scanGrid,
      sourceSeries,
      region,
      report,
      isCut,
      unfilled: rest.hasUnfilled ? readingPart('unfilled', () => savedMesh(parts, 'unfilled')) : null,
      offChances: rest.hasOffChances
        ? readingPart('confidence', () => savedFloats(parts, OFF_CHANCES))
        : null,
      atrium: readingPart('atrium', () => savedAtrium(parts, rest.atriumGrid)),
      original,
      crop: { grid: cropGrid, data },
      labels: { grid: cropGrid, data: labels },
    },
    saved: {
      // Without edits the surface is the original itself, by identity.
      appendage: isOriginal
        ? original
        : readingPart('surface', () => savedSurface(parts, 'appendage', appendageHead)),
      plane: rest.plane,
      marks: rest.marks,
      device: rest.device,
      verdict: rest.verdict,
      reviewedBy: rest.reviewedBy,
      labelEdits: rest.labelEdits,
      isStale: rest.isStale,
      history: readingPart('history', () => savedPart(parts, 'history.bin')),
    },
    landingZoneMm: rest.landingZoneMm,
    annotations: rest.annotations,
    reviewedSteps: withoutUndefined(rest.reviewedSteps),
    phases: rest.phases,
  };
}
