import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { segmentationReportSchema } from '#shared/contract/report.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { decodeSurface } from '../interchange/surfaceFile.ts';

/** What a comparison reads of a result's `report.json`; its warnings are sentences there. */
const comparedReportSchema = segmentationReportSchema
  .pick({
    ostium: true,
    landingZones: true,
    volumeMl: true,
    depthMm: true,
    depthToFirstBendMm: true,
    surfaceAreaMm2: true,
  })
  .extend({ source: z.object({ seriesInstanceUid: z.string(), frameOfReferenceUid: z.string() }) })
  .strip();

/** A result of `auricle segment` as it is compared. */
export interface ComparedResult {
  readonly closed: TriangleMesh;
  readonly report: z.output<typeof comparedReportSchema>;
}

/**
 * @param files those of a result's folder by name; `laa-closed.stl` and `report.json` are read
 * @throws UserError where one of them is missing or damaged
 */
export function resultToCompare(files: ReadonlyMap<string, Uint8Array>, folder: string): ComparedResult {
  const missing = (fileName: string): UserError =>
    new UserError(failure('objects.not-a-result', { folder, fileName }));
  const surface = files.get('laa-closed.stl');
  const text = files.get('report.json');
  if (surface === undefined) throw missing('laa-closed.stl');
  if (text === undefined) throw missing('report.json');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(text));
  } catch {
    throw missing('report.json');
  }
  const report = comparedReportSchema.safeParse(json);
  if (!report.success) throw missing('report.json');
  try {
    return { closed: decodeSurface(surface, 'laa-closed.stl'), report: report.data };
  } catch {
    throw missing('laa-closed.stl');
  }
}

/** @throws UserError where two results are not of one place in space */
export function assertSameFrame(first: ComparedResult, second: ComparedResult): void {
  const [a, b] = [first.report.source.frameOfReferenceUid, second.report.source.frameOfReferenceUid];
  if (a === '' || a !== b) throw new UserError(failure('evaluation.other-frame'));
}

/** Reads a result's folder. @throws UserError where it holds none */
export async function readResultToCompare(folder: string): Promise<ComparedResult> {
  const files = new Map<string, Uint8Array>();
  for (const name of ['laa-closed.stl', 'report.json']) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes !== undefined) files.set(name, bytes);
  }
  return resultToCompare(files, basename(resolve(folder)));
}
