import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { normalize } from '#shared/geometry/vec3.ts';
import { meshEdges, oppositeHalfEdges } from '#shared/mesh/edges.ts';
import { faceAreasMm2, signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { cutAlongZero } from '../../mesh/cutMesh.ts';
import { orientFaces } from '../../mesh/orientFaces.ts';
import { flipped, submesh } from '../../mesh/submesh.ts';
import { faceComponents, findBoundaryLoops, meshTopology } from '../../mesh/topology.ts';
import { divideAtPlane, flatEnd } from '../../meshing/index.ts';
import type { CaseDescription } from '../preparedCase.ts';
import type { LumenSurfaces } from './lumenSurfaces.ts';

/** What says where the appendage ends and the atrium begins. */
export interface Opening {
  /** The ostium's plane, its normal into the appendage. */
  readonly ostiumPlane?: OstiumPlane;
  /** Distance from a point to the atrium, mm, and how near counts as touching. */
  readonly atrium?: {
    readonly distanceMm: (x: number, y: number, z: number) => number;
    readonly touchMm: number;
  };
  /** Whether the closed surface is rounded where it ends, as one drawn from labels. */
  readonly isRounded?: boolean;
}

export interface OpenedLumen extends LumenSurfaces {
  readonly openedBy: CaseDescription['surface']['openedBy'];
  readonly warnings: readonly Failure[];
}

/** Pieces below this share of the whole area are left out without a word. */
const CRUMB = 0.01;

/**
 * The open wall and the closed lumen of a segmentation's surface. An open surface is the wall as it is; each of its
 * rims is closed for the lumen. A closed one is cut at the ostium's plane, or loses what touches the atrium, or else its
 * flat end. Faces that look the other way than their neighbours are turned over, and normals outward.
 * @throws UserError where the surface is no manifold with an outside, or no ostium is found
 */
export function openLumen(surface: TriangleMesh, opening: Opening): OpenedLumen {
  // Of the whole: where three faces meet at an edge the surface falls apart into pieces that look sound.
  const { nonManifoldEdges } = meshTopology(surface);
  const oriented = nonManifoldEdges > 0 ? undefined : orientFaces(surface);
  if (!oriented) throw new UserError(failure('preparation.surface-unsound', { nonManifoldEdges }));
  const { mesh, warnings } = largestPiece(oriented);
  const isOpen = findBoundaryLoops(mesh).length > 0;
  const shut = isOpen ? closeLoops(mesh) : mesh;
  const isInsideOut = signedVolumeMm3(shut) < 0;
  const closed = isInsideOut ? flipped(shut) : shut;
  const { ostiumPlane, atrium } = opening;
  if (ostiumPlane) return { ...atPlane(closed, ostiumPlane), openedBy: 'plane', warnings };
  if (isOpen) return { closed, wall: isInsideOut ? flipped(mesh) : mesh, openedBy: 'surface', warnings };
  if (atrium) return { ...atAtrium(closed, atrium), openedBy: 'atrium', warnings };
  const end = flatEnd(closed, opening.isRounded === true);
  if (!end) throw new UserError(failure('preparation.no-ostium'));
  return {
    closed,
    wall: submesh(closed, (face) => !hasAll(closed, face, end)).mesh,
    openedBy: 'flat-end',
    warnings,
  };
}

const hasAll = ({ triangles }: TriangleMesh, face: number, marked: Uint8Array): boolean =>
  marked[triangles[3 * face]!] === 1 &&
  marked[triangles[3 * face + 1]!] === 1 &&
  marked[triangles[3 * face + 2]!] === 1;

function largestPiece(mesh: TriangleMesh): { mesh: TriangleMesh; warnings: Failure[] } {
  const { componentOfFace, count } = faceComponents(mesh);
  if (count === 1) return { mesh, warnings: [] };
  const areas = componentAreas(mesh, componentOfFace, count);
  const largest = areas.indexOf(Math.max(...areas));
  const total = areas.reduce((sum, area) => sum + area, 0);
  const pieces = areas.filter((area, piece) => piece !== largest && area > CRUMB * total).length;
  return {
    mesh: submesh(mesh, (face) => componentOfFace[face] === largest).mesh,
    warnings: pieces > 0 ? [failure('preparation.pieces-left-out', { pieces })] : [],
  };
}

function componentAreas(mesh: TriangleMesh, componentOfFace: Int32Array, count: number): number[] {
  const areas = new Array<number>(count).fill(0);
  faceAreasMm2(mesh).forEach((area, face) => {
    areas[componentOfFace[face]!]! += area;
  });
  return areas;
}

/** Closes every rim of a surface by a fan round its middle; the surface's own vertices and faces come first, unchanged. */
export function closeLoops(mesh: TriangleMesh): TriangleMesh {
  const positions = Array.from(mesh.positionsLpsMm);
  const triangles = Array.from(mesh.triangles);
  for (const loop of findBoundaryLoops(mesh)) {
    const middle: [number, number, number] = [0, 0, 0];
    for (const vertex of loop) {
      for (let axis = 0; axis < 3; axis++) middle[axis]! += positions[3 * vertex + axis]! / loop.length;
    }
    const hub = positions.length / 3;
    positions.push(...middle);
    // The loop runs along the border's half-edges; the lid's run the other way.
    loop.forEach((vertex, index) => {
      triangles.push(loop[(index + 1) % loop.length]!, vertex, hub);
    });
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

function atPlane(closed: TriangleMesh, plane: OstiumPlane): LumenSurfaces {
  const divided = divideAtPlane(closed, { ...plane, normal: normalize(plane.normal) });
  if (!divided.ostium) throw new UserError(failure('preparation.plane-misses'));
  return { closed: divided.closed, wall: divided.ostium.wall };
}

/**
 * Divides a closed surface where it touches the atrium: the largest part within reach is the ostium, smaller ones are
 * wall that happens to lie against the atrium.
 */
function atAtrium(
  closed: TriangleMesh,
  { distanceMm, touchMm }: NonNullable<Opening['atrium']>,
): LumenSurfaces {
  const p = closed.positionsLpsMm;
  const values = Float64Array.from(
    { length: vertexCount(closed) },
    (_, vertex) => distanceMm(p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!) - touchMm,
  );
  const { mesh, positive } = cutAlongZero(closed, values);
  const isCap = largestRegion(mesh, (face) => positive[face] === 0);
  if (!isCap) throw new UserError(failure('preparation.atrium-apart'));
  const isWall = largestRegion(mesh, (face) => !isCap(face));
  if (!isWall) throw new UserError(failure('preparation.atrium-apart'));
  return { closed: mesh, wall: submesh(mesh, isWall).mesh };
}

/** The largest connected region of the faces that are meant, by area; undefined where there are none. */
function largestRegion(
  mesh: TriangleMesh,
  isMeant: (face: number) => boolean,
): ((face: number) => boolean) | undefined {
  const opposite = oppositeHalfEdges(meshEdges(mesh));
  // Borders between what is meant and what is not separate the regions.
  for (let h = 0; h < opposite.length; h++) {
    const other = opposite[h]!;
    if (other >= 0 && isMeant(Math.floor(h / 3)) !== isMeant(Math.floor(other / 3))) opposite[h] = -1;
  }
  const { componentOfFace, count } = faceComponents(mesh, opposite);
  const areas = componentAreas(mesh, componentOfFace, count);
  for (let face = 0; face < faceCount(mesh); face++) {
    if (!isMeant(face)) areas[componentOfFace[face]!] = 0;
  }
  const best = areas.indexOf(Math.max(...areas));
  return areas[best]! > 0 ? (face) => componentOfFace[face] === best : undefined;
}
