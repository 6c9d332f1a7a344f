import { vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { PatchedMesh } from '../mesh/patchedMesh.ts';

/**
 * A closed oriented manifold whose edges are split, collapsed and flipped in place. Faces and vertices that are gone keep
 * their numbers: their corners are −1, and no face is left at such a vertex.
 */
export interface EditableMesh {
  /** 3 numbers a vertex, LPS mm. */
  readonly positions: number[];
  /** 3 vertices a face. */
  readonly corners: number[];
  readonly patchOfFace: number[];
  /** The faces at each vertex, in no order. */
  readonly facesAt: number[][];
  /** 1 for vertices at which patches meet. */
  readonly onBorder: number[];
}

export function editableMesh({ mesh, patchOfFace }: PatchedMesh): EditableMesh {
  const facesAt: number[][] = Array.from({ length: vertexCount(mesh) }, () => []);
  mesh.triangles.forEach((vertex, corner) => {
    facesAt[vertex]!.push(Math.floor(corner / 3));
  });
  return {
    positions: Array.from(mesh.positionsLpsMm),
    corners: Array.from(mesh.triangles),
    patchOfFace: Array.from(patchOfFace),
    facesAt,
    onBorder: facesAt.map((faces) =>
      faces.some((face) => patchOfFace[face] !== patchOfFace[faces[0]!]) ? 1 : 0,
    ),
  };
}

/** The mesh without what is gone, vertices and faces in the order of their numbers. */
export function compactMesh({ positions, corners, patchOfFace, facesAt }: EditableMesh): PatchedMesh {
  const newIndex = new Int32Array(facesAt.length).fill(-1);
  const kept: number[] = [];
  facesAt.forEach((faces, vertex) => {
    if (faces.length === 0) return;
    newIndex[vertex] = kept.length / 3;
    kept.push(positions[3 * vertex]!, positions[3 * vertex + 1]!, positions[3 * vertex + 2]!);
  });
  const triangles: number[] = [];
  const patches: number[] = [];
  patchOfFace.forEach((patch, face) => {
    if (corners[3 * face]! < 0) return;
    for (let corner = 0; corner < 3; corner++) triangles.push(newIndex[corners[3 * face + corner]!]!);
    patches.push(patch);
  });
  return {
    mesh: { positionsLpsMm: Float32Array.from(kept), triangles: Uint32Array.from(triangles) },
    patchOfFace: Uint8Array.from(patches),
  };
}

/** Both vertices of every edge, the smaller number first, packed. */
export function edgesOf({ corners }: EditableMesh): number[] {
  const edges: number[] = [];
  for (let face = 0; face < corners.length; face += 3) {
    if (corners[face]! < 0) continue;
    for (let corner = 0; corner < 3; corner++) {
      const from = corners[face + corner]!;
      const to = corners[face + ((corner + 1) % 3)]!;
      // In a closed oriented surface each edge runs once in each direction.
      if (from < to) edges.push(from, to);
    }
  }
  return edges;
}

export function edgeLength({ positions: p }: EditableMesh, a: number, b: number): number {
  const x = p[3 * a]! - p[3 * b]!;
  const y = p[3 * a + 1]! - p[3 * b + 1]!;
  const z = p[3 * a + 2]! - p[3 * b + 2]!;
  return Math.sqrt(x * x + y * y + z * z);
}

export const hasCorner = ({ corners }: EditableMesh, face: number, vertex: number): boolean =>
  corners[3 * face] === vertex || corners[3 * face + 1] === vertex || corners[3 * face + 2] === vertex;

/** The corner of a face that is neither of two others. */
export const thirdCorner = ({ corners }: EditableMesh, face: number, a: number, b: number): number =>
  corners[3 * face]! + corners[3 * face + 1]! + corners[3 * face + 2]! - a - b;

/** The two faces at an edge; undefined where the vertices have none. */
export function facesAtEdge(mesh: EditableMesh, a: number, b: number): [number, number] | undefined {
  let first = -1;
  for (const face of mesh.facesAt[a]!) {
    if (!hasCorner(mesh, face, b)) continue;
    if (first >= 0) return [first, face];
    first = face;
  }
  return undefined;
}

export function neighboursOf(mesh: EditableMesh, vertex: number): number[] {
  const found: number[] = [];
  for (const face of mesh.facesAt[vertex]!) {
    for (let corner = 3 * face; corner < 3 * face + 3; corner++) {
      const other = mesh.corners[corner]!;
      if (other !== vertex && !found.includes(other)) found.push(other);
    }
  }
  return found;
}

/** Whether patches meet along an edge. */
export function isBorderEdge(mesh: EditableMesh, a: number, b: number): boolean {
  if (mesh.onBorder[a] === 0 || mesh.onBorder[b] === 0) return false;
  const faces = facesAtEdge(mesh, a, b);
  return faces !== undefined && mesh.patchOfFace[faces[0]] !== mesh.patchOfFace[faces[1]];
}

/** Puts a vertex into the middle of an edge. @returns the vertex */
export function splitEdge(mesh: EditableMesh, a: number, b: number): number {
  const { positions: p, corners, patchOfFace, facesAt, onBorder } = mesh;
  const faces = facesAtEdge(mesh, a, b)!;
  const isBorder = isBorderEdge(mesh, a, b);
  const middle = facesAt.length;
  for (let axis = 0; axis < 3; axis++) p.push((p[3 * a + axis]! + p[3 * b + axis]!) / 2);
  facesAt.push([]);
  onBorder.push(isBorder ? 1 : 0);
  for (const face of faces) {
    const made = patchOfFace.length;
    const opposite = thirdCorner(mesh, face, a, b);
    patchOfFace.push(patchOfFace[face]!);
    for (let corner = 0; corner < 3; corner++) {
      const vertex = corners[3 * face + corner]!;
      corners.push(vertex === a ? middle : vertex);
      if (vertex === b) corners[3 * face + corner] = middle;
    }
    replaceIn(facesAt[b]!, face, made);
    facesAt[opposite]!.push(made);
    facesAt[middle]!.push(face, made);
  }
  return middle;
}

/** Merges a vertex into a neighbour, whose place stays; the caller has checked that it may (`mayCollapse`). */
export function collapseEdge(mesh: EditableMesh, removed: number, kept: number): void {
  const { corners, facesAt } = mesh;
  for (const face of facesAt[removed]!) {
    if (hasCorner(mesh, face, kept)) {
      const opposite = thirdCorner(mesh, face, removed, kept);
      removeFrom(facesAt[kept]!, face);
      removeFrom(facesAt[opposite]!, face);
      corners.fill(-1, 3 * face, 3 * face + 3);
      continue;
    }
    for (let corner = 3 * face; corner < 3 * face + 3; corner++) {
      if (corners[corner] === removed) corners[corner] = kept;
    }
    facesAt[kept]!.push(face);
  }
  facesAt[removed] = [];
}

/**
 * Whether merging two neighbours leaves the surface a manifold and the borders of its patches as they run: they have
 * exactly two neighbours in common (the link condition), neither of which would be left with two faces.
 */
export function mayCollapse(mesh: EditableMesh, removed: number, kept: number): boolean {
  if (mesh.onBorder[removed] === 1 && !isBorderEdge(mesh, removed, kept)) return false;
  const others = neighboursOf(mesh, kept);
  const common = neighboursOf(mesh, removed).filter((vertex) => others.includes(vertex));
  return common.length === 2 && common.every((vertex) => mesh.facesAt[vertex]!.length > 3);
}

/** Turns an edge into that between the two other corners of its faces. @returns false where there is one already */
export function flipEdge(mesh: EditableMesh, a: number, b: number): boolean {
  const { corners, facesAt } = mesh;
  const faces = facesAtEdge(mesh, a, b);
  if (faces === undefined) return false;
  const [f, g] = faces;
  const c = thirdCorner(mesh, f, a, b);
  const d = thirdCorner(mesh, g, a, b);
  if (c === d || facesAtEdge(mesh, c, d) !== undefined) return false;
  // f loses b and gets d, g loses a and gets c: each keeps its direction, for the two run along the edge in opposite ones.
  for (let corner = 0; corner < 3; corner++) {
    if (corners[3 * f + corner] === b) corners[3 * f + corner] = d;
    if (corners[3 * g + corner] === a) corners[3 * g + corner] = c;
  }
  removeFrom(facesAt[b]!, f);
  removeFrom(facesAt[a]!, g);
  facesAt[d]!.push(f);
  facesAt[c]!.push(g);
  return true;
}

function replaceIn(list: number[], from: number, to: number): void {
  list[list.indexOf(from)] = to;
}

function removeFrom(list: number[], value: number): void {
  const at = list.indexOf(value);
  list[at] = list[list.length - 1]!;
  list.pop();
}
