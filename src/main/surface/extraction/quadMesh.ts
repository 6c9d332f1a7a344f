import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { FieldLattice } from '../field/fieldLattice.ts';
import type { QuadNet } from './surfaceNets.ts';

/**
 * The net as triangles in LPS mm. Each quadrilateral is cut along the diagonal that leaves the larger smallest angle;
 * the two cells across a lattice edge share no other quadrilateral, so the diagonal is new either way.
 */
export function triangulateNet(lattice: FieldLattice, net: QuadNet): TriangleMesh {
  const { positionsIjk, quads } = net;
  const { cellMm, frame } = lattice;
  const positionsLpsMm = new Float32Array(positionsIjk.length);
  for (let index = 0; index < positionsIjk.length; index++) {
    const centre = frame.centreLpsMm[(index % 3) as 0 | 1 | 2];
    positionsLpsMm[index] = centre - frame.edgeMm / 2 + positionsIjk[index]! * cellMm;
  }
  const triangles = new Uint32Array((quads.length / 4) * 6);
  for (let quad = 0, out = 0; quad < quads.length; quad += 4, out += 6) {
    const [a, b, c, d] = [quads[quad]!, quads[quad + 1]!, quads[quad + 2]!, quads[quad + 3]!];
    const alongAc = Math.max(largestCosine(positionsIjk, a, b, c), largestCosine(positionsIjk, a, c, d));
    const alongBd = Math.max(largestCosine(positionsIjk, a, b, d), largestCosine(positionsIjk, b, c, d));
    const halves = alongAc <= alongBd ? [a, b, c, a, c, d] : [a, b, d, b, c, d];
    triangles.set(halves, out);
  }
  return { positionsLpsMm, triangles };
}

/** The cosine of a triangle's smallest angle: the smaller, the better the triangle. */
function largestCosine(positions: Float32Array, a: number, b: number, c: number): number {
  const squared = (p: number, q: number): number =>
    (positions[3 * p]! - positions[3 * q]!) ** 2 +
    (positions[3 * p + 1]! - positions[3 * q + 1]!) ** 2 +
    (positions[3 * p + 2]! - positions[3 * q + 2]!) ** 2;
  const [ab, bc, ca] = [squared(a, b), squared(b, c), squared(c, a)];
  const cosine = (opposite: number, s: number, t: number): number =>
    (s + t - opposite) / (2 * Math.sqrt(s * t) + 1e-20);
  return Math.max(cosine(ab, bc, ca), cosine(bc, ab, ca), cosine(ca, ab, bc));
}

/** Handles of the net's largest piece (its genus, by Euler's formula); the net must be a closed manifold. */
export function handlesOfNet({ cellOfVertex, quads }: QuadNet): number {
  const parent = Uint32Array.from(cellOfVertex, (_, vertex) => vertex);
  const rootOf = (vertex: number): number => {
    let root = vertex;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  for (let quad = 0; quad < quads.length; quad += 4) {
    const root = rootOf(quads[quad]!);
    for (let corner = 1; corner < 4; corner++) parent[rootOf(quads[quad + corner]!)] = root;
  }
  const vertices = new Uint32Array(cellOfVertex.length);
  for (let vertex = 0; vertex < vertices.length; vertex++) vertices[rootOf(vertex)]!++;
  const faces = new Uint32Array(cellOfVertex.length);
  for (let quad = 0; quad < quads.length; quad += 4) faces[rootOf(quads[quad]!)]!++;
  let largest = 0;
  for (let root = 1; root < vertices.length; root++) if (vertices[root]! > vertices[largest]!) largest = root;
  // Each quadrilateral has four edges, each edge two quadrilaterals: V − E + F = V − F.
  return vertices.length === 0 ? 0 : 1 - (vertices[largest]! - faces[largest]!) / 2;
}
