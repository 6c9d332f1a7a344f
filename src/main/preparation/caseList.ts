import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { CaseInput, CaseRequest, FilesInput } from './caseRequest.ts';

/** What applies to every case that does not say otherwise. */
export type CaseDefaults = Omit<FilesInput, 'kind' | 'image' | 'segmentation'>;

export interface RefusedCase {
  readonly name: string;
  readonly reason: Failure;
}

export interface CaseList {
  readonly requests: readonly CaseRequest[];
  readonly refused: readonly RefusedCase[];
}

/** What a scan and a segmentation are called in a case's folder; files have an extension. */
const IMAGE = /^(image|ct|scan|dicom)(\..+)?$/i;
const SEGMENTATION = /^(segmentation|seg|labels?|mask|surface|laa)(\..+)?$/i;

/**
 * The cases of a list: a folder with a folder for each case, or a table (.csv, .json) with a row for each, whose paths
 * are relative to it. A folder that `auricle phantom` wrote is a case, too. A case's own folder is a list of one.
 * @throws UserError where the list is missing or damaged, or names a case twice
 */
export async function readCaseList(path: string, defaults: CaseDefaults = {}): Promise<CaseList> {
  const name = basename(resolve(path));
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UserError(failure('preparation.input-missing', { name }));
  const list = found.isDirectory()
    ? await folderCases(path, name, defaults)
    : await tableCases(path, name, defaults);
  if (list.requests.length + list.refused.length === 0) {
    throw new UserError(failure('preparation.no-cases', { name }));
  }
  assertDistinct(list.requests);
  return list;
}

/** @throws UserError where two cases have one name */
export function assertDistinct(requests: readonly CaseRequest[]): void {
  const seen = new Set<string>();
  for (const { name } of requests) {
    // Some file systems do not tell capitals from small letters.
    const key = name.toLowerCase();
    if (seen.has(key)) throw new UserError(failure('preparation.name-twice', { name }));
    seen.add(key);
  }
}

/** Whether a name can be a folder's, on any system, and is none of ours. */
export const isCaseName = (name: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Windows forbids in names.
  /^[^./\\:*?"<>|\u0000-\u001f][^/\\:*?"<>|\u0000-\u001f]*$/.test(name) &&
  !/[. ]$/.test(name) &&
  name.length <= 100;

async function folderCases(folder: string, name: string, defaults: CaseDefaults): Promise<CaseList> {
  const names = await entries(folder);
  const alone = caseIn(folder, names, defaults);
  if (alone.kind !== 'none') return { requests: [{ name, input: alone }], refused: [] };
  const requests: CaseRequest[] = [];
  const refused: RefusedCase[] = [];
  for (const entry of names) {
    const caseFolder = join(folder, entry);
    const isFolder = (await stat(caseFolder).catch(() => undefined))?.isDirectory() === true;
    if (entry.startsWith('.') || !isFolder) continue;
    const input = caseIn(caseFolder, await entries(caseFolder), defaults);
    if (input.kind === 'none') {
      const { images, segmentations } = input;
      refused.push({ name: entry, reason: failure('preparation.case-folder', { images, segmentations }) });
    } else requests.push({ name: entry, input });
  }
  return { requests, refused };
}

const entries = async (folder: string): Promise<string[]> =>
  (
    await readdir(folder).catch((thrown: unknown) => {
      throw new UserError(failure('preparation.folder-unreadable', { folder: basename(resolve(folder)) }), {
        cause: thrown,
      });
    })
  ).sort();

/** The case that a folder of these entries is, or how many scans and segmentations it holds instead of one each. */
function caseIn(
  folder: string,
  names: readonly string[],
  defaults: CaseDefaults,
): CaseInput | { readonly kind: 'none'; readonly images: number; readonly segmentations: number } {
  if (isPhantom(names)) return { kind: 'phantom-folder', folder };
  const images = names.filter((name) => IMAGE.test(name));
  const segmentations = names.filter((name) => SEGMENTATION.test(name));
  const [image, segmentation] = [images[0], segmentations[0]];
  if (!image || !segmentation || images.length > 1 || segmentations.length > 1)
    return { kind: 'none', images: images.length, segmentations: segmentations.length };
  const paths = { image: join(folder, image), segmentation: join(folder, segmentation) };
  return { kind: 'files', ...defaults, ...paths };
}

const isPhantom = (names: readonly string[]): boolean => names.includes('dicom') && names.includes('truth');

/** Numbers apart by spaces, commas or semicolons, or as a list. */
const numbers = (count: number) =>
  z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .trim()
            .split(/[\s,;]+/)
            .map(Number)
        : value,
    z.array(z.number()).length(count),
  );
const label = z.coerce.number().int().positive();

/** A row of a table; a cell that is empty counts as left out. */
const rowSchema = z.strictObject({
  name: z.string().optional(),
  patient: z.string().optional(),
  image: z.string().optional(),
  segmentation: z.string().optional(),
  phantom: z.string().optional(),
  label: label.optional(),
  atrium_label: label.optional(),
  surface_space: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(['LPS', 'RAS']))
    .optional(),
  centre: numbers(3).optional(),
  ostium_plane: numbers(6)
    .refine(([, , , x, y, z]) => Math.hypot(x!, y!, z!) > 0, 'a direction is needed')
    .optional(),
});

type Row = z.infer<typeof rowSchema>;

async function tableCases(path: string, name: string, defaults: CaseDefaults): Promise<CaseList> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new UserError(failure('files.unreadable', { fileName: name }), { cause: thrown });
  });
  const isJson = extname(path).toLowerCase() === '.json';
  const rows = isJson ? jsonRows(text, name) : csvRows(text, name);
  const requests = rows.map((raw, index): CaseRequest => {
    const parsed = rowSchema.safeParse(filled(raw));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const problem =
        issue?.code === 'unrecognized_keys'
          ? `the column ${issue.keys.join(', ')} is not known`
          : `${issue?.path.join('.')}: ${issue?.message}`;
      throw new UserError(failure('preparation.row-wrong', { name, row: index + 1, problem }));
    }
    return requestOf(parsed.data, index + 1, dirname(path), name, defaults);
  });
  return { requests, refused: [] };
}

const filled = (raw: unknown): unknown =>
  typeof raw === 'object' && raw !== null
    ? Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== '' && value !== null))
    : raw;

function requestOf(
  row: Row,
  number: number,
  base: string,
  table: string,
  defaults: CaseDefaults,
): CaseRequest {
  const wrong = (problem: string): UserError =>
    new UserError(failure('preparation.row-wrong', { name: table, row: number, problem }));
  const pathOf = (text: string): string => resolve(base, text);
  const name = row.name ?? basename(row.phantom ?? row.segmentation ?? row.image ?? '').replace(/\..*$/, '');
  if (!isCaseName(name)) throw wrong(`"${name}" cannot be the name of a folder`);
  const patient = withoutUndefined({ patient: row.patient });
  if (row.phantom !== undefined) {
    return { name, ...patient, input: { kind: 'phantom-folder', folder: pathOf(row.phantom) } };
  }
  if (row.image === undefined || row.segmentation === undefined) {
    throw wrong('image and segmentation are needed, or phantom');
  }
  const plane = row.ostium_plane;
  return {
    name,
    ...patient,
    input: {
      kind: 'files',
      ...defaults,
      image: pathOf(row.image),
      segmentation: pathOf(row.segmentation),
      ...withoutUndefined({
        label: row.label,
        atriumLabel: row.atrium_label,
        surfaceSpace: row.surface_space,
        centreLpsMm: row.centre && ([row.centre[0]!, row.centre[1]!, row.centre[2]!] as const),
        ostiumPlane: plane && {
          pointLpsMm: [plane[0]!, plane[1]!, plane[2]!] as const,
          normal: [plane[3]!, plane[4]!, plane[5]!] as const,
        },
      }),
    },
  };
}

function jsonRows(text: string, name: string): unknown[] {
  try {
    const raw: unknown = JSON.parse(text);
    if (Array.isArray(raw)) return raw;
  } catch {
    // Said below.
  }
  throw new UserError(failure('preparation.not-a-list', { name }));
}

/** Rows by the names of the first line, which shows what separates cells: tabs, semicolons or commas. */
function csvRows(text: string, name: string): Record<string, string>[] {
  const firstLine = text.split(/\r?\n/, 1)[0] ?? '';
  const separator = ['\t', ';', ','].find((one) => firstLine.includes(one)) ?? ',';
  try {
    return parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((cell) => cell.toLowerCase()),
      delimiter: separator,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      // A row that leaves out its last cells is usual; one with more cells than columns is a mistake.
      relax_column_count_less: true,
    });
  } catch (thrown) {
    throw new UserError(failure('preparation.not-a-table', { name }), { cause: thrown });
  }
}
