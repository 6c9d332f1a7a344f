import { z } from 'zod';
import { type Annotation, annotationSchema } from '#shared/contract/annotations.ts';
import { NO_MARKS, readerMarksSchema } from '#shared/contract/readerMarks.ts';
import { segmentationReportSchema } from '#shared/contract/report.ts';
import { patientSchema, reviewedBySchema, sourceSeriesSchema } from '#shared/contract/services/exporting.ts';
import { type MeasuredAppendage, measuredAppendageSchema } from '#shared/contract/services/measured.ts';
import { type SavedPhase, savedPhaseSchema } from '#shared/contract/services/phases.ts';
import { regionSchema } from '#shared/contract/services/segmentation.ts';
import { gridLpsSchema, ostiumPlaneSchema } from '#shared/contract/values.ts';
import { devicePoseSchema } from '#shared/contract/virtualDevice.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ReviewCase, SavedReview } from '../../features/review/index.ts';
import type { SessionParts } from '../../workers/sessionTasks.ts';
import { GUIDE_STEPS, type ReviewedSteps } from '../guide/guideStore.ts';

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
}

const surfaceSchema = measuredAppendageSchema.omit({ closed: true, wall: true, rimLpsMm: true }).extend({
  hasWall: z.boolean(),
  hasRim: z.boolean(),
});

/** `session.json` of the archive; bulk data are parts of their own. */
const headSchema = z.strictObject({
  format: z.literal('auricle-session'),
  formatVersion: z.literal(1),
  id: z.string(),
  seriesInstanceUid: z.string(),
  patient: patientSchema,
  isSample: z.boolean(),
  cropGrid: gridLpsSchema,
  /** Missing in sessions of earlier versions. */
  scanGrid: gridLpsSchema.nullable().default(null),
  sourceSeries: sourceSeriesSchema.nullable().default(null),
  region: regionSchema,
  report: segmentationReportSchema,
  isCut: z.boolean(),
  /** Missing in sessions of earlier versions. */
  hasUnfilled: z.boolean().default(false),
  hasOffChances: z.boolean().default(false),
  original: surfaceSchema,
  appendage: surfaceSchema,
  plane: ostiumPlaneSchema.nullable(),
  /** Missing in sessions of earlier versions. */
  marks: readerMarksSchema.default(NO_MARKS),
  device: devicePoseSchema.nullable().default(null),
  verdict: z.enum(['not reviewed', 'accepted', 'rejected']),
  /** Missing in sessions of earlier versions. */
  reviewedBy: reviewedBySchema.nullable().default(null),
  labelEdits: z.int().nonnegative(),
  isStale: z.boolean(),
  landingZoneMm: z.number().nullable().default(null),
  /** Missing in sessions of earlier versions. */
  annotations: z.array(annotationSchema).default([]),
  reviewedSteps: z.partialRecord(z.enum(GUIDE_STEPS), z.string()).default({}),
  /** Missing in sessions of earlier versions. */
  phases: z.array(savedPhaseSchema).default([]),
  /** The surface is the network's, unedited. */
  isOriginal: z.boolean(),
});

const HEAD = 'session.json';
const CROP = 'crop.i16';
const OFF_CHANCES = 'original.off.f32';

const bytesOf = (array: Int16Array | Float32Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

type Surface = z.output<typeof surfaceSchema>;

const surfaceHead = ({ closed: _closed, wall, rimLpsMm, ...rest }: MeasuredAppendage): Surface => ({
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

/** The crop's voxels as bytes; they never change, so they are compressed once. */
export const cropBytes = ({ crop }: ReviewCase): Uint8Array => bytesOf(crop.data);

/** @param compressedCrop the gzip of `cropBytes` */
export function sessionParts(
  { reviewCase, saved, landingZoneMm, annotations, reviewedSteps, phases }: SessionState,
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
  } = reviewCase;
  const { appendage, plane, marks, device, verdict, reviewedBy, labelEdits, isStale, history } = saved;
  const head: z.input<typeof headSchema> = {
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
    isOriginal: appendage === original,
  };
  return {
    [HEAD]: new TextEncoder().encode(JSON.stringify(head)),
    [`${CROP}.gz`]: compressedCrop,
    'labels.u8': labels.data,
    ...(unfilled && meshParts('unfilled', unfilled)),
    ...(offChances && { [OFF_CHANCES]: bytesOf(offChances) }),
    ...surfaceParts('original', original),
    ...surfaceParts('appendage', appendage),
    'history.bin': history,
  };
}

const broken = (): UserError => new UserError(failure('storage.session-not-restorable'));

const part = (parts: SessionParts, name: string): Uint8Array => {
  const bytes = parts[name];
  if (!bytes) throw broken();
  return bytes;
};

/** A copy, for a part may start at any byte of its archive. */
const words = (bytes: Uint8Array, bytesEach: number): ArrayBuffer => {
  if (bytes.byteLength % bytesEach !== 0) throw broken();
  return new Uint8Array(bytes).buffer;
};

const floats = (parts: SessionParts, name: string): Float32Array<ArrayBuffer> =>
  new Float32Array(words(part(parts, name), 4));

const meshOf = (parts: SessionParts, name: string) => ({
  positionsLpsMm: floats(parts, `${name}.positions.f32`),
  triangles: new Uint32Array(words(part(parts, `${name}.triangles.u32`), 4)),
});

const surfaceOf = (parts: SessionParts, name: string, head: Surface): MeasuredAppendage => {
  const { hasWall, hasRim, ...rest } = head;
  return measuredAppendageSchema.parse({
    ...rest,
    closed: meshOf(parts, name),
    wall: hasWall ? meshOf(parts, `${name}.wall`) : null,
    rimLpsMm: hasRim ? floats(parts, `${name}.rim.f32`) : null,
  });
};

/** The state from the unpacked parts. @throws UserError where a part is missing or damaged */
export function readSession(parts: SessionParts): SessionState {
  try {
    const head = headSchema.parse(JSON.parse(new TextDecoder().decode(part(parts, HEAD))));
    const { cropGrid, original: originalHead, appendage: appendageHead, isOriginal, ...rest } = head;
    const data = new Int16Array(words(part(parts, CROP), 2));
    const labels = new Uint8Array(part(parts, 'labels.u8'));
    const voxels = cropGrid.sizeIjk[0] * cropGrid.sizeIjk[1] * cropGrid.sizeIjk[2];
    if (data.length !== voxels || labels.length !== voxels) throw broken();
    const original = surfaceOf(parts, 'original', originalHead);
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
        unfilled: rest.hasUnfilled ? meshOf(parts, 'unfilled') : null,
        offChances: rest.hasOffChances ? floats(parts, OFF_CHANCES) : null,
        original,
        crop: { grid: cropGrid, data },
        labels: { grid: cropGrid, data: labels },
      },
      saved: {
        // Without edits the surface is the original itself, by identity.
        appendage: isOriginal ? original : surfaceOf(parts, 'appendage', appendageHead),
        plane: rest.plane,
        marks: rest.marks,
        device: rest.device,
        verdict: rest.verdict,
        reviewedBy: rest.reviewedBy,
        labelEdits: rest.labelEdits,
        isStale: rest.isStale,
        history: part(parts, 'history.bin'),
      },
      landingZoneMm: rest.landingZoneMm,
      annotations: rest.annotations,
      reviewedSteps: withoutUndefined(rest.reviewedSteps),
      phases: rest.phases,
    };
  } catch {
    throw broken();
  }
}
