import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** The surface formats that are read, by name. */
export type SurfaceFormat = 'STL' | 'OBJ' | 'PLY' | 'VTK' | 'VTP';

export const damagedSurface = (format: SurfaceFormat): UserError =>
  new UserError(failure('files.surface-damaged', { format }));

/** The file is sound but uses what is not read: `feature` names it. */
export const unreadSurface = (format: SurfaceFormat, feature: string): UserError =>
  new UserError(failure('files.surface-feature', { format, feature }));

/** Number types of binary files by their names in the formats of VTK and PLY. */
const SCALARS = {
  int8: { bytes: 1, get: (view: DataView, at: number) => view.getInt8(at) },
  uint8: { bytes: 1, get: (view: DataView, at: number) => view.getUint8(at) },
  int16: { bytes: 2, get: (view: DataView, at: number, little: boolean) => view.getInt16(at, little) },
  uint16: { bytes: 2, get: (view: DataView, at: number, little: boolean) => view.getUint16(at, little) },
  int32: { bytes: 4, get: (view: DataView, at: number, little: boolean) => view.getInt32(at, little) },
  uint32: { bytes: 4, get: (view: DataView, at: number, little: boolean) => view.getUint32(at, little) },
  int64: {
    bytes: 8,
    get: (view: DataView, at: number, little: boolean) => Number(view.getBigInt64(at, little)),
  },
  uint64: {
    bytes: 8,
    get: (view: DataView, at: number, little: boolean) => Number(view.getBigUint64(at, little)),
  },
  float32: { bytes: 4, get: (view: DataView, at: number, little: boolean) => view.getFloat32(at, little) },
  float64: { bytes: 8, get: (view: DataView, at: number, little: boolean) => view.getFloat64(at, little) },
} as const;

export type ScalarType = keyof typeof SCALARS;
export const scalarBytes = (type: ScalarType): number => SCALARS[type].bytes;

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** One number. @throws RangeError beyond the view's end */
export const scalarAt = (view: DataView, at: number, type: ScalarType, isLittleEndian: boolean): number =>
  SCALARS[type].get(view, at, isLittleEndian);

/** Numbers in a row. @throws RangeError beyond the view's end */
export function scalarsAt(
  view: DataView,
  at: number,
  count: number,
  type: ScalarType,
  isLittleEndian: boolean,
): Float64Array {
  const { bytes, get } = SCALARS[type];
  if (!(count >= 0) || at + bytes * count > view.byteLength) throw new RangeError('Beyond the end.');
  const values = new Float64Array(count);
  for (let n = 0; n < count; n++) values[n] = get(view, at + bytes * n, isLittleEndian);
  return values;
}

/**
 * A mesh of polygons, each a list of vertices, as a fan of triangles.
 * @throws UserError where a coordinate is not a number or a vertex is missing
 */
export function polygonsToMesh(
  positions: ArrayLike<number>,
  polygons: Iterable<ArrayLike<number>>,
  format: SurfaceFormat,
): TriangleMesh {
  const triangles: number[] = [];
  for (const polygon of polygons) {
    for (let n = 2; n < polygon.length; n++) triangles.push(polygon[0]!, polygon[n - 1]!, polygon[n]!);
  }
  const mesh = { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
  const vertices = Math.floor(mesh.positionsLpsMm.length / 3);
  const isSound =
    mesh.positionsLpsMm.length % 3 === 0 &&
    mesh.positionsLpsMm.every(Number.isFinite) &&
    triangles.every((vertex) => Number.isInteger(vertex) && vertex >= 0 && vertex < vertices);
  if (!isSound) throw damagedSurface(format);
  if (faceCount(mesh) === 0) throw new UserError(failure('files.surface-empty', { format }));
  return mesh;
}

/** Strips of triangles as polygons of three: every other one is turned round. */
export function* stripTriangles(strips: Iterable<ArrayLike<number>>): Generator<number[]> {
  for (const strip of strips) {
    for (let n = 2; n < strip.length; n++) {
      yield n % 2 === 0
        ? [strip[n - 2]!, strip[n - 1]!, strip[n]!]
        : [strip[n - 1]!, strip[n - 2]!, strip[n]!];
    }
  }
}
