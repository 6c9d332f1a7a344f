import { z } from 'zod';

/**
 * What is known exactly about a phantom (`truth.json` beside its DICOM series). Points and directions are LPS, in mm,
 * in the frame of reference of the series.
 */
const vec3 = z.tuple([z.number(), z.number(), z.number()]);

export const phantomTruthSchema = z.strictObject({
  format: z.literal('auricle-phantom-truth'),
  formatVersion: z.literal(1),
  notice: z.string(),
  program: z.strictObject({ name: z.literal('Auricle'), version: z.string() }),
  seed: z.int(),
  coordinates: z.literal('LPS mm'),
  source: z.strictObject({
    seriesInstanceUid: z.string(),
    frameOfReferenceUid: z.string(),
    sizeIjk: vec3,
    spacingMm: vec3,
    originLpsMm: vec3,
  }),
  /** The section of the lumen by the ostium plane, from the implicit shape, not from the mesh. */
  ostium: z.strictObject({
    centreLpsMm: vec3,
    /** From the atrium into the appendage. */
    normal: vec3,
    areaMm2: z.number().positive(),
    perimeterMm: z.number().positive(),
    maxDiameterMm: z.number().positive(),
    minDiameterMm: z.number().positive(),
    areaDerivedDiameterMm: z.number().positive(),
    perimeterDerivedDiameterMm: z.number().positive(),
    eccentricity: z.number(),
  }),
  /** Of the closed lumen. */
  volumeMl: z.number().positive(),
  /** What contrast does not fill of it: trueFilling.ts. Missing in phantoms of earlier versions. */
  unfilledMl: z.number().nonnegative().optional(),
  /** Along the centre line from the ostium's centre to the tip, as the program measures its results. */
  depthMm: z.number().positive().nullable(),
  depthToFirstBendMm: z.number().positive().nullable(),
  /** Of the open wall, without the ostium. */
  surfaceAreaMm2: z.number().positive(),
  morphology: z.enum(['windsock', 'chickenWing', 'cauliflower', 'cactus']),
  landmarksLpsMm: z.record(z.string(), vec3),
  /** The axis that the appendage was built on, from the ostium to the tip. */
  centreLineLpsMm: z.array(vec3),
  /** The values of `labels.nrrd` by name. */
  labels: z.record(z.string(), z.int()),
});

export type PhantomTruth = z.infer<typeof phantomTruthSchema>;

export const SYNTHETIC_NOTICE =
  'Synthetic phantom: no patient was imaged. Made for developing and testing research software.';
