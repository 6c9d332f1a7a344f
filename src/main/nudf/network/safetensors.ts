import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { type Failures, failure } from '#shared/failures/failure.ts';
import { elementCount, type WeightArray, type WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { float16Values, toFloat16Bits } from '../../arrays/float16.ts';

/**
 * The neutral weights file: safetensors (https://github.com/huggingface/safetensors). Eight bytes, the header's length
 * as a little-endian integer; the header, JSON; then the arrays, little-endian, without gap or overlap.
 */
export interface SafetensorsFile {
  readonly weights: WeightMap;
  readonly metadata: Readonly<Record<string, string>>;
}

export type StoredPrecision = 'F16' | 'F32';

const LENGTH_BYTES = 8;
/** The format's own limit for the header. */
const MAX_HEADER_BYTES = 100_000_000;
const BYTES_OF: Readonly<Record<StoredPrecision, number>> = { F16: 2, F32: 4 };

const metadataSchema = z.record(z.string(), z.string());
const entrySchema = z.strictObject({
  dtype: z.enum(['F16', 'F32']),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
type Entry = z.infer<typeof entrySchema>;

type Problem = Failures['models.weights-malformed']['problem'];
type ArrayProblem = Failures['models.weights-array-malformed']['problem'];

const malformed = (problem: Problem): UserError =>
  new UserError(failure('models.weights-malformed', { problem }));

const malformedArray = (problem: ArrayProblem, array: string): UserError =>
  new UserError(failure('models.weights-array-malformed', { problem, array }));

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) throw malformed('too-short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) throw malformed('header-too-large');
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > bytes.length) throw malformed('header-cut');
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, dataStart)),
    );
  } catch {
    throw malformed('header-not-json');
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(header);
  if (!parsed.success) throw malformed('header-not-object');
  return { header: parsed.data, dataStart };
}

/** The arrays must fill the data area exactly, one after the other. */
function assertContiguous(entries: readonly (readonly [string, Entry])[], dataBytes: number): void {
  const ordered = [...entries].sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  let end = 0;
  for (const [name, entry] of ordered) {
    const [from, to] = entry.data_offsets;
    if (to > dataBytes) throw malformedArray('beyond-end', name);
    if (to - from !== elementCount(entry.shape) * BYTES_OF[entry.dtype]) {
      throw malformedArray('size', name);
    }
    if (from < end) throw malformedArray('overlap', name);
    if (from > end) throw malformedArray('gap', name);
    end = to;
  }
  if (end !== dataBytes) throw malformed('bytes-left');
}

function decodeArray(entry: Entry, area: DataView): WeightArray {
  const data = new Float32Array(elementCount(entry.shape));
  const start = entry.data_offsets[0];
  if (entry.dtype === 'F32') {
    for (let index = 0; index < data.length; index++) data[index] = area.getFloat32(start + 4 * index, true);
  } else {
    const values = float16Values();
    for (let index = 0; index < data.length; index++) {
      data[index] = values[area.getUint16(start + 2 * index, true)]!;
    }
  }
  return { shape: entry.shape, data };
}

/** Reads weights as float32. Throws a UserError, one sentence, for a malformed file or another number type than F16 and F32. */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, dataStart } = readHeader(bytes);
  const { __metadata__: rawMetadata, ...rawEntries } = header;
  const metadata = metadataSchema.safeParse(rawMetadata ?? {});
  if (!metadata.success) throw malformed('metadata');
  const entries = Object.entries(rawEntries).map(([name, raw]) => {
    const entry = entrySchema.safeParse(raw);
    if (!entry.success) throw malformedArray('type', name);
    return [name, entry.data] as const;
  });
  assertContiguous(entries, bytes.length - dataStart);
  const area = new DataView(bytes.buffer, bytes.byteOffset + dataStart, bytes.length - dataStart);
  const weights = new Map(entries.map(([name, entry]) => [name, decodeArray(entry, area)]));
  return { weights, metadata: metadata.data };
}

/** Writes weights, in the map's order; the same weights give the same bytes. */
export function writeSafetensors(
  weights: WeightMap,
  precision: StoredPrecision,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, Entry | Readonly<Record<string, string>>> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let dataBytes = 0;
  for (const [name, { shape, data }] of weights) {
    const from = dataBytes;
    dataBytes += data.length * BYTES_OF[precision];
    header[name] = { dtype: precision, shape: [...shape], data_offsets: [from, dataBytes] };
  }
  const text = JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
  // The data area starts at a multiple of eight, padded by spaces, as the format's own writer does.
  const headerBytes = Math.ceil(encoded.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + dataBytes).fill(
    0x20,
    0,
    LENGTH_BYTES + headerBytes,
  );
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(encoded, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerBytes;
  for (const { data } of weights.values()) {
    for (const value of data) {
      if (precision === 'F32') view.setFloat32(position, value, true);
      else view.setUint16(position, toFloat16Bits(value), true);
      position += BYTES_OF[precision];
    }
  }
  return bytes;
}
