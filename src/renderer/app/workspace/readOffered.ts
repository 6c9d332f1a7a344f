import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { OpenedFileInfo } from '#shared/contract/services/opening.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { OpenedFile } from '../../features/studies/index.ts';

/**
 * Reads files that a person opened with the program, whole, as if they had been dropped.
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
