import { icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { weldTriangles } from '../../mesh/weld.ts';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const join = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));

/** Numbers as bytes of either order. */
export function packed(
  values: ArrayLike<number>,
  type: 'i4' | 'i8' | 'u4' | 'u8' | 'f4' | 'f8',
  little: boolean,
): Uint8Array {
  const size = Number(type[1]);
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  Array.from(values).forEach((value, index) => {
    const at = size * index;
    if (type === 'f4') view.setFloat32(at, value, little);
    else if (type === 'f8') view.setFloat64(at, value, little);
    else if (size === 8) view.setBigInt64(at, BigInt(value), little);
    else view.setInt32(at, value, little);
  });
  return bytes;
}

/** The mesh as every reader gives it: welded, in the order of first use. */
export function welded({ positionsLpsMm: p, triangles }: TriangleMesh): TriangleMesh {
  return weldTriangles(
    Float32Array.from(
      Array.from(triangles).flatMap((vertex) => Array.from(p.subarray(3 * vertex, 3 * vertex + 3))),
    ),
  );
}

export const sphere = icosphere([12.5, -45.25, 789], 7, 1);
export const { positionsLpsMm: points, triangles } = sphere;
export const vertices = points.length / 3;
export const faces = triangles.length / 3;
export const withCounts = Array.from({ length: faces }, (_, face) => [
  3,
  ...triangles.subarray(3 * face, 3 * face + 3),
]).flat();
export const offsets = Array.from({ length: faces }, (_, face) => 3 * (face + 1));
export const expected = welded(sphere);
