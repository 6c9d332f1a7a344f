import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { decodeSurface, isSurfaceFile } from '../interchange/surfaceFile.ts';
import type { CaseSurfaces } from './caseMetrics.ts';

/** Where a case's surfaces lie. */
export interface CaseFiles {
  readonly wall: string;
  readonly closed?: string;
}

/** Within a case's folder: its own files, those of a phantom, those of a result. */
const PLACES = ['', 'truth', 'result'];
const WALL = /^(?:laa-)?(?:wall|surface|mesh|truth|prediction)\.[^.]+$/i;
const CLOSED = /^(?:laa-)?closed\.[^.]+$/i;

/**
 * The cases of a folder by name: a surface file each (`case-7.stl`), or a folder each with `laa-wall` and, for Dice,
 * `laa-closed` in it, as `segment`, `prepare` and `phantom` write them; or with a single surface of any name.
 * @throws UserError where the folder cannot be read
 */
export async function listCases(folder: string): Promise<ReadonlyMap<string, CaseFiles>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName: basename(resolve(folder)) }));
  });
  const cases = new Map<string, CaseFiles>();
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() || entry.isSymbolicLink()) {
      const files = await filesOf(join(folder, entry.name));
      if (files) cases.set(entry.name, files);
    } else if (isSurfaceFile(entry.name)) {
      cases.set(entry.name.replace(/\.[^.]+$/, ''), { wall: join(folder, entry.name) });
    }
  }
  return cases;
}

async function filesOf(folder: string): Promise<CaseFiles | undefined> {
  for (const place of PLACES) {
    const names = (await readdir(join(folder, place)).catch(() => [])).filter(isSurfaceFile).sort();
    const closed = names.find((name) => CLOSED.test(name));
    const open = names.filter((name) => name !== closed);
    const wall = open.find((name) => WALL.test(name)) ?? (open.length === 1 ? open[0] : closed);
    if (wall === undefined) continue;
    const path = (name: string): string => join(folder, place, name);
    return withoutUndefined({ wall: path(wall), closed: closed && path(closed) });
  }
  return undefined;
}

/**
 * The surfaces of one case: a folder of it, such as a result of `auricle segment`, or one surface file.
 * @throws UserError where there is none, or it cannot be read
 */
export async function readCaseAt(path: string): Promise<CaseSurfaces> {
  const name = basename(resolve(path));
  const found = await stat(path).catch((thrown: unknown) => {
    throw new UserError(failure('cli.nothing-there', { name }), { cause: thrown });
  });
  if (!found.isDirectory()) return { wall: await readSurface(path) };
  const files = await filesOf(path);
  if (files === undefined) throw new UserError(failure('evaluation.no-surface', { folder: name }));
  return readCase(files);
}

/** Reads a case's surfaces. @throws UserError that names the file */
export async function readCase({ wall, closed }: CaseFiles): Promise<CaseSurfaces> {
  return withoutUndefined({
    wall: await readSurface(wall),
    closed: closed === undefined ? undefined : await readSurface(closed),
  });
}

/** Reads a surface of any format; an error names the file without its folder. */
export async function readSurface(path: string): Promise<TriangleMesh> {
  const fileName = basename(path);
  const bytes = await readFile(path).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName }));
  });
  try {
    return decodeSurface(bytes, fileName);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    throw new UserError(failure('cli.in-file', { fileName, reason: thrown.failure }));
  }
}
