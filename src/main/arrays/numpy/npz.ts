import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { zipMember } from '../zipMember.ts';
import { type NpyArray, type NpyData, readNpy, writeNpy } from './npy.ts';
import { readNpyText, writeNpyText } from './npyText.ts';

/** An array of values with its shape, the slowest axis first. */
export interface ShapedArray {
  readonly data: NpyData;
  readonly shape: readonly number[];
}

/** A `.npz` archive: named arrays that are read one at a time. */
export interface Npz {
  /** The arrays' names, without `.npy`. */
  readonly names: readonly string[];
  /** @throws UserError where there is no such array, or it is damaged (see `readNpy`) */
  array(name: string): Promise<NpyArray>;
  /** An array of text. @throws UserError as `array` does */
  text(name: string): Promise<string[]>;
}

/** The earliest time that a zip archive can hold: the same arrays give the same bytes. */
const FIXED_DATE = new Date(1980, 0, 1);

/**
 * Opens an archive of arrays, compressed or not.
 * @param fileName the file's base name, for messages
 * @throws UserError where the bytes are no whole archive
 */
export async function openNpz(bytes: Uint8Array, fileName: string): Promise<Npz> {
  const members = new Map<string, () => Promise<Uint8Array>>();
  try {
    const archive = new ZipReader(new Uint8ArrayReader(bytes), {
      useWebWorkers: false,
      checkSignature: true,
    });
    for (const entry of await archive.getEntries()) {
      if (entry.directory) continue;
      members.set(entry.filename.replace(/\.npy$/, ''), () => zipMember(bytes, entry));
    }
  } catch {
    throw new UserError(failure('numpy.not-npz', { name: fileName }));
  }
  const bytesOf = async (name: string): Promise<Uint8Array> => {
    const read = members.get(name);
    if (read === undefined) {
      const list = [...members.keys()].map((key) => `"${key}"`).join(', ');
      const held = list === '' ? 'none' : list;
      throw new UserError(failure('numpy.no-member', { name: fileName, member: name, members: held }));
    }
    try {
      return await read();
    } catch {
      throw new UserError(failure('numpy.not-npz', { name: fileName }));
    }
  };
  return {
    names: [...members.keys()],
    array: async (name) => readNpy(await bytesOf(name), `${fileName}: ${name}`),
    text: async (name) => readNpyText(await bytesOf(name), `${fileName}: ${name}`),
  };
}

/**
 * Writes what `numpy.savez_compressed` does (or `numpy.savez`, with `isCompressed` false); a list of text is one of the
 * arrays, too. Deterministic.
 * @throws RangeError where an array's shape and data disagree
 */
export async function writeNpz(
  arrays: Readonly<Record<string, ShapedArray | readonly string[]>>,
  { isCompressed = true }: { readonly isCompressed?: boolean } = {},
): Promise<Uint8Array> {
  const archive = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    level: isCompressed ? 6 : 0,
    lastModDate: FIXED_DATE,
    extendedTimestamp: false,
  });
  for (const [name, array] of Object.entries(arrays)) {
    const bytes = 'data' in array ? writeNpy(array.data, array.shape) : writeNpyText(array);
    await archive.add(`${name}.npy`, new Uint8ArrayReader(bytes));
  }
  return await archive.close();
}
