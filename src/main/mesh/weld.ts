import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/**
 * Makes an indexed mesh of loose triangles (9 coordinates each): corners at exactly the same place become one vertex,
 * in the order of their first use; triangles that collapse by that are left out.
 */
export function weldTriangles(cornersLpsMm: Float32Array): TriangleMesh {
  const corners = Math.floor(cornersLpsMm.length / 9) * 3;
  const coordinates = new Float32Array(3 * corners);
  // Adding 0 turns −0 into 0, which is the same place.
  for (let index = 0; index < coordinates.length; index++) coordinates[index] = cornersLpsMm[index]! + 0;
  const bits = new Uint32Array(coordinates.buffer);
  let capacity = 16;
  while (capacity < 2 * corners) capacity *= 2;
  const table = new Int32Array(capacity).fill(-1);
  const firstCorner = new Uint32Array(corners);
  const vertexOfCorner = new Uint32Array(corners);
  let vertices = 0;
  for (let corner = 0; corner < corners; corner++) {
    const [x, y, z] = [bits[3 * corner]!, bits[3 * corner + 1]!, bits[3 * corner + 2]!];
    let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35);
    hash ^= hash >>> 15;
    let slot = hash & (capacity - 1);
    for (;;) {
      const vertex = table[slot]!;
      if (vertex < 0) {
        table[slot] = vertices;
        firstCorner[vertices] = corner;
        vertexOfCorner[corner] = vertices++;
        break;
      }
      const other = 3 * firstCorner[vertex]!;
      if (bits[other] === x && bits[other + 1] === y && bits[other + 2] === z) {
        vertexOfCorner[corner] = vertex;
        break;
      }
      slot = (slot + 1) & (capacity - 1);
    }
  }
  const positionsLpsMm = new Float32Array(3 * vertices);
  for (let vertex = 0; vertex < vertices; vertex++) {
    const from = 3 * firstCorner[vertex]!;
    positionsLpsMm.set(coordinates.subarray(from, from + 3), 3 * vertex);
  }
  const triangles: number[] = [];
  for (let corner = 0; corner < corners; corner += 3) {
    const [a, b, c] = [vertexOfCorner[corner]!, vertexOfCorner[corner + 1]!, vertexOfCorner[corner + 2]!];
    if (a !== b && b !== c && c !== a) triangles.push(a, b, c);
  }
  return { positionsLpsMm, triangles: Uint32Array.from(triangles) };
}
