import { z } from 'zod';
import { vec3Schema } from './values.ts';

/** The two places that the ostium's plane is tied to (docs/clinical.md), in the order in which they are shown. */
export const LANDMARK_KINDS = ['ridge', 'circumflex'] as const;

export type LandmarkKind = (typeof LANDMARK_KINDS)[number];

/** What a reader set by hand on a result, beside its surface; LPS mm. */
export const readerMarksSchema = z.strictObject({
  /** The ridge beside the left upper vein, and the circumflex artery; null where it was not set. */
  landmarks: z.strictObject({ ridge: vec3Schema.nullable(), circumflex: vec3Schema.nullable() }),
  /** Points that the centre line goes through, from the ostium to the tip; null where it is as computed. */
  centreLine: z.array(vec3Schema).min(1).readonly().nullable().default(null),
});

export type ReaderMarks = z.output<typeof readerMarksSchema>;

export const NO_MARKS: ReaderMarks = { landmarks: { ridge: null, circumflex: null }, centreLine: null };
