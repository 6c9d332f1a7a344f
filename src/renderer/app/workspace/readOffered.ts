import type { AuricleClient } from '#shared/contract/auricle.ts';
import { MOST_BYTES_A_READ, type OpenedFileInfo } from '#shared/contract/services/opening.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { OpenedFile } from '../../features/studies/index.ts';

/** Files that a person opened with the program, as if they had been dropped: read in parts, when they are needed. */
export const offeredFiles = (
  client: Pick<AuricleClient, 'opening'>,
  files: readonly OpenedFileInfo[],
): readonly OpenedFile[] =>
  files.map(({ id, path, sizeBytes, unreached }) => ({
    path,
    blob: { sizeBytes, read: (from, to, signal) => readRange(client, id, [from, to], signal) },
    ...withoutUndefined({ unreached }),
  }));

async function readRange(
  client: Pick<AuricleClient, 'opening'>,
  id: string,
  [from, to]: readonly [number, number],
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(Math.max(0, to - from));
  let read = 0;
  while (read < whole.length) {
    throwIfCancelled(signal);
    const mostBytes = Math.min(MOST_BYTES_A_READ, whole.length - read);
    const { bytes } = await client.opening.read({ id, fromByte: from + read, mostBytes });
    // Shorter than it was: what is there is read as any damaged file.
    if (bytes.length === 0) return whole.slice(0, read);
    whole.set(bytes.subarray(0, mostBytes), read);
    read += Math.min(mostBytes, bytes.length);
  }
  return whole;
}

/**
 * Reads files that lie with the program only for a while, whole.
 * @throws UserError where one cannot be read, CancelledError where `signal` fires
 */
export async function readOffered(
  client: Pick<AuricleClient, 'opening'>,
  files: readonly OpenedFileInfo[],
  { signal, onProgress }: Required<JobOptions>,
): Promise<readonly OpenedFile[]> {
  const allBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const opened: OpenedFile[] = [];
  let readBytes = 0;
  for (const { id, path, sizeBytes, unreached } of files) {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let fromByte = 0; fromByte < sizeBytes; ) {
      throwIfCancelled(signal);
      const { bytes } = await client.opening.read({ id, fromByte });
      // Shorter than it was: what is there is read as any damaged file.
      if (bytes.length === 0) break;
      parts.push(bytes);
      fromByte += bytes.length;
      readBytes += bytes.length;
      onProgress({ stage: 'Reading files', fraction: Math.min(1, readBytes / allBytes) });
    }
    opened.push({ path, blob: new Blob(parts), ...withoutUndefined({ unreached }) });
  }
  return opened;
}
