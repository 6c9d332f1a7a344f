import * as dicomParserModule from 'dicom-parser';
import { textDecoder } from './characterSet.ts';

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
  /** The finite numbers of a DS or IS element; NaN stands where a value is not a number. */
  readonly decimals: (tag: string) => number[];
  /** The first unsigned 16 bit value (US). */
  readonly uint16: (tag: string) => number | undefined;
  /** The first value of a US or SS element, read as `signed` says. */
  readonly int16: (tag: string, signed: boolean) => number | undefined;
  /** The first unsigned 32 bit value (UL). */
  readonly uint32: (tag: string) => number | undefined;
  /** The first 64 bit value (FD). */
  readonly double: (tag: string) => number | undefined;
  /** The unsigned 64 bit values of an OV element; empty where absent. */
  readonly uint64s: (tag: string) => number[];
  /** The items of a sequence; empty where absent. */
  readonly items: (tag: string) => DataElements[];
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
  readonly items?: readonly ItemRange[];
}

interface ItemRange {
  readonly dataSet?: { readonly elements: Readonly<Record<string, ElementRange>> };
}

export interface ElementEncoding {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

/**
 * Reads the data set that begins at `dataSetOffset`, stopping at the pixel data. Damaged input never throws: what was
 * parsed before the damage is returned with `complete: false`.
 */
export function parseElements(
  bytes: Uint8Array,
  dataSetOffset: number,
  { explicitVr, bigEndian }: ElementEncoding,
): ParsedElements {
  const found = new Map<string, ElementRange>();
  const reader = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  let complete = true;
  try {
    const stream = new dicomParser.ByteStream(reader, bytes, dataSetOffset);
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
  return { elements: accessors(bytes, found, !bigEndian, undefined), complete };
}

type DecodeText = (bytes: Uint8Array) => string;

function accessors(
  bytes: Uint8Array,
  found: ReadonlyMap<string, ElementRange>,
  littleEndian: boolean,
  inherited: DecodeText | undefined,
): DataElements {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rangeOf = (tag: string, minimumLength: number): ElementRange | undefined => {
    const range = found.get(tag);
    if (range === undefined || range.hadUndefinedLength || range.length < minimumLength) return undefined;
    return range.dataOffset + range.length <= bytes.length ? range : undefined;
  };
  const readValue = <T>(tag: string, size: number, read: (at: number) => T): T | undefined => {
    const range = rangeOf(tag, size);
    return range === undefined ? undefined : read(range.dataOffset);
  };
  const characterSet = latin1(textBytes(bytes, rangeOf('x00080005', 1)));
  const decodeText = characterSet === '' ? (inherited ?? latin1) : textDecoder(characterSet);
  const text = (tag: string): string =>
    decodeText(textBytes(bytes, rangeOf(tag, 1)))
      .replace(/[\0 ]+$/, '')
      .trimStart();
  const texts = (tag: string): string[] => {
    const whole = text(tag);
    return whole === '' ? [] : whole.split('\\').map((value) => value.trim());
  };
  const pixelData = found.get(PIXEL_DATA_TAG);
  return {
    text,
    texts,
    decimals: (tag) => texts(tag).map((value) => (value === '' ? Number.NaN : Number(value))),
    uint16: (tag) => readValue(tag, 2, (at) => view.getUint16(at, littleEndian)),
    int16: (tag, signed) =>
      readValue(tag, 2, (at) =>
        signed ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian),
      ),
    uint32: (tag) => readValue(tag, 4, (at) => view.getUint32(at, littleEndian)),
    double: (tag) => readValue(tag, 8, (at) => view.getFloat64(at, littleEndian)),
    uint64s: (tag) => {
      const range = rangeOf(tag, 8);
      if (range === undefined) return [];
      return Array.from({ length: Math.floor(range.length / 8) }, (_, index) =>
        Number(view.getBigUint64(range.dataOffset + 8 * index, littleEndian)),
      );
    },
    items: (tag) =>
      (found.get(tag)?.items ?? []).map((item) =>
        accessors(bytes, new Map(Object.entries(item.dataSet?.elements ?? {})), littleEndian, decodeText),
      ),
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

const textBytes = (bytes: Uint8Array, range: ElementRange | undefined): Uint8Array =>
  range === undefined
    ? bytes.subarray(0, 0)
    : bytes.subarray(range.dataOffset, range.dataOffset + Math.min(range.length, MAX_TEXT_LENGTH));

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
