import { concatenateMeshes, submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { type MeshEdges, meshEdges, type VertexNeighbours, vertexNeighbours } from '#shared/mesh/edges.ts';
import { type BoxLpsMm, boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { cutAlongZero } from '../mesh/cutMesh.ts';
import { triangulateNet } from '../surface/extraction/quadMesh.ts';
import { surfaceNets } from '../surface/extraction/surfaceNets.ts';
import { relaxOnLattice } from '../surface/extraction/zeroSet.ts';
import { cornerOffsets, type FieldLattice, latticeToLps } from '../surface/field/fieldLattice.ts';
import { makeWellComposed } from '../surface/field/wellComposed.ts';
import { type EditField, editField, LEAST_CHANGE_MM, SMOOTHING_MM } from './editField.ts';
import type { LabelChange } from './labelChange.ts';
import { lpsBox } from './labelLattice.ts';
import { pairLoops, zipLoops } from './zipLoops.ts';

/** A closed surface that is new only where edits changed it. */
export interface EditedSurface {
  /** Kept vertices and faces come first, in the order that they had; pieces and cavities are not sorted out yet. */
  readonly mesh: TriangleMesh;
  /** For each vertex the one of the original surface that it is, or −1. */
  readonly sourceVertex: Int32Array;
}

/**
 * The new part ends NEAR_MM from where the edits move the surface, the old one begins at FAR_MM; a strip joins them. The
 * widest gap that leaves triangles as even as the rest comes first; others serve where the borders do not pair.
 */
const SEAMS_MM: readonly { near: number; far: number }[] = [
  { near: 0.5, far: 1 },
  { near: 0.3, far: 0.8 },
  { near: 0.7, far: 1.2 },
  { near: 1, far: 1.5 },
];
const WIDEST_SEAM_MM = 1.5;
/** Borders that belong together are nowhere near so far apart, on average, mm. */
const MOST_GAP_MM = 1.5;
const RELAXATION_ROUNDS = 6;

/**
 * Vertices that lie further from every edited voxel than this are kept, mm: EDIT_REACH_MM, the widest seam, and half the
 * diagonal of a cell by which either distance can be too small.
 */
export const KEPT_BEYOND_MM = 5;

/**
 * Applies edits of voxels to a closed surface. Only the part near the edited voxels is made anew; all vertices further
 * than KEPT_BEYOND_MM from them stay.
 * @returns undefined where the new part cannot be joined to the old one.
 * @throws CancelledError
 */
export function editedSurface(
  surface: TriangleMesh,
  change: LabelChange,
  signal?: AbortSignal,
): EditedSurface | undefined {
  const field = editField(
    surface,
    change,
    lpsBox(change.box, change.grid),
    WIDEST_SEAM_MM + 1,
    SMOOTHING_MM.local,
  );
  return joinedToField(surface, field, signal);
}

/**
 * The surface of a changed field, joined to the surface that it was changed from, which stays away from the change.
 * @returns undefined where they cannot be joined.
 * @throws CancelledError
 */
export function joinedToField(
  surface: TriangleMesh,
  field: EditField,
  signal?: AbortSignal,
): EditedSurface | undefined {
  throwIfCancelled(signal);
  const patch = extracted(field, WIDEST_SEAM_MM + 2 * field.lattice.cellMm);
  throwIfCancelled(signal);
  const [old, made] = [besideChange(surface, field), besideChange(patch, field)];
  for (const { near, far } of SEAMS_MM) {
    const joined = join(old, made, near, far);
    if (joined) return joined;
  }
  return undefined;
}

/**
 * The same for edits all over a surface that leave what lies near its ostium as it was: all else is made anew, smoother
 * than after a local edit.
 * @param isNearOstium what stays
 * @returns undefined where the two cannot be joined.
 * @throws CancelledError
 */
export function editedBeyondOstium(
  surface: TriangleMesh,
  change: LabelChange,
  isNearOstium: (pointLpsMm: Vec3) => boolean,
  signal?: AbortSignal,
): EditedSurface | undefined {
  const box = commonBox(surface, change);
  const isRemade = (point: Vec3): boolean => !isNearOstium(point);
  const field = editField(surface, change, box, 1, SMOOTHING_MM.everywhere, isRemade);
  return joinedToField(surface, field, signal);
}

/** The same with all of the surface made anew. */
export function whollyEditedSurface(
  surface: TriangleMesh,
  change: LabelChange,
  smoothingMm: number,
): TriangleMesh {
  return extracted(editField(surface, change, commonBox(surface, change), 1, smoothingMm), Infinity);
}

function commonBox(surface: TriangleMesh, change: LabelChange): BoxLpsMm {
  const edits = lpsBox(change.box, change.grid);
  const { low, high } = boundingBoxLpsMm(surface);
  return {
    low: perAxis((axis) => Math.min(low[axis], edits.low[axis])),
    high: perAxis((axis) => Math.max(high[axis], edits.high[axis])),
  };
}

/** The edited field's surface; it ends where its cells lie further than `reachMm` from any change. */
function extracted({ lattice, fromChangeMm }: EditField, reachMm: number): TriangleMesh {
  const all = { low: [1, 1, 1], high: [lattice.cells - 1, lattice.cells - 1, lattice.cells - 1] } as const;
  makeWellComposed(lattice, all);
  const net = surfaceNets(lattice, all, (corner) => fromChangeMm[corner]! < reachMm);
  relaxOnLattice(lattice, net, RELAXATION_ROUNDS);
  return triangulateNet(lattice, net);
}

/** A mesh with what every attempt to join it asks of it. */
interface BesideChange {
  readonly mesh: TriangleMesh;
  readonly edges: MeshEdges;
  readonly neighbours: VertexNeighbours;
  /** At its vertices: how far they are from the change, and by how much the field changes there. */
  readonly fromChangeMm: Float64Array;
  readonly changeMm: Float64Array;
}

function besideChange(mesh: TriangleMesh, { lattice, fromChangeMm, changeMm }: EditField): BesideChange {
  const edges = meshEdges(mesh);
  return {
    mesh,
    edges,
    neighbours: vertexNeighbours(mesh, edges),
    fromChangeMm: sampledAt(lattice, fromChangeMm, mesh, Infinity),
    changeMm: sampledAt(lattice, changeMm, mesh, 0),
  };
}

function join(
  surface: BesideChange,
  patch: BesideChange,
  near: number,
  far: number,
): EditedSurface | undefined {
  const old = cutAlongZero(surface.mesh, fromChanged(surface, far), surface.edges);
  const inner = cutAlongZero(
    patch.mesh,
    fromChanged(patch, near).map((value) => -value),
    patch.edges,
  );
  const kept = submesh(old.mesh, (face) => old.positive[face] === 1);
  const made = submesh(inner.mesh, (face) => inner.positive[face] === 1);
  const both = concatenateMeshes([kept.mesh, made.mesh]);
  const offset = vertexCount(kept.mesh);
  const pairs = pairLoops(
    both,
    findBoundaryLoops(kept.mesh),
    findBoundaryLoops(made.mesh).map((loop) => loop.map((vertex) => vertex + offset)),
    MOST_GAP_MM,
  );
  if (!pairs) return undefined;
  const strips = pairs.flatMap(([outer, inside]) => zipLoops(both, outer, inside));
  const triangles = new Uint32Array(both.triangles.length + strips.length);
  triangles.set(both.triangles);
  triangles.set(strips, both.triangles.length);
  const mesh = { positionsLpsMm: both.positionsLpsMm, triangles };
  const { watertight, nonManifoldVertices, misorientedEdges } = meshTopology(mesh);
  if (!watertight || nonManifoldVertices > 0 || misorientedEdges > 0) return undefined;
  const sourceVertex = new Int32Array(vertexCount(mesh)).fill(-1);
  kept.sourceVertex.forEach((source, vertex) => {
    if (source < vertexCount(surface.mesh)) sourceVertex[vertex] = source;
  });
  return { mesh, sourceVertex };
}

/**
 * For each vertex its distance from the change less a limit, negative in the parts that the edits change; a part that
 * merely lies near an edit, as the wall of the next lobe does, counts as far.
 */
function fromChanged(
  { neighbours: { start, neighbours }, fromChangeMm, changeMm }: BesideChange,
  limitMm: number,
): Float64Array {
  const values = new Float64Array(fromChangeMm.length).fill(1);
  const isSeen = new Uint8Array(values.length);
  const pending: number[] = [];
  for (let vertex = 0; vertex < values.length; vertex++) {
    if (Math.abs(changeMm[vertex]!) <= LEAST_CHANGE_MM || fromChangeMm[vertex]! >= limitMm) continue;
    isSeen[vertex] = 1;
    pending.push(vertex);
  }
  for (let vertex = pending.pop(); vertex !== undefined; vertex = pending.pop()) {
    values[vertex] = fromChangeMm[vertex]! - limitMm;
    for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) {
      const next = neighbours[slot]!;
      if (isSeen[next] === 1) continue;
      if (fromChangeMm[next]! < limitMm) {
        isSeen[next] = 1;
        pending.push(next);
      } else values[next] = Math.min(1, fromChangeMm[next]! - limitMm + 1e-9);
    }
  }
  return values;
}

/** Trilinear samples of values at a lattice's corners, at a mesh's vertices; `beyond` outside of the lattice. */
function sampledAt(
  lattice: FieldLattice,
  values: Float32Array,
  mesh: TriangleMesh,
  beyond: number,
): Float64Array {
  const { side, cells, cellMm } = lattice;
  const offsets = cornerOffsets(side);
  const origin = latticeToLps(lattice, [0, 0, 0]);
  const { positionsLpsMm: p } = mesh;
  const sampled = new Float64Array(vertexCount(mesh)).fill(beyond);
  for (let vertex = 0; vertex < sampled.length; vertex++) {
    const x = (p[3 * vertex]! - origin[0]) / cellMm;
    const y = (p[3 * vertex + 1]! - origin[1]) / cellMm;
    const z = (p[3 * vertex + 2]! - origin[2]) / cellMm;
    if (!(x >= 0 && y >= 0 && z >= 0 && x < cells && y < cells && z < cells)) continue;
    const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const first = i + side * (j + side * k);
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const wx = corner & 1 ? x - i : 1 - x + i;
      const wy = corner & 2 ? y - j : 1 - y + j;
      const wz = corner & 4 ? z - k : 1 - z + k;
      sum += wx * wy * wz * values[first + offsets[corner]!]!;
    }
    sampled[vertex] = sum;
  }
  return sampled;
}
