import { capLoop, fanLoop } from '#main/mesh/capLoop.ts';
import { fillSmallHoles, loopLengthMm } from '#main/mesh/fillHoles.ts';
import { meshQuality } from '#main/mesh/quality.ts';
import { flipped, submesh } from '#main/mesh/submesh.ts';
import { faceComponents, findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import { fitPlane } from '#shared/anatomy/plane.ts';
import { distance, dot, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { faceCross, signedVolumeMm3, vertexLpsMm } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { CropFrame } from '../cropFrame.ts';
import { type ExtractedAppendage, measured, type NoAppendage } from '../extraction/extractAppendage.ts';
import type { NoOstium, OstiumSplit } from '../extraction/splitAtOstium.ts';
import { evaluateInChunks, type FieldFunction } from '../field/fieldFunction.ts';
import type { LumenPiece } from '../field/lumenComponent.ts';
import { normalizedPositions, type OpenSheetOptions, openSheets } from './openSheets.ts';

/** Holes with a shorter rim are the field's, not anatomy, mm. */
const HOLE_RIM_MM = 10;
/** Sheets of less area are specks, mm². */
const LEAST_AREA_MM2 = 20;
/** An ellipse three times as long as wide has 1.22. */
const MOST_ROUNDABOUT = 1.4;
/** At this distance of its middle from the cube's centre a sheet counts half. */
const HALF_WEIGHT_DISTANCE_MM = 15;

/**
 * From an unsigned field to the appendage: of the sheets on which it vanishes the largest and most central, its small holes
 * filled. The ostium is its longest rim; the closed surface, and with it volume and depth, is closed by caps that span the
 * rims. Nothing else than the rim says where the appendage ends.
 * @throws CancelledError when the signal fires
 */
export async function extractOpenAppendage(
  field: FieldFunction,
  frame: CropFrame,
  options: OpenSheetOptions,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<ExtractedAppendage | NoAppendage> {
  const sheets = await openSheets(field, frame, options, signal, (done) => onProgress?.(0.9 * done));
  const { perLevel, vertices } = sheets.evaluatedPoints;
  const cellMm = frame.edgeMm / options.resolution;
  const found = await appendageOfSheets(sheets.mesh, field, frame, { cellMm, perLevel, vertices }, signal);
  onProgress?.(1);
  return found;
}

/** How open sheets were made. */
interface SheetMaking {
  /** Edge of the cells that they were drawn on, mm. */
  readonly cellMm: number;
  readonly perLevel: readonly number[];
  /** Evaluations beside those of the lattice. */
  readonly vertices: number;
}

/** The appendage of open sheets, wherever they come from; see {@link extractOpenAppendage}. */
export async function appendageOfSheets(
  mesh: TriangleMesh,
  field: FieldFunction,
  frame: CropFrame,
  { cellMm, perLevel, vertices }: SheetMaking,
  signal?: AbortSignal,
): Promise<ExtractedAppendage | NoAppendage> {
  const total = perLevel.reduce((sum, count) => sum + count, vertices);
  const [kept, ...others] = sheetsByWeight(mesh, frame);
  if (kept === undefined) {
    return { found: false, reason: 'no-appendage', evaluatedPoints: { perLevel, total } };
  }
  const { wall, closed, loops } = closedSheet(kept);
  const [rim] = loops;
  const piece = pieceOf(closed, frame, cellMm);
  const { unsignedMm } = await evaluateInChunks(field, normalizedPositions(closed, frame), signal);
  const ostium = rim === undefined ? NO_OSTIUM : measured(splitAtRim(wall, closed, rim, unsignedMm));
  const onWall = unsignedMm.subarray(0, wall.positionsLpsMm.length / 3);
  return {
    found: true,
    closed,
    surface: closed,
    unsignedMm,
    ostium,
    volumeMl: piece.volumeMl,
    quality: meshQuality(closed),
    keptPiece: piece,
    droppedPieces: others
      .map((sheet) => pieceOf(closedSheet(sheet).closed, frame, cellMm))
      .sort((a, b) => b.volumeMl - a.volumeMl),
    truncated: piece.touchesBorder,
    evaluatedPoints: { perLevel, vertices, total },
    residualMm: {
      mean: onWall.reduce((sum, value) => sum + value, 0) / Math.max(1, onWall.length),
      max: onWall.reduce((most, value) => Math.max(most, value), 0),
    },
    repairedCorners: 0,
    removedHandles: 0,
    open: { openings: loops.length, isRagged: isRagged(ostium) },
  };
}

/**
 * Whether a rim is much longer than one round its opening would be: about 1.05 times on phantoms, 1.9 on a scan that a
 * network did not know.
 */
const isRagged = (ostium: ExtractedAppendage['ostium']): boolean =>
  ostium.found &&
  lengthMm(ostium.rimLpsMm) > MOST_ROUNDABOUT * Math.PI * ostium.measures.areaDerivedDiameterMm;

/** The length of a closed line. */
const lengthMm = (line: readonly Vec3[]): number =>
  line.reduce((sum, point, index) => sum + distance(point, line[(index + 1) % line.length]!), 0);

const NO_OSTIUM: NoOstium = { found: false, reason: 'no-ostium' };

/** The sheets that are more than specks, the largest and most central first. */
function sheetsByWeight(mesh: TriangleMesh, { centreLpsMm }: CropFrame): TriangleMesh[] {
  const { componentOfFace, count } = faceComponents(mesh);
  const areas = new Float64Array(count);
  const middles = Array.from({ length: count }, (): [number, number, number] => [0, 0, 0]);
  for (let face = 0; face < faceCount(mesh); face++) {
    const area = Math.hypot(...faceCross(mesh, face)) / 2;
    const component = componentOfFace[face]!;
    const corner = vertexLpsMm(mesh, mesh.triangles[3 * face]!);
    areas[component]! += area;
    for (const axis of [0, 1, 2] as const) middles[component]![axis] += area * corner[axis];
  }
  const weight = (component: number): number => {
    const middle = scale(middles[component]!, 1 / areas[component]!);
    return areas[component]! / (1 + (distance(middle, centreLpsMm) / HALF_WEIGHT_DISTANCE_MM) ** 2);
  };
  return [...areas.keys()]
    .filter((component) => areas[component]! >= LEAST_AREA_MM2)
    .sort((a, b) => weight(b) - weight(a))
    .map((component) => submesh(mesh, (face) => componentOfFace[face] === component).mesh);
}

interface ClosedSheet {
  /** Small holes filled, normals outward. */
  readonly wall: TriangleMesh;
  /** The wall with caps over all its rims; its vertices come first. */
  readonly closed: TriangleMesh;
  /** The wall's rims, the longest first. */
  readonly loops: readonly Uint32Array[];
}

function closedSheet(sheet: TriangleMesh): ClosedSheet {
  const filled = fillSmallHoles(sheet, HOLE_RIM_MM);
  const wall = signedVolumeMm3(withCaps(filled)) < 0 ? flipped(filled) : filled;
  return { wall, closed: withCaps(wall), loops: rimsOf(wall) };
}

const rimsOf = (mesh: TriangleMesh): Uint32Array[] =>
  findBoundaryLoops(mesh).sort((a, b) => loopLengthMm(mesh, b) - loopLengthMm(mesh, a));

/** The mesh with its rims closed; a ragged rim that crosses itself, seen along its plane, gets a fan. */
function withCaps(mesh: TriangleMesh): TriangleMesh {
  const capped = rimsOf(mesh).reduce(capLoop, mesh);
  return meshTopology(capped).watertight ? capped : rimsOf(mesh).reduce(fanLoop, mesh);
}

function splitAtRim(
  wall: TriangleMesh,
  closed: TriangleMesh,
  rim: Uint32Array,
  unsignedMm: Float32Array,
): OstiumSplit {
  const rimLpsMm = Array.from(rim, (vertex) => vertexLpsMm(wall, vertex));
  const plane = fitPlane(rimLpsMm.flat());
  // Into the appendage: where the wall is.
  const towardsWall = subtract(meanOf(wall), plane.pointLpsMm);
  const planeNormal = dot(plane.normal, towardsWall) < 0 ? scale(plane.normal, -1) : plane.normal;
  const wallFaces = faceCount(wall);
  const cap = submesh(closed, (face) => face >= wallFaces);
  return {
    found: true,
    closed,
    wall,
    cap: cap.mesh,
    rimLpsMm,
    planePointLpsMm: plane.pointLpsMm,
    planeNormal,
    capPeakMm: cap.sourceVertex.reduce((most, vertex) => Math.max(most, unsignedMm[vertex]!), 0),
    rimShiftMm: 0,
  };
}

function meanOf({ positionsLpsMm }: TriangleMesh): Vec3 {
  const mean: [number, number, number] = [0, 0, 0];
  positionsLpsMm.forEach((value, index) => {
    mean[(index % 3) as 0 | 1 | 2] += (3 * value) / positionsLpsMm.length;
  });
  return mean;
}

function pieceOf(closed: TriangleMesh, frame: CropFrame, cellMm: number): LumenPiece {
  const limit = 1 - (6 * cellMm) / frame.edgeMm;
  return {
    volumeMl: Math.abs(signedVolumeMm3(closed)) / 1000,
    centroidLpsMm: meanOf(closed),
    touchesBorder: normalizedPositions(closed, frame).some((value) => Math.abs(value) > limit),
  };
}
