import * as dicomParserModule from 'dicom-parser';

// The package is CommonJS: a bundler gives its exports by name, Node gives them as `default`.
type DicomParser = typeof dicomParserModule;
const dicomParser =
  (dicomParserModule as DicomParser & { readonly default?: DicomParser }).default ?? dicomParserModule;

/** Tags are written as dicom-parser writes them: x, group, element. */
export const PIXEL_DATA_TAG = 'x7fe00010';

/** The elements of a data set up to and including the pixel data's header, with typed access to their values. */
export interface DataElements {
  /** First bytes of the values as text, trailing padding removed; '' where the element is absent or empty. */
  readonly text: (tag: string) => string;
  /** The backslash-separated values of a text element; empty where absent. */
  readonly texts: (tag: string) => string[];
  /** The finite numbers of a DS or IS element; NaN stands where a value is no number. */
  readonly decimals: (tag: string) => number[];
  /** The first unsigned 16 bit value (US). */
  readonly uint16: (tag: string) => number | undefined;
  /** The first value of a US or SS element, read as `signed` says. */
  readonly int16: (tag: string, signed: boolean) => number | undefined;
  /** The first 64 bit value (FD). */
  readonly double: (tag: string) => number | undefined;
  readonly has: (tag: string) => boolean;
  /** Where the pixel data's value begins and the length that its header claims. */
  readonly pixelData:
    | { readonly offset: number; readonly length: number; readonly undefinedLength: boolean }
    | undefined;
}

export interface ParsedElements {
  readonly elements: DataElements;
  /** Whether parsing ended at the pixel data or at the end of the bytes, and not within an element. */
  readonly complete: boolean;
}

interface ElementRange {
  readonly dataOffset: number;
  readonly length: number;
  readonly hadUndefinedLength?: boolean;
}

/**
 * Reads the data set that begins at `dataSetOffset`, stopping at the pixel data. Damaged input never throws: what was
 * parsed before the damage is returned with `complete: false`.
 */
export function parseElements(bytes: Uint8Array, dataSetOffset: number, explicitVr: boolean): ParsedElements {
  const found = new Map<string, ElementRange>();
  let complete = true;
  try {
    const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, dataSetOffset);
    while (stream.position < bytes.length) {
      const before = stream.position;
      const element = explicitVr
        ? dicomParser.readDicomElementExplicit(stream, [], PIXEL_DATA_TAG)
        : dicomParser.readDicomElementImplicit(stream, PIXEL_DATA_TAG);
      found.set(element.tag, element);
      if (element.tag === PIXEL_DATA_TAG) break;
      // A negative or zero advance would loop for ever on hostile lengths.
      if (stream.position <= before) throw new RangeError('no progress');
    }
  } catch {
    // dicom-parser throws strings and RangeErrors alike; all of them mean "the bytes end or lie here".
    complete = false;
  }
  return { elements: accessors(bytes, found), complete };
}

function accessors(bytes: Uint8Array, found: ReadonlyMap<string, ElementRange>): DataElements {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rangeOf = (tag: string, minimumLength: number): ElementRange | undefined => {
    const range = found.get(tag);
    if (range === undefined || range.hadUndefinedLength || range.length < minimumLength) return undefined;
    return range.dataOffset + range.length <= bytes.length ? range : undefined;
  };
  const utf8 = /ISO_IR 192/.test(latin1(bytes, rangeOf('x00080005', 1)));
  const text = (tag: string): string => {
    const range = rangeOf(tag, 1);
    const raw = latin1(bytes, range);
    const decoded = utf8 ? decodeUtf8(raw) : raw;
    return decoded.replace(/[\0 ]+$/, '').trimStart();
  };
  const texts = (tag: string): string[] => {
    const whole = text(tag);
    return whole === '' ? [] : whole.split('\\').map((value) => value.trim());
  };
  const pixelData = found.get(PIXEL_DATA_TAG);
  return {
    text,
    texts,
    decimals: (tag) => texts(tag).map((value) => (value === '' ? Number.NaN : Number(value))),
    uint16: (tag) => {
      const range = rangeOf(tag, 2);
      return range === undefined ? undefined : view.getUint16(range.dataOffset, true);
    },
    int16: (tag, signed) => {
      const range = rangeOf(tag, 2);
      if (range === undefined) return undefined;
      return signed ? view.getInt16(range.dataOffset, true) : view.getUint16(range.dataOffset, true);
    },
    double: (tag) => {
      const range = rangeOf(tag, 8);
      return range === undefined ? undefined : view.getFloat64(range.dataOffset, true);
    },
    has: (tag) => found.has(tag),
    pixelData:
      pixelData === undefined
        ? undefined
        : {
            offset: pixelData.dataOffset,
            length: pixelData.length,
            undefinedLength: pixelData.hadUndefinedLength === true,
          },
  };
}

/** Longest text that is of interest; private elements may claim megabytes. */
const MAX_TEXT_LENGTH = 1024;

function latin1(bytes: Uint8Array, range: ElementRange | undefined): string {
  if (range === undefined) return '';
  const end = range.dataOffset + Math.min(range.length, MAX_TEXT_LENGTH);
  return String.fromCharCode(...bytes.subarray(range.dataOffset, end));
}

function decodeUtf8(raw: string): string {
  try {
    return decodeURIComponent(
      raw.replace(/[%\u0080-\u00ff]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
    );
  } catch {
    return raw;
  }
}
