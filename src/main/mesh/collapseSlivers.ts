import { hypot3 } from '#shared/geometry/vec3.ts';
import { smallestAnglesDegrees } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';

export interface LabelledMesh {
  readonly mesh: TriangleMesh;
  /** A label for each face; the border between labels is kept in its place. */
  readonly labels: Uint8Array;
}

/** A face that a collapse would turn by more than this (cosine) forbids it. */
const LEAST_COSINE = 0.5;
const PASSES = 3;

/**
 * Takes needle-shaped faces out of a closed manifold by collapsing their shortest edges. What is connected stays so
 * (link condition), no face turns over, no new face is worse than the worst one before, and the border between labels neither moves nor loses its shape: a vertex on
 * it takes in its neighbours, or is merged with the next one along it.
 */
export function collapseSlivers(source: LabelledMesh, belowDegrees = 15): LabelledMesh {
  let current = source;
  for (let pass = 0; pass < PASSES; pass++) {
    const next = collapsePass(current, belowDegrees);
    if (!next) break;
    current = next;
  }
  return current;
}

function collapsePass({ mesh, labels }: LabelledMesh, belowDegrees: number): LabelledMesh | undefined {
  const angles = smallestAnglesDegrees(mesh);
  if (!angles.some((angle) => angle < belowDegrees)) return undefined;
  const { positionsLpsMm: p } = mesh;
  const triangles = mesh.triangles.slice();
  const facesAt = facesAtVertices(mesh);
  const onBorder = borderVertices(mesh, labels);
  // Each collapse changes its surroundings; what it touched waits for the next pass.
  const touched = new Uint8Array(vertexCount(mesh));
  const removedFace = new Uint8Array(labels.length);
  const lengthOf = (a: number, b: number): number =>
    hypot3(p[3 * a]! - p[3 * b]!, p[3 * a + 1]! - p[3 * b + 1]!, p[3 * a + 2]! - p[3 * b + 2]!);
  // Few vertices are asked about, so that no table of all neighbours is made.
  const neighboursOf = (v: number): number[] => {
    const found: number[] = [];
    for (const face of facesAt(v)) {
      for (let h = 3 * face; h < 3 * face + 3; h++) {
        const other = mesh.triangles[h]!;
        if (other !== v && !found.includes(other)) found.push(other);
      }
    }
    return found;
  };

  const tryCollapse = (removed: number, kept: number): boolean => {
    if (onBorder[removed] === 1 && (onBorder[kept] === 0 || !isBorderEdge(removed, kept))) return false;
    const aroundKept = neighboursOf(kept);
    const aroundRemoved = neighboursOf(removed);
    const common = aroundRemoved.filter((v) => aroundKept.includes(v));
    if (common.length !== 2) return false;
    const surroundings = [removed, kept, ...aroundRemoved, ...aroundKept];
    if (surroundings.some((v) => touched[v] === 1)) return false;
    // On a tetrahedron-like neighbourhood the two shared neighbours would fall to valence 2.
    if (common.some((v) => neighboursOf(v).length <= 3)) return false;
    let [worstBefore, worstAfter] = [180, 180];
    for (const face of facesAt(removed)) {
      const corners = [0, 1, 2].map((c) => triangles[3 * face + c]!);
      worstBefore = Math.min(worstBefore, angles[face]!);
      if (corners.includes(kept)) continue;
      if (turnCosine(p, corners, removed, kept) < LEAST_COSINE) return false;
      const triangle = Uint32Array.from(corners, (v) => (v === removed ? kept : v));
      worstAfter = Math.min(
        worstAfter,
        smallestAnglesDegrees({ positionsLpsMm: p, triangles: triangle })[0]!,
      );
    }
    if (worstAfter <= worstBefore) return false;
    for (const v of surroundings) touched[v] = 1;
    for (const face of facesAt(removed)) {
      if ([0, 1, 2].some((c) => triangles[3 * face + c] === kept)) removedFace[face] = 1;
      for (let c = 0; c < 3; c++) if (triangles[3 * face + c] === removed) triangles[3 * face + c] = kept;
    }
    return true;
  };
  const isBorderEdge = (a: number, b: number): boolean => {
    const [first, second] = facesAt(a).filter((f) => mesh.triangles.subarray(3 * f, 3 * f + 3).includes(b));
    return first !== undefined && second !== undefined && labels[first] !== labels[second];
  };

  let collapsed = 0;
  for (let face = 0; face < labels.length; face++) {
    if (angles[face]! >= belowDegrees) continue;
    const a = mesh.triangles[3 * face]!;
    const b = mesh.triangles[3 * face + 1]!;
    const c = mesh.triangles[3 * face + 2]!;
    if (touched[a] === 1 || touched[b] === 1 || touched[c] === 1) continue;
    const edges: [number, number][] = [
      [a, b],
      [b, c],
      [c, a],
    ];
    edges.sort((e, f) => lengthOf(...e) - lengthOf(...f));
    const [u, v] = edges[0]!;
    if (tryCollapse(u, v) || tryCollapse(v, u)) collapsed++;
  }
  return collapsed > 0 ? compacted(p, triangles, labels, removedFace) : undefined;
}

/** Cosine between a face's normals before and after one of its corners moves; −1 when it would lose its area. */
function turnCosine(p: Float32Array, corners: readonly number[], from: number, to: number): number {
  const normal = (vertices: readonly number[]): [number, number, number] => {
    const [a, b, c] = vertices.map((v) => 3 * v) as [number, number, number];
    const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
    const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
    return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  };
  const before = normal(corners);
  const after = normal(corners.map((v) => (v === from ? to : v)));
  const lengths = Math.hypot(...before) * Math.hypot(...after);
  // A needle has no normal to speak of; whatever becomes of it is no worse.
  if (Math.hypot(...after) < 1e-9) return -1;
  if (Math.hypot(...before) < 1e-6) return 1;
  return (before[0] * after[0] + before[1] * after[1] + before[2] * after[2]) / lengths;
}

function facesAtVertices(mesh: TriangleMesh): (vertex: number) => number[] {
  const start = new Uint32Array(vertexCount(mesh) + 1);
  for (let h = 0; h < mesh.triangles.length; h++) start[mesh.triangles[h]! + 1]!++;
  for (let vertex = 1; vertex < start.length; vertex++) start[vertex]! += start[vertex - 1]!;
  const fill = start.slice(0, -1);
  const faces = new Uint32Array(mesh.triangles.length);
  for (let h = 0; h < mesh.triangles.length; h++) faces[fill[mesh.triangles[h]!]!++] = (h / 3) | 0;
  return (vertex) => {
    const found: number[] = [];
    for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) found.push(faces[slot]!);
    return found;
  };
}

/** 1 for vertices at which faces of different labels meet. */
function borderVertices(mesh: TriangleMesh, labels: Uint8Array): Uint8Array {
  const seen = new Int16Array(vertexCount(mesh)).fill(-1);
  const border = new Uint8Array(seen.length);
  for (let h = 0; h < mesh.triangles.length; h++) {
    const vertex = mesh.triangles[h]!;
    const label = labels[(h / 3) | 0]!;
    if (seen[vertex] === -1) seen[vertex] = label;
    else if (seen[vertex] !== label) border[vertex] = 1;
  }
  return border;
}

function compacted(
  positions: Float32Array,
  triangles: Uint32Array,
  labels: Uint8Array,
  removedFace: Uint8Array,
): LabelledMesh {
  const newIndex = new Int32Array(positions.length / 3).fill(-1);
  let faces = 0;
  for (let face = 0; face < labels.length; face++) {
    if (removedFace[face] === 1) continue;
    faces++;
    for (let corner = 0; corner < 3; corner++) newIndex[triangles[3 * face + corner]!] = 0;
  }
  let vertices = 0;
  for (let vertex = 0; vertex < newIndex.length; vertex++) {
    if (newIndex[vertex] === 0) newIndex[vertex] = vertices++;
  }
  const positionsLpsMm = new Float32Array(3 * vertices);
  for (let vertex = 0; vertex < newIndex.length; vertex++) {
    const index = newIndex[vertex]!;
    if (index < 0) continue;
    positionsLpsMm[3 * index] = positions[3 * vertex]!;
    positionsLpsMm[3 * index + 1] = positions[3 * vertex + 1]!;
    positionsLpsMm[3 * index + 2] = positions[3 * vertex + 2]!;
  }
  const keptTriangles = new Uint32Array(3 * faces);
  const keptLabels = new Uint8Array(faces);
  for (let face = 0, out = 0; face < labels.length; face++) {
    if (removedFace[face] === 1) continue;
    for (let corner = 0; corner < 3; corner++) {
      keptTriangles[3 * out + corner] = newIndex[triangles[3 * face + corner]!]!;
    }
    keptLabels[out++] = labels[face]!;
  }
  return { mesh: { positionsLpsMm, triangles: keptTriangles }, labels: keptLabels };
}
