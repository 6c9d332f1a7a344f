import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseElements } from '#shared/dicom/dataElements.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { MEDIA_STORAGE_DIRECTORY, transferSyntaxOf } from '#shared/dicom/transferSyntax.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type FileTree, type FoundFile, readFileRange, type Unreached } from './dicomFiles.ts';

const DIRECTORY_RECORDS = 'x00041220';
const REFERENCED_FILE_ID = 'x00041500';

/** Whether a path leads to a disc's index, by its name or by what it says it is. */
export async function isDiscIndex(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile() !== true) return false;
  if (basename(path).toUpperCase() === 'DICOMDIR') return true;
  const encoding = findFileEncoding(await readFileRange(path, 0, 1024).catch(() => new Uint8Array(0)));
  return encoding.kind === 'dicom' && encoding.mediaStorageSopClassUid === MEDIA_STORAGE_DIRECTORY;
}

/**
 * The files that a DICOMDIR lists (PS3.10 section 8), each once, in its order. Discs are written in capitals and mounted
 * in either case, so names are found in any. What it lists and is not there is named.
 *
 * @throws UserError where it cannot be read to its end, as files that it lists may be missing then
 */
export async function listDiscIndex(path: string, signal?: AbortSignal): Promise<FileTree> {
  const damaged = () => new UserError(failure('studies.disc-index-damaged', { fileName: basename(path) }));
  const bytes = await readFileRange(path, 0, undefined).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName: basename(path) }));
  });
  const found = findFileEncoding(bytes);
  if (found.kind !== 'dicom') throw damaged();
  const syntax = transferSyntaxOf(found.transferSyntaxUid);
  const encoding = syntax.kind === 'native' ? syntax : { explicitVr: true, bigEndian: false };
  const { elements, complete } = parseElements(bytes, found.dataSetOffset, encoding);
  if (!complete || !elements.has(DIRECTORY_RECORDS)) throw damaged();
  const listed = new Set(
    elements.items(DIRECTORY_RECORDS).flatMap((record) => {
      const within = record.texts(REFERENCED_FILE_ID).join('/');
      return within === '' ? [] : [within];
    }),
  );
  const files: FoundFile[] = [];
  const unreached: Unreached[] = [];
  const inAnyCase = createNameFinder();
  for (const within of listed) {
    throwIfCancelled(signal);
    const place = await inAnyCase(dirname(path), within.split('/'));
    const stats = place === undefined ? undefined : await stat(place).catch(() => undefined);
    const name = basename(within);
    if (place !== undefined && stats?.isFile() === true) {
      files.push({ path: place, name, folder: dirname(place), within, size: stats.size });
    } else {
      const reason = failure('studies.listed-file-missing');
      unreached.push({
        kind: 'file',
        path: join(dirname(path), within),
        name,
        folder: dirname(path),
        within,
        reason,
      });
    }
  }
  return { files, unreached };
}

/** Finds a file below a folder by names whose case may differ; undefined where it is not there. */
function createNameFinder(): (folder: string, names: readonly string[]) => Promise<string | undefined> {
  const known = new Map<string, Promise<readonly string[]>>();
  const namesIn = (folder: string): Promise<readonly string[]> => {
    const names = known.get(folder) ?? readdir(folder).catch(() => []);
    known.set(folder, names);
    return names;
  };
  return async (folder, names) => {
    let at = folder;
    for (const name of names) {
      const entries = await namesIn(at);
      const entry =
        entries.find((other) => other === name) ??
        entries.find((other) => other.toUpperCase() === name.toUpperCase());
      if (entry === undefined) return undefined;
      at = join(at, entry);
    }
    return at;
  };
}
