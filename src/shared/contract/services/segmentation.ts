import { z } from 'zod';
import { method } from '../../rpc/contract.ts';
import { failureSchema } from '../failure.ts';
import { segmentationReportSchema, usedModelSchema } from '../report.ts';
import { leftAtriumSchema, surroundingsSchema } from '../surroundings.ts';
import { labelMapSchema, triangleMeshSchema, vec3Schema, volumeHuSchema } from '../values.ts';
import { measuredAppendageSchema } from './measured.ts';

const centre = vec3Schema;

/** Where the appendage lies. */
export const regionSchema = z.strictObject({
  centreLpsMm: centre,
  /** Edge of the cube that the field network sees, mm. */
  edgeMm: z.number().positive(),
  /** 0 to 1; null where a person placed the box. */
  confidence: z.number().min(0).max(1).nullable(),
});

export const segmentedAppendageSchema = z.strictObject({
  appendage: measuredAppendageSchema,
  /** The closed lumen on the voxels of the crop that was sent. */
  labels: labelMapSchema,
  /**
   * Provenance and numbers as the command line writes them. Where a network can look for what surrounds the appendage, that
   * is still to be asked for (`surroundings`), and a warning says so (`awaitsSurroundings`).
   */
  report: segmentationReportSchema,
  /** The scan or the cube cuts the appendage: volume and depth are withheld, after every edit too. */
  isCut: z.boolean(),
  /** The surface of what contrast does not fill, as first segmented; null where the appendage is one compartment. */
  unfilled: triangleMeshSchema.nullable(),
  /**
   * For each vertex of the closed surface how often such a point is off by more than 1 mm, 0 to 1 (docs/accuracy.md, "Point
   * by point"); NaN at the ostium. Null where the model cannot say.
   */
  offChances: z.instanceof(Float32Array).nullable(),
});

/** What surrounds an appendage, and the network that looked. */
export const foundSurroundingsSchema = z.strictObject({
  /** Null where it saw nothing of the scan. */
  surroundings: surroundingsSchema.nullable(),
  /** Null where there is no ostium, or nothing of the atrium is seen near it. */
  atrium: leftAtriumSchema.nullable(),
  model: usedModelSchema,
  seconds: z.number().nonnegative(),
});

/** Finding and segmenting, in a worker. Refusals are UserErrors. */
export const segmentationService = {
  /** From the whole scan, averaged to voxels of about 1 mm (`squeeze`), to the box. */
  findRegion: method(z.strictObject({ coarse: volumeHuSchema }), regionSchema),
  /**
   * From the scan's own voxels in a box round the centre to the result. The box reaches 20 mm farther than the region
   * to each side, 55 mm at the least, and less only where the scan ends.
   */
  segment: method(
    z.strictObject({
      crop: volumeHuSchema,
      region: regionSchema,
      source: segmentationReportSchema.shape.source,
      seriesWarnings: z.array(failureSchema),
      /** Cells per axis of the finest evaluation. */
      resolution: z.union([z.literal(64), z.literal(128), z.literal(256)]),
    }),
    segmentedAppendageSchema,
  ),
  /** What surrounds a segmented appendage, on the crop that it was segmented in. */
  surroundings: method(
    z.strictObject({
      crop: volumeHuSchema,
      /** The middle of the cube that the result was computed in, by its report. */
      centreLpsMm: centre,
      /** Of the surface as it was segmented; null where it has none. */
      ostiumLpsMm: centre.nullable(),
      /** Of the same, a closed polyline of 3·n coordinates, LPS mm. */
      rimLpsMm: z.instanceof(Float32Array).nullable(),
    }),
    foundSurroundingsSchema,
  ),
};

export type Region = z.output<typeof regionSchema>;
export type FoundSurroundings = z.output<typeof foundSurroundingsSchema>;
export type SegmentedAppendage = z.output<typeof segmentedAppendageSchema>;
