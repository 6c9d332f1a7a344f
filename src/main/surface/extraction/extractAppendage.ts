import { largestShell } from '#main/mesh/submesh.ts';
import { type CentreLine, centreLine } from '#shared/anatomy/centreLine.ts';
import { type LandingZone, landingZones } from '#shared/anatomy/landingZone.ts';

import { type MeasuredSection, measureSection } from '#shared/anatomy/sectionOutline.ts';

import type { Vec3 } from '#shared/geometry/vec3.ts';

import { signedVolumeMm3, surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { type MeshQuality, meshQuality } from '../../mesh/quality.ts';
import type { CropFrame } from '../cropFrame.ts';
import { evaluateAdaptively } from '../field/adaptiveEvaluation.ts';
import type { FieldFunction } from '../field/fieldFunction.ts';
import { cornerOffsets, type FieldLattice } from '../field/fieldLattice.ts';
import { keepAppendage, type LatticeBox, type LumenPiece } from '../field/lumenComponent.ts';
import { removeHandles } from '../field/removeHandles.ts';
import { makeWellComposed } from '../field/wellComposed.ts';
import { type CapPlane, planeOfCap, withPlanarCap } from './planarCap.ts';
import { handlesOfNet, triangulateNet } from './quadMesh.ts';
import {
  type NoOstium,
  type OstiumSplit,
  type SplitOptions,
  splitAtOstium,
  type UntangledSplit,
} from './splitAtOstium.ts';
import { surfaceNets } from './surfaceNets.ts';
import { moveToZeroSet, relaxOnLattice } from './zeroSet.ts';

export type { NoOstium, OstiumSplit, SplitOptions } from './splitAtOstium.ts';
export { splitAtOstium } from './splitAtOstium.ts';

export interface ExtractionOptions extends SplitOptions {
  /** Cells per axis of the finest level: 32 times a power of two. */
  readonly resolution: number;
  /** Refinement margin, see AdaptiveOptions. */
  readonly margin?: number;
  readonly chunkPoints?: number;
  /** Whether the ostium's cap is made plane, see planarCap.ts. Default true. */
  readonly planarCap?: boolean;
  /** Gives the plane that the cap is made, from the one that fits it and the rim of the look. Default: the one that fits. */
  readonly settleCap?: ((cap: CapPlane, rimLpsMm: readonly Vec3[]) => Promise<CapPlane>) | undefined;
  /** Rounds of tangential relaxation. Default 6. */
  readonly relaxationRounds?: number;
  /** Newton steps onto the field's zero set, one evaluation per vertex each. Default 2. */
  readonly newtonSteps?: number;
}

/** The ostium with all that is measured at it. */
export interface ExtractedOstium extends OstiumSplit, Omit<MeasuredSection, 'rimLpsMm'> {
  /** From the ostium's centre to the tip; undefined where the lumen is too small. */
  readonly centreLine: CentreLine | undefined;
  /** Where occluders land; those that the appendage has. */
  readonly landingZones: readonly LandingZone[];
  readonly wallAreaMm2: number;
}

export interface ExtractedAppendage {
  readonly found: true;
  /** The closed lumen, LPS mm: one component, watertight, outward normals. */
  readonly closed: TriangleMesh;
  /** Unsigned distance to the wall at the vertices of the surface before it was divided, mm (see `surface`). */
  readonly unsignedMm: Float32Array;
  /** The closed surface before it was divided at the rim; `unsignedMm` belongs to it. */
  readonly surface: TriangleMesh;
  readonly ostium: ExtractedOstium | NoOstium;
  readonly volumeMl: number;
  readonly quality: MeshQuality;
  /** The piece that was kept; `touchesBorder` says that the cube cuts it. */
  readonly keptPiece: LumenPiece;
  readonly droppedPieces: readonly LumenPiece[];
  /** The appendage reaches the cube's faces: volume and depth are not to be trusted. */
  readonly truncated: boolean;
  readonly evaluatedPoints: {
    readonly perLevel: readonly number[];
    readonly vertices: number;
    readonly total: number;
  };
  /** How far the vertices were from the field's zero set before the last step, mm. */
  readonly residualMm: { readonly mean: number; readonly max: number };
  /** Lattice corners turned inside to make the surface a manifold. */
  readonly repairedCorners: number;
  /** Handles of the lattice's inside that were cut or filled, see removeHandles.ts. */
  readonly removedHandles: number;
  /**
   * Present where the field has no sign: the surface itself is open, its rim is the ostium, and `closed` is closed by what
   * spans the rim. `openings` are all rims, the ostium's included. A rim that is ragged is no ostium, and what is measured
   * to a cap over it is nothing of the appendage's.
   */
  readonly open?: { readonly openings: number; readonly isRagged: boolean };
}

/** The signed field is nowhere negative: there is no appendage in the cube. */
export interface NoAppendage {
  readonly found: false;
  readonly reason: 'no-appendage';
  readonly evaluatedPoints: { readonly perLevel: readonly number[]; readonly total: number };
}

/** Cells per axis of the first look at the surface, from which the ostium's plane is taken. */
const PLANE_RESOLUTION = 64;

/**
 * From the two fields to the appendage's meshes and measures: first a coarse look that gives the ostium's plane, then
 * adaptive evaluation with the cap made plane, choice of one piece, closed manifold surface on the zero set, division
 * at the ostium, measuring.
 * @throws CancelledError when the signal fires.
 */
export async function extractAppendage(
  field: FieldFunction,
  frame: CropFrame,
  options: ExtractionOptions,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<ExtractedAppendage | NoAppendage> {
  if (options.planarCap === false) return extractOnce(field, frame, options, signal, onProgress);
  const look = await drawnOnce(
    field,
    frame,
    { ...options, resolution: PLANE_RESOLUTION },
    signal,
    (fraction) => onProgress?.(LOOK_SHARE * fraction),
  );
  if (!look.found) return look;
  const planar = look.split.found
    ? withPlanarCap(field, frame, await settledCap(look.split, options))
    : field;
  return extractOnce(planar, frame, options, signal, (fraction) =>
    onProgress?.(LOOK_SHARE + (1 - LOOK_SHARE) * fraction),
  );
}

const settledCap = async (ostium: OstiumSplit, { settleCap }: ExtractionOptions): Promise<CapPlane> => {
  const fitted = planeOfCap(ostium);
  return settleCap ? settleCap(fitted, ostium.rimLpsMm) : fitted;
};

/** The look's part of the progress. */
const LOOK_SHARE = 0.15;

/** The closed surface, divided at its ostium, of which nothing is measured yet. */
interface DrawnAppendage
  extends Omit<ExtractedAppendage, 'closed' | 'ostium' | 'volumeMl' | 'quality' | 'open'> {
  readonly split: UntangledSplit | NoOstium;
}

async function extractOnce(
  field: FieldFunction,
  frame: CropFrame,
  options: ExtractionOptions,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<ExtractedAppendage | NoAppendage> {
  const drawn = await drawnOnce(field, frame, options, signal, (fraction) => onProgress?.(0.9 * fraction));
  if (!drawn.found) return drawn;
  const { split, ...rest } = drawn;
  const closed = split.found ? split.closed : drawn.surface;
  const ostium = split.found ? measured(split) : split;
  onProgress?.(0.95);
  const quality = meshQuality(closed, split.found ? split.selfIntersections : undefined);
  onProgress?.(1);
  return { ...rest, closed, ostium, volumeMl: signedVolumeMm3(closed) / 1000, quality };
}

async function drawnOnce(
  field: FieldFunction,
  frame: CropFrame,
  options: ExtractionOptions,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<DrawnAppendage | NoAppendage> {
  const { resolution, relaxationRounds = 6, newtonSteps = 2 } = options;
  const { lattice, evaluatedPoints, insideBox } = await evaluateAdaptively(
    field,
    frame,
    {
      resolution,
      ...withoutUndefined({ margin: options.margin, chunkPoints: options.chunkPoints }),
    },
    signal,
    (fraction) => onProgress?.(0.8 * fraction),
  );
  const latticePoints = evaluatedPoints.reduce((sum, count) => sum + count, 0);
  const { kept, dropped } = keepAppendage(lattice, undefined, insideBox);
  if (!kept) {
    const counts = { perLevel: evaluatedPoints, total: latticePoints };
    return { found: false, reason: 'no-appendage', evaluatedPoints: counts };
  }
  const repairedCorners = makeWellComposed(lattice, kept.boxIjk);
  const { net, cutCells, removedHandles } = netWithoutHandles(lattice, kept.boxIjk);
  relaxOnLattice(lattice, net, relaxationRounds);
  const moved = await moveToZeroSet(field, lattice, net, newtonSteps, signal);
  onProgress?.(0.9);
  const shell = largestShell(triangulateNet(lattice, net));
  // Where a bridge was cut the fields see no wall, but no ostium either.
  const unsignedMm = new Float32Array(shell.sourceVertex.length);
  for (let at = 0; at < unsignedMm.length; at++) {
    const vertex = shell.sourceVertex[at]!;
    if (cutCells.size === 0 || !cutCells.has(net.cellOfVertex[vertex]!))
      unsignedMm[at] = moved.unsignedMm[vertex]!;
  }
  // Where the cube cuts the lumen there is no wall either, but no ostium: those vertices are held for wall.
  const split = splitAtOstium(shell.mesh, awayFromBorder(shell.mesh, unsignedMm, lattice), options);
  onProgress?.(1);
  return {
    found: true,
    surface: shell.mesh,
    unsignedMm,
    split,
    keptPiece: kept,
    droppedPieces: dropped,
    truncated: kept.touchesBorder,
    evaluatedPoints: {
      perLevel: evaluatedPoints,
      vertices: moved.evaluatedPoints,
      total: latticePoints + moved.evaluatedPoints,
    },
    residualMm: { mean: moved.meanResidualMm, max: moved.maxResidualMm },
    repairedCorners,
    removedHandles,
  };
}

/**
 * The net of a well-composed lattice, whose handles are removed where that takes little (see removeHandles.ts).
 * `cutCells` are the cells, by their first corner, at which a bridge was cut.
 */
function netWithoutHandles(lattice: FieldLattice, box: LatticeBox) {
  const net = surfaceNets(lattice, box);
  if (handlesOfNet(net) === 0) return { net, cutCells: new Set<number>(), removedHandles: 0 };
  const { cutCorners, removed } = removeHandles(lattice, box, () => handlesOfNet(surfaceNets(lattice, box)));
  const offsets = cornerOffsets(lattice.side);
  const cutCells = new Set(cutCorners.flatMap((corner) => offsets.map((offset) => corner - offset)));
  return { net: removed === 0 ? net : surfaceNets(lattice, box), cutCells, removedHandles: removed };
}

/** The unsigned distances with 0 for the vertices next to the cube's faces. */
function awayFromBorder(mesh: TriangleMesh, unsignedMm: Float32Array, lattice: FieldLattice): Float32Array {
  const { centreLpsMm, edgeMm } = lattice.frame;
  const limit = edgeMm / 2 - 2 * lattice.cellMm;
  const { positionsLpsMm: p } = mesh;
  const [x, y, z] = centreLpsMm;
  const away = unsignedMm.slice();
  for (let vertex = 0; vertex < away.length; vertex++) {
    const far = Math.max(
      Math.abs(p[3 * vertex]! - x),
      Math.abs(p[3 * vertex + 1]! - y),
      Math.abs(p[3 * vertex + 2]! - z),
    );
    if (far > limit) away[vertex] = 0;
  }
  return away;
}

/** A split with all that is measured at its ostium. */
export function measured(split: OstiumSplit): ExtractedOstium {
  const plane = { pointLpsMm: split.planePointLpsMm, normal: split.planeNormal };
  const { measures, rawPerimeterMm, longestSpurMm } = measureSection(split.rimLpsMm, plane);
  const line = centreLine(split.closed, measures.centreLpsMm, plane);
  return {
    ...split,
    measures,
    rawPerimeterMm,
    longestSpurMm,
    centreLine: line,
    landingZones: landingZones(split.closed, line, plane),
    wallAreaMm2: surfaceAreaMm2(split.wall),
  };
}
