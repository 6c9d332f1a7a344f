import { faceCross, signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { faceComponents } from './topology.ts';

export interface Submesh {
  readonly mesh: TriangleMesh;
  /** For each vertex of the submesh, the vertex of the original. */
  readonly sourceVertex: Uint32Array;
}

/** The faces for which `keep` holds, with only the vertices that they use, in their original order. */
export function submesh(mesh: TriangleMesh, keep: (face: number) => boolean): Submesh {
  const { positionsLpsMm: p, triangles: all } = mesh;
  const newIndex = new Int32Array(vertexCount(mesh)).fill(-1);
  const triangles = new Uint32Array(all.length);
  let corners = 0;
  for (let face = 0; face < faceCount(mesh); face++) {
    if (!keep(face)) continue;
    for (let corner = 3 * face; corner < 3 * face + 3; corner++) {
      triangles[corners++] = all[corner]!;
      newIndex[all[corner]!] = 0;
    }
  }
  const sourceVertex = new Uint32Array(newIndex.length);
  let vertices = 0;
  for (let vertex = 0; vertex < newIndex.length; vertex++) {
    if (newIndex[vertex] === -1) continue;
    newIndex[vertex] = vertices;
    sourceVertex[vertices++] = vertex;
  }
  const positionsLpsMm = new Float32Array(3 * vertices);
  for (let vertex = 0; vertex < vertices; vertex++) {
    const source = 3 * sourceVertex[vertex]!;
    positionsLpsMm[3 * vertex] = p[source]!;
    positionsLpsMm[3 * vertex + 1] = p[source + 1]!;
    positionsLpsMm[3 * vertex + 2] = p[source + 2]!;
  }
  for (let corner = 0; corner < corners; corner++) triangles[corner] = newIndex[triangles[corner]!]!;
  return {
    mesh: { positionsLpsMm, triangles: triangles.slice(0, corners) },
    sourceVertex: sourceVertex.slice(0, vertices),
  };
}

/** The mesh with every face turned over. */
export function flipped(mesh: TriangleMesh): TriangleMesh {
  const triangles = mesh.triangles.slice();
  for (let face = 0; face < triangles.length; face += 3) {
    const swap = triangles[face + 1]!;
    triangles[face + 1] = triangles[face + 2]!;
    triangles[face + 2] = swap;
  }
  return { positionsLpsMm: mesh.positionsLpsMm, triangles };
}

/**
 * The component that encloses the most volume: the outer shell of a solid whose cavities are components of their own
 * (they enclose a negative volume, for their normals point into the cavity).
 */
export function largestShell(mesh: TriangleMesh): Submesh {
  const { componentOfFace, count } = faceComponents(mesh);
  if (count <= 1) return submesh(mesh, () => true);
  const volumes = new Float64Array(count);
  const [ox, oy, oz] = [mesh.positionsLpsMm[0]!, mesh.positionsLpsMm[1]!, mesh.positionsLpsMm[2]!];
  for (let face = 0; face < componentOfFace.length; face++) {
    const [nx, ny, nz] = faceCross(mesh, face);
    const a = 3 * mesh.triangles[3 * face]!;
    const p = mesh.positionsLpsMm;
    volumes[componentOfFace[face]!]! += nx * (p[a]! - ox) + ny * (p[a + 1]! - oy) + nz * (p[a + 2]! - oz);
  }
  let best = 0;
  for (let component = 1; component < count; component++) {
    if (volumes[component]! > volumes[best]!) best = component;
  }
  return submesh(mesh, (face) => componentOfFace[face] === best);
}

/** Joins meshes by putting their vertices and faces one after the other; nothing is welded. */
export function concatenateMeshes(meshes: readonly TriangleMesh[]): TriangleMesh {
  const positions = new Float32Array(meshes.reduce((sum, mesh) => sum + mesh.positionsLpsMm.length, 0));
  const triangles = new Uint32Array(meshes.reduce((sum, mesh) => sum + mesh.triangles.length, 0));
  let [vertexOffset, faceOffset] = [0, 0];
  for (const mesh of meshes) {
    positions.set(mesh.positionsLpsMm, 3 * vertexOffset);
    for (let index = 0; index < mesh.triangles.length; index++) {
      triangles[faceOffset + index] = mesh.triangles[index]! + vertexOffset;
    }
    vertexOffset += vertexCount(mesh);
    faceOffset += mesh.triangles.length;
  }
  return { positionsLpsMm: positions, triangles };
}

/** Turns a closed mesh over where it encloses a negative volume. */
export const orientedOutward = (mesh: TriangleMesh): TriangleMesh =>
  signedVolumeMm3(mesh) < 0 ? flipped(mesh) : mesh;
