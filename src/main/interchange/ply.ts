import { UserError } from '#shared/errors.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { frameText, type MeshFrame, positionsInFrame } from './meshFrame.ts';
import {
  damagedSurface,
  polygonsToMesh,
  type ScalarType,
  scalarAt,
  scalarBytes,
  viewOf,
} from './surfaceReading.ts';

/**
 * A mesh as binary little-endian PLY; frame and unit in a comment.
 * @param faceLabels a number 0–255 per face, for example 0 wall and 1 ostium; written as the property "label".
 * @param ofVertices a number a vertex, written as a property of that name, and the vertices' colours, 3 numbers each
 */
export function encodePly(
  mesh: TriangleMesh,
  text = '',
  faceLabels?: Uint8Array,
  frame: MeshFrame = 'LPS',
  ofVertices?: { readonly name: string; readonly values: Float32Array; readonly rgb: Uint8Array },
): Uint8Array {
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    `comment ${frameText(frame)}`,
    ...(text ? [`comment ${text.replaceAll(/[^\x20-\x7e]+/g, ' ')}`] : []),
    `element vertex ${vertexCount(mesh)}`,
    'property float x',
    'property float y',
    'property float z',
    ...(ofVertices
      ? [
          `property float ${ofVertices.name}`,
          'property uchar red',
          'property uchar green',
          'property uchar blue',
        ]
      : []),
    `element face ${faceCount(mesh)}`,
    'property list uchar int vertex_indices',
    ...(faceLabels ? ['property uchar label'] : []),
    'end_header',
    '',
  ].join('\n');
  const head = new TextEncoder().encode(header);
  const faceBytes = faceLabels ? 14 : 13;
  const vertexBytes = ofVertices ? 19 : 12;
  const bytes = new Uint8Array(head.length + vertexBytes * vertexCount(mesh) + faceBytes * faceCount(mesh));
  bytes.set(head);
  const view = new DataView(bytes.buffer);
  let at = head.length;
  const p = positionsInFrame(mesh, frame);
  for (let vertex = 0; vertex < vertexCount(mesh); vertex++) {
    for (let axis = 0; axis < 3; axis++) view.setFloat32(at + 4 * axis, p[3 * vertex + axis]!, true);
    if (ofVertices) {
      view.setFloat32(at + 12, ofVertices.values[vertex]!, true);
      bytes.set(ofVertices.rgb.subarray(3 * vertex, 3 * vertex + 3), at + 16);
    }
    at += vertexBytes;
  }
  for (let face = 0; face < faceCount(mesh); face++) {
    view.setUint8(at, 3);
    for (let corner = 0; corner < 3; corner++) {
      view.setInt32(at + 1 + 4 * corner, mesh.triangles[3 * face + corner]!, true);
    }
    if (faceLabels) view.setUint8(at + 13, faceLabels[face] ?? 0);
    at += faceBytes;
  }
  return bytes;
}

/** PLY's names of number types, old and new. */
const TYPES: Readonly<Record<string, ScalarType>> = {
  char: 'int8',
  int8: 'int8',
  uchar: 'uint8',
  uint8: 'uint8',
  short: 'int16',
  int16: 'int16',
  ushort: 'uint16',
  uint16: 'uint16',
  int: 'int32',
  int32: 'int32',
  uint: 'uint32',
  uint32: 'uint32',
  float: 'float32',
  float32: 'float32',
  double: 'float64',
  float64: 'float64',
};

interface PlyProperty {
  readonly name: string;
  readonly type: ScalarType;
  /** The type of a list's count; undefined for a single value. */
  readonly countType: ScalarType | undefined;
}

interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: PlyProperty[];
}

/**
 * Reads a PLY, ASCII or binary of either byte order, whatever else it holds; polygons become triangles. Coordinates
 * stay as they are in the file. Source: Turk, "The PLY Polygon File Format".
 * @throws UserError for any other file, or one that is damaged or cut short
 */
export function decodePly(bytes: Uint8Array): TriangleMesh {
  try {
    return readPly(bytes);
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw damagedSurface('PLY');
  }
}

/**
 * The vertices of a PLY, 3·N coordinates as they are in the file; it need have no faces.
 * @throws UserError as {@link decodePly}
 */
export function decodePlyPoints(bytes: Uint8Array): Float32Array {
  try {
    return Float32Array.from(readPlyElements(bytes).positions);
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw damagedSurface('PLY');
  }
}

function readPly(bytes: Uint8Array): TriangleMesh {
  const { positions, polygons } = readPlyElements(bytes);
  return polygonsToMesh(positions, polygons, 'PLY');
}

function readPlyElements(bytes: Uint8Array): { positions: number[]; polygons: number[][] } {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 1 << 16));
  const header = /^ply\r?\n[\s\S]*?\nend_header\r?\n/.exec(start)?.[0];
  if (header === undefined) throw damagedSurface('PLY');
  const { format, elements } = readPlyHeader(header);
  const next =
    format === 'ascii'
      ? asciiNumbers(bytes.subarray(header.length))
      : binaryNumbers(bytes, header.length, format);
  const positions: number[] = [];
  const polygons: number[][] = [];
  for (const { name, count, properties } of elements) {
    for (let item = 0; item < count; item++) {
      for (const { name: property, type, countType } of properties) {
        if (countType === undefined) {
          const value = next(type);
          if (name === 'vertex' && /^[xyz]$/.test(property)) positions.push(value);
          continue;
        }
        const values = Array.from({ length: next(countType) }, () => next(type));
        if (name === 'face' && /^vertex_ind(ex|ices)$/.test(property)) polygons.push(values);
      }
    }
  }
  return { positions, polygons };
}

function readPlyHeader(header: string): { format: string; elements: PlyElement[] } {
  const typeOf = (name: string | undefined): ScalarType => {
    const type = TYPES[name ?? ''];
    if (type === undefined) throw damagedSurface('PLY');
    return type;
  };
  let format = '';
  const elements: PlyElement[] = [];
  for (const line of header.split(/\r?\n/)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === 'format') format = words[1] ?? '';
    if (words[0] === 'element') {
      elements.push({ name: words[1] ?? '', count: Number(words[2]), properties: [] });
    }
    if (words[0] === 'property') {
      const isList = words[1] === 'list';
      elements.at(-1)?.properties.push({
        name: words.at(-1) ?? '',
        type: typeOf(isList ? words[3] : words[1]),
        countType: isList ? typeOf(words[2]) : undefined,
      });
    }
  }
  const isKnown = ['ascii', 'binary_little_endian', 'binary_big_endian'].includes(format);
  if (!isKnown || !elements.every(({ count }) => Number.isInteger(count) && count >= 0))
    throw damagedSurface('PLY');
  return { format, elements };
}

function asciiNumbers(body: Uint8Array): () => number {
  const words = new TextDecoder('latin1')
    .decode(body)
    .split(/\s+/)
    .filter((word) => word !== '');
  let at = 0;
  return () => {
    const value = Number(words[at++]);
    if (Number.isNaN(value)) throw damagedSurface('PLY');
    return value;
  };
}

function binaryNumbers(bytes: Uint8Array, from: number, format: string): (type: ScalarType) => number {
  const view = viewOf(bytes);
  const isLittleEndian = format === 'binary_little_endian';
  let at = from;
  return (type) => {
    const value = scalarAt(view, at, type, isLittleEndian);
    at += scalarBytes(type);
    return value;
  };
}
