import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

type Owned<A> = A extends Int16Array
  ? Int16Array<ArrayBuffer>
  : A extends Uint8Array
    ? Uint8Array<ArrayBuffer>
    : A extends Float32Array
      ? Float32Array<ArrayBuffer>
      : Uint32Array<ArrayBuffer>;

/** The same array where its memory is its own, a copy where it is shared: what the contract, blobs and pictures take. */
export function ownBuffer<A extends Int16Array | Uint8Array | Float32Array | Uint32Array>(
  array: A,
): Owned<A> {
  const own = array.buffer instanceof ArrayBuffer ? array : array.slice();
  // The check above, which types cannot follow into the array's type parameter.
  return own as unknown as Owned<A>;
}

export const meshWithOwnBuffers = ({ positionsLpsMm, triangles }: TriangleMesh) => ({
  positionsLpsMm: ownBuffer(positionsLpsMm),
  triangles: ownBuffer(triangles),
});
