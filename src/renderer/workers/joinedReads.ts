/** Bytes `from` to `to` of a file, where `to` undefined is its end. */
export interface FilePart {
  readonly blob: Blob;
  readonly from: number;
  readonly to: number | undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** No more bytes than this are read in one go, but for parts that are larger themselves. */
const MOST_BYTES_JOINED = 16 * 2 ** 20;
/** From this share of a file on all of it is read: cutting it out is asked of the browser's own process too. */
const MOST_OF_FILE = 0.9;

/**
 * Reads parts of files. Each read is asked of the browser's own process, which costs more than reading a slice: parts
 * are joined, and read again one by one where that fails.
 *
 * @returns for each part its bytes; undefined where its file is gone or may not be read any more
 */
export function joinedReads(parts: readonly FilePart[]): Promise<Bytes | undefined>[] {
  const pieces = parts.map(pieceOf);
  const groups: Piece[][] = [];
  let room = 0;
  for (const piece of pieces) {
    if (groups.length === 0 || piece.blob.size > room) {
      groups.push([]);
      room = MOST_BYTES_JOINED;
    }
    groups.at(-1)?.push(piece);
    room -= piece.blob.size;
  }
  return groups.flatMap((group) => {
    const together = readTogether(group);
    return group.map(async (piece, index) => (await together)?.[index] ?? readAlone(piece));
  });
}

/** What is read for a part, and where the part begins and ends in it. */
interface Piece {
  readonly blob: Blob;
  readonly from: number;
  readonly to: number;
}

function pieceOf({ blob, from, to = blob.size }: FilePart): Piece {
  if (to - from >= MOST_OF_FILE * blob.size) return { blob, from, to };
  return { blob: blob.slice(from, to), from: 0, to: to - from };
}

async function readTogether(pieces: readonly Piece[]): Promise<Bytes[] | undefined> {
  try {
    if (pieces.length === 1) return undefined;
    const all = new Uint8Array(await new Blob(pieces.map(({ blob }) => blob)).arrayBuffer());
    let end = 0;
    const bytes = pieces.map(({ blob, from, to }) => {
      const start = end;
      end += blob.size;
      return all.subarray(start + from, Math.min(end, start + to));
    });
    return end === all.length ? bytes : undefined;
  } catch {
    return undefined;
  }
}

async function readAlone({ blob, from, to }: Piece): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await blob.arrayBuffer()).subarray(from, to);
  } catch {
    return undefined;
  }
}
