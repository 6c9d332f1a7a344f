import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DicomLabels, readLabels } from './dicomIdentity.ts';
import { isUid } from './dicomUid.ts';

export interface ReceivedFolder extends DicomLabels {
  readonly seriesUid: string;
  readonly imageCount: number;
}

const HEAD_BYTES = 64 * 1024;

/** The series that lie whole below a folder, newest first; what is still arriving is none. */
export async function listReceived(folder: string): Promise<ReceivedFolder[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.filter(isUid).map(async (seriesUid) => {
      const files = await readdir(join(folder, seriesUid)).catch(() => []);
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
