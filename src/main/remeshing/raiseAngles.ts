import { type EditableMesh, edgeLength, isBorderEdge, neighboursOf } from './editableMesh.ts';
import { flipForAngles, placeOf } from './isotropicSteps.ts';
import type { ReferenceSurface } from './referenceSurface.ts';
import { smallestAngleDegrees } from './triangleShape.ts';

/** Triangles whose smallest angle is below this are worked on. */
const WANTED_DEGREES = 34;
/** Steps that are tried, as shares of the edges' length. */
const STEPS = [0.2, 0.1, 0.04];
const DIRECTIONS = 8;

/**
 * Raises the smallest angles: the vertices of the worst triangles are moved within the surface to where the smallest angle
 * round them is largest, and edges are flipped, a number of times.
 */
export function raiseSmallAngles(
  mesh: EditableMesh,
  reference: ReferenceSurface,
  edgeMm: number,
  rounds: number,
): void {
  for (let round = 0; round < rounds; round++) {
    flipForAngles(mesh);
    const vertices = verticesOfNarrowFaces(mesh);
    if (vertices.length === 0) return;
    for (const vertex of vertices) moveForAngle(mesh, vertex, reference, edgeMm);
  }
}

export function faceAngle({ positions, corners }: EditableMesh, face: number): number {
  return smallestAngleDegrees(positions, corners[3 * face]!, corners[3 * face + 1]!, corners[3 * face + 2]!);
}

function verticesOfNarrowFaces(mesh: EditableMesh): number[] {
  const found = new Set<number>();
  mesh.patchOfFace.forEach((_, face) => {
    if (mesh.corners[3 * face]! < 0 || faceAngle(mesh, face) >= WANTED_DEGREES) return;
    for (let corner = 3 * face; corner < 3 * face + 3; corner++) found.add(mesh.corners[corner]!);
  });
  return [...found];
}

/** The smallest angle of all faces at a vertex, degrees. */
const angleRound = (mesh: EditableMesh, vertex: number): number =>
  mesh.facesAt[vertex]!.reduce((least, face) => Math.min(least, faceAngle(mesh, face)), 180);

function moveForAngle(mesh: EditableMesh, vertex: number, reference: ReferenceSurface, edgeMm: number): void {
  const { positions: p } = mesh;
  const directions = mesh.onBorder[vertex] === 1 ? alongBorder(mesh, vertex) : withinSurface(mesh, vertex);
  let best = angleRound(mesh, vertex);
  for (const step of STEPS) {
    const own = [p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!];
    let bestPlace: readonly number[] = own;
    for (const direction of directions) {
      const aim = own.map((value, axis) => value + step * edgeMm * direction[axis]!);
      const place = placeOf(mesh, vertex, aim, reference);
      for (let axis = 0; axis < 3; axis++) p[3 * vertex + axis] = place[axis]!;
      const angle = angleRound(mesh, vertex);
      if (angle > best + 0.01) {
        best = angle;
        bestPlace = place;
      }
    }
    for (let axis = 0; axis < 3; axis++) p[3 * vertex + axis] = bestPlace[axis]!;
  }
}

function alongBorder(mesh: EditableMesh, vertex: number): number[][] {
  return neighboursOf(mesh, vertex)
    .filter((other) => isBorderEdge(mesh, vertex, other))
    .map((other) => {
      const length = edgeLength(mesh, vertex, other) || 1;
      return [0, 1, 2].map(
        (axis) => (mesh.positions[3 * other + axis]! - mesh.positions[3 * vertex + axis]!) / length,
      );
    });
}

/** Unit vectors round a vertex: within the plane of one of its faces, which is near enough. */
function withinSurface({ positions: p, corners, facesAt }: EditableMesh, vertex: number): number[][] {
  const face = facesAt[vertex]![0]!;
  const [a, b, c] = [corners[3 * face]!, corners[3 * face + 1]!, corners[3 * face + 2]!];
  const u = [0, 1, 2].map((axis) => p[3 * b + axis]! - p[3 * a + axis]!);
  const w = [0, 1, 2].map((axis) => p[3 * c + axis]! - p[3 * a + axis]!);
  const uu = u.reduce((sum, value) => sum + value * value, 0) || 1;
  const uw = u.reduce((sum, value, axis) => sum + value * w[axis]!, 0);
  const v = w.map((value, axis) => value - (uw / uu) * u[axis]!);
  const [lengthU, lengthV] = [Math.sqrt(uu), Math.hypot(...v) || 1];
  return Array.from({ length: DIRECTIONS }, (_, index) => {
    const angle = (2 * Math.PI * index) / DIRECTIONS;
    return [0, 1, 2].map(
      (axis) => (Math.cos(angle) * u[axis]!) / lengthU + (Math.sin(angle) * v[axis]!) / lengthV,
    );
  });
}
