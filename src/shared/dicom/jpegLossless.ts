import { CodeStreamCut } from './pixelCodecs.ts';

/** One grey image of lossless JPEG. */
export interface LosslessImage {
  readonly rows: number;
  readonly columns: number;
  /** Row by row, `precision` bits each. */
  readonly values: Uint16Array;
}

/**
 * Decodes lossless JPEG (ITU-T T.81 annex H, process 14: Huffman codes, predictors 1 to 7) of one component. An image
 * is done when its last value is decoded, whatever follows: encoders leave the closing marker out, cut it in two, or
 * pad behind it.
 *
 * @param rowsOfHeader the rows of an image whose code stream leaves their number to a marker after the scan
 * @throws CodeStreamCut where the code stream ends before the image does
 * @throws RangeError where it is damaged, or not of this kind
 */
export function decodeJpegLossless(bytes: Uint8Array, rowsOfHeader: number): LosslessImage {
  const state: ImageState = { frame: undefined, tables: new Map(), restartInterval: 0 };
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new RangeError('A JPEG begins with its marker.');
  let at = 2;
  for (;;) {
    // Any number of fill bytes may precede a marker.
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (at + 4 > bytes.length) throw new CodeStreamCut();
    if (bytes[at] !== 0xff) throw new RangeError('There is no marker where one is due.');
    const marker = bytes[at + 1]!;
    const length = word(bytes, at + 2);
    const end = at + 2 + length;
    if (length < 2) throw new RangeError('A marker segment has no length.');
    if (end > bytes.length) throw new CodeStreamCut();
    const segment = bytes.subarray(at + 4, end);
    if (marker === SOS) return decodeScan(bytes, end, segment, state, rowsOfHeader);
    readSegment(marker, segment, state);
    at = end;
  }
}

const SOF3 = 0xc3;
const DHT = 0xc4;
const SOS = 0xda;
const DRI = 0xdd;
const EOI = 0xd9;

const isMarker = (byte: number | undefined): boolean => byte !== 0 && byte !== 0xff;

interface Frame {
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
}

interface ImageState {
  frame: Frame | undefined;
  /** By their number, 0 to 3. */
  readonly tables: Map<number, Uint16Array>;
  restartInterval: number;
}

const word = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

function readSegment(marker: number, segment: Uint8Array, state: ImageState): void {
  if (marker === SOF3) {
    const [precision, components] = [segment[0] ?? 0, segment[5]];
    if (components !== 1 || precision < 2 || precision > 16) throw new RangeError('Not one grey image.');
    state.frame = { precision, rows: word(segment, 1), columns: word(segment, 3) };
  } else if (marker === DHT) readTables(segment, state.tables);
  else if (marker === DRI) state.restartInterval = word(segment, 0);
}

/** Codes have at most 16 bits. */
const CODE_BITS = 16;
/** In a table's entries the category takes the low bits, the length of the code those above. */
const LENGTH_SHIFT = 8;

/** Tables that give, for the next 16 bits, the category and the bits of its code; 0 where there is no such code. */
function readTables(segment: Uint8Array, tables: Map<number, Uint16Array>): void {
  let at = 0;
  while (at + 17 <= segment.length) {
    const number = segment[at]! & 15;
    const counts = segment.subarray(at + 1, at + 17);
    at += 17;
    const table = new Uint16Array(1 << CODE_BITS);
    let code = 0;
    for (let bits = 1; bits <= CODE_BITS; bits++) {
      for (let n = 0; n < counts[bits - 1]!; n++) {
        const category = segment[at++];
        const next = code + (1 << (CODE_BITS - bits));
        if (category === undefined || category > 16 || next > table.length) {
          throw new RangeError('A table of codes contradicts itself.');
        }
        table.fill((bits << LENGTH_SHIFT) | category, code, next);
        code = next;
      }
    }
    tables.set(number, table);
  }
}

function decodeScan(
  bytes: Uint8Array,
  start: number,
  segment: Uint8Array,
  { frame, tables, restartInterval }: ImageState,
  rowsOfHeader: number,
): LosslessImage {
  const [components, , selectors = 0, predictor = 0, , approximation = 0] = segment;
  const table = tables.get(selectors >> 4);
  if (frame === undefined || table === undefined || components !== 1) {
    throw new RangeError('The scan lacks its frame or its codes.');
  }
  const { columns, precision } = frame;
  const rows = frame.rows === 0 ? rowsOfHeader : frame.rows;
  const shift = approximation & 15;
  if (predictor < 1 || predictor > 7 || columns === 0 || shift >= precision) {
    throw new RangeError('The scan has no predictor of this process.');
  }
  if (restartInterval % columns !== 0) throw new RangeError('Restarts are due at the ends of rows.');
  const values = new Uint16Array(rows * columns);
  const scan = createScanReader(bytes, start, table);
  const rowsBetween = restartInterval === 0 ? rows : restartInterval / columns;
  for (let row = 0; row < rows; row++) {
    const restarts = row % rowsBetween === 0;
    if (restarts && row > 0) scan.restart();
    const line = values.subarray(row * columns, (row + 1) * columns);
    if (restarts) scan.readFirstLine(line, 1 << (precision - shift - 1));
    else scan.readLine(line, values.subarray((row - 1) * columns, row * columns), predictor);
    scan.check();
  }
  if (shift > 0) for (let v = 0; v < values.length; v++) values[v]! <<= shift;
  return { rows, columns, values };
}

interface ScanReader {
  /** The first line, or the first one after a restart: each value predicted by the one before. */
  readFirstLine(line: Uint16Array, initial: number): void;
  readLine(line: Uint16Array, above: Uint16Array, predictor: number): void;
  restart(): void;
  /** @throws CodeStreamCut where more bits were used than there are */
  check(): void;
}

function createScanReader(bytes: Uint8Array, start: number, table: Uint16Array): ScanReader {
  let at = start;
  /** The next `held` bits, in the low end of `bits`. */
  let bits = 0;
  let held = 0;
  /** Zeros that stand for bits beyond the end. */
  let made = 0;

  /** Holds at least 25 bits; from a marker or the end of the bytes on, they are zeros. */
  const fill = (): void => {
    while (held <= 24) {
      const byte = bytes[at];
      if (byte === undefined || (byte === 0xff && bytes[at + 1] !== 0)) {
        bits <<= 8;
        made += 8;
      } else {
        bits = (bits << 8) | byte;
        // A zero is stuffed after each byte of ones.
        at += byte === 0xff ? 2 : 1;
      }
      held += 8;
    }
  };
  /** The next difference, −32767 to 32768 (annex H.1.2.2). */
  const difference = (): number => {
    if (held < CODE_BITS) fill();
    const entry = table[(bits >>> (held - CODE_BITS)) & 0xffff]!;
    if (entry === 0) {
      if (made > held - CODE_BITS) throw new CodeStreamCut();
      throw new RangeError('The scan has a code that is in no table.');
    }
    held -= entry >> LENGTH_SHIFT;
    const category = entry & 0xff;
    if (category === 0) return 0;
    if (category === 16) return 32768;
    if (held < category) fill();
    held -= category;
    const extra = (bits >>> held) & ((1 << category) - 1);
    return extra >> (category - 1) === 0 ? extra - (1 << category) + 1 : extra;
  };

  return {
    readFirstLine(line, initial) {
      let before = initial;
      for (let i = 0; i < line.length; i++) {
        before = (before + difference()) & 0xffff;
        line[i] = before;
      }
    },
    readLine(line, above, predictor) {
      let corner = above[0]!;
      let before = (corner + difference()) & 0xffff;
      line[0] = before;
      for (let i = 1; i < line.length; i++) {
        const over = above[i]!;
        const predicted = predict(predictor, before, over, corner);
        before = (predicted + difference()) & 0xffff;
        line[i] = before;
        corner = over;
      }
    },
    restart() {
      // Whatever pads the last line comes before the marker, fill bytes too.
      while (at < bytes.length && !(bytes[at] === 0xff && isMarker(bytes[at + 1]))) at++;
      const marker = bytes[at + 1];
      if (marker === undefined || marker === EOI) throw new CodeStreamCut();
      if (marker < 0xd0 || marker > 0xd7) throw new RangeError('A restart is missing.');
      at += 2;
      bits = 0;
      held = 0;
      made = 0;
    },
    check() {
      if (made > held) throw new CodeStreamCut();
    },
  };
}

/** Table H.1 of T.81: `left`, `above` and `corner` are its Ra, Rb and Rc. */
function predict(predictor: number, left: number, above: number, corner: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    default:
      return (left + above) >> 1;
  }
}
