import { findBoundaryLoops } from '#main/mesh/topology.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { untangle } from '../mesh/untangle.ts';
import { cutSurface, heightsMm } from './cutSurface.ts';
import { distalPart } from './distalPart.ts';
import { type DividedSurface, measureDivided } from './measured.ts';
import { type EndEdge, ownCap, SHARP_EDGE } from './ownCap.ts';

/** So far the lumen is continued straight where the plane lies outside of its own flat end, mm. */
const LARGEST_EXTENSION_MM = 6;
/** A plane that crosses nothing is still the own end's where it is this near, mm. */
const FLUSH_MM = 0.75;
/** An extension shorter than this is not worth a word, mm. */
const WARN_EXTENSION_MM = 0.75;
const WARN_EXTENSION_MM3 = 100;
const LEAST_MM3 = 100;

/**
 * Cuts a closed surface at a plane and measures what lies distal to it; see the folder's README for what that is.
 * @param closed one closed, outward manifold, LPS mm.
 * @param isCut the scan cuts the appendage: volume, depth and area are withheld.
 * @throws UserError where the plane misses the surface or leaves less than 0.1 mL; CancelledError.
 */
export function recutAppendage(
  closed: TriangleMesh,
  plane: OstiumPlane,
  isCut: boolean,
  signal?: AbortSignal,
): MeasuredAppendage {
  return cutAndMeasure(closed, plane, isCut, SHARP_EDGE, signal);
}

/** As recutAppendage, of a surface whose own end has the given kind of edge. */
export function cutAndMeasure(
  closed: TriangleMesh,
  plane: OstiumPlane,
  isCut: boolean,
  edge: EndEdge,
  signal?: AbortSignal,
): MeasuredAppendage {
  throwIfCancelled(signal);
  const divided = divideAtPlane(closed, unitNormal(plane), edge);
  throwIfCancelled(signal);
  let measured = measureDivided(divided, isCut);
  if (measured.mesh.selfIntersections > 0) measured = measureDivided(untangled(divided), isCut);
  const { watertight, manifold, components, outwardNormals, wallBoundaryLoops } = measured.mesh;
  const isSound = watertight && manifold && components === 1 && outwardNormals;
  if (!isSound || (wallBoundaryLoops !== null && wallBoundaryLoops !== 1))
    throw new UserError(failure('meshing.uncuttable'));
  return measured;
}

/** Smooths where faces pierce each other; the rim stays. */
function untangled(divided: DividedSurface): DividedSurface {
  const { closed, ostium } = divided;
  if (!ostium) return divided;
  const fixed = new Uint8Array(vertexCount(closed));
  // The wall's vertices are the closed surface's first ones.
  for (const loop of findBoundaryLoops(ostium.wall)) for (const vertex of loop) fixed[vertex] = 1;
  const positionsLpsMm = untangle(closed, { fixed }).mesh.positionsLpsMm.slice();
  fixed.forEach((isFixed, vertex) => {
    if (isFixed === 1)
      positionsLpsMm.set(closed.positionsLpsMm.subarray(3 * vertex, 3 * vertex + 3), 3 * vertex);
  });
  const wall = {
    positionsLpsMm: positionsLpsMm.slice(0, ostium.wall.positionsLpsMm.length),
    triangles: ostium.wall.triangles,
  };
  return { ...divided, closed: { positionsLpsMm, triangles: closed.triangles }, ostium: { ...ostium, wall } };
}

function unitNormal({ pointLpsMm, normal }: OstiumPlane): OstiumPlane {
  const norm = Math.hypot(...normal);
  return { pointLpsMm, normal: [normal[0] / norm, normal[1] / norm, normal[2] / norm] };
}

/** Cuts a closed surface at a plane and closes what is distal to it. */
export function divideAtPlane(
  closed: TriangleMesh,
  plane: OstiumPlane,
  edge: EndEdge = SHARP_EDGE,
): DividedSurface {
  const heights = heightsMm(closed, plane);
  let [lowest, highest] = [Infinity, -Infinity];
  for (const height of heights) {
    lowest = Math.min(lowest, height);
    highest = Math.max(highest, height);
  }
  if (highest <= 0) throw new UserError(failure('meshing.nothing-beyond-plane'));
  const cap = ownCap(closed, plane.normal, heights, edge);
  let outsideMm = 0;
  if (cap) {
    heights.forEach((height, vertex) => {
      if (cap.flat[vertex] === 1) outsideMm = Math.max(outsideMm, height);
    });
  }
  if (lowest > 0 && !(cap && outsideMm <= FLUSH_MM)) {
    // The plane does not reach the lumen: the surface keeps its own end.
    if (!cap) {
      const warnings = [failure('meshing.plane-misses-appendage')];
      return { closed, ostium: null, droppedPieces: 0, warnings };
    }
    const own = divideAtPlane(closed, cap.plane, edge);
    return {
      ...own,
      warnings: [failure('meshing.own-end-taken'), ...own.warnings],
    };
  }
  const isExtended = cap !== undefined && outsideMm > 0 && outsideMm <= LARGEST_EXTENSION_MM;
  const warnings: Failure[] = [];
  if (outsideMm > WARN_EXTENSION_MM) {
    warnings.push(
      isExtended
        ? failure('meshing.continued-to-plane', { outsideMm })
        : failure('meshing.plane-partly-outside'),
    );
  }
  const cut = cutSurface(closed, plane, heights, isExtended ? cap.vertices : undefined);
  if (!cut) throw new UserError(failure('meshing.plane-misses-lumen'));
  const part = distalPart(cut, plane);
  const dropped = part.droppedMm3.filter((volume) => volume >= WARN_EXTENSION_MM3);
  if (dropped.length > 0) {
    const total = dropped.reduce((sum, volume) => sum + volume, 0) / 1000;
    warnings.push(failure('meshing.cut-off-beside', { volumeMl: total }));
  }
  const volume = signedVolumeMm3(part.closed);
  if (volume < LEAST_MM3) throw new UserError(failure('meshing.too-little-left'));
  return {
    closed: part.closed,
    ostium: { wall: part.wall, rimLpsMm: part.rimLpsMm, plane },
    droppedPieces: part.droppedMm3.length,
    warnings,
  };
}
