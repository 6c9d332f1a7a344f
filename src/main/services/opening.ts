import { randomUUID } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import { MOST_BYTES_A_READ, type OpenedFileInfo } from '#shared/contract/services/opening.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { listTree, readFileRange } from '../studies/dicomFiles.ts';
import type { Emit } from './events.ts';

/** A system that opens many files starts the program, or sends an event, for each: they are one study. */
const TOGETHER_MS = 300;
/** Files that can be read at a time: some MiB of names. */
const MOST_KEPT = 50_000;

export interface Opening {
  readonly handlers: AuricleHandlers['opening'];
  /** Offers files and folders to the page, by their absolute paths. */
  offer(paths: readonly string[]): void;
  /** Lets the page read files of the program's own, which it asked for. */
  lend(paths: readonly string[]): Promise<OpenedFileInfo[]>;
}

interface Offered {
  readonly file: string;
  readonly info: OpenedFileInfo;
}

/** What a person opened with the program, read for the page piece by piece; it knows files by numbers, not by places. */
export function createOpening(emit: Emit, onNotice: (what: Failure) => void): Opening {
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const offered = new Map<string, string>();
  /** A study stays open where the next one cannot be opened: its files are still read. */
  const keep = (found: readonly Offered[]): void => {
    for (const { file, info } of found) offered.set(info.id, file);
    for (const id of offered.keys()) {
      if (offered.size <= Math.max(MOST_KEPT, found.length)) break;
      offered.delete(id);
    }
  };

  return {
    offer(paths) {
      if (paths.length === 0) return;
      waiting.push(...paths);
      clearTimeout(timer);
      timer = setTimeout(() => emit('opened', {}), TOGETHER_MS);
      // A program that ends meanwhile does not wait for it.
      timer.unref();
    },
    async lend(paths) {
      const found: Offered[] = [];
      for (const path of paths) await walk(path, basename(path), found);
      keep(found);
      return found.map(({ info }) => info);
    },
    handlers: {
      async take() {
        const paths = waiting;
        waiting = [];
        if (paths.length === 0) return { files: [] };
        const found: Offered[] = [];
        for (const path of await withSlicesBeside(paths)) {
          try {
            await walk(path, basename(path), found);
          } catch {
            onNotice(failure('files.unreadable', { fileName: basename(path) }));
          }
        }
        keep(found);
        return { files: found.map(({ info }) => info) };
      },
      async read({ id, fromByte, mostBytes = MOST_BYTES_A_READ }) {
        const path = offered.get(id);
        if (path === undefined) throw new UserError(failure('studies.series-closed'));
        return { bytes: await readPart(path, fromByte, mostBytes) };
      },
    },
  };
}

/** Files below a path, itself included, and what could not be reached of them. */
async function walk(file: string, path: string, found: Offered[]): Promise<void> {
  const status = await stat(file);
  if (!status.isDirectory()) {
    const unreached = status.isFile() ? undefined : ('special' as const);
    found.push({
      file,
      info: { id: randomUUID(), path, sizeBytes: status.size, ...withoutUndefined({ unreached }) },
    });
    return;
  }
  const { files, unreached } = await listTree(file, { followsFolders: false });
  const infoOf = (within: string, sizeBytes: number): OpenedFileInfo => ({
    id: randomUUID(),
    path: `${path}/${within}`,
    sizeBytes,
  });
  for (const one of files) found.push({ file: one.path, info: infoOf(one.within, one.size) });
  for (const one of unreached) {
    found.push({ file: one.path, info: { ...infoOf(one.within, 0), unreached: one.kind } });
  }
}

/** One slice that was opened by itself means its series: the files of its kind beside it are opened too. */
async function withSlicesBeside(paths: readonly string[]): Promise<readonly string[]> {
  const [path] = paths;
  if (path === undefined || paths.length > 1 || extname(path).toLowerCase() !== '.dcm') return paths;
  try {
    const folder = dirname(path);
    const entries = await readdir(folder, { withFileTypes: true });
    const slices = entries.filter((entry) => entry.isFile() && extname(entry.name).toLowerCase() === '.dcm');
    return slices.length > 0 ? slices.map(({ name }) => join(folder, name)) : paths;
  } catch {
    return paths;
  }
}

async function readPart(path: string, fromByte: number, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFileRange(path, fromByte, fromByte + mostBytes));
  } catch {
    throw new UserError(failure('files.unreadable', { fileName: basename(path) }));
  }
}
