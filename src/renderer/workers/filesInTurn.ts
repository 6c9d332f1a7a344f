import { joinedReads } from './joinedReads.ts';

/** Larger files are not read here. */
const MOST_FILE_BYTES = 4 * 2 ** 20;

export interface FilesInTurn {
  /**
   * Gives the next file with each call, its bytes only until the call after it; undefined for a large one, and where it
   * is gone or may not be read any more.
   */
  next(): Promise<Uint8Array | undefined>;
  /**
   * To be asked after the last file: whether the stream gave as many bytes as the files have. Chromium's breaks at a file
   * that has changed; others may go on with the next one, whose bytes then stand at the end of what has become shorter.
   */
  isInStep(): Promise<boolean>;
}

/**
 * Reads files one after the other as one stream, which the browser's own process fills while this thread works, always
 * into the same memory: new memory for every file costs more than reading it.
 */
export function filesInTurn(files: readonly Blob[]): FilesInTurn {
  const isSmall = ({ size }: Blob): boolean => size <= MOST_FILE_BYTES;
  const small = files.filter(isSmall);
  let memory = new ArrayBuffer(Math.max(0, ...small.map(({ size }) => size)));
  let stream = byteStream(small);
  let rest: Promise<Uint8Array | undefined>[] | undefined;
  let next = 0;
  let endedEarly = false;

  const fromStream = async ({ size }: Blob): Promise<Uint8Array | undefined> => {
    for (let filled = 0; filled < size; ) {
      // Browsers that do not know `min` give what has come so far.
      const into = new Uint8Array(memory, filled, size - filled);
      const { value } = (await stream?.read(into, { min: into.length })) ?? {};
      if (value === undefined || value.length === 0) {
        endedEarly = true;
        return undefined;
      }
      memory = value.buffer;
      filled += value.length;
    }
    return new Uint8Array(memory, 0, size);
  };
  return {
    async next() {
      const file = files[next++];
      if (file === undefined || !isSmall(file)) return undefined;
      if (stream !== undefined) {
        const streamed = await fromStream(file).catch((thrown: unknown) => {
          // What a file that is gone or has changed is called; anything else is no word about a file.
          if (!(thrown instanceof DOMException)) endedEarly = true;
          return undefined;
        });
        if (streamed !== undefined) return streamed;
        void stream.cancel().catch(() => {});
        stream = undefined;
      }
      rest ??= joinedReads(
        files
          .slice(next - 1)
          .filter(isSmall)
          .map((blob) => ({ blob, from: 0, to: undefined })),
      );
      return rest.shift();
    },
    async isInStep() {
      if (endedEarly || stream === undefined) return !endedEarly;
      const beyond = await stream.read(new Uint8Array(1), { min: 1 }).catch(() => undefined);
      return beyond?.value === undefined || beyond.value.length === 0;
    },
  };
}

/** A reader as `lib.dom` does not know it yet. */
interface ByteReader {
  read(
    into: Uint8Array<ArrayBuffer>,
    options: { readonly min: number },
  ): Promise<{ value?: Uint8Array<ArrayBuffer> | undefined }>;
  cancel(): Promise<void>;
}

/** All files as one; undefined where their sizes contradict it, or streams cannot read into memory that is given. */
function byteStream(files: readonly Blob[]): ByteReader | undefined {
  try {
    const all = new Blob([...files]);
    if (all.size !== files.reduce((sum, { size }) => sum + size, 0)) return undefined;
    return all.stream().getReader({ mode: 'byob' }) as ByteReader;
  } catch {
    return undefined;
  }
}
