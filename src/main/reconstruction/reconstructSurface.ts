import { submesh } from '#main/mesh/submesh.ts';
import { faceComponents } from '#main/mesh/topology.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { fillSmallHoles } from '../mesh/fillHoles.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { triangulateNet } from '../surface/extraction/quadMesh.ts';
import { surfaceNets } from '../surface/extraction/surfaceNets.ts';
import { relaxOnLattice } from '../surface/extraction/zeroSet.ts';
import { cornerOffsets, type FieldLattice } from '../surface/field/fieldLattice.ts';
import { keepAppendage, type LabelledPiece } from '../surface/field/lumenComponent.ts';
import { makeWellComposed } from '../surface/field/wellComposed.ts';
import { orientedNormals } from './orientedNormals.ts';
import { createPointGrid } from './pointGrid.ts';
import { poissonDiskSubset } from './poissonDisk.ts';
import { screenedPoisson } from './screenedPoisson.ts';

/** The numbers of Sørensen et al. (ISBI 2022), as far as they are published; the rest in millimetres. */
export interface ReconstructionOptions {
  /** Points that the cloud is resampled to. */
  readonly samples?: number;
  /** Cells per axis of the grid that the function is solved on; a power of two times 8. */
  readonly cells?: number;
  readonly screening?: number;
  /** A face stays where at least so many points … */
  readonly support?: number;
  /** … of the whole cloud lie within so many mm of its centre. */
  readonly supportRadiusMm?: number;
  /** Holes with a shorter rim are closed; the longest rim never is. */
  readonly holeRimMm?: number;
  readonly signal?: AbortSignal;
}

export interface ReconstructedSurface {
  /** The open wall, in LPS mm, normals outward. */
  readonly wall: TriangleMesh;
  /** What the function's zero set was before faces were taken away. */
  readonly closed: TriangleMesh;
  /** 1 for each face of `closed` that the cloud supports. */
  readonly supported: Uint8Array;
  /** How many points the cloud was resampled to. */
  readonly samples: number;
  /** The share of faces that the cloud did not support. */
  readonly removedShare: number;
  /** The share of the resampled points that have the wall near them: 1 where it follows the whole cloud. */
  readonly coveredShare: number;
}

/** A wall that leaves out more of its cloud than this is not the cloud's surface, and is not to be given as such. */
export const MIN_COVERED_SHARE = 0.5;

const RELAXATION_ROUNDS = 3;
/** Room between the cloud and the cube's faces, as a share of the cloud's largest extent. */
const MARGIN = 0.15;
/** A point is covered by a vertex of the wall within so many times the radius in which faces find their support. */
const COVERING_RADII = 5;

/**
 * From a dense cloud on a surface to a mesh: Poisson-disk resampling, oriented normals, screened Poisson
 * reconstruction, the component that most of the cloud lies on, removal of faces that the cloud does not support, holes filled. This is the
 * meshing of the NUDF paper; it loses detail and the rim where our own extraction keeps them (docs/method.md).
 * @param pointsLpsMm 3·N coordinates, LPS mm
 * @returns nothing where the cloud is too small to enclose anything
 */
export function reconstructSurface(
  pointsLpsMm: Float32Array,
  options: ReconstructionOptions = {},
): ReconstructedSurface | undefined {
  const {
    samples = 10_000,
    cells = 128,
    screening = 4,
    support = 2,
    supportRadiusMm = 0.35,
    holeRimMm = 10,
  } = options;
  const { signal } = options;
  if (pointsLpsMm.length < 3 * 16) return undefined;
  throwIfCancelled(signal);
  const chosen = poissonDiskSubset(pointsLpsMm, samples);
  const resampled = new Float32Array(3 * chosen.length);
  chosen.forEach((point, index) => {
    resampled.set(pointsLpsMm.subarray(3 * point, 3 * point + 3), 3 * index);
  });
  throwIfCancelled(signal);
  const { normals, areas } = orientedNormals(resampled);
  throwIfCancelled(signal);
  const lattice = screenedPoisson(
    { pointsLpsMm: resampled, normals, areasMm2: areas },
    frameRound(resampled),
    { cells, screening, ...withoutUndefined({ signal }) },
  );
  const { kept } = keepAppendage(lattice, pointsOn(lattice, resampled));
  if (!kept) return undefined;
  makeWellComposed(lattice, kept.boxIjk);
  const net = surfaceNets(lattice, kept.boxIjk);
  relaxOnLattice(lattice, net, RELAXATION_ROUNDS);
  const closed = largestComponent(triangulateNet(lattice, net));
  throwIfCancelled(signal);
  const supported = supportedFaces(closed, pointsLpsMm, support, supportRadiusMm);
  const trimmed = submesh(closed, (face) => supported[face] === 1).mesh;
  if (faceCount(trimmed) === 0) return undefined;
  const wall = fillSmallHoles(largestComponent(trimmed), holeRimMm);
  const removed = supported.reduce((sum, isSupported) => sum + 1 - isSupported, 0);
  return {
    wall,
    closed,
    supported,
    samples: chosen.length,
    removedShare: removed / supported.length,
    coveredShare: coveredShare(resampled, wall, COVERING_RADII * supportRadiusMm),
  };
}

/**
 * How many of the points lie on a piece's surface, counted in the corners of the cells that hold them. The largest piece
 * need not be the cloud's: a few stray points far away, where a network's distance vanishes too, may enclose more.
 */
function pointsOn(lattice: FieldLattice, points: Float32Array): (piece: LabelledPiece) => number {
  const { side, cells, cellMm, frame } = lattice;
  const offsets = cornerOffsets(side);
  const near = new Uint16Array(side ** 3);
  for (let at = 0; at < points.length; at += 3) {
    const cell = (axis: 0 | 1 | 2): number => {
      const along = (points[at + axis]! - frame.centreLpsMm[axis] + frame.edgeMm / 2) / cellMm;
      return Math.min(Math.max(Math.floor(along), 0), cells - 1);
    };
    const first = cell(0) + side * (cell(1) + side * cell(2));
    for (const offset of offsets) near[first + offset]!++;
  }
  return ({ corners }) => corners.reduce((sum, corner) => sum + near[corner]!, 0);
}

function frameRound(points: Float32Array): CropFrame {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let index = 0; index < points.length; index++) {
    low[index % 3] = Math.min(low[index % 3]!, points[index]!);
    high[index % 3] = Math.max(high[index % 3]!, points[index]!);
  }
  const centreLpsMm: Vec3 = [(low[0]! + high[0]!) / 2, (low[1]! + high[1]!) / 2, (low[2]! + high[2]!) / 2];
  const extent = Math.max(...high.map((value, axis) => value - low[axis]!));
  return { centreLpsMm, edgeMm: extent * (1 + 2 * MARGIN) };
}

/** The component with the most faces. */
function largestComponent(mesh: TriangleMesh): TriangleMesh {
  const { componentOfFace, count } = faceComponents(mesh);
  if (count <= 1) return mesh;
  const sizes = new Uint32Array(count);
  for (const component of componentOfFace) sizes[component]!++;
  const largest = sizes.indexOf(sizes.reduce((most, size) => Math.max(most, size), 0));
  return submesh(mesh, (face) => componentOfFace[face] === largest).mesh;
}

/** The share of the points that have a vertex of the mesh within the radius. */
function coveredShare(points: Float32Array, mesh: TriangleMesh, radiusMm: number): number {
  const grid = createPointGrid(mesh.positionsLpsMm, radiusMm);
  let covered = 0;
  for (let at = 0; at < points.length; at += 3) {
    covered += grid.countWithin(points[at]!, points[at + 1]!, points[at + 2]!, radiusMm, 1);
  }
  return covered / (points.length / 3);
}

/** 1 for each face with enough points of the cloud near its centre. */
function supportedFaces(
  mesh: TriangleMesh,
  cloud: Float32Array,
  support: number,
  radiusMm: number,
): Uint8Array {
  const grid = createPointGrid(cloud, radiusMm);
  const { positionsLpsMm: positions, triangles } = mesh;
  const supported = new Uint8Array(faceCount(mesh));
  for (let face = 0; face < supported.length; face++) {
    const centre = (axis: number): number =>
      (positions[3 * triangles[3 * face]! + axis]! +
        positions[3 * triangles[3 * face + 1]! + axis]! +
        positions[3 * triangles[3 * face + 2]! + axis]!) /
      3;
    if (grid.countWithin(centre(0), centre(1), centre(2), radiusMm, support) >= support) supported[face] = 1;
  }
  return supported;
}
