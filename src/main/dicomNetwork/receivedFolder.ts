import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { isMissing } from '../files/systemCode.ts';
import { type DicomLabels, readLabels } from './dicomIdentity.ts';
import { isUid } from './dicomUid.ts';

export interface ReceivedFolder extends DicomLabels {
  readonly seriesUid: string;
  readonly imageCount: number;
}

const HEAD_BYTES = 64 * 1024;

/** None where the folder is not there (any more). @throws UserError where it cannot be read */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw new UserError(failure('files.unreadable', { fileName: basename(folder) }), { cause: thrown });
  }
}

/** The series that lie whole below a folder, newest first; what is still arriving is none. @throws UserError where they cannot be read */
export async function listReceived(folder: string): Promise<ReceivedFolder[]> {
  const names = await namesIn(folder);
  const found = await Promise.all(
    names.filter(isUid).map(async (seriesUid) => {
      const files = await namesIn(join(folder, seriesUid));
      const [first] = files;
      if (first === undefined) return [];
      const file = await open(join(folder, seriesUid, first));
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
        const { mtimeMs } = await file.stat();
        const labels = readLabels(buffer.subarray(0, bytesRead));
        return [{ mtimeMs, series: { seriesUid, imageCount: files.length, ...labels } }];
      } finally {
        await file.close();
      }
    }),
  );
  return found
    .flat()
    .sort((a, b) => b.mtimeMs - a.mtimeMs)
    .map(({ series }) => series);
}
