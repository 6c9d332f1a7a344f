import { submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { meshEdges, nextHalfEdge, oppositeHalfEdges } from '#shared/mesh/edges.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { EditedSurface } from './editedSurface.ts';

/** An edited surface distal to a rim that the edits left as it was, closed by the cap that it had. */
export interface KeptOstium {
  readonly closed: TriangleMesh;
  readonly wall: TriangleMesh;
  /** 1 for each vertex of `closed` that the original surface has as well. */
  readonly kept: Uint8Array;
  /** The edits changed the cap, which was put back. */
  readonly isCapRestored: boolean;
}

/**
 * Keeps the ostium of a surface through edits: the wall is what is connected to the rim on its distal side, the cap is
 * the original one, whatever was painted or erased behind it.
 * @returns undefined where the edits reach the rim, or lead round it.
 */
export function keptOstium(
  original: { readonly closed: TriangleMesh; readonly wall: TriangleMesh },
  { mesh, sourceVertex }: EditedSurface,
): KeptOstium | undefined {
  const rim = rimHalfEdges(original);
  if (!rim) return undefined;
  const capFaces = facesBehind(original.closed, rim, (vertex) => vertex, 'cap');
  const wallFaces = facesBehind(mesh, rim, (vertex) => sourceVertex[vertex]!, 'wall');
  if (!capFaces || !wallFaces) return undefined;
  const part = submesh(mesh, (face) => wallFaces[face] === 1);
  const places = new Map<number, number>();
  part.sourceVertex.forEach((vertex, index) => {
    if (sourceVertex[vertex]! >= 0) places.set(sourceVertex[vertex]!, index);
  });
  const positions = Array.from(part.mesh.positionsLpsMm);
  const triangles = Array.from(part.mesh.triangles);
  const kept = Array.from(part.sourceVertex, (vertex) => (sourceVertex[vertex]! >= 0 ? 1 : 0));
  const { positionsLpsMm: p, triangles: own } = original.closed;
  const inEdited = new Set(sourceVertex);
  let isCapRestored = false;
  for (let face = 0; face < faceCount(original.closed); face++) {
    if (capFaces[face] !== 1) continue;
    for (let h = 3 * face; h < 3 * face + 3; h++) {
      const source = own[h]!;
      isCapRestored ||= !inEdited.has(source);
      let place = places.get(source);
      if (place === undefined) {
        place = kept.length;
        places.set(source, place);
        positions.push(p[3 * source]!, p[3 * source + 1]!, p[3 * source + 2]!);
        kept.push(1);
      }
      triangles.push(place);
    }
  }
  return {
    closed: { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) },
    wall: part.mesh,
    kept: Uint8Array.from(kept),
    isCapRestored,
  };
}

/** A directed edge between two vertices as one number. */
const edgeKey = (from: number, to: number): number => from * 2 ** 26 + to;

/** The rim's half-edges as the wall has them, by the vertices of the closed surface. */
function rimHalfEdges({
  closed,
  wall,
}: {
  closed: TriangleMesh;
  wall: TriangleMesh;
}): Set<number> | undefined {
  const place = (mesh: TriangleMesh, vertex: number): string =>
    mesh.positionsLpsMm.subarray(3 * vertex, 3 * vertex + 3).join();
  const loops = findBoundaryLoops(wall);
  const wanted = new Map<string, number>();
  // Most vertices have an x that no vertex of the rim has: only others are written out as text.
  const wantedX = new Set<number>();
  for (const loop of loops) {
    for (const vertex of loop) {
      wanted.set(place(wall, vertex), -1);
      wantedX.add(wall.positionsLpsMm[3 * vertex]!);
    }
  }
  for (let vertex = 0; vertex < vertexCount(closed); vertex++) {
    if (!wantedX.has(closed.positionsLpsMm[3 * vertex]!)) continue;
    const key = place(closed, vertex);
    if (wanted.has(key)) wanted.set(key, vertex);
  }
  const rim = new Set<number>();
  for (const loop of loops) {
    const vertices = Array.from(loop, (vertex) => wanted.get(place(wall, vertex)) ?? -1);
    if (vertices.includes(-1)) return undefined;
    vertices.forEach((vertex, index) => {
      rim.add(edgeKey(vertex, vertices[(index + 1) % vertices.length]!));
    });
  }
  return rim.size > 0 ? rim : undefined;
}

/**
 * 1 for each face that is connected to one side of the rim without crossing it; undefined where the rim is not there as
 * a whole or its two sides are connected.
 */
function facesBehind(
  { positionsLpsMm, triangles }: TriangleMesh,
  rim: ReadonlySet<number>,
  sourceOf: (vertex: number) => number,
  side: 'wall' | 'cap',
): Uint8Array | undefined {
  const opposite = oppositeHalfEdges(meshEdges({ positionsLpsMm, triangles }));
  /** 1 on the wall's side of a rim edge, 2 on the cap's. */
  const sideOf = new Uint8Array(triangles.length);
  let found = 0;
  for (let h = 0; h < triangles.length; h++) {
    const [from, to] = [sourceOf(triangles[h]!), sourceOf(triangles[nextHalfEdge(h)]!)];
    if (from < 0 || to < 0 || !rim.has(edgeKey(from, to))) continue;
    const other = opposite[h]!;
    if (other < 0) return undefined;
    sideOf[h] = 1;
    sideOf[other] = 2;
    found++;
  }
  if (found !== rim.size) return undefined;
  const wanted = side === 'wall' ? 1 : 2;
  const faces = new Uint8Array(triangles.length / 3);
  const pending: number[] = [];
  sideOf.forEach((is, h) => {
    const face = Math.floor(h / 3);
    if (is !== wanted || faces[face] === 1) return;
    faces[face] = 1;
    pending.push(face);
  });
  for (let face = pending.pop(); face !== undefined; face = pending.pop()) {
    for (let h = 3 * face; h < 3 * face + 3; h++) {
      if (sideOf[h] === 3 - wanted) return undefined;
      if (sideOf[h] !== 0) continue;
      const next = Math.floor(opposite[h]! / 3);
      if (opposite[h]! < 0 || faces[next] === 1) continue;
      faces[next] = 1;
      pending.push(next);
    }
  }
  return faces;
}
