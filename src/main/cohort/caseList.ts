import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { CohortCase, CohortTask } from './cohortFolder.ts';

/** The columns that hold paths, by task; all others are values of options. */
const PATH_COLUMNS: Readonly<Record<CohortTask, readonly string[]>> = {
  segment: ['input'],
  prepare: ['input', 'image', 'segmentation'],
  evaluate: ['pred', 'truth', 'pred-mask', 'truth-mask'],
};

/** The columns of which each case needs one set. */
const NEEDED: Readonly<Record<CohortTask, readonly (readonly string[])[]>> = {
  segment: [['input']],
  prepare: [['image', 'segmentation'], ['input']],
  evaluate: [['pred', 'truth']],
};

/**
 * The cases of a cohort: a folder with a folder for each, or a table (.csv, .json) with a row for each. A column is
 * `name`, `input` (the command's argument) or an option of the command (`pred`, `centre`, `atrium_label`). Paths are
 * relative to the table and are kept relative to the cohort's folder where they lie beside or below it, so that workers
 * may have the shared disk under another path.
 * @throws UserError where the list cannot be read, is empty, names a case twice or leaves out what the task needs
 */
export async function readCases(list: string, task: CohortTask, cohortFolder: string): Promise<CohortCase[]> {
  const name = basename(resolve(list));
  const found = await stat(list).catch(() => undefined);
  if (!found) throw new UserError(failure('files.unreadable', { fileName: name }));
  const rows = found.isDirectory() ? await folderRows(list) : await tableRows(list, name);
  if (rows.length === 0) throw new UserError(failure('cohort.no-cases', { name }));
  const base = found.isDirectory() ? list : dirname(list);
  const seen = new Set<string>();
  return rows.map((row, index) => {
    const one = caseOf(row, index + 1, { task, base, cohortFolder, table: name });
    // Some file systems do not tell capitals from small letters.
    if (seen.has(one.id.toLowerCase())) throw new UserError(failure('cohort.name-twice', { name: one.id }));
    seen.add(one.id.toLowerCase());
    return one;
  });
}

/** A path of a case as it is found from here. */
export const casePath = (cohortFolder: string, path: string): string => resolve(cohortFolder, path);

export const isPathColumn = (task: CohortTask, column: string): boolean =>
  PATH_COLUMNS[task].includes(column);

interface RowPlace {
  readonly task: CohortTask;
  readonly base: string;
  readonly cohortFolder: string;
  readonly table: string;
}

function caseOf(row: Record<string, string>, number: number, place: RowPlace): CohortCase {
  const { task, base, cohortFolder, table } = place;
  const { name, ...values } = row;
  if (!NEEDED[task].some((columns) => columns.every((column) => values[column] !== undefined))) {
    const columns = NEEDED[task].map((names) => names.join(' and ')).join(', or ');
    throw new UserError(failure('cohort.row-incomplete', { name: table, row: number, columns }));
  }
  const paths = PATH_COLUMNS[task];
  const named = paths.map((column) => values[column]).find((path) => path !== undefined);
  const id = idOf(name ?? basename(named ?? '').replace(/\.[a-z0-9]+(\.gz)?$/i, ''));
  if (id === '') throw new UserError(failure('cohort.row-name', { name: table, row: number }));
  return {
    id,
    values: Object.fromEntries(
      Object.entries(values).map(([column, value]) => [
        column,
        paths.includes(column) ? portable(resolve(base, value), cohortFolder) : value,
      ]),
    ),
  };
}

/** Letters, digits, points, lines: what folders of every system and names of jobs can hold. */
const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100);

/** Relative to the cohort's folder where at most its parent's parent is shared, else absolute. */
function portable(path: string, cohortFolder: string): string {
  const short = relative(resolve(cohortFolder), path);
  const ups = short.split(sep).filter((part) => part === '..').length;
  return ups > 2 || short === '' || resolve(short) === short ? path : short.split(sep).join('/');
}

async function folderRows(folder: string): Promise<Record<string, string>[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
    .map((entry) => ({ name: entry.name, input: entry.name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const rowsSchema = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])));

async function tableRows(path: string, name: string): Promise<Record<string, string>[]> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new UserError(failure('files.unreadable', { fileName: name }), { cause: thrown });
  });
  const rows = rowsSchema.safeParse(parseTable(text, extname(path).toLowerCase() === '.json'));
  if (!rows.success) throw new UserError(failure('cohort.not-a-table', { name }));
  return rows.data.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([, value]) => value !== '' && value !== null)
        .map(([column, value]) => [column.trim().toLowerCase().replaceAll('_', '-'), String(value)]),
    ),
  );
}

/** Undefined where the text is not a table. */
function parseTable(text: string, isJson: boolean): unknown {
  try {
    if (isJson) return JSON.parse(text);
    return parse(text, {
      bom: true,
      columns: true,
      delimiter: [',', ';', '\t'],
      trim: true,
      skip_empty_lines: true,
    });
  } catch {
    return undefined;
  }
}
