import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { readFileRange } from '../../studies/dicomFiles.ts';

/** As long as the longer header, of NIfTI-2. */
const HEADER_BYTES = 540;
const GZIP = [0x1f, 0x8b] as const;

/**
 * Refuses a NIfTI that ends before its last voxel, or whose compressed bytes are damaged: ITK fills what is missing with
 * zeros and does not say so, which would cut a label map unnoticed. Files that are no NIfTI pass; ITK judges them.
 * @param path with a single file's header and voxels (.nii, .nii.gz)
 * @throws UserError
 */
export async function refuseCutNifti(path: string, name: string): Promise<void> {
  const found = await measured(path).catch((thrown: unknown) => {
    const isCut = thrown instanceof Error && 'code' in thrown && thrown.code === 'Z_BUF_ERROR';
    const why = isCut ? 'preparation.volume-cut' : 'preparation.volume-unreadable';
    throw new UserError(failure(why, { name }), { cause: thrown });
  });
  const needed = neededBytes(found.start);
  if (needed !== undefined && found.length < needed)
    throw new UserError(failure('preparation.volume-cut', { name }));
}

/** The unpacked file's first bytes and its length; it is never whole in memory. */
async function measured(path: string): Promise<{ start: Buffer; length: number }> {
  const [first, second] = await readFileRange(path, 0, 2);
  let start: Buffer = Buffer.alloc(0);
  let length = 0;
  const count = async (pieces: AsyncIterable<Buffer>): Promise<void> => {
    for await (const piece of pieces) {
      if (start.length < HEADER_BYTES) start = Buffer.concat([start, piece.subarray(0, HEADER_BYTES)]);
      length += piece.length;
    }
  };
  const file = createReadStream(path);
  await (first === GZIP[0] && second === GZIP[1]
    ? pipeline(file, createGunzip(), count)
    : pipeline(file, count));
  return { start, length };
}

/** Header, extensions and voxels by nifti1.h and nifti2.h (NIMH); undefined where it is no such header. */
function neededBytes(start: Buffer): number | undefined {
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  for (const little of [true, false]) {
    if (start.length >= 348 && view.getInt32(0, little) === 348) {
      const sizes = Array.from({ length: 8 }, (_, n) => view.getInt16(40 + 2 * n, little));
      return view.getFloat32(108, little) + voxelBytes(sizes, view.getInt16(72, little));
    }
    if (start.length >= 540 && view.getInt32(0, little) === 540) {
      const sizes = Array.from({ length: 8 }, (_, n) => Number(view.getBigInt64(16 + 8 * n, little)));
      return Number(view.getBigInt64(168, little)) + voxelBytes(sizes, view.getInt16(14, little));
    }
  }
  return undefined;
}

/** @param sizes the count of axes, then the length of each */
const voxelBytes = ([axes = 0, ...lengths]: readonly number[], bits: number): number =>
  lengths.slice(0, axes).reduce((product, length) => product * Math.max(1, length), bits / 8);
