import { type MeshEdges, meshEdges, oppositeHalfEdges } from '#shared/mesh/edges.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/**
 * Turns faces over until neighbours look the same way, in each piece as its first face does.
 * @returns undefined where that cannot be had, as on a Möbius strip
 */
export function orientFaces(
  mesh: TriangleMesh,
  edges: MeshEdges = meshEdges(mesh),
): TriangleMesh | undefined {
  const { triangles } = mesh;
  const opposite = oppositeHalfEdges(edges);
  /** −1 not yet visited, 0 as it is, 1 turned over. */
  const isTurned = new Int8Array(faceCount(mesh)).fill(-1);
  for (let seed = 0; seed < isTurned.length; seed++) {
    if (isTurned[seed] !== -1) continue;
    isTurned[seed] = 0;
    const stack = [seed];
    for (let face = stack.pop(); face !== undefined; face = stack.pop()) {
      for (let h = 3 * face; h < 3 * face + 3; h++) {
        const other = opposite[h]!;
        if (other < 0) continue;
        const neighbour = (other / 3) | 0;
        // Faces that look the same way run along their edge in opposite directions.
        const looksOtherWay = triangles[h] === triangles[other] ? 1 : 0;
        const wanted = isTurned[face]! ^ looksOtherWay;
        if (isTurned[neighbour] === -1) {
          isTurned[neighbour] = wanted;
          stack.push(neighbour);
        } else if (isTurned[neighbour] !== wanted) return undefined;
      }
    }
  }
  if (!isTurned.includes(1)) return mesh;
  const oriented = triangles.slice();
  isTurned.forEach((turned, face) => {
    if (turned !== 1) return;
    oriented[3 * face + 1] = triangles[3 * face + 2]!;
    oriented[3 * face + 2] = triangles[3 * face + 1]!;
  });
  return { positionsLpsMm: mesh.positionsLpsMm, triangles: oriented };
}
