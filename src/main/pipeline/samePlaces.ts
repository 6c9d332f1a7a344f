import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';

/** For each vertex of a mesh the one of another mesh at exactly the same place, the last of several; −1 where none is. */
export function samePlaces(of: TriangleMesh, within: TriangleMesh): Int32Array {
  const places = placeBits(within);
  const wanted = placeBits(of);
  const count = vertexCount(within);
  let capacity = 16;
  while (capacity < 2 * count) capacity *= 2;
  const table = new Int32Array(capacity).fill(-1);
  /** The slot of a place in the table: that of the vertex there, or an empty one. */
  const slotOf = (bits: Uint32Array, vertex: number): number => {
    const x = bits[3 * vertex]!;
    const y = bits[3 * vertex + 1]!;
    const z = bits[3 * vertex + 2]!;
    let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35);
    hash ^= hash >>> 15;
    for (let slot = hash & (capacity - 1); ; slot = (slot + 1) & (capacity - 1)) {
      const other = 3 * table[slot]!;
      if (other < 0) return slot;
      if (places[other] === x && places[other + 1] === y && places[other + 2] === z) return slot;
    }
  };
  for (let vertex = 0; vertex < count; vertex++) table[slotOf(places, vertex)] = vertex;
  const found = new Int32Array(vertexCount(of));
  for (let vertex = 0; vertex < found.length; vertex++) found[vertex] = table[slotOf(wanted, vertex)]!;
  return found;
}

/** The bits of the vertices' coordinates. Adding 0 turns −0 into 0, which is the same place. */
const placeBits = ({ positionsLpsMm }: TriangleMesh): Uint32Array => {
  const places = new Float32Array(positionsLpsMm.length);
  for (let index = 0; index < places.length; index++) places[index] = positionsLpsMm[index]! + 0;
  return new Uint32Array(places.buffer);
};
