import { z } from 'zod';

/** The values that cross between renderer and main. Points and directions are LPS, mm. */

export const vec3Schema = z.tuple([z.number(), z.number(), z.number()]).readonly();

const unitVec3 = vec3Schema.refine((v) => Math.abs(Math.hypot(...v) - 1) < 1e-3, 'a unit vector');

const count = z.int().positive();

export const gridLpsSchema = z.strictObject({
  sizeIjk: z.tuple([count, count, count]).readonly(),
  originLpsMm: vec3Schema,
  spacingMm: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).readonly(),
  directions: z.tuple([unitVec3, unitVec3, unitVec3]).readonly(),
});

/** Parallel slices, each at its own place. */
const sliceStackSchema = z.strictObject({
  columns: count,
  rows: count,
  spacingMm: z.tuple([z.number().positive(), z.number().positive()]).readonly(),
  directions: z.tuple([unitVec3, unitVec3, unitVec3]).readonly(),
  positionsLpsMm: z.array(vec3Schema).min(1).readonly(),
});

/** How slices that are no lattice were put on one. */
export const stackCorrectionSchema = z.strictObject({
  /** As they were acquired; masks are written on them. */
  slices: sliceStackSchema,
  tiltDegrees: z.number(),
  /** Planes between unevenly spaced slices were interpolated. */
  isResampled: z.boolean(),
});

const voxels = ({ sizeIjk: [i, j, k] }: { readonly sizeIjk: readonly [number, number, number] }): number =>
  i * j * k;

/** Where in the heart cycle a series was reconstructed (`shared/dicom/heartPhases.ts`). */
export const heartPhaseSchema = z.strictObject({
  /** "40 %", "350 ms", "phase 3". */
  label: z.string(),
  percent: z.number().nullable(),
  place: z.number(),
  unit: z.enum(['%', 'ms', 'place']),
  /** What says so, by its name in PS3.6. */
  attribute: z.string(),
  isByOrder: z.boolean(),
});

/** A CT volume, or a part of one, in HU; i fastest. */
export const volumeHuSchema = z
  .strictObject({ grid: gridLpsSchema, data: z.instanceof(Int16Array) })
  .refine(({ grid, data }) => data.length === voxels(grid), 'one value for each voxel');

/** A label map: 1 where the closed lumen of the appendage is, else 0. */
export const labelMapSchema = z
  .strictObject({ grid: gridLpsSchema, data: z.instanceof(Uint8Array) })
  .refine(({ grid, data }) => data.length === voxels(grid), 'one label for each voxel');

/** An indexed triangle mesh, LPS mm, counter-clockwise seen from outside. */
export const triangleMeshSchema = z
  .strictObject({ positionsLpsMm: z.instanceof(Float32Array), triangles: z.instanceof(Uint32Array) })
  .refine(
    ({ positionsLpsMm, triangles }) => positionsLpsMm.length % 3 === 0 && triangles.length % 3 === 0,
    'three numbers for each vertex and each triangle',
  )
  .refine(({ positionsLpsMm, triangles }) => {
    const vertices = positionsLpsMm.length / 3;
    return triangles.every((index) => index < vertices);
  }, 'indices of vertices that exist');

/** The ostium's plane; its normal points from the atrium into the appendage. */
export const ostiumPlaneSchema = z.strictObject({ pointLpsMm: vec3Schema, normal: unitVec3 });

/** A named file's bytes; a base name, never a path. */
export const namedFileSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .refine((name) => !/[/\\]/.test(name) && name !== '.' && name !== '..', 'a base name'),
  bytes: z.instanceof(Uint8Array),
});

export type OstiumPlane = z.output<typeof ostiumPlaneSchema>;
export type LabelMap = z.output<typeof labelMapSchema>;
export type NamedFile = z.output<typeof namedFileSchema>;
