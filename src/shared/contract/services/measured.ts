import { z } from 'zod';
import { storedFailureSchema } from '../failure.ts';
import { segmentationReportSchema } from '../report.ts';
import { ostiumPlaneSchema, triangleMeshSchema } from '../values.ts';

const report = segmentationReportSchema.shape;

/** The numbers of one surface; null where they are withheld or cannot be had, and a warning says why. */
export const measurementsSchema = z.strictObject({
  ostium: report.ostium,
  landingZones: report.landingZones,
  volumeMl: report.volumeMl,
  depthMm: report.depthMm,
  depthToFirstBendMm: report.depthToFirstBendMm,
  surfaceAreaMm2: report.surfaceAreaMm2,
  withheld: report.withheld,
});

/** A surface of the appendage with its ostium and all that is measured on it. */
export const measuredAppendageSchema = z.strictObject({
  /** The closed lumen, distal to the ostium's plane. */
  closed: triangleMeshSchema,
  /** The same without the cap; null where there is no ostium. */
  wall: triangleMeshSchema.nullable(),
  /** The plane that it was asked to end at, or that of its own end where nothing is there; null without an ostium. */
  ostiumPlane: ostiumPlaneSchema.nullable(),
  /** The ostium's rim as a closed polyline, 3·n coordinates, LPS mm. */
  rimLpsMm: z.instanceof(Float32Array).nullable(),
  measurements: measurementsSchema,
  mesh: report.mesh,
  /** Of this surface; what holds for every surface of the scan stands in the report alone. */
  warnings: z.array(storedFailureSchema),
});

export type Measurements = z.output<typeof measurementsSchema>;
export type MeasuredAppendage = z.output<typeof measuredAppendageSchema>;
