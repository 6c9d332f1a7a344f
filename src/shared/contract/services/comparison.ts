import { z } from 'zod';
import { method } from '../../rpc/contract.ts';
import { namedFileSchema, triangleMeshSchema } from '../values.ts';
import { measurementsSchema } from './measured.ts';

/** The numbers of a result that are compared. */
export const comparedMeasuresSchema = measurementsSchema.pick({
  ostium: true,
  landingZones: true,
  volumeMl: true,
  depthMm: true,
  depthToFirstBendMm: true,
  surfaceAreaMm2: true,
});

export const surfaceComparisonSchema = z.strictObject({
  /** Of the volumes; null where one of the surfaces is not closed. */
  dice: z.number().nullable(),
  /** Both ways, by area, mm: on average, what 95 % lie within, the largest. */
  meanMm: z.number(),
  percentile95Mm: z.number(),
  largestMm: z.number(),
  /** At each vertex of the first surface its distance to the second, mm: positive outside of the second. */
  signedMm: z.instanceof(Float32Array),
});

/** Two results of one study. */
export const comparisonService = {
  surfaces: method(
    z.strictObject({ first: triangleMeshSchema, second: triangleMeshSchema }),
    surfaceComparisonSchema,
  ),
  /** Reads `laa-closed.stl` and `report.json` of a result of `auricle segment`. */
  readResult: method(
    z.strictObject({ folder: z.string(), files: z.array(namedFileSchema) }),
    z.strictObject({
      closed: triangleMeshSchema,
      measures: comparedMeasuresSchema,
      frameOfReferenceUid: z.string(),
    }),
  ),
};

export type ComparedMeasures = z.output<typeof comparedMeasuresSchema>;
export type SurfaceComparison = z.output<typeof surfaceComparisonSchema>;
