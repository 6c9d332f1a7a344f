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
 * The first face that a ray meets; of several that it meets in one place, as on an edge, the one that the tree has first.
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
  const { boxes, second, first, count, faces, mesh } = tree;
  const { positionsLpsMm: p, triangles } = mesh;
  const [ix, iy, iz] = [1 / dx, 1 / dy, 1 / dz];
  let best = Infinity;
  let bestSlot = -1;
  let depth = 0;
  if (faces.length > 0) {
    const near = whereMet(boxes, 0, x, y, z, ix, iy, iz);
    STACK[0] = 0;
    NEAR[0] = near;
    if (near >= 0) depth = 1;
  }
  while (depth > 0) {
    const node = STACK[--depth]!;
    if (NEAR[depth]! > withMargin(best)) continue;
    const other = second[node]!;
    if (other !== 0) {
      // The nearer box comes first: what is met in it mostly spares the other one.
      const near = whereMet(boxes, node + 1, x, y, z, ix, iy, iz);
      const far = whereMet(boxes, other, x, y, z, ix, iy, iz);
      const isOtherFirst = far >= 0 && far < near;
      if (near >= 0 && isOtherFirst) {
        STACK[depth] = node + 1;
        NEAR[depth++] = near;
      }
      if (far >= 0) {
        STACK[depth] = other;
        NEAR[depth++] = far;
      }
      if (near >= 0 && !isOtherFirst) {
        STACK[depth] = node + 1;
        NEAR[depth++] = near;
      }
      continue;
    }
    for (let slot = first[node]!; slot < first[node]! + count[node]!; slot++) {
      const face = faces[slot]!;
      if (face === ignored) continue;
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
      if (!(distance > NEAREST) || distance > best || (distance === best && slot > bestSlot)) continue;
      best = distance;
      bestSlot = slot;
    }
  }
  out.distance = best;
  out.face = bestSlot < 0 ? -1 : faces[bestSlot]!;
  return out;
}

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
    const crossings = countHits(tree, x, y, z, dx, dy, dz);
    if (crossings % 2 === 1) inside++;
    else outside++;
    if (inside === 2 || outside === 2) break;
  }
  return inside > outside;
}

/** How many faces a ray meets. */
function countHits(
  tree: TriangleTree,
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
): number {
  const { boxes, second, first, count, faces, mesh } = tree;
  const { positionsLpsMm: p, triangles } = mesh;
  const [ix, iy, iz] = [1 / dx, 1 / dy, 1 / dz];
  let hits = 0;
  let depth = 0;
  if (faces.length > 0) STACK[depth++] = 0;
  while (depth > 0) {
    const node = STACK[--depth]!;
    if (whereMet(boxes, node, x, y, z, ix, iy, iz) < 0) continue;
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
      if (distance > NEAREST && distance < Infinity) hits++;
    }
  }
  return hits;
}

/** A margin for rounding. */
const withMargin = (distance: number): number => distance * (1 + 1e-9) + 1e-9;

/**
 * Where a ray enters a node's box, in lengths of its direction, 0 where it begins within; −1 where it misses.
 * @param ix with iy and iz one over the direction; a direction of 0 gives infinities, which compare rightly
 */
function whereMet(
  boxes: Float32Array,
  node: number,
  x: number,
  y: number,
  z: number,
  ix: number,
  iy: number,
  iz: number,
): number {
  const b = 6 * node;
  const x0 = (boxes[b]! - x) * ix;
  const x1 = (boxes[b + 3]! - x) * ix;
  const y0 = (boxes[b + 1]! - y) * iy;
  const y1 = (boxes[b + 4]! - y) * iy;
  const z0 = (boxes[b + 2]! - z) * iz;
  const z1 = (boxes[b + 5]! - z) * iz;
  const near = Math.max(x0 < x1 ? x0 : x1, y0 < y1 ? y0 : y1, z0 < z1 ? z0 : z1, 0);
  const far = Math.min(x0 < x1 ? x1 : x0, y0 < y1 ? y1 : y0, z0 < z1 ? z1 : z0);
  return near <= withMargin(far) ? near : -1;
}

/** Nodes to be visited, and where the ray enters their boxes; a balanced tree over 2³² faces needs no more. */
const STACK = new Int32Array(128);
const NEAR = new Float64Array(128);
