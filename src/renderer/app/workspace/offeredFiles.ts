import type { AuricleClient } from '#shared/contract/auricle.ts';
import { MOST_BYTES_A_READ, type OpenedFileInfo } from '#shared/contract/services/opening.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { OpenedFile } from '../../features/studies/index.ts';

/** Files that lie with the program, as if they had been dropped: read in parts, when they are needed. */
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
