import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type DeviceTable, deviceTableSchema } from '#shared/contract/planning.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { isMissing, systemCodeOf } from '../files/systemCode.ts';
import { defaultDataFolder } from '../home/dataFolder.ts';

const BUNDLED = join('resources', 'devices');
/** Of a hospital's own tables, within the program's data folder. */
export const OWN_TABLES = 'devices';

/** Device tables, and whose they are. */
export interface DeviceTables {
  readonly tables: readonly DeviceTable[];
  readonly origin: 'bundled' | 'own';
}

/** A table's file as it was found. */
export interface TableFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The tables of a folder, in the order of their files' names.
 * @throws UserError for a missing folder, one without tables, and the first bad file
 */
export async function readDeviceTables(folder: string): Promise<DeviceTable[]> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter(isTable).sort();
  } catch (thrown) {
    if (isMissing(thrown)) throw new UserError(failure('planning.device-folder-missing'));
    if (systemCodeOf(thrown) === 'ENOTDIR')
      throw new UserError(failure('planning.devices-not-folder', { name: basename(folder) }));
    throw new UserError(failure('files.unreadable', { fileName: basename(folder) }));
  }
  return parseDeviceTables(
    await Promise.all(
      names.map(async (name): Promise<TableFile> => {
        const bytes = await readFile(join(folder, name)).catch(() => {
          throw new UserError(failure('files.unreadable', { fileName: name }));
        });
        return { name, bytes };
      }),
    ),
  );
}

const isTable = (name: string): boolean => name.toLowerCase().endsWith('.json');

/** @throws UserError for no table at all, a bad one, and two of one name */
export function parseDeviceTables(files: readonly TableFile[]): DeviceTable[] {
  const tables = files.filter(({ name }) => isTable(name)).map(parseTable);
  if (tables.length === 0) throw new UserError(failure('planning.no-device-tables'));
  const names = tables.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UserError(failure('planning.device-named-twice', { name: twice }));
  return tables;
}

function parseTable({ name: fileName, bytes }: TableFile): DeviceTable {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new UserError(failure('planning.device-table-no-json', { fileName }));
  }
  const parsed = deviceTableSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    failure('planning.device-table-invalid', {
      fileName,
      place: (issue?.path ?? []).map(String).join('.'),
      problem: issue?.message ?? '',
    }),
  );
}

/**
 * The tables in force: those of the folder that is named, else of the environment variable AURICLE_DEVICES, else of
 * `devices` in the program's data folder where it is there, else the bundled ones.
 */
export async function deviceTables(chosenFolder?: string, dataFolder?: string): Promise<DeviceTables> {
  // An empty variable names no folder.
  const named = chosenFolder ?? (process.env.AURICLE_DEVICES || undefined);
  if (named !== undefined) return { tables: await readDeviceTables(named), origin: 'own' };
  const home = { platform: process.platform, home: homedir(), env: process.env };
  const own = join(dataFolder ?? defaultDataFolder(home), OWN_TABLES);
  if (existsSync(own)) return { tables: await readDeviceTables(own), origin: 'own' };
  return { tables: await readDeviceTables(bundledFolder()), origin: 'bundled' };
}

/** resources/devices of the nearest folder above this file that has one, which holds in the source tree and in dist/. */
export function bundledFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, BUNDLED))) {
    const above = dirname(folder);
    if (above === folder) throw new UserError(failure('planning.device-folder-missing'));
    folder = above;
  }
  return join(folder, BUNDLED);
}
