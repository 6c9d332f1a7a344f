import { z } from 'zod';
import { method } from '../../rpc/contract.ts';
import { deviceTableSchema, lumenProfileSchema } from '../planning.ts';
import { readerMarksSchema } from '../readerMarks.ts';
import { namedFileSchema, vec3Schema } from '../values.ts';
import { measuredAppendageSchema } from './measured.ts';

const surface = measuredAppendageSchema.shape;

/** The device tables in force, in the order in which they are shown. */
export const deviceTablesSchema = z.strictObject({
  tables: z.array(deviceTableSchema),
  /** A hospital's own, or those that came with the program. */
  origin: z.enum(['bundled', 'own']),
});

/** What an occluder is planned by. Which sizes fit is `shared/planning`'s, which both sides have. */
export const planningService = {
  /** The sizes along a surface's centre line, as far as a reader corrected it; where there are none, the reason. */
  profile: method(
    z.strictObject({
      closed: surface.closed,
      ostiumPlane: surface.ostiumPlane,
      rimLpsMm: surface.rimLpsMm,
      measurements: surface.measurements,
      warnings: surface.warnings,
      marks: readerMarksSchema,
    }),
    z.strictObject({
      profile: lumenProfileSchema,
      /** Measurements and warnings by what the reader corrected; null where that is nothing: the surface's own hold. */
      corrected: z
        .strictObject({ measurements: surface.measurements, warnings: surface.warnings })
        .nullable(),
    }),
  ),
  /** A surface's centre line from its ostium to the tip, about 1 mm apart, LPS mm; none where the lumen holds none. */
  centreLine: method(
    z.strictObject({
      closed: surface.closed,
      ostiumPlane: surface.ostiumPlane,
      rimLpsMm: surface.rimLpsMm,
    }),
    z.strictObject({ pointsLpsMm: z.array(vec3Schema) }),
  ),
  /** Refused where a table of the hospital's own is damaged: the bundled ones do not take its place in silence. */
  deviceTables: method(z.strictObject({}), deviceTablesSchema),
  /** Keeps these files as the hospital's own tables, all or none of them; no files: back to the bundled tables. */
  replaceDeviceTables: method(z.strictObject({ files: z.array(namedFileSchema) }), deviceTablesSchema),
};

export type DeviceTablesInForce = z.output<typeof deviceTablesSchema>;
