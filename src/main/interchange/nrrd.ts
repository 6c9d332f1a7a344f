import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import {
  EVEN_MM,
  heightsMm,
  type SliceStack,
  stepsLpsMm,
  unevennessMm,
} from '#shared/geometry/sliceStack.ts';
import { cross, dot, length, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Volume, VoxelArray } from '#shared/volume/volume.ts';
import { gzipSlices, LABEL_COMPRESSION, type SlicedLabels } from './gzipSlices.ts';

/** The voxel types that are written and read, under NRRD's own names and its synonyms. */
const TYPES = {
  float: { names: ['float'], make: (buffer: ArrayBuffer) => new Float32Array(buffer), bytes: 4 },
  short: {
    names: ['short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
    make: (buffer: ArrayBuffer) => new Int16Array(buffer),
    bytes: 2,
  },
  ushort: {
    names: ['ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
    make: (buffer: ArrayBuffer) => new Uint16Array(buffer),
    bytes: 2,
  },
  uchar: {
    names: ['uchar', 'unsigned char', 'uint8', 'uint8_t'],
    make: (buffer: ArrayBuffer) => new Uint8Array(buffer),
    bytes: 1,
  },
} as const;

const typeOf = (data: VoxelArray): string =>
  data instanceof Float32Array
    ? 'float'
    : data instanceof Int16Array
      ? 'short'
      : data instanceof Uint16Array
        ? 'unsigned short'
        : 'unsigned char';

const vectorText = (vector: Vec3): string => `(${vector.map((value) => String(value)).join(',')})`;

type HeaderFields = Readonly<Record<string, string>>;

/** Where voxels lie: on a grid, or, with `stack`, on slices that are no lattice. */
type Placement = Pick<SlicedLabels, 'grid' | 'stack'>;

/** All of the file before its voxels. */
function nrrdHeader(
  { grid, stack }: Placement,
  type: string,
  encoding: 'gzip' | 'raw',
  fields: HeaderFields,
): Uint8Array {
  const directions = stepsLpsMm(grid, stack).map(vectorText);
  const header = [
    'NRRD0004',
    '# Auricle LPS mm',
    `type: ${type}`,
    'dimension: 3',
    'space: left-posterior-superior',
    `sizes: ${grid.sizeIjk.join(' ')}`,
    `space directions: ${directions.join(' ')}`,
    'kinds: domain domain domain',
    'endian: little',
    `encoding: ${encoding}`,
    `space origin: ${vectorText(grid.originLpsMm)}`,
    'space units: "mm" "mm" "mm"',
    ...Object.entries({ ...fields, ...unevenFields(stack) }).map(
      ([key, value]) => `${key}:=${value.replaceAll(/[\r\n]+/g, ' ')}`,
    ),
    '',
    '',
  ].join('\n');
  return new TextEncoder().encode(header);
}

/** What a format with one step only cannot say of uneven slices. */
const unevenFields = (stack: SliceStack | undefined): HeaderFields =>
  stack === undefined || unevennessMm(stack) < EVEN_MM
    ? {}
    : {
        slices: 'unevenly spaced; the third space direction is their mean step',
        slice_positions_mm: heightsMm(stack)
          .map((height) => height.toFixed(4))
          .join(' '),
      };

/**
 * A volume as NRRD (attached header, little-endian) in space left-posterior-superior, mm.
 * @param fields further key:=value pairs for the header, for example a segment's name.
 */
export function encodeNrrd(
  volume: Volume & { readonly stack?: SliceStack },
  options: { readonly gzip?: boolean; readonly fields?: HeaderFields } = {},
): Uint8Array {
  const { grid, data } = volume;
  if (data.length !== voxelCount(grid)) throw new RangeError('The data does not fill the grid.');
  const { gzip = true, fields = {} } = options;
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const compression = data instanceof Uint8Array ? LABEL_COMPRESSION : { level: 6 };
  const body = gzip ? gzipSync(raw, compression) : raw;
  return Buffer.concat([nrrdHeader(volume, typeOf(data), gzip ? 'gzip' : 'raw', fields), body]);
}

/** The same of a label map in slices, 8 bit, gzip. @throws RangeError; CancelledError */
export async function encodeNrrdLabels(
  labels: SlicedLabels,
  fields: HeaderFields,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const header = nrrdHeader(labels, 'unsigned char', 'gzip', fields);
  return Buffer.concat([header, await gzipSlices(new Uint8Array(0), labels, signal)]);
}

/**
 * Reads a 3-D NRRD with attached data, raw or gzip, and its placement: any of the three patient spaces (converted to
 * LPS). Without a space the axes are read as LPS with the given spacings.
 * @throws UserError for anything that is not such a file.
 */
export function decodeNrrd(bytes: Uint8Array): Volume {
  const { fields, sizeIjk, data } = decodeValues(bytes);
  return { grid: readGrid(fields, sizeIjk), data };
}

/** The place alone, by the header. @throws UserError */
export function decodeNrrdGrid(bytes: Uint8Array): GridLps {
  const { fields } = readHeader(bytes);
  return readGrid(fields, sizesOf(fields));
}

/** The values alone, of a file whose place is known from elsewhere; its axes may be at any angle. @throws UserError */
export function decodeNrrdValues(bytes: Uint8Array): Pick<DecodedValues, 'sizeIjk' | 'data'> {
  const { sizeIjk, data } = decodeValues(bytes);
  return { sizeIjk, data };
}

interface DecodedValues {
  readonly fields: Map<string, string>;
  readonly sizeIjk: Vec3;
  readonly data: VoxelArray;
}

function decodeValues(bytes: Uint8Array): DecodedValues {
  const { fields, bodyStart } = readHeader(bytes);
  const field = fieldOf(fields);
  if (field('dimension') !== '3') throw new UserError(failure('files.nrrd-dimension'));
  if (fields.has('data file')) throw new UserError(failure('files.nrrd-detached'));
  const type = Object.values(TYPES).find(({ names }) => (names as readonly string[]).includes(field('type')));
  if (!type) throw new UserError(failure('files.nrrd-type', { type: field('type') }));
  const sizeIjk = sizesOf(fields);
  const byteCount = sizeIjk[0] * sizeIjk[1] * sizeIjk[2] * type.bytes;
  const body = readBody(bytes.subarray(bodyStart), field('encoding'), byteCount);
  if (type.bytes > 1 && fields.get('endian') === 'big') swapBytes(body, type.bytes);
  return { fields, sizeIjk, data: type.make(body.buffer as ArrayBuffer) };
}

const fieldOf =
  (fields: Map<string, string>) =>
  (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new UserError(failure('files.nrrd-field-missing', { field: name }));
    return value;
  };

function sizesOf(fields: Map<string, string>): Vec3 {
  const sizes = fieldOf(fields)('sizes').split(/\s+/).map(Number);
  if (sizes.length !== 3 || sizes.some((size) => !Number.isInteger(size) || size < 1 || size > 8192)) {
    throw new UserError(failure('files.nrrd-sizes'));
  }
  return [sizes[0]!, sizes[1]!, sizes[2]!];
}

function readHeader(bytes: Uint8Array): { fields: Map<string, string>; bodyStart: number } {
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, 8));
  if (!/^NRRD000\d/.test(magic)) throw new UserError(failure('files.not-nrrd'));
  // The header ends with the first empty line.
  let bodyStart = -1;
  for (let at = 1; at < Math.min(bytes.length, 1 << 20); at++) {
    if (bytes[at] !== 0x0a) continue;
    if (bytes[at - 1] === 0x0a || (bytes[at - 1] === 0x0d && bytes[at - 2] === 0x0a)) {
      bodyStart = at + 1;
      break;
    }
  }
  if (bodyStart < 0) throw new UserError(failure('files.nrrd-header'));
  const fields = new Map<string, string>();
  const lines = new TextDecoder('latin1').decode(bytes.subarray(0, bodyStart)).split(/\r?\n/);
  for (const line of lines.slice(1)) {
    const match = /^([^#:=][^:=]*):\s+(.*)$/.exec(line);
    if (match) fields.set(match[1]!.trim().toLowerCase(), match[2]!.trim());
  }
  return { fields, bodyStart };
}

function readBody(source: Uint8Array, encoding: string, byteCount: number): Uint8Array {
  let body = source;
  if (encoding === 'gzip' || encoding === 'gz') {
    try {
      body = gunzipSync(source, { maxOutputLength: byteCount });
    } catch {
      throw new UserError(failure('files.nrrd-damaged'));
    }
  } else if (encoding !== 'raw') {
    throw new UserError(failure('files.nrrd-encoding', { encoding }));
  }
  if (body.length < byteCount) throw new UserError(failure('files.nrrd-cut'));
  // A copy, so that the values lie aligned in a buffer of their own.
  return new Uint8Array(body.subarray(0, byteCount));
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

function readGrid(fields: Map<string, string>, sizeIjk: Vec3): GridLps {
  const toLps = spaceSigns(fields.get('space'));
  const vectors = (text: string): Vec3[] =>
    [...text.matchAll(/\(([^)]*)\)/g)].map((match) => {
      const numbers = match[1]!.split(',').map(Number);
      if (numbers.length !== 3 || numbers.some((value) => !Number.isFinite(value))) {
        throw new UserError(failure('files.nrrd-vector'));
      }
      return [numbers[0]! * toLps[0], numbers[1]! * toLps[1], numbers[2]! * toLps[2]];
    });
  const directionText = fields.get('space directions');
  const spacings = fields.get('spacings')?.split(/\s+/).map(Number) ?? [1, 1, 1];
  const axes = directionText
    ? vectors(directionText)
    : ([0, 1, 2].map((axis) => [0, 1, 2].map((other) => (axis === other ? spacings[axis]! : 0))) as [
        number,
        number,
        number,
      ][]);
  const [a, b, c] = axes;
  if (!a || !b || !c || axes.length !== 3) throw new UserError(failure('files.nrrd-directions'));
  const spacingMm: Vec3 = [length(a), length(b), length(c)];
  if (!spacingMm.every((value) => value > 0 && Number.isFinite(value))) {
    throw new UserError(failure('files.nrrd-spacing'));
  }
  const directions = [
    scale(a, 1 / spacingMm[0]),
    scale(b, 1 / spacingMm[1]),
    scale(c, 1 / spacingMm[2]),
  ] as const;
  const skew = Math.max(
    Math.abs(dot(directions[0], directions[1])),
    Math.abs(dot(directions[1], directions[2])),
    Math.abs(dot(directions[0], directions[2])),
  );
  if (skew > 1e-3 || Math.abs(dot(cross(directions[0], directions[1]), directions[2])) < 0.99) {
    throw new UserError(failure('files.nrrd-sheared'));
  }
  const originLpsMm = vectors(fields.get('space origin') ?? '(0,0,0)')[0] ?? [0, 0, 0];
  return { sizeIjk, originLpsMm, spacingMm, directions };
}

/** What turns a space's axes into LPS; a file that names none is taken to be in LPS. */
function spaceSigns(space = 'left-posterior-superior'): Vec3 {
  switch (space.toLowerCase()) {
    case 'left-posterior-superior':
    case 'lps':
      return [1, 1, 1];
    case 'right-anterior-superior':
    case 'ras':
      return [-1, -1, 1];
    case 'left-anterior-superior':
    case 'las':
      return [1, -1, 1];
    default:
      throw new UserError(failure('files.nrrd-space', { space }));
  }
}
