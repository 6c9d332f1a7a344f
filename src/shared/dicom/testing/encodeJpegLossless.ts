/** How an encoder may write lossless JPEG (ITU-T T.81, process 14). */
export interface LosslessOptions {
  readonly predictor?: number;
  readonly bits?: number;
  /** Low bits that are left out; the values' own are zero then. */
  readonly pointTransform?: number;
  /** Rows between restart markers; 0: none. */
  readonly restartRows?: number;
  /** Codes of 5 bits each, or of 2 to 16 bits. */
  readonly codes?: 'even' | 'long';
  /** The number of the table, 0 to 3. */
  readonly table?: number;
  /** Bytes of 0xFF before each marker but the first. */
  readonly fill?: number;
  /** The number of rows follows the scan in a DNL segment. */
  readonly rowsAfterScan?: boolean;
  /** Segments that mean nothing, a table for other components, a restart interval of zero. */
  readonly chatty?: boolean;
  /** Which marker closes the stream. */
  readonly end?: 'whole' | 'half' | 'none';
}

/** Categories in the order of their codes: small differences come first. */
const CATEGORIES = Array.from({ length: 17 }, (_, category) => category);
/** How many codes there are of 1 to 16 bits. */
const CODE_COUNTS = {
  even: [0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  long: [0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2],
};

/** One grey image as lossless JPEG; all 17 categories of differences have codes. */
export function encodeJpegLossless(
  values: ArrayLike<number>,
  columns: number,
  rows: number,
  options: LosslessOptions = {},
): Uint8Array {
  const {
    predictor = 1,
    bits = 16,
    pointTransform = 0,
    restartRows = 0,
    codes = 'even',
    table = 0,
  } = options;
  const { fill = 0, rowsAfterScan = false, chatty = false, end = 'whole' } = options;
  const segment = (code: number, ...payload: number[]): number[] => {
    const length = payload.length + 2;
    return [...Array<number>(fill).fill(0xff), 0xff, code, length >> 8, length & 255, ...payload];
  };
  const counts = CODE_COUNTS[codes];
  const rowsBefore = rowsAfterScan ? 0 : rows;
  const interval = restartRows * columns;
  const head = [
    ...[0xff, 0xd8],
    ...(chatty ? [...segment(0xe0, 1, 2, 3), ...segment(0xfe, 0xff, 0xd9, 0xff, 0xda)] : []),
    ...(chatty
      ? segment(0xc4, 3, 1, ...Array<number>(15).fill(0), 5, 2, 1, ...Array<number>(15).fill(0), 7)
      : []),
    ...segment(0xc3, bits, rowsBefore >> 8, rowsBefore & 255, columns >> 8, columns & 255, 1, 1, 0x11, 0),
    ...segment(0xc4, table, ...counts, ...CATEGORIES),
    ...(chatty || interval > 0 ? segment(0xdd, interval >> 8, interval & 255) : []),
    ...segment(0xda, 1, 1, table << 4, predictor, 0, pointTransform),
  ];
  const transformed = Array.from({ length: rows * columns }, (_, at) => values[at]! >> pointTransform);
  const codeOf = codesOf(counts);
  let scan: number[] = [];
  const perRestart = restartRows || rows;
  for (let from = 0; from < rows; from += perRestart) {
    const to = Math.min(rows, from + perRestart);
    const interval = transformed.slice(from * columns, to * columns);
    scan = scan.concat(encodeRows(interval, columns, { predictor, bits: bits - pointTransform, codeOf }));
    if (to < rows) scan.push(...Array<number>(fill).fill(0xff), 0xff, 0xd0 + ((from / perRestart) % 8));
  }
  const dnl = rowsAfterScan ? segment(0xdc, rows >> 8, rows & 255) : [];
  const eoi =
    end === 'whole' ? [...Array<number>(fill).fill(0xff), 0xff, 0xd9] : end === 'half' ? [0xff] : [];
  return Uint8Array.from([...head, ...scan, ...dnl, ...eoi]);
}

interface Code {
  readonly code: number;
  readonly length: number;
}

function codesOf(counts: readonly number[]): Code[] {
  const codes: Code[] = [];
  let code = 0;
  counts.forEach((count, index) => {
    for (let n = 0; n < count; n++) codes.push({ code: code++, length: index + 1 });
    code <<= 1;
  });
  return codes;
}

function encodeRows(
  values: readonly number[],
  columns: number,
  { predictor, bits, codeOf }: { predictor: number; bits: number; codeOf: readonly Code[] },
): number[] {
  const writer = bitWriter();
  for (let at = 0; at < values.length; at++) {
    const predicted = predict(values, at, columns, { predictor, bits });
    // Differences are modulo 65536, −32767 to 32768.
    let difference = (values[at]! - predicted) & 0xffff;
    if (difference > 32768) difference -= 65536;
    const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
    writer.put(codeOf[category]!.code, codeOf[category]!.length);
    // Category 16 is 32768 alone, which needs no bits of its own.
    if (category > 0 && category < 16) {
      writer.put(difference > 0 ? difference : difference + (1 << category) - 1, category);
    }
  }
  return writer.end();
}

function predict(
  values: ArrayLike<number>,
  at: number,
  columns: number,
  { predictor, bits }: { predictor: number; bits: number },
): number {
  if (at === 0) return 1 << (bits - 1);
  if (at < columns) return values[at - 1]!;
  if (at % columns === 0) return values[at - columns]!;
  const [left, above, corner] = [values[at - 1]!, values[at - columns]!, values[at - columns - 1]!];
  return [
    0,
    left,
    above,
    corner,
    left + above - corner,
    left + ((above - corner) >> 1),
    above + ((left - corner) >> 1),
    (left + above) >> 1,
  ][predictor]!;
}

/** Bits, the most significant first; a zero is stuffed after each byte of ones, and ones fill the last byte. */
function bitWriter(): { put(value: number, count: number): void; end(): number[] } {
  const bytes: number[] = [];
  let current = 0;
  let filled = 0;
  const putBit = (bit: number): void => {
    current = (current << 1) | bit;
    if (++filled < 8) return;
    bytes.push(current, ...(current === 255 ? [0] : []));
    current = 0;
    filled = 0;
  };
  return {
    put: (value, count) => {
      for (let bit = count - 1; bit >= 0; bit--) putBit((value >> bit) & 1);
    },
    end: () => {
      while (filled > 0) putBit(1);
      return bytes;
    },
  };
}
