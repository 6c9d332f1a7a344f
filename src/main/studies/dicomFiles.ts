import { closeSync, fstatSync, openSync, read, readSync, type Stats, statSync } from 'node:fs';
import { lstat, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { createDiskAccess, type DiskAccess } from './diskAccess.ts';

export interface FoundFile {
  /** For the functions of this file; where a name is no UTF-8, no path that others understand. */
  readonly path: string;
  /** Base name, for messages. */
  readonly name: string;
  /** The path of what holds it. */
  readonly folder: string;
  /** Its place below the folder that was listed, for people: names joined by slashes. */
  readonly within: string;
  readonly size: number;
}

/** Something below a folder that could not be reached. */
export interface Unreached {
  /** `special`: a pipe, a socket or a device, which is never opened. */
  readonly kind: 'folder' | 'file' | 'special';
  readonly path: string;
  readonly name: string;
  /** The path of what holds it. */
  readonly folder: string;
  /** Its place below the folder that was listed, for people: names joined by slashes. */
  readonly within: string;
  readonly reason: Failure;
}

export interface FileTree {
  readonly files: readonly FoundFile[];
  readonly unreached: readonly Unreached[];
}

/**
 * All regular files below a folder, in a fixed order. Symbolic links are followed, each folder is entered once however
 * many links lead to it, and what cannot be reached is named.
 *
 * @param options `followsFolders: false` leaves links to folders alone, which may lead out of this one
 * @throws UserError where the folder itself is not there, is not a folder or cannot be read
 */
export async function listTree(
  folder: string,
  {
    signal,
    followsFolders = true,
  }: { readonly signal?: AbortSignal | undefined; readonly followsFolders?: boolean } = {},
): Promise<FileTree> {
  const root = await stat(folder).catch(() => undefined);
  const name = path.basename(path.resolve(folder));
  if (root === undefined) throw new UserError(failure('studies.folder-missing', { folder: name }));
  if (!root.isDirectory()) {
    const isIndex = name.toUpperCase() === 'DICOMDIR';
    throw new UserError(
      isIndex
        ? failure('studies.disc-index-named', { fileName: name })
        : failure('studies.not-a-folder', { name }),
    );
  }
  const entered = new Set<string>();
  const files: FoundFile[] = [];
  const unreached: Unreached[] = [];
  const disk = createDiskAccess();
  const walk = async (directory: string, stats: Stats, within: string): Promise<void> => {
    throwIfCancelled(signal);
    const identity = `${stats.dev}:${stats.ino}`;
    if (entered.has(identity)) return;
    entered.add(identity);
    let names: string[];
    try {
      names = await namesIn(directory);
    } catch (thrown) {
      if (within === '')
        throw new UserError(failure('studies.folder-unreadable', { folder: name }), { cause: thrown });
      unreached.push(unlisted(directory, within));
      return;
    }
    const found = files.length;
    const emptyFolders: Omit<FoundFile, 'size'>[] = [];
    for (const entryName of names) {
      const entryPath = join(directory, entryName);
      const shown = shownName(entryName);
      const entry = {
        path: entryPath,
        name: shown,
        folder: directory,
        within: within === '' ? shown : `${within}/${shown}`,
      };
      throwIfCancelled(signal);
      await disk.pause();
      const entryStats = await statOrReason(entryPath, disk);
      if (!('isDirectory' in entryStats)) unreached.push({ kind: 'file', ...entry, reason: entryStats });
      else if (entryStats.isDirectory() && (followsFolders || !(await isLink(entryPath)))) {
        const before = files.length + unreached.length;
        await walk(entryPath, entryStats, entry.within);
        if (files.length + unreached.length === before) emptyFolders.push(entry);
      } else if (entryStats.isFile()) files.push({ ...entry, size: entryStats.size });
      else if (!entryStats.isDirectory())
        unreached.push({ kind: 'special', ...entry, reason: failure('studies.file-special') });
    }
    const beside = files.slice(found).filter((file) => file.folder === directory);
    for (const folderInPlace of emptyFolders.filter((one) => isNamedLike(one, beside)))
      unreached.push({ kind: 'file', ...folderInPlace, reason: failure('studies.folder-for-file') });
  };
  await walk(folder, root, '');
  return { files, unreached };
}

/** Whether an empty folder is numbered like the files beside it: it stands where one of them was. */
function isNamedLike({ name }: { readonly name: string }, files: readonly FoundFile[]): boolean {
  const pattern = numberPattern(name);
  return (
    pattern !== name && files.filter((file) => numberPattern(file.name) === pattern).length >= LEAST_ALIKE
  );
}

const LEAST_ALIKE = 3;
const numberPattern = (name: string): string => name.replace(/\d+/g, '#');

/** The files of {@link listTree} alone. */
export const listFiles = async (folder: string, signal?: AbortSignal): Promise<readonly FoundFile[]> =>
  (await listTree(folder, { signal })).files;

function unlisted(directory: string, within: string): Unreached {
  const name = path.posix.basename(within);
  const reason = failure('studies.folder-unlisted', { folder: name });
  return { kind: 'folder', path: directory, name, folder: path.dirname(directory), within, reason };
}

async function statOrReason(entryPath: string, disk: DiskAccess): Promise<Stats | Failure> {
  const place = systemPath(entryPath);
  try {
    return await disk.call(
      () => statSync(place),
      () => stat(place),
    );
  } catch {
    return failure((await isLink(entryPath)) ? 'studies.link-broken' : 'studies.file-unreachable');
  }
}

const isLink = (entryPath: string): Promise<boolean> =>
  lstat(systemPath(entryPath)).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );

/** Names on Linux are bytes, which need not be UTF-8. Paths that are not have one letter a byte, behind this one. */
const IN_BYTES = '\0';

/** What the file system's own functions take for the path of a {@link FoundFile}. */
export const systemPath = (entryPath: string): string | Buffer =>
  entryPath.startsWith(IN_BYTES) ? Buffer.from(entryPath.slice(1), 'latin1') : entryPath;

function join(directory: string, name: string): string {
  if (!directory.startsWith(IN_BYTES) && !name.startsWith(IN_BYTES)) return path.join(directory, name);
  const [before, last] = [directory, name].map((part) => Buffer.from(systemPath(part)).toString('latin1'));
  return `${IN_BYTES}${before}${path.sep}${last}`;
}

async function namesIn(directory: string): Promise<string[]> {
  const entries =
    process.platform === 'win32'
      ? await readdir(directory)
      : (await readdir(systemPath(directory), { encoding: 'buffer' })).map((bytes) => {
          const text = bytes.toString();
          return Buffer.from(text).equals(bytes) ? text : IN_BYTES + bytes.toString('latin1');
        });
  return entries.sort((a, b) => (a < b ? -1 : 1));
}

/** A name for messages; letters that are none show as a mark. */
const shownName = (name: string): string => Buffer.from(systemPath(name)).toString();

/** Does what {@link readFileRange} does, in this thread. */
export function readFileRangeNow(filePath: string, from: number, to: number | undefined): Uint8Array {
  const file = openSync(systemPath(filePath), 'r');
  try {
    const length = Math.max(0, Math.min(to ?? Number.POSITIVE_INFINITY, fstatSync(file).size) - from);
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const bytesRead = readSync(file, bytes, filled, length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}

const readSoon = promisify(read);

/**
 * Fills an array with a file's bytes from `from` on. The file is opened in this thread, which is quickest where it is in
 * the system's memory, and read in another one: fresh memory costs more than reading into it.
 *
 * @returns the part that was filled: less than all of it where the file is shorter
 */
export async function readFileInto(filePath: string, from: number, into: Uint8Array): Promise<Uint8Array> {
  const file = openSync(systemPath(filePath), 'r');
  try {
    let filled = 0;
    while (filled < into.length) {
      const { bytesRead } = await readSoon(file, into, filled, into.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return into.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}

/** Bytes `from` to `to` (the end where undefined) of a file; fewer where it is shorter. */
export async function readFileRange(
  filePath: string,
  from: number,
  to: number | undefined,
): Promise<Uint8Array> {
  const handle = await open(systemPath(filePath), 'r');
  try {
    const end = Math.min(to ?? Number.POSITIVE_INFINITY, (await handle.stat()).size);
    const bytes = new Uint8Array(Math.max(0, end - from));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
