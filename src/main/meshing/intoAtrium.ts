import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { type LeftAtriumField, valueAt } from '#shared/anatomy/surroundings.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import {
  add,
  addScaled,
  cross,
  distance,
  dot,
  normalize,
  perpendicular,
  scale,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createFieldLattice, latticeToLps } from '../surface/field/fieldLattice.ts';
import { largestPiece } from './afterEdits.ts';
import { continuedLumen } from './continuedLumen.ts';
import { joinedToField } from './editedSurface.ts';
import { changedField, distanceField } from './editField.ts';
import { SHARP_EDGE } from './ownCap.ts';
import { cutAndMeasure } from './recut.ts';

/** So far beyond the surface's own end the atrium is followed, mm. */
export const MOST_INTO_ATRIUM_MM = 10;
/** A plane that leaves the own end by less than this is the own end's: the wall is continued straight, mm. */
const LEAST_INTO_ATRIUM_MM = 0.75;
/**
 * How the lumen is continued, until the new part can be joined: straight so far into what the field calls atrium, which is
 * coarse and may end before the rim, and on a lattice of this cell, mm.
 */
const ATTEMPTS: readonly { readonly overlapMm: number; readonly cellMm: number }[] = [
  { overlapMm: 1.5, cellMm: 0.6 },
  { overlapMm: 1.5, cellMm: 0.5 },
  { overlapMm: 2.5, cellMm: 0.55 },
  { overlapMm: 1, cellMm: 0.65 },
];
/** What lies this far behind the plane is there to be cut, mm. */
const BEHIND_MM = 2.5;
const BOUND_MM = 1.5;
/** A place of the rim that lies deeper in the atrium than this is on no wall, mm. */
const OPEN_MM = 1;
/** Where more of the rim than this is on no wall, the section is the atrium's and no ostium. */
const MOST_OPEN_SHARE = 0.5;

/** The own end of a closed surface: its wall without the cap, and the plane of that. */
export interface OwnEnd {
  readonly closed: TriangleMesh;
  readonly wall: TriangleMesh;
  readonly ostiumPlane: OstiumPlane;
}

/** How far the farthest place of an own end's rim lies beyond a plane, mm; below 0 the plane cuts all of the wall. */
function beyondOwnEndMm({ wall }: OwnEnd, plane: OstiumPlane): number {
  const normal = normalize(plane.normal);
  return Math.max(...rimOf(wall).map((point) => dot(subtract(point, plane.pointLpsMm), normal)));
}

const rimOf = (wall: TriangleMesh): Vec3[] =>
  findBoundaryLoops(wall).flatMap((loop) => Array.from(loop, (vertex) => vertexLpsMm(wall, vertex)));

/** Whether a plane lies beyond a surface's own end, so that only the atrium can tell what it cuts. */
export const isIntoAtrium = (end: OwnEnd, plane: OstiumPlane): boolean =>
  beyondOwnEndMm(end, plane) > LEAST_INTO_ATRIUM_MM;

/**
 * How far a place lies outside of the funnel that opens by 45° from the own end's rim towards the atrium, mm; below 0
 * within it.
 */
export function funnelOf(end: OwnEnd): (pointLpsMm: Vec3) => number {
  const axis = normalize(end.ostiumPlane.normal);
  const u = perpendicular(axis);
  const v = cross(axis, u);
  const { pointLpsMm: origin } = end.ostiumPlane;
  const corners = new Float64Array(
    rimOf(end.wall).flatMap((point) => {
      const offset = subtract(point, origin);
      return [dot(offset, u), dot(offset, v)];
    }),
  );
  return (point) => {
    const offset = subtract(point, origin);
    const outsideMm = polygonDistanceMm(corners, dot(offset, u), dot(offset, v));
    return (outsideMm + dot(offset, axis)) / Math.SQRT2;
  };
}

/** Signed distance to a polygon of 2·n coordinates, negative inside. */
function polygonDistanceMm(corners: Float64Array, x: number, y: number): number {
  let isInside = false;
  let nearest = Infinity;
  let ax = corners.at(-2)!;
  let ay = corners.at(-1)!;
  for (let at = 0; at < corners.length; at += 2) {
    const bx = corners[at]!;
    const by = corners[at + 1]!;
    const ex = bx - ax;
    const ey = by - ay;
    const t = Math.max(0, Math.min(1, ((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey || 1)));
    const dx = x - ax - t * ex;
    const dy = y - ay - t * ey;
    nearest = Math.min(nearest, dx * dx + dy * dy);
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) isInside = !isInside;
    ax = bx;
    ay = by;
  }
  return isInside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
}

/**
 * Cuts a surface at a plane beyond its own end. Between that end and the plane the lumen goes on as far as the left atrium
 * does, whose wall is the zero level of its distance field, but no wider than a funnel of 45° from the rim: where the neck
 * has no wall any more, as past the ridge, nothing else would bound the section. What lies distal to the own end stays as
 * it is, but for some 3 mm at the rim.
 * @throws UserError where the plane is too far in the atrium, or most of its section's rim lies on no wall; CancelledError
 */
export function recutIntoAtrium(
  end: OwnEnd,
  atrium: LeftAtriumField,
  plane: OstiumPlane,
  isCut: boolean,
  signal?: AbortSignal,
): MeasuredAppendage {
  if (beyondOwnEndMm(end, plane) > MOST_INTO_ATRIUM_MM)
    throw new UserError(failure('meshing.too-far-into-atrium', { mostMm: MOST_INTO_ATRIUM_MM }));
  let extended: TriangleMesh | undefined;
  for (const { overlapMm, cellMm } of ATTEMPTS) {
    const tube = continuedLumen(end.wall, end.ostiumPlane, overlapMm);
    extended = tube && withAtrium(tube, end, atrium, plane, cellMm, signal);
    if (extended) break;
  }
  if (!extended) throw new UserError(failure('meshing.atrium-not-joined'));
  const cut = cutAndMeasure(extended, plane, isCut, SHARP_EDGE, signal);
  const openShare = shareOnNoWall(cut, atrium);
  if (openShare > MOST_OPEN_SHARE) throw new UserError(failure('meshing.opens-into-atrium'));
  const mm = dot(subtract(middleOf(rimOf(end.wall)), plane.pointLpsMm), normalize(plane.normal));
  return { ...cut, warnings: [failure('meshing.ostium-in-atrium', { mm, openShare }), ...cut.warnings] };
}

const middleOf = (points: readonly Vec3[]): Vec3 =>
  scale(
    points.reduce((sum, point) => add(sum, point)),
    1 / points.length,
  );

/** The share of a rim that lies deep in the atrium rather than on its wall. */
function shareOnNoWall({ rimLpsMm }: MeasuredAppendage, { grid, distancesMm }: LeftAtriumField): number {
  const rim = rimLpsMm ?? new Float32Array();
  let [openMm, allMm] = [0, 0];
  const place = (at: number): Vec3 => [rim[at]!, rim[at + 1]!, rim[at + 2]!];
  for (let at = 0, last = rim.length - 3; at < rim.length; last = at, at += 3) {
    const mm = distance(place(at), place(last));
    allMm += mm;
    if (valueAt(distancesMm, grid, place(at)) < -OPEN_MM) openMm += mm;
  }
  return openMm / allMm;
}

/** The tube's union with the atrium within the funnel, between the own end and a little behind the plane. */
function withAtrium(
  tube: TriangleMesh,
  end: OwnEnd,
  atrium: LeftAtriumField,
  plane: OstiumPlane,
  cellMm: number,
  signal: AbortSignal | undefined,
): TriangleMesh | undefined {
  const axis = normalize(end.ostiumPlane.normal);
  const normal = normalize(plane.normal);
  const rim = rimOf(end.wall);
  const middle = middleOf(rim);
  const deepMm = beyondOwnEndMm(end, plane) + BEHIND_MM;
  const wideMm = Math.max(...rim.map((point) => distance(point, middle))) + deepMm;
  const edgeMm = 2 * (wideMm + 3);
  const centreLpsMm = addScaled(middle, axis, -deepMm / 2);
  const lattice = createFieldLattice({ centreLpsMm, edgeMm }, Math.ceil(edgeMm / cellMm));
  const before = distanceField(tube, lattice, null, BOUND_MM);
  const outsideFunnelMm = funnelOf(end);
  const { side } = lattice;
  const [x0, y0, z0] = latticeToLps(lattice, [0, 0, 0]);
  const [ownX, ownY, ownZ] = end.ostiumPlane.pointLpsMm;
  const [planeX, planeY, planeZ] = plane.pointLpsMm;
  const changeMm = new Float32Array(before.length);
  // Half a million corners, of which few are changed: without arrays until one may be.
  for (let k = 0, corner = 0; k < side; k++) {
    const z = z0 + k * lattice.cellMm;
    for (let j = 0; j < side; j++) {
      const y = y0 + j * lattice.cellMm;
      for (let i = 0; i < side; i++, corner++) {
        const x = x0 + i * lattice.cellMm;
        const beforeMm = before[corner]!;
        const aboveOwn = (x - ownX) * axis[0] + (y - ownY) * axis[1] + (z - ownZ) * axis[2];
        if (aboveOwn >= beforeMm) continue;
        const beforePlane = (x - planeX) * normal[0] + (y - planeY) * normal[1] + (z - planeZ) * normal[2];
        const behindPlane = -beforePlane - BEHIND_MM;
        if (behindPlane >= beforeMm) continue;
        const point: Vec3 = [x, y, z];
        const value = valueAt(atrium.distancesMm, atrium.grid, point);
        // NaN where nothing is known of the atrium.
        if (!(value < BOUND_MM)) continue;
        const withoutFunnel = Math.max(-BOUND_MM, value, aboveOwn, behindPlane);
        // The funnel can but take away, and takes a look at each corner of the rim.
        if (withoutFunnel >= beforeMm) continue;
        const after = Math.max(withoutFunnel, outsideFunnelMm(point));
        changeMm[corner] = Math.min(0, after - beforeMm);
      }
    }
  }
  const joined = joinedToField(tube, changedField(lattice, before, changeMm), signal);
  return joined && largestPiece(joined).piece.mesh;
}
