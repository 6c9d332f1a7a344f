import { unzlibSync } from 'fflate';
import {
  damagedSurface,
  type ScalarType,
  scalarBytes,
  scalarsAt,
  unreadSurface,
  viewOf,
} from './surfaceReading.ts';

/** Attributes of an XML element. */
export type Attributes = ReadonlyMap<string, string>;

/** The document as far as arrays need it. */
export interface VtkXmlFile {
  readonly isLittleEndian: boolean;
  readonly headerType: 'uint32' | 'uint64';
  readonly compressor: string | undefined;
  /** What follows the underscore of AppendedData, and how it is written; undefined where there is none. */
  readonly appended: { readonly bytes: Uint8Array; readonly isBase64: boolean } | undefined;
}

const TYPES: Readonly<Record<string, ScalarType>> = {
  Int8: 'int8',
  UInt8: 'uint8',
  Int16: 'int16',
  UInt16: 'uint16',
  Int32: 'int32',
  UInt32: 'uint32',
  Int64: 'int64',
  UInt64: 'uint64',
  Float32: 'float32',
  Float64: 'float64',
};

/**
 * The values of a DataArray: ASCII, inline base64 or appended (raw or base64), compressed by zlib or not.
 * Source: "VTK XML formats" of VTK's documentation.
 * @param content what stands between the element's tags
 * @throws UserError for other compressors and types; RangeError where bytes are missing
 */
export function dataArray(file: VtkXmlFile, attributes: Attributes, content: string): Float64Array {
  const type = TYPES[attributes.get('type') ?? ''];
  if (type === undefined) throw unreadSurface('VTP', `arrays of type ${attributes.get('type')}`);
  const bytes = ((): Uint8Array | undefined => {
    switch (attributes.get('format')) {
      case 'binary':
        return blockOf(file, { text: content.replaceAll(/\s+/g, '') });
      case 'appended': {
        if (!file.appended) throw damagedSurface('VTP');
        const from = file.appended.bytes.subarray(Number(attributes.get('offset')));
        return blockOf(file, file.appended.isBase64 ? { text: base64Run(from) } : { bytes: from });
      }
      default:
        return undefined;
    }
  })();
  if (bytes === undefined) return asciiValues(content);
  return scalarsAt(viewOf(bytes), 0, Math.floor(bytes.length / scalarBytes(type)), type, file.isLittleEndian);
}

function asciiValues(content: string): Float64Array {
  const text = content.trim();
  const values = Float64Array.from(text === '' ? [] : text.split(/\s+/), Number);
  if (values.some(Number.isNaN)) throw damagedSurface('VTP');
  return values;
}

/** Text of base64 up to what ends the appended data. */
function base64Run(bytes: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(bytes);
  return (/^[A-Za-z0-9+/=\s]*/.exec(text)?.[0] ?? '').replaceAll(/\s+/g, '');
}

/** Bytes of a block, however they are written; base64 is decoded from any multiple of 3 bytes on. */
type Source = { readonly text: string } | { readonly bytes: Uint8Array };

function blockOf(file: VtkXmlFile, source: Source): Uint8Array {
  const word = scalarBytes(file.headerType);
  const header = (words: number): Float64Array =>
    scalarsAt(viewOf(take(source, 0, words * word)), 0, words, file.headerType, file.isLittleEndian);
  if (file.compressor === undefined) {
    const length = header(1)[0]!;
    // Count and data are one run of base64.
    return take(source, word, length);
  }
  if (file.compressor !== 'vtkZLibDataCompressor')
    throw unreadSurface('VTP', `compression by ${file.compressor}`);
  // Number of blocks, their size, the last one's size (0: as the others), then each block's compressed size.
  const blocks = header(1)[0]!;
  if (!(blocks >= 0 && blocks < 1e6)) throw damagedSurface('VTP');
  const sizes = header(3 + blocks);
  const headerBytes = (3 + blocks) * word;
  const data =
    'text' in source
      ? { text: source.text.slice(base64Length(headerBytes)) }
      : { bytes: source.bytes.subarray(headerBytes) };
  const parts: Uint8Array[] = [];
  for (let block = 0, at = 0; block < blocks; block++) {
    const isLast = block === blocks - 1;
    const full = isLast && sizes[2]! > 0 ? sizes[2]! : sizes[1]!;
    if (!(full < 2 ** 31)) throw damagedSurface('VTP');
    const part = unzlibSync(take(data, at, sizes[3 + block]!), { out: new Uint8Array(full) });
    if (part.length !== full) throw damagedSurface('VTP');
    parts.push(part);
    at += sizes[3 + block]!;
  }
  return Buffer.concat(parts);
}

/** The characters that so many bytes take, padding included. */
const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

function take(source: Source, from: number, length: number): Uint8Array {
  if (!(length >= 0 && length < 2 ** 32)) throw damagedSurface('VTP');
  if ('bytes' in source) {
    if (from + length > source.bytes.length) throw damagedSurface('VTP');
    return source.bytes.subarray(from, from + length);
  }
  const skipped = Math.floor(from / 3);
  const characters = source.text.slice(4 * skipped, base64Length(from + length));
  const bytes = Buffer.from(characters, 'base64').subarray(from - 3 * skipped);
  if (bytes.length < length) throw damagedSurface('VTP');
  return bytes.subarray(0, length);
}
