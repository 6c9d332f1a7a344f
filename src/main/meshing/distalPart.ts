import { submesh } from '#main/mesh/submesh.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { triangulatePolygon } from '../mesh/triangulatePolygon.ts';
import { type CutSurface, type PlaneLoop, planeAxes } from './cutSurface.ts';
import { splitEdgesBetween } from './splitEdges.ts';

/** The part of a surface distal to its ostium, closed flat. */
export interface DistalPart {
  readonly closed: TriangleMesh;
  /** The same without the cap; one boundary loop. */
  readonly wall: TriangleMesh;
  readonly rimLpsMm: readonly Vec3[];
  /** What else lies distal to the plane and was left out, mm³ each. */
  readonly droppedMm3: readonly number[];
}

/** Folds of the wall that dip through the ostium end this far above its cap, mm. */
const LIFT_MM = 0.05;

/**
 * Takes what lies beyond the ostium: of the plane's contours the one round the plane's point, or else the one with the
 * most volume behind it. Only along that contour is the surface divided, for a lobe that folds back past the plane
 * elsewhere belongs to the appendage.
 */
export function distalPart(cut: CutSurface, plane: OstiumPlane): DistalPart {
  const ostium = ostiumLoop(cut);
  if (!ostium) throw new UserError(failure('meshing.plane-misses-lumen'));
  const { kept, closing } = keptRegions(cut, ostium);
  const { mesh } = cut;
  const open = submesh(mesh, (face) => kept[cut.regionOfFace[face]!] === 1);
  const newIndex = new Int32Array(vertexCount(mesh)).fill(-1);
  open.sourceVertex.forEach((source, vertex) => {
    newIndex[source] = vertex;
  });
  const onRim = new Uint8Array(vertexCount(open.mesh));
  for (const loop of [ostium, ...closing]) for (const source of loop.vertices) onRim[newIndex[source]!] = 1;
  let wall = splitEdgesBetween(open.mesh, onRim);
  for (const loop of closing) {
    const distalKept = kept[loop.distalRegion] === 1;
    const lift = isInside(ostium.flat, loop.flat) ? (distalKept ? LIFT_MM : -LIFT_MM) : 0;
    wall = withCap(wall, loop, newIndex, plane, lift, distalKept);
  }
  const closed = withCap(wall, ostium, newIndex, plane, 0, true);
  const rimLpsMm = ostium.vertices.map((source): Vec3 => {
    const at = 3 * newIndex[source]!;
    return [wall.positionsLpsMm[at]!, wall.positionsLpsMm[at + 1]!, wall.positionsLpsMm[at + 2]!];
  });
  const droppedMm3 = cut.regionVolumeMm3.filter(
    (volume, region) => cut.distal[region] && kept[region] === 0 && volume > 0,
  );
  return { closed, wall, rimLpsMm, droppedMm3 };
}

/** The plane's point is the origin of the contours' coordinates. */
function ostiumLoop({ loops, regionVolumeMm3 }: CutSurface): PlaneLoop | undefined {
  const outer = loops.filter((loop) => loop.signedAreaMm2 > 0 && loop.vertices.length >= 3);
  const size = (loop: PlaneLoop): number => regionVolumeMm3[loop.distalRegion]!;
  let best: PlaneLoop | undefined;
  let bestRound: PlaneLoop | undefined;
  for (const loop of outer) {
    if (!best || size(loop) > size(best)) best = loop;
    if (!containsPoint(loop.flat, 0, 0)) continue;
    if (!bestRound || loop.signedAreaMm2 < bestRound.signedAreaMm2) bestRound = loop;
  }
  return bestRound ?? best;
}

/** Walks from region to region through contours that do not bear on the ostium. */
function keptRegions(
  { loops, distal }: CutSurface,
  ostium: PlaneLoop,
): { kept: Uint8Array; closing: PlaneLoop[] } {
  const walk = (blocked: ReadonlySet<PlaneLoop>): Uint8Array => {
    const kept = new Uint8Array(distal.length);
    const queue = [ostium.distalRegion];
    kept[ostium.distalRegion] = 1;
    for (let region = queue.pop(); region !== undefined; region = queue.pop()) {
      for (const loop of loops) {
        if (blocked.has(loop)) continue;
        const other =
          loop.distalRegion === region
            ? loop.proximalRegion
            : loop.proximalRegion === region
              ? loop.distalRegion
              : -1;
        if (other < 0 || kept[other] === 1) continue;
        kept[other] = 1;
        queue.push(other);
      }
    }
    return kept;
  };
  // A contour within the ostium's would pierce the cap.
  let blocked = new Set([ostium, ...loops.filter((loop) => isInside(ostium.flat, loop.flat))]);
  let kept = walk(blocked);
  const bothSides = (loop: PlaneLoop): boolean =>
    kept[loop.distalRegion] === 1 && kept[loop.proximalRegion] === 1;
  if ([...blocked].some(bothSides)) {
    // A handle leads round the ostium: the plane then cuts everywhere.
    blocked = new Set(loops);
    kept = walk(blocked);
  }
  const closing = [...blocked].filter(
    (loop) => loop !== ostium && kept[loop.distalRegion] !== kept[loop.proximalRegion],
  );
  return { kept, closing };
}

/** Adds a flat cap over a contour, its vertices moved along the normal by `lift`. */
function withCap(
  mesh: TriangleMesh,
  loop: PlaneLoop,
  newIndex: Int32Array,
  plane: OstiumPlane,
  lift: number,
  facesAtrium: boolean,
): TriangleMesh {
  const { u, v } = planeAxes(plane);
  // Counter-clockwise for the triangulation; the cap runs along each rim edge against the wall's direction.
  const isPositive = loop.signedAreaMm2 > 0;
  const order = isPositive ? [...loop.vertices].reverse() : loop.vertices;
  const corners = new Float64Array(2 * order.length);
  for (let index = 0; index < order.length; index++) {
    const source = isPositive ? order.length - 1 - index : index;
    corners[2 * index] = loop.flat[2 * source]!;
    corners[2 * index + 1] = loop.flat[2 * source + 1]!;
  }
  const { points, triangles } = triangulatePolygon(corners, rimSpacing(corners));
  const before = vertexCount(mesh);
  const added = points.length / 2 - order.length;
  const positionsLpsMm = new Float32Array(3 * (before + added));
  positionsLpsMm.set(mesh.positionsLpsMm);
  for (let index = 0; index < added; index++) {
    const [x, y] = [points[2 * (order.length + index)]!, points[2 * (order.length + index) + 1]!];
    for (const axis of [0, 1, 2] as const) {
      positionsLpsMm[3 * (before + index) + axis] =
        plane.pointLpsMm[axis] + x * u[axis] + y * v[axis] + lift * plane.normal[axis];
    }
  }
  if (lift !== 0) {
    for (const source of order) {
      for (const axis of [0, 1, 2] as const)
        positionsLpsMm[3 * newIndex[source]! + axis]! += lift * plane.normal[axis];
    }
  }
  const vertexOf = (index: number): number =>
    index < order.length ? newIndex[order[index]!]! : before + index - order.length;
  const all = new Uint32Array(mesh.triangles.length + triangles.length);
  all.set(mesh.triangles);
  // Seen from the atrium the triangles are counter-clockwise as they are.
  const turned = facesAtrium === isPositive ? [0, 1, 2] : [0, 2, 1];
  for (let face = 0; face < triangles.length; face += 3) {
    turned.forEach((corner, place) => {
      all[mesh.triangles.length + face + place] = vertexOf(triangles[face + corner]!);
    });
  }
  return { positionsLpsMm, triangles: all };
}

/** A rim's edges are shorter than the surface's, for a plane cuts most faces' corners off. */
const EDGES_PER_RIM_EDGE = 1.4;

/** The surface's usual edge, but never so short that the cap has more faces than the wall. */
function rimSpacing(corners: Float64Array): number {
  let perimeter = 0;
  for (let index = 0, last = corners.length - 2; index < corners.length; last = index, index += 2) {
    perimeter += Math.hypot(corners[index]! - corners[last]!, corners[index + 1]! - corners[last + 1]!);
  }
  return Math.max((EDGES_PER_RIM_EDGE * perimeter) / (corners.length / 2), perimeter / 150);
}

function containsPoint(p: Float64Array, x: number, y: number): boolean {
  let inside = false;
  for (let index = 0, last = p.length - 2; index < p.length; last = index, index += 2) {
    const [ax, ay, bx, by] = [p[last]!, p[last + 1]!, p[index]!, p[index + 1]!];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/** Contours of one plane do not cross, so that one point stands for all. */
const isInside = (outer: Float64Array, inner: Float64Array): boolean =>
  outer !== inner && containsPoint(outer, inner[0]!, inner[1]!);
