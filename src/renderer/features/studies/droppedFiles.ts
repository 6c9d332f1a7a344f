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

async function walk(entry: FileSystemEntry, found: OpenedFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  // The flags say which of the two kinds an entry is; the types do not follow from them.
  try {
    if (entry.isDirectory) {
      const children = await directoryEntries(entry as FileSystemDirectoryEntry);
      for (const child of children) await walk(child, found);
    } else found.push({ path, blob: await entryFile(entry as FileSystemFileEntry) });
  } catch {
    found.push({ path, blob: new Blob(), unreached: entry.isDirectory ? 'folder' : 'file' });
  }
}

/** All files of a drop, folders walked. Must be called within the drop event: entries are gone after it. */
export function droppedFiles(transfer: DataTransfer): Promise<readonly OpenedFile[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const loose = entries.length === 0 ? [...transfer.files] : [];
  return (async () => {
    const found: OpenedFile[] = filesOf(loose);
    for (const entry of entries) await walk(entry, found);
    return found;
  })();
}

/** The files of an input element; those of a folder keep their path in it. */
export const filesOf = (files: Iterable<File>): OpenedFile[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }));
