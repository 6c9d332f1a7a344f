import {
  collapseEdge,
  type EditableMesh,
  edgeLength,
  edgesOf,
  facesAtEdge,
  flipEdge,
  hasCorner,
  isBorderEdge,
  mayCollapse,
  neighboursOf,
  splitEdge,
  thirdCorner,
} from './editableMesh.ts';
import type { ReferenceSurface, SurfacePlace } from './referenceSurface.ts';
import { cosineOf, crossOf, smallestAngleDegrees } from './triangleShape.ts';

/*
 * The steps of isotropic explicit remeshing (Botsch and Kobbelt, A remeshing approach to multiresolution modeling, 2004):
 * long edges are split, short ones collapsed, valences evened by flips, vertices moved within the surface and put back
 * onto the one that is followed. Lines between patches stay where they are: their vertices move along them only.
 */

/** Edges longer than this times the chosen length are split, shorter than that collapsed: 4/3 and 4/5. */
const LONGEST = 4 / 3;
const SHORTEST = 4 / 5;
/** A face must not turn by more than this, as a cosine, in one step. */
const LEAST_TURN_COSINE = 0.5;

const before = new Float64Array(3);
const after = new Float64Array(3);

export function splitLongEdges(mesh: EditableMesh, edgeMm: number): void {
  const edges = edgesOf(mesh);
  const long = byLength(mesh, edges, (length) => length > LONGEST * edgeMm).reverse();
  for (const [a, b] of long) splitEdge(mesh, a, b);
}

/** @returns how many edges were collapsed */
export function collapseShortEdges(mesh: EditableMesh, edgeMm: number, reference: ReferenceSurface): number {
  const edges = edgesOf(mesh);
  let collapsed = 0;
  for (const [a, b] of byLength(mesh, edges, (length) => length < SHORTEST * edgeMm)) {
    if (mesh.facesAt[a]!.length === 0 || mesh.facesAt[b]!.length === 0) continue;
    // Earlier collapses may have made it longer, or taken it away.
    if (facesAtEdge(mesh, a, b) === undefined || edgeLength(mesh, a, b) >= SHORTEST * edgeMm) continue;
    const [removed, kept] = mesh.onBorder[a] === 1 && mesh.onBorder[b] === 0 ? [b, a] : [a, b];
    if (!mayCollapse(mesh, removed, kept)) continue;
    if (collapseTo(mesh, removed, kept, LONGEST * edgeMm, reference)) collapsed++;
  }
  return collapsed;
}

function byLength(
  mesh: EditableMesh,
  edges: readonly number[],
  isChosen: (length: number) => boolean,
): [number, number][] {
  const chosen: { a: number; b: number; length: number }[] = [];
  for (let at = 0; at < edges.length; at += 2) {
    const [a, b] = [edges[at]!, edges[at + 1]!];
    const length = edgeLength(mesh, a, b);
    if (isChosen(length)) chosen.push({ a, b, length });
  }
  chosen.sort((one, other) => one.length - other.length || one.a - other.a || one.b - other.b);
  return chosen.map(({ a, b }) => [a, b]);
}

/** Collapses an edge to its middle, or to the end that lies on a border; not where a face would turn over or grow too long. */
function collapseTo(
  mesh: EditableMesh,
  removed: number,
  kept: number,
  longestMm: number,
  reference: ReferenceSurface,
): boolean {
  const { positions: p } = mesh;
  const own = [p[3 * kept]!, p[3 * kept + 1]!, p[3 * kept + 2]!];
  const staysPut = mesh.onBorder[kept] === 1 && mesh.onBorder[removed] === 0;
  if (!staysPut) {
    const middle = [0, 1, 2].map((axis) => (own[axis]! + p[3 * removed + axis]!) / 2);
    const place = placeOf(mesh, kept, middle, reference);
    for (let axis = 0; axis < 3; axis++) p[3 * kept + axis] = place[axis]!;
  }
  const isFine =
    neighboursOf(mesh, removed).every(
      (vertex) => vertex === kept || edgeLength(mesh, vertex, kept) <= longestMm,
    ) &&
    facesKeepTheirSide(mesh, removed, kept, kept, own) &&
    (staysPut || facesKeepTheirSide(mesh, kept, removed, kept, own));
  if (isFine) {
    collapseEdge(mesh, removed, kept);
    return true;
  }
  for (let axis = 0; axis < 3; axis++) p[3 * kept + axis] = own[axis]!;
  return false;
}

/** Whether the faces at a vertex, but those at the edge, look the same way once the vertex lies where `kept` does now. */
function facesKeepTheirSide(
  mesh: EditableMesh,
  vertex: number,
  partner: number,
  kept: number,
  keptBefore: readonly number[],
): boolean {
  const { positions: p, corners } = mesh;
  for (const face of mesh.facesAt[vertex]!) {
    if (hasCorner(mesh, face, partner)) continue;
    const [a, b, c] = [corners[3 * face]!, corners[3 * face + 1]!, corners[3 * face + 2]!];
    const to = (v: number): number => (v === vertex ? kept : v);
    crossOf(p, to(a), to(b), to(c), after);
    const now = [p[3 * kept]!, p[3 * kept + 1]!, p[3 * kept + 2]!];
    for (let axis = 0; axis < 3; axis++) p[3 * kept + axis] = keptBefore[axis]!;
    crossOf(p, a, b, c, before);
    for (let axis = 0; axis < 3; axis++) p[3 * kept + axis] = now[axis]!;
    if (cosineOf(before, after) < LEAST_TURN_COSINE) return false;
  }
  return true;
}

/** Six neighbours everywhere, as far as flips bring them; none where the surface would fold or a triangle become worse. */
export function evenValences(mesh: EditableMesh): void {
  flipWhere(mesh, (a, b, c, d) => {
    const off = (vertex: number, change: number): number =>
      Math.abs(mesh.facesAt[vertex]!.length + change - 6);
    const now = off(a, 0) + off(b, 0) + off(c, 0) + off(d, 0);
    return off(a, -1) + off(b, -1) + off(c, 1) + off(d, 1) < now && angleAfterFlip(mesh, a, b, c, d) > 15;
  });
}

/** Flips that raise the smaller of two triangles' smallest angles, all over the mesh, until there is none. */
export function flipForAngles(mesh: EditableMesh): void {
  for (let round = 0; round < 4; round++) {
    const flipped = flipWhere(mesh, (a, b, c, d) => {
      const now = Math.min(
        smallestAngleDegrees(mesh.positions, a, b, c),
        smallestAngleDegrees(mesh.positions, a, b, d),
      );
      return now < 32 && angleAfterFlip(mesh, a, b, c, d) > now + 0.5;
    });
    if (flipped === 0) return;
  }
}

const angleAfterFlip = ({ positions }: EditableMesh, a: number, b: number, c: number, d: number): number =>
  Math.min(smallestAngleDegrees(positions, c, d, a), smallestAngleDegrees(positions, c, d, b));

const crosses = [new Float64Array(3), new Float64Array(3), new Float64Array(3), new Float64Array(3)] as const;

/** Flips edges a–b, with c and d opposite, where that is wanted and bends the surface no more than it is. */
function flipWhere(
  mesh: EditableMesh,
  isWanted: (a: number, b: number, c: number, d: number) => boolean,
): number {
  const edges = edgesOf(mesh);
  let flipped = 0;
  for (let at = 0; at < edges.length; at += 2) {
    const [a, b] = [edges[at]!, edges[at + 1]!];
    const faces = facesAtEdge(mesh, a, b);
    if (faces === undefined || mesh.patchOfFace[faces[0]] !== mesh.patchOfFace[faces[1]]) continue;
    if (mesh.facesAt[a]!.length <= 3 || mesh.facesAt[b]!.length <= 3) continue;
    const c = thirdCorner(mesh, faces[0], a, b);
    const d = thirdCorner(mesh, faces[1], a, b);
    if (!isWanted(a, b, c, d) || !isFlatEnough(mesh, faces, a, b, c, d)) continue;
    if (flipEdge(mesh, a, b)) flipped++;
  }
  return flipped;
}

function isFlatEnough(
  { positions: p, corners }: EditableMesh,
  [f, g]: readonly [number, number],
  a: number,
  b: number,
  c: number,
  d: number,
): boolean {
  const [ofF, ofG, first, second] = crosses;
  const direction = (face: number, out: Float64Array, from: number, to: number): void => {
    const swap = (vertex: number): number => (vertex === from ? to : vertex);
    crossOf(p, swap(corners[3 * face]!), swap(corners[3 * face + 1]!), swap(corners[3 * face + 2]!), out);
  };
  direction(f, ofF, -1, -1);
  direction(g, ofG, -1, -1);
  // As flipEdge will have them.
  direction(f, first, b, d);
  direction(g, second, a, c);
  const bend = cosineOf(ofF, ofG);
  return (
    cosineOf(first, second) > Math.min(LEAST_TURN_COSINE, bend) &&
    [first, second].every((cross) => cosineOf(cross, ofF) > 0.2 && cosineOf(cross, ofG) > 0.2)
  );
}

const place: SurfacePlace = { x: 0, y: 0, z: 0, nx: 0, ny: 0, nz: 0 };

/** The place of a vertex on the surface that is followed, nearest to a point. */
export function placeOf(
  mesh: EditableMesh,
  vertex: number,
  [x, y, z]: readonly number[],
  reference: ReferenceSurface,
): readonly number[] {
  if (mesh.onBorder[vertex] === 1) {
    return reference.nearestOnBorder(patchesAt(mesh, vertex), x!, y!, z!);
  }
  reference.nearestInPatch(mesh.patchOfFace[mesh.facesAt[vertex]![0]!]!, x!, y!, z!, place);
  return [place.x, place.y, place.z];
}

function patchesAt({ patchOfFace, facesAt }: EditableMesh, vertex: number): [number, number] {
  const first = patchOfFace[facesAt[vertex]![0]!]!;
  const other = facesAt[vertex]!.find((face) => patchOfFace[face] !== first)!;
  return [first, patchOfFace[other]!];
}

/**
 * Moves every vertex towards the middle of its faces, by area, within the surface, and puts it back onto the one that is
 * followed; those on a line between patches to the middle of their two neighbours along it.
 */
export function relaxVertices(mesh: EditableMesh, reference: ReferenceSurface): void {
  const { facesAt } = mesh;
  for (let vertex = 0; vertex < facesAt.length; vertex++) {
    if (facesAt[vertex]!.length === 0) continue;
    const target =
      mesh.onBorder[vertex] === 1 ? middleAlongBorder(mesh, vertex) : middleOfFaces(mesh, vertex);
    if (target !== undefined) moveVertex(mesh, vertex, placeOf(mesh, vertex, target, reference));
  }
}

function middleAlongBorder(mesh: EditableMesh, vertex: number): number[] | undefined {
  const [a, b] = neighboursOf(mesh, vertex).filter((other) => isBorderEdge(mesh, vertex, other));
  if (a === undefined || b === undefined) return undefined;
  return [0, 1, 2].map((axis) => (mesh.positions[3 * a + axis]! + mesh.positions[3 * b + axis]!) / 2);
}

/** The faces' middles, weighted by area, without what leads out of the surface. */
function middleOfFaces({ positions: p, corners, facesAt }: EditableMesh, vertex: number): number[] {
  const normal = [0, 0, 0];
  const middle = [0, 0, 0];
  let sum = 0;
  for (const face of facesAt[vertex]!) {
    const [a, b, c] = [corners[3 * face]!, corners[3 * face + 1]!, corners[3 * face + 2]!];
    crossOf(p, a, b, c, after);
    const area = Math.sqrt(after[0]! ** 2 + after[1]! ** 2 + after[2]! ** 2);
    for (let axis = 0; axis < 3; axis++) {
      normal[axis]! += after[axis]!;
      middle[axis]! += (area * (p[3 * a + axis]! + p[3 * b + axis]! + p[3 * c + axis]!)) / 3;
    }
    sum += area;
  }
  const length = Math.hypot(...normal);
  const own = [p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!];
  if (sum === 0 || length === 0) return own;
  const step = middle.map((value, axis) => value / sum - own[axis]!);
  const out = step.reduce((total, value, axis) => total + (value * normal[axis]!) / length, 0);
  return step.map((value, axis) => own[axis]! + value - (out * normal[axis]!) / length);
}

/** Moves a vertex unless one of its faces would turn over or be squashed; half of the way where only that is free. */
export function moveVertex(mesh: EditableMesh, vertex: number, target: readonly number[]): boolean {
  const { positions: p, corners, facesAt } = mesh;
  const own = [p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!];
  const put = (point: readonly number[]): void => {
    for (let axis = 0; axis < 3; axis++) p[3 * vertex + axis] = point[axis]!;
  };
  const isFree = facesAt[vertex]!.every((face) => {
    const [a, b, c] = [corners[3 * face]!, corners[3 * face + 1]!, corners[3 * face + 2]!];
    put(own);
    crossOf(p, a, b, c, before);
    put(target);
    crossOf(p, a, b, c, after);
    return cosineOf(before, after) > LEAST_TURN_COSINE;
  });
  if (!isFree) put(own);
  return isFree;
}
