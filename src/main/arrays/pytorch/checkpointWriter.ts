import { zipSync } from 'fflate';
import { pickleTorch, type TorchValue } from './pickleWriter.ts';

/** A checkpoint as `torch.save` has written it since PyTorch 1.6: a zip archive that is not compressed. */
export function writeTorchCheckpoint(root: TorchValue): Uint8Array {
  const { pickle, storages } = pickleTorch(root);
  const members: Record<string, Uint8Array> = { 'archive/data.pkl': pickle };
  storages.forEach((data, key) => {
    members[`archive/data/${key}`] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  });
  members['archive/byteorder'] = new TextEncoder().encode('little');
  members['archive/version'] = new TextEncoder().encode('3\n');
  // One date for all, so that equal checkpoints are equal files.
  return zipSync(members, { level: 0, mtime: new Date(1980, 0, 1, 12) });
}
