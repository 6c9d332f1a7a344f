import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Landmarks } from '#shared/planning/landmarkPlane.ts';

/** No scanner's space reaches further from its origin, mm. */
const FURTHEST_MM = 1e4;
const coordinateMm = z.number().min(-FURTHEST_MM).max(FURTHEST_MM);
const point = z.tuple([coordinateMm, coordinateMm, coordinateMm]);
const pointsSchema = z.union([
  z.array(point).min(1),
  z.object({ centreLineLpsMm: z.array(point).min(1) }).transform(({ centreLineLpsMm }) => centreLineLpsMm),
]);
const landmarksSchema = z.object({ ridge: point, circumflex: point });
/** The columns of `profile.csv`, in any order among others; without a heading the first three columns. */
const COLUMNS = ['left', 'posterior', 'superior'];

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UserError(failure('files.unreadable', { fileName: basename(file) }));
  });
}

/**
 * Points of a file, LPS mm: JSON (an array of triples, or an object with `centreLineLpsMm`, as `auricle plan profile
 * --json` prints it) or CSV.
 * @throws UserError where the file holds none
 */
export async function readPoints(file: string): Promise<Vec3[]> {
  const text = await textOf(file);
  try {
    return /^\s*[[{]/.test(text) ? pointsSchema.parse(JSON.parse(text)) : csvPoints(text);
  } catch {
    throw new UserError(failure('planning.points-unreadable', { fileName: basename(file) }));
  }
}

function csvPoints(text: string): Vec3[] {
  const rows: string[][] = parse(text, {
    bom: true,
    skip_empty_lines: true,
    trim: true,
    relax_column_count: true,
  });
  const named = COLUMNS.map((name) => rows[0]?.indexOf(name) ?? -1);
  const hasHeading = named.every((at) => at >= 0);
  const columns = hasHeading ? named : [0, 1, 2];
  const points = rows
    .slice(hasHeading ? 1 : 0)
    .map((row) => columns.map((at) => (row[at] ? Number(row[at]) : Number.NaN)));
  return pointsSchema.parse(points);
}

/** @throws UserError where the file does not hold both */
export async function readLandmarks(file: string): Promise<Landmarks> {
  const text = await textOf(file);
  try {
    return landmarksSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(failure('planning.landmarks-unreadable', { fileName: basename(file) }));
  }
}
