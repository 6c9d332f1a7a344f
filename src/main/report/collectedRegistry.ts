import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { REGISTRY_FORMAT, REGISTRY_VERSION, type RegistryCase } from './registryCase.ts';

export const REGISTRY_FILE = 'registry.json';

const caseSchema = z
  .looseObject({
    format: z.literal(REGISTRY_FORMAT),
    format_version: z.literal(REGISTRY_VERSION),
    case_id: z.string().min(1),
  })
  .catchall(z.union([z.string(), z.number(), z.null()]));

/**
 * The cases of files and of all `registry.json` below folders, in the order of their paths.
 * @param output where they will be written
 * @throws UserError for a file that is none, another version, no case at all, two cases of one id, or a case that `output`
 * would replace
 */
export async function collectedCases(paths: readonly string[], output: string): Promise<RegistryCase[]> {
  const cases: RegistryCase[] = [];
  const known = new Set<string>();
  for (const file of (await Promise.all(paths.map(registryFiles))).flat()) {
    if (resolve(file) === resolve(output)) {
      throw new UserError(failure('report.registry-replaced', { fileName: nameWithFolder(file) }));
    }
    const one = await readCase(file);
    if (known.has(one.case_id)) {
      throw new UserError(failure('report.registry-twice', { caseId: one.case_id }));
    }
    known.add(one.case_id);
    cases.push(one);
  }
  if (cases.length === 0) throw new UserError(failure('report.registry-empty'));
  return cases;
}

async function registryFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    return names
      .filter((name) => basename(name) === REGISTRY_FILE)
      .toSorted()
      .map((name) => join(path, name));
  } catch {
    throw new UserError(failure('files.unreadable', { fileName: basename(path) }));
  }
}

/** All of them are called the same: "case-7/registry.json". */
const nameWithFolder = (file: string): string => `${basename(dirname(resolve(file)))}/${basename(file)}`;

async function readCase(file: string): Promise<RegistryCase & { readonly case_id: string }> {
  const fileName = nameWithFolder(file);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(failure('files.unreadable', { fileName }));
  });
  try {
    return caseSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(failure('report.not-a-registry-case', { fileName }));
  }
}
