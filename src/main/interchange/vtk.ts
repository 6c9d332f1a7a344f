import { UserError } from '#shared/errors.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import {
  damagedSurface,
  polygonsToMesh,
  type ScalarType,
  scalarBytes,
  scalarsAt,
  stripTriangles,
  unreadSurface,
  viewOf,
} from './surfaceReading.ts';

/** VTK's names of number types. A `long` is taken to be of 64 bits, as on all systems but Windows. */
const TYPES: Readonly<Record<string, ScalarType>> = {
  char: 'int8',
  unsigned_char: 'uint8',
  short: 'int16',
  unsigned_short: 'uint16',
  int: 'int32',
  unsigned_int: 'uint32',
  long: 'int64',
  unsigned_long: 'uint64',
  vtktypeint64: 'int64',
  vtktypeuint64: 'uint64',
  vtkidtype: 'int64',
  float: 'float32',
  double: 'float64',
};

/**
 * Reads a surface in VTK's legacy format: POLYDATA, ASCII or binary (which is big-endian), cells as in versions 1 to 4
 * (a count before each) or from 5.1 on (offsets and connectivity); polygons and triangle strips. Coordinates stay as they
 * are in the file. Source: "VTK File Formats", www.vtk.org.
 * @throws UserError for any other file, or one that is damaged or cut short
 */
export function decodeVtk(bytes: Uint8Array): TriangleMesh {
  try {
    return readPolyData(bytes);
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw damagedSurface('VTK');
  }
}

function readPolyData(bytes: Uint8Array): TriangleMesh {
  const cursor = createCursor(bytes);
  if (!/^# vtk DataFile Version/i.test(cursor.line())) throw damagedSurface('VTK');
  cursor.line(); // the title
  const encoding = cursor.line().trim().toUpperCase();
  if (encoding !== 'ASCII' && encoding !== 'BINARY') throw damagedSurface('VTK');
  const numbers = (count: number, type: ScalarType): Float64Array =>
    encoding === 'ASCII' ? cursor.asciiNumbers(count) : cursor.binaryNumbers(count, type);
  const typeOf = (name: string): ScalarType => {
    const type = TYPES[name.toLowerCase()];
    if (type === undefined) throw unreadSurface('VTK', `numbers of type ${name}`);
    return type;
  };
  let points: Float64Array | undefined;
  const polygons: ArrayLike<number>[] = [];
  for (;;) {
    const [keyword = '', first = '', second = ''] = cursor.words();
    switch (keyword.toUpperCase()) {
      case 'DATASET':
        if (first.toUpperCase() !== 'POLYDATA') throw unreadSurface('VTK', `the data set ${first}`);
        break;
      case 'POINTS':
        points = numbers(3 * Number(first), typeOf(second));
        break;
      case 'POLYGONS':
        for (const cell of cells(Number(first), Number(second))) polygons.push(cell);
        break;
      case 'TRIANGLE_STRIPS':
        for (const cell of stripTriangles(cells(Number(first), Number(second)))) polygons.push(cell);
        break;
      case 'VERTICES':
      case 'LINES':
        cells(Number(first), Number(second));
        break;
      case 'METADATA':
        // Up to the next empty line.
        while (!cursor.isAtEnd() && cursor.line().trim() !== '');
        break;
      case 'FIELD':
        skipField(Number(second));
        break;
      // What follows belongs to points and faces; all of the geometry comes before it.
      case 'POINT_DATA':
      case 'CELL_DATA':
      case '':
        if (points === undefined) throw damagedSurface('VTK');
        return polygonsToMesh(points, polygons, 'VTK');
      default:
        throw damagedSurface('VTK');
    }
  }

  /** Cells of either kind: `n size` with a count before each, or the lengths of offsets and connectivity. */
  function cells(first: number, second: number): ArrayLike<number>[] {
    const mark = cursor.position();
    const [keyword = '', type = ''] = first > 0 ? cursor.words() : [];
    const found: ArrayLike<number>[] = [];
    if (keyword.toUpperCase() === 'OFFSETS') {
      const offsets = numbers(first, typeOf(type));
      const [, connectivityType = ''] = cursor.words();
      const connectivity = numbers(second, typeOf(connectivityType));
      for (let cell = 1; cell < offsets.length; cell++) {
        found.push(connectivity.subarray(offsets[cell - 1]!, offsets[cell]!));
      }
      return found;
    }
    cursor.moveTo(mark);
    const flat = numbers(second, 'int32');
    for (let at = 0; at < flat.length; at += 1 + flat[at]!) {
      if (!(flat[at]! >= 0) || at + flat[at]! >= flat.length) throw damagedSurface('VTK');
      found.push(flat.subarray(at + 1, at + 1 + flat[at]!));
    }
    if (found.length !== first) throw damagedSurface('VTK');
    return found;
  }

  /** Arrays beside the geometry: `name components tuples type`, each followed by its values. */
  function skipField(arrays: number): void {
    for (let array = 0; array < arrays; array++) {
      const [, components = '', tuples = '', type = ''] = cursor.words();
      if (type.toLowerCase() === 'string') {
        for (let n = 0; n < Number(components) * Number(tuples); n++) {
          if (encoding === 'BINARY') throw unreadSurface('VTK', 'text in a binary field');
          cursor.line();
        }
      } else numbers(Number(components) * Number(tuples), typeOf(type));
      if (/^\s*METADATA/.test(cursor.peekLine())) while (!cursor.isAtEnd() && cursor.line().trim() !== '');
    }
  }
}

interface Cursor {
  position(): number;
  moveTo(position: number): void;
  isAtEnd(): boolean;
  /** The rest of the line, and on to the next. */
  line(): string;
  peekLine(): string;
  /** The words of the next line that has any; none at the end. */
  words(): string[];
  asciiNumbers(count: number): Float64Array;
  binaryNumbers(count: number, type: ScalarType): Float64Array;
}

function createCursor(bytes: Uint8Array): Cursor {
  const view = viewOf(bytes);
  const decoder = new TextDecoder('latin1');
  let at = 0;
  const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
  const cursor: Cursor = {
    position: () => at,
    moveTo(position) {
      at = position;
    },
    isAtEnd: () => at >= bytes.length,
    line() {
      const found = bytes.indexOf(10, at);
      const end = found < 0 ? bytes.length : found;
      const text = decoder.decode(bytes.subarray(at, end));
      at = end + 1;
      return text;
    },
    peekLine() {
      const mark = at;
      const text = cursor.line();
      at = mark;
      return text;
    },
    words() {
      while (at < bytes.length) {
        const text = cursor.line().trim();
        if (text !== '') return text.split(/\s+/);
      }
      return [];
    },
    asciiNumbers(count) {
      // A number and the space after it take two bytes at least.
      if (!(count >= 0) || count > bytes.length) throw damagedSurface('VTK');
      const values = new Float64Array(count);
      for (let n = 0; n < count; n++) {
        while (at < bytes.length && isSpace(bytes[at]!)) at++;
        const start = at;
        while (at < bytes.length && !isSpace(bytes[at]!)) at++;
        if (start === at) throw damagedSurface('VTK');
        values[n] = Number(decoder.decode(bytes.subarray(start, at)));
        if (Number.isNaN(values[n])) throw damagedSurface('VTK');
      }
      return values;
    },
    binaryNumbers(count, type) {
      const values = scalarsAt(view, at, count, type, false);
      at += count * scalarBytes(type);
      return values;
    },
  };
  return cursor;
}
