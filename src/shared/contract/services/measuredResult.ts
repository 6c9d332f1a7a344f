import { z } from 'zod';
import type { MeasuredAppendage } from './measured.ts';

/** What tells one result of a scan from another: of its surface, and of the numbers that were measured on it. */
export const measuredResultSchema = z.strictObject({
  vertices: z.int(),
  faces: z.int(),
  volumeMl: z.number().nullable(),
  depthMm: z.number().nullable(),
  ostiumAreaMm2: z.number().nullable(),
  /** A reader corrected the centre line or outlines: the numbers are not the surface's alone. */
  isCorrected: z.boolean(),
});

export type MeasuredResult = z.output<typeof measuredResultSchema>;

/** @param isCorrected a reader corrected the centre line or outlines */
export const measuredResult = (
  { mesh, measurements }: Pick<MeasuredAppendage, 'mesh' | 'measurements'>,
  isCorrected: boolean,
): MeasuredResult => ({
  vertices: mesh.vertices,
  faces: mesh.faces,
  volumeMl: measurements.volumeMl,
  depthMm: measurements.depthMm,
  ostiumAreaMm2: measurements.ostium?.areaMm2 ?? null,
  isCorrected,
});

/** Whether two results are of one surface with one set of numbers. */
export const isSameResult = (a: MeasuredResult, b: MeasuredResult): boolean =>
  a.vertices === b.vertices &&
  a.faces === b.faces &&
  a.volumeMl === b.volumeMl &&
  a.depthMm === b.depthMm &&
  a.ostiumAreaMm2 === b.ostiumAreaMm2 &&
  a.isCorrected === b.isCorrected;
