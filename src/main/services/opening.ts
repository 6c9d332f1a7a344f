import { randomUUID } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import { MOST_BYTES_A_READ, type OpenedFileInfo } from '#shared/contract/services/opening.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Emit } from './events.ts';

/** A system that opens many files starts the program, or sends an event, for each: they are one study. */
const TOGETHER_MS = 300;

export interface Opening {
  readonly handlers: AuricleHandlers['opening'];
  /** Offers files and folders to the page, by their absolute paths. */
  offer(paths: readonly string[]): void;
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

  return {
    offer(paths) {
      if (paths.length === 0) return;
      waiting.push(...paths);
      clearTimeout(timer);
      timer = setTimeout(() => emit('opened', {}), TOGETHER_MS);
      // A program that ends meanwhile does not wait for it.
      timer.unref();
    },
    handlers: {
      async take() {
        const paths = waiting;
        waiting = [];
        if (paths.length === 0) return { files: [] };
        offered.clear();
        const found: Offered[] = [];
        for (const path of await withSlicesBeside(paths)) {
          try {
            await walk(path, basename(path), found);
          } catch {
            onNotice(failure('files.unreadable', { fileName: basename(path) }));
          }
        }
        for (const { file, info } of found) offered.set(info.id, file);
        return { files: found.map(({ info }) => info) };
      },
      async read({ id, fromByte }) {
        const path = offered.get(id);
        if (path === undefined) throw new UserError(failure('studies.series-closed'));
        return { bytes: await readPart(path, fromByte) };
      },
    },
  };
}

/** Files below a path, itself included. Links to folders are not followed: they may lead back. */
async function walk(file: string, path: string, found: Offered[]): Promise<void> {
  const status = await stat(file);
  if (!status.isDirectory()) {
    found.push({ file, info: { id: randomUUID(), path, sizeBytes: status.size } });
    return;
  }
  const entries = await readdir(file, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() || entry.isFile())
      await walk(join(file, entry.name), `${path}/${entry.name}`, found);
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

async function readPart(path: string, fromByte: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.min(MOST_BYTES_A_READ, Math.max(0, size - fromByte)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, fromByte);
      return bytesRead === bytes.length ? bytes : bytes.slice(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    throw new UserError(failure('files.unreadable', { fileName: basename(path) }));
  }
}
