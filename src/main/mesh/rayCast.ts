import { rayTriangle } from './rayTriangle.ts';
import type { TriangleTree } from './triangleTree.ts';

/** Where a ray meets a mesh. */
export interface RayHit {
  /** Along the ray, in lengths of its direction; Infinity where it meets nothing. */
  distance: number;
  face: number;
}

/** Below this share of the direction's length a hit is the surface that the ray starts on. */
const NEAREST = 1e-4;

/**
 * The first face that a ray meets.
 * @param ignored a face that does not count: the one that the ray starts on
 * @param out is written and returned
 */
export function firstHit(
  tree: TriangleTree,
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
  ignored = -1,
  out: RayHit = { distance: Infinity, face: -1 },
): RayHit {
  out.distance = Infinity;
  out.face = -1;
  visitHits(tree, x, y, z, dx, dy, dz, out, (face, distance) => {
    if (face === ignored || distance >= out.distance) return;
    out.distance = distance;
    out.face = face;
  });
  return out;
}

/** No limit to where faces are looked for. */
const EVERYWHERE: Readonly<RayHit> = { distance: Infinity, face: -1 };
/** Directions along no axis and no diagonal, for which edges are met by chance only. */
const DIRECTIONS = [
  [0.6941, 0.4302, 0.5774],
  [-0.3015, 0.9045, -0.3017],
  [0.1826, -0.3652, 0.9129],
] as const;

/**
 * Whether a point lies inside of a closed mesh: by the parity of the crossings of a ray; what two of three rays say is
 * believed, for one may pass through an edge.
 */
export function isInside(tree: TriangleTree, x: number, y: number, z: number): boolean {
  let inside = 0;
  let outside = 0;
  for (const [dx, dy, dz] of DIRECTIONS) {
    let crossings = 0;
    visitHits(tree, x, y, z, dx, dy, dz, EVERYWHERE, () => {
      crossings++;
    });
    if (crossings % 2 === 1) inside++;
    else outside++;
    if (inside === 2 || outside === 2) break;
  }
  return inside > outside;
}

/** Calls `visit` for the faces that a ray meets nearer than `limit.distance`, which may shrink meanwhile. */
function visitHits(
  tree: TriangleTree,
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
  limit: Readonly<RayHit>,
  visit: (face: number, distance: number) => void,
): void {
  const { boxes, second, first, count, faces, mesh } = tree;
  const { positionsLpsMm: p, triangles } = mesh;
  const [ix, iy, iz] = [1 / dx, 1 / dy, 1 / dz];
  let depth = 0;
  if (faces.length > 0) STACK[depth++] = 0;
  while (depth > 0) {
    const node = STACK[--depth]!;
    const b = 6 * node;
    // Where the ray is within the box's slabs; a direction of 0 gives infinities, which compare rightly.
    const x0 = (boxes[b]! - x) * ix;
    const x1 = (boxes[b + 3]! - x) * ix;
    const y0 = (boxes[b + 1]! - y) * iy;
    const y1 = (boxes[b + 4]! - y) * iy;
    const z0 = (boxes[b + 2]! - z) * iz;
    const z1 = (boxes[b + 5]! - z) * iz;
    const near = Math.max(x0 < x1 ? x0 : x1, y0 < y1 ? y0 : y1, z0 < z1 ? z0 : z1, 0);
    const far = Math.min(x0 < x1 ? x1 : x0, y0 < y1 ? y1 : y0, z0 < z1 ? z1 : z0, limit.distance);
    // A margin for rounding.
    if (!(near <= far * (1 + 1e-9) + 1e-9)) continue;
    if (second[node] !== 0) {
      STACK[depth++] = second[node]!;
      STACK[depth++] = node + 1;
      continue;
    }
    for (let slot = first[node]!; slot < first[node]! + count[node]!; slot++) {
      const face = faces[slot]!;
      const distance = rayTriangle(
        p,
        3 * triangles[3 * face]!,
        3 * triangles[3 * face + 1]!,
        3 * triangles[3 * face + 2]!,
        x,
        y,
        z,
        dx,
        dy,
        dz,
        false,
      );
      if (distance > NEAREST && distance < limit.distance) visit(face, distance);
    }
  }
}

/** Nodes to be visited; a balanced tree over 2³² faces needs no more. */
const STACK = new Int32Array(128);
