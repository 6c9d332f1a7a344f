import { z } from 'zod';
import { annotationSchema } from './annotations.ts';
import { GUIDE_STEPS, PLANNING_STEPS } from './planningSteps.ts';
import { NO_MARKS, readerMarksSchema } from './readerMarks.ts';
import { segmentationReportSchema } from './report.ts';
import { patientSchema, reviewedBySchema, sourceSeriesSchema } from './services/exporting.ts';
import { type MeasuredAppendage, measuredAppendageSchema } from './services/measured.ts';
import { savedPhaseSchema } from './services/phases.ts';
import { regionSchema } from './services/segmentation.ts';
import { gridLpsSchema, ostiumPlaneSchema } from './values.ts';
import { devicePoseSchema } from './virtualDevice.ts';

/**
 * Saved work as the named parts of its archive: a head, and bulk data beside it. The page writes and reads all of it, the
 * command line reads what documents are made of.
 */

/** A surface with its numbers; its meshes and rim are parts of their own. */
const surfaceSchema = measuredAppendageSchema.omit({ closed: true, wall: true, rimLpsMm: true }).extend({
  hasWall: z.boolean(),
  hasRim: z.boolean(),
});

/** `session.json`. */
export const savedHeadSchema = z.strictObject({
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
  /** The grid of the left atrium's distances; null where there are none. */
  atriumGrid: gridLpsSchema.nullable().default(null),
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
  /** What documents of the work say of it; null in sessions of earlier versions. */
  documented: z
    .strictObject({
      /** Names of the steps in force that changed the result, with how much. */
      edits: z.array(z.string()).readonly(),
      /** Planning steps that were reviewed as they were then. */
      reviewedSteps: z.array(z.enum(PLANNING_STEPS)).readonly(),
    })
    .nullable()
    .default(null),
  /** The surface is the network's, unedited. */
  isOriginal: z.boolean(),
});

export const DRAWINGS_FORMAT = 'auricle-drawings';

/** `session.json` of what was drawn on a scan that was not segmented: its archive holds nothing else. */
export const savedDrawingsSchema = z.strictObject({
  format: z.literal(DRAWINGS_FORMAT),
  formatVersion: z.literal(1),
  seriesInstanceUid: z.string(),
  /** The phase's label; null where the scan is the only one of its heart. */
  heartPhase: z.string().nullable(),
  /** Of the whole scan. */
  grid: gridLpsSchema,
  patient: patientSchema,
  isSample: z.boolean(),
  annotations: z.array(annotationSchema),
});

export type SavedHead = z.output<typeof savedHeadSchema>;
export type SavedSurface = z.output<typeof surfaceSchema>;

export const SAVED_HEAD = 'session.json';
/** The scan's own voxels around the appendage, HU. */
export const SAVED_CROP = 'crop.i16';
/** Whether each voxel of the crop is inside, with the edits in force. */
export const SAVED_LABELS = 'labels.u8';

type Parts = Readonly<Record<string, Uint8Array>>;

/** @throws RangeError where it is missing */
export function savedPart(parts: Parts, name: string): Uint8Array {
  const bytes = parts[name];
  if (!bytes) throw new RangeError(`No part ${name}.`);
  return bytes;
}

/** A copy, for a part may start at any byte of its archive. */
const wholeWords = (parts: Parts, name: string, bytesEach: number): ArrayBuffer => {
  const bytes = savedPart(parts, name);
  if (bytes.byteLength % bytesEach !== 0) throw new RangeError(`${name} is cut short.`);
  return new Uint8Array(bytes).buffer;
};

/** @throws RangeError where it is missing or cut short */
export const savedFloats = (parts: Parts, name: string): Float32Array<ArrayBuffer> =>
  new Float32Array(wholeWords(parts, name, 4));

/** @throws RangeError where it is missing, or not of this many voxels */
export function savedCrop(
  parts: Parts,
  [columns, rows, slices]: readonly [number, number, number],
): Int16Array<ArrayBuffer> {
  const data = new Int16Array(wholeWords(parts, SAVED_CROP, 2));
  if (data.length !== columns * rows * slices) throw new RangeError('The crop is not of its grid.');
  return data;
}

/** Of the crop, one a voxel. @throws RangeError where they are missing, or not of this many voxels */
export function savedLabels(
  parts: Parts,
  [columns, rows, slices]: readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const labels = new Uint8Array(savedPart(parts, SAVED_LABELS));
  if (labels.length !== columns * rows * slices) throw new RangeError('The labels are not of their grid.');
  return labels;
}

/** @throws RangeError where a part is missing or cut short */
export const savedMesh = (parts: Parts, name: string) => ({
  positionsLpsMm: savedFloats(parts, `${name}.positions.f32`),
  triangles: new Uint32Array(wholeWords(parts, `${name}.triangles.u32`, 4)),
});

/** @throws RangeError or ZodError where a part is missing or damaged */
export function savedSurface(
  parts: Parts,
  name: 'original' | 'appendage',
  { hasWall, hasRim, ...rest }: SavedSurface,
): MeasuredAppendage {
  return measuredAppendageSchema.parse({
    ...rest,
    closed: savedMesh(parts, name),
    wall: hasWall ? savedMesh(parts, `${name}.wall`) : null,
    rimLpsMm: hasRim ? savedFloats(parts, `${name}.rim.f32`) : null,
  });
}
