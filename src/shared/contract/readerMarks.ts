import { z } from 'zod';
import { ostiumPlaneSchema, vec3Schema } from './values.ts';

/** The two places that the ostium's plane is tied to (docs/clinical.md), in the order in which they are shown. */
export const LANDMARK_KINDS = ['ridge', 'circumflex'] as const;

export type LandmarkKind = (typeof LANDMARK_KINDS)[number];

/** An outline of a section that a reader drew; LPS mm. */
export const readerOutlineSchema = z.strictObject({
  /** Of the ostium, or of the section at this distance from it along the centre line, mm. */
  at: z.union([z.literal('ostium'), z.number().nonnegative()]),
  /** That it was drawn in. */
  plane: ostiumPlaneSchema,
  /** The points that are dragged; the outline goes through them. */
  pointsLpsMm: z.array(vec3Schema).min(3).readonly(),
  /** All of it, a closed loop: the last point joins the first. */
  outlineLpsMm: z.array(vec3Schema).min(3).readonly(),
});

export type ReaderOutline = z.output<typeof readerOutlineSchema>;

/** Which section an outline is of. */
export type OutlinePlace = ReaderOutline['at'];

/** What a reader set by hand on a result, beside its surface; LPS mm. */
export const readerMarksSchema = z.strictObject({
  /** The ridge beside the left upper vein, and the circumflex artery; null where it was not set. */
  landmarks: z.strictObject({ ridge: vec3Schema.nullable(), circumflex: vec3Schema.nullable() }),
  /** Points that the centre line goes through, from the ostium to the tip; null where it is as computed. */
  centreLine: z.array(vec3Schema).min(1).readonly().nullable().default(null),
  /** Outlines of sections that take the place of the surface's, one a section at most. */
  outlines: z.array(readerOutlineSchema).readonly().default([]),
});

export type ReaderMarks = z.output<typeof readerMarksSchema>;

export const NO_MARKS: ReaderMarks = {
  landmarks: { ridge: null, circumflex: null },
  centreLine: null,
  outlines: [],
};
