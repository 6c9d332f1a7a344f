import { z } from 'zod';
import { storedFailureSchema } from './failure.ts';
import { ostiumPlaneSchema, vec3Schema } from './values.ts';

/**
 * What a reader measured or marked in the planes: lengths, angles, areas with their attenuation, texts. Points are LPS, in
 * mm, and lie on the plane that it was drawn on.
 */

/** In the order in which tools are offered. */
export const ANNOTATION_KINDS = ['ruler', 'angle', 'ellipse', 'freehand', 'text'] as const;

export const isAnnotationKind = (tool: string): tool is AnnotationKind =>
  ANNOTATION_KINDS.some((kind) => kind === tool);

const point = vec3Schema;

export const annotationShapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ruler'), pointsLpsMm: z.tuple([point, point]).readonly() }),
  /** The vertex is the second point. */
  z.strictObject({ kind: z.literal('angle'), pointsLpsMm: z.tuple([point, point, point]).readonly() }),
  z.strictObject({
    kind: z.literal('ellipse'),
    centreLpsMm: point,
    /** From the centre, perpendicular to each other. */
    halfAxesLpsMm: z.tuple([point, point]).readonly(),
  }),
  /** A closed outline that does not cross itself; the last point is joined to the first. */
  z.strictObject({ kind: z.literal('freehand'), pointsLpsMm: z.array(point).min(3).max(5000).readonly() }),
  /** The tip of its arrow, and where the text stands. The text is the annotation's name. */
  z.strictObject({ kind: z.literal('text'), pointsLpsMm: z.tuple([point, point]).readonly() }),
]);

/** The attenuation within an ellipse or a free region. */
export const huStatisticsSchema = z.strictObject({
  meanHu: z.number(),
  /** Of all samples (divided by their number). */
  deviationHu: z.number(),
  minimumHu: z.number(),
  maximumHu: z.number(),
  /** How many there were. */
  samples: z.int().positive(),
  /** The voxels whose centres lie within, or trilinear samples of a plane that does not run through centres. */
  sampling: z.enum(['voxels', 'trilinear']),
  /** The share of the area that lies outside of the scan and counts for nothing. */
  outsideShare: z.number().min(0).max(1),
});

export const annotationSchema = z.strictObject({
  id: z.string().min(1),
  /** The order in which they were drawn. */
  number: z.int().positive(),
  /** As the reader calls it; what a text says. */
  name: z.string().trim().min(1).max(200),
  /** The plane that it was drawn on. */
  plane: ostiumPlaneSchema,
  shape: annotationShapeSchema,
  /** Null for what has no area, and where it is withheld. */
  hu: huStatisticsSchema.nullable(),
  withheld: storedFailureSchema.nullable(),
});

export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];
export type AnnotationShape = z.output<typeof annotationShapeSchema>;
export type AreaShape = Extract<AnnotationShape, { kind: 'ellipse' | 'freehand' }>;
export type HuStatistics = z.output<typeof huStatisticsSchema>;
export type Annotation = z.output<typeof annotationSchema>;
