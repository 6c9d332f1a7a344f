import pMap from 'p-map';
import { CancelledError, throwIfCancelled } from '#shared/errors.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { OpenedFile } from './types.ts';

const entryFile = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A directory reader gives its entries in portions; an empty one is the last. */
async function directoryEntries(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) return entries;
    entries.push(...portion);
  }
}

/** How many entries of a folder are asked for at once. */
const ENTRIES_AT_ONCE = 16;

async function walk(entry: FileSystemEntry, job: Listing): Promise<OpenedFile[]> {
  throwIfCancelled(job.signal);
  const path = entry.fullPath.replace(/^\//, '');
  // The flags say which of the two kinds an entry is; the types do not follow from them.
  try {
    if (entry.isDirectory) {
      const children = await directoryEntries(entry as FileSystemDirectoryEntry);
      return (await pMap(children, (child) => walk(child, job), { concurrency: ENTRIES_AT_ONCE })).flat();
    }
    const file = await entryFile(entry as FileSystemFileEntry);
    job.onFile();
    return [{ path, blob: file }];
  } catch (thrown) {
    if (thrown instanceof CancelledError) throw thrown;
    return [{ path, blob: new Blob(), unreached: entry.isDirectory ? 'folder' : 'file' }];
  }
}

interface Listing {
  readonly signal: AbortSignal | undefined;
  readonly onFile: () => void;
}

/** Lists the files of what was dropped: seconds for a tree of thousands. Rejects with a CancelledError. */
export type ListFiles = (job: JobOptions) => Promise<readonly OpenedFile[]>;

/** All files of a drop, folders walked. Must be called within the drop event: entries are gone after it. */
export function droppedFiles(transfer: DataTransfer): ListFiles {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const loose = entries.length === 0 ? filesOf(transfer.files) : [];
  return async ({ signal, onProgress }) => {
    let files = 0;
    const job: Listing = {
      signal,
      onFile: () => onProgress?.({ stage: `Listing files (${++files})`, fraction: 0 }),
    };
    const found = await pMap(entries, (entry) => walk(entry, job), { concurrency: ENTRIES_AT_ONCE });
    return [...loose, ...found.flat()];
  };
}

/** The files of an input element; those of a folder keep their path in it. */
export const filesOf = (files: Iterable<File>): OpenedFile[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }));
