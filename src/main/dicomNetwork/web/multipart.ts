/*
 * multipart/related (RFC 2046, RFC 2387) as DICOMweb uses it (PS3.18 section 8.6), read while it arrives: a part's body
 * is handed on piece by piece, so that memory does not grow with it.
 */

/** What is wrong with a multipart body. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
  readonly kind: 'cut' | 'damaged';
  constructor(kind: 'cut' | 'damaged') {
    super(kind);
    this.kind = kind;
  }
}

export interface Part {
  /** Without its parameters, in lower case; '' where absent. */
  readonly mediaType: string;
  /** Has to be read, to its end or not, before the next part is asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** A part's header that is longer is no header of DICOMweb. */
const MOST_HEADER_BYTES = 16 * 1024;
/** White space that may follow a boundary on its line. */
const MOST_PADDING_BYTES = 256;

const [CR, LF, DASH, SPACE, TAB] = [13, 10, 45, 32, 9];

/** The media type of a `Content-Type` and its parameters, names and type in lower case. */
export function parseContentType(value: string): { mediaType: string; parameters: Map<string, string> } {
  const [mediaType = ''] = value.split(';', 1);
  const parameters = new Map<string, string>();
  for (const [, name, quoted, plain] of value
    .slice(mediaType.length)
    .matchAll(/;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    if (name !== undefined)
      parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  return { mediaType: mediaType.trim().toLowerCase(), parameters };
}

/**
 * The parts of a multipart body, one after the other.
 *
 * @throws MultipartError `cut` where the body ends before the last boundary, `damaged` where it is no multipart body
 */
export async function* readMultipart(
  pieces: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<Part> {
  // The first boundary may stand at the very beginning, all others follow a line's end.
  const input = new Input(pieces, Buffer.from('\r\n'));
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  for await (const _ of bodyUntil(input, delimiter)) {
    // The preamble, which is to be ignored.
  }
  while (!(await isLastBoundary(input))) {
    const header = await readHeader(input);
    const { mediaType } = parseContentType(header.get('content-type') ?? '');
    input.isAtDelimiter = false;
    const body = bodyUntil(input, delimiter);
    yield { mediaType, body };
    // A caller that stopped early has ended the body's generator in the middle.
    while (!input.isAtDelimiter)
      for await (const _ of bodyUntil(input, delimiter)) {
        // What the caller did not read.
      }
  }
}

/** Bytes that have arrived and are not yet used. */
class Input {
  isAtDelimiter = false;
  #source: AsyncIterator<Uint8Array>;
  buffered: Buffer;

  constructor(pieces: AsyncIterable<Uint8Array>, before: Buffer) {
    this.#source = pieces[Symbol.asyncIterator]();
    this.buffered = before;
  }

  /** Waits for more. @throws MultipartError where nothing follows */
  async more(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) throw new MultipartError('cut');
    const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.buffered = this.buffered.length === 0 ? piece : Buffer.concat([this.buffered, piece]);
  }

  take(length: number): Buffer {
    const taken = this.buffered.subarray(0, length);
    this.buffered = this.buffered.subarray(length);
    return taken;
  }
}

/** The bytes before the next delimiter, which is consumed. */
async function* bodyUntil(input: Input, delimiter: Buffer): AsyncGenerator<Uint8Array> {
  for (;;) {
    const at = input.buffered.indexOf(delimiter);
    if (at >= 0) {
      const follows = await boundaryFollows(input, at + delimiter.length);
      // Consumed before the bytes are handed on: a caller may stop there.
      const body = input.take(follows ? at : at + delimiter.length);
      if (follows) {
        input.take(delimiter.length);
        input.isAtDelimiter = true;
      }
      if (body.length > 0) yield body;
      if (follows) return;
      continue;
    }
    // A delimiter may begin in the last bytes.
    const safe = input.buffered.length - (delimiter.length - 1);
    if (safe > 0) yield input.take(safe);
    await input.more();
  }
}

/** Whether the line of the delimiter that ends at `at` ends there too: else it is data that begins like one. */
async function boundaryFollows(input: Input, at: number): Promise<boolean> {
  for (let offset = at; offset < at + MOST_PADDING_BYTES; offset++) {
    while (input.buffered.length < offset + 2) await input.more();
    const [byte, next] = [input.buffered[offset], input.buffered[offset + 1]];
    if (byte === CR && next === LF) return true;
    if (offset === at && byte === DASH && next === DASH) return true;
    if (byte !== SPACE && byte !== TAB) return false;
  }
  return false;
}

/** Right after a delimiter: whether it was the last; the line's end is consumed. */
async function isLastBoundary(input: Input): Promise<boolean> {
  while (input.buffered.length < 2) await input.more();
  if (input.buffered[0] === DASH) return true;
  await takeUntil(input, Buffer.from('\r\n'));
  return false;
}

async function readHeader(input: Input): Promise<ReadonlyMap<string, string>> {
  while (input.buffered.length < 2) await input.more();
  // A part without any header begins with the empty line.
  const isEmpty = input.buffered[0] === CR && input.buffered[1] === LF;
  const text = isEmpty ? '' : (await takeUntil(input, Buffer.from('\r\n\r\n'))).toString('latin1');
  if (isEmpty) input.take(2);
  const header = new Map<string, string>();
  for (const line of text.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) header.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return header;
}

async function takeUntil(input: Input, mark: Buffer): Promise<Buffer> {
  for (;;) {
    const at = input.buffered.indexOf(mark);
    if (at > MOST_HEADER_BYTES || (at < 0 && input.buffered.length > MOST_HEADER_BYTES))
      throw new MultipartError('damaged');
    if (at >= 0) {
      const taken = input.take(at);
      input.take(mark.length);
      return taken;
    }
    await input.more();
  }
}
