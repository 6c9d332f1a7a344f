import { geodesicDistances } from '#main/mesh/geodesic.ts';
import { submesh } from '#main/mesh/submesh.ts';
import { vertexNeighbours } from '#shared/mesh/edges.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { CropFrame } from '../cropFrame.ts';
import { averaged, contourSeeds, growth } from '../extraction/capFunction.ts';
import { triangulateNet } from '../extraction/quadMesh.ts';
import { type QuadNet, surfaceNets } from '../extraction/surfaceNets.ts';
import { relaxOnLattice } from '../extraction/zeroSet.ts';
import { evaluateAdaptively } from '../field/adaptiveEvaluation.ts';
import { evaluateInChunks, type FieldFunction } from '../field/fieldFunction.ts';
import { cornerOffsets, FAR_OUTSIDE_MM, type FieldLattice } from '../field/fieldLattice.ts';
import { makeWellComposed } from '../field/wellComposed.ts';
import { endedAlongZero } from './endedAlongZero.ts';
import { moveToValley } from './moveToValley.ts';
import { pseudoSigns } from './pseudoSigns.ts';

export interface OpenSheetOptions {
  /** Cells per axis of the finest level: 32 times a power of two. */
  readonly resolution: number;
  readonly chunkPoints?: number;
  readonly relaxationRounds?: number;
  /** Steps onto the bottom of the field, two evaluations a vertex each. Default 2. */
  readonly valleySteps?: number;
}

export interface OpenSheets {
  /** All sheets in one mesh, LPS mm, each consistently oriented; a manifold whose border are the rims. */
  readonly mesh: TriangleMesh;
  /** Unsigned distance at its vertices, mm. */
  readonly unsignedMm: Float32Array;
  readonly evaluatedPoints: { readonly perLevel: readonly number[]; readonly vertices: number };
  /** Whether a sheet runs into the cube's faces. */
  readonly touchesBorder: boolean;
}

/** Where the distance has grown by this from what it is on most of the surface, the surface has surely ended, mm. */
const END_RISE_MM = 0.5;
const MOST_END_MM = 1.2;
const RELAXATION_ROUNDS = 6;
const VALLEY_STEPS = 2;
/** The paper trains on distances clamped at 0.1 of half the cube's edge (3.5 of 35 mm); less what a network errs by. */
const CLAMP_SHARE = 0.085;
/** How far inward of the contour of `endMm` the rim may be looked for, mm. */
const RIM_REACH_MM = 4;

/**
 * The surfaces on which an *unsigned* field vanishes, open rims and all: the corners near the surface are given sides
 * (`pseudoSigns.ts`), the net is drawn where the sides change, moved to the bottom of the field, and cut where the
 * surface ends. The net goes on beyond a rim, midway between the two sides, while the distance grows there: the rim is
 * put as far inward of a contour beyond it as the distance took to grow to that.
 *
 * Worked example: a half sphere. The net continues past its equator as a cylinder on which the distance is the height
 * below it. The contour of 0.5 mm is a circle 0.5 mm below; the slope is 1, so the rim is 0.5 mm above it: the equator.
 * @throws CancelledError when the signal fires
 */
export async function openSheets(
  field: FieldFunction,
  frame: CropFrame,
  options: OpenSheetOptions,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<OpenSheets> {
  const { resolution } = options;
  const cellMm = frame.edgeMm / resolution;
  // Far enough beyond a rim that the contour lies on whole cells.
  const bandMm = MOST_END_MM + 2 * cellMm;
  const { lattice, evaluatedPoints } = await evaluateAdaptively(
    field,
    frame,
    {
      resolution,
      bandMm: bandMm + 2 * cellMm,
      clampMm: (CLAMP_SHARE * frame.edgeMm) / 2,
      ...withoutUndefined({ chunkPoints: options.chunkPoints }),
    },
    signal,
    (fraction) => onProgress?.(0.6 * fraction),
  );
  const { signs } = pseudoSigns(lattice, bandMm + cellMm);
  const signed = withSigns(lattice, signs);
  const net = netBetween(signed, signs);
  relaxOnLattice(signed, net, options.relaxationRounds ?? RELAXATION_ROUNDS);
  onProgress?.(0.7);
  const moved = await moveToValley(field, signed, net, options.valleySteps ?? VALLEY_STEPS, signal);
  onProgress?.(0.9);
  const whole = triangulateNet(signed, net);
  // Vertices of cells on the net's border may have no face.
  const used = submesh(whole, () => true);
  const values = Float64Array.from(used.sourceVertex, (vertex) => moved.unsignedMm[vertex]!);
  const mesh = endedAtRims(used.mesh, values);
  const samples = await evaluateInChunks(field, normalizedPositions(mesh, frame), signal);
  onProgress?.(1);
  return {
    mesh,
    unsignedMm: samples.unsignedMm,
    evaluatedPoints: { perLevel: evaluatedPoints, vertices: moved.evaluatedPoints + vertexCount(mesh) },
    touchesBorder: reachesFaces(mesh, frame, 3 * cellMm),
  };
}

/** A lattice of distances with the sides as their signs; far outside where no side is known. */
function withSigns(lattice: FieldLattice, signs: Int8Array): FieldLattice {
  const signedMm = lattice.signedMm.map((value, corner) => {
    const sign = signs[corner]!;
    // Never exactly zero: both sides must be told apart.
    return sign === 0 ? FAR_OUTSIDE_MM : sign * Math.max(value, 1e-3);
  });
  return { ...lattice, signedMm };
}

/** The net where the sides change, in cells all of whose corners have one. */
function netBetween(signed: FieldLattice, signs: Int8Array): QuadNet {
  const last = signed.side - 1;
  const box = { low: [0, 0, 0], high: [last, last, last] } as const;
  makeWellComposed(signed, box);
  const offsets = cornerOffsets(signed.side);
  return surfaceNets(signed, box, (first) => offsets.every((offset) => signs[first + offset] !== 0));
}

/** The mesh without what lies beyond the rims. */
function endedAtRims(mesh: TriangleMesh, unsignedMm: Float64Array): TriangleMesh {
  const floorMm = unsignedMm.toSorted()[unsignedMm.length >> 1] ?? 0;
  const endMm = Math.min(MOST_END_MM, floorMm + END_RISE_MM);
  const neighbours = vertexNeighbours(mesh);
  const level = unsignedMm.map((value) => value - endMm);
  const distances = geodesicDistances(mesh, contourSeeds(mesh, level), RIM_REACH_MM);
  const beyond = [...level.keys()].filter((vertex) => level[vertex]! > 0);
  if (beyond.length === 0) return mesh;
  // A floor rounds the distance off at the rim, as the hypotenuse of the two.
  const offset = Math.sqrt(endMm ** 2 - Math.min(floorMm, endMm) ** 2) / growth(beyond, level, distances);
  const values = level.map((value, vertex) => {
    const distance = Math.min(distances[vertex]!, RIM_REACH_MM);
    return offset + (value > 0 ? distance : -distance);
  });
  return endedAlongZero(mesh, averaged(values, neighbours, 2));
}

/** 3·N normalised coordinates of a mesh's vertices. */
export const normalizedPositions = ({ positionsLpsMm }: TriangleMesh, frame: CropFrame): Float32Array =>
  positionsLpsMm.map(
    (value, index) => ((value - frame.centreLpsMm[(index % 3) as 0 | 1 | 2]) * 2) / frame.edgeMm,
  );

const reachesFaces = (mesh: TriangleMesh, frame: CropFrame, withinMm: number): boolean =>
  normalizedPositions(mesh, frame).some((value) => Math.abs(value) > 1 - (2 * withinMm) / frame.edgeMm);
