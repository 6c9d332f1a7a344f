import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { meshEdges } from '#shared/mesh/edges.ts';
import { signedVolumeMm3, surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { PatchedMesh } from '../mesh/patchedMesh.ts';
import { type MeshQuality, meshQuality } from '../mesh/quality.ts';
import { submesh } from '../mesh/submesh.ts';
import { sampleSurface } from '../mesh/surfaceSamples.ts';
import { buildTriangleTree, nearestOnMesh } from '../mesh/triangleTree.ts';
import { withInletExtension } from './inletExtension.ts';
import {
  checkEdgeLength,
  type LumenSurfaces,
  lumenPatches,
  PATCH,
  type PatchName,
  patchNames,
} from './lumenPatches.ts';
import { remeshSurface } from './remeshSurface.ts';

/** What every mesh keeps to; one that cannot is refused. */
const LEAST_ANGLE_DEGREES = 25;
const MOST_VOLUME_CHANGE = 0.005;

export interface SimulationMeshOptions {
  /** Mean length of the edges, mm. */
  readonly edgeMm: number;
  /** Length of a straight tube before the ostium, mm; 0: none. */
  readonly inletMm: number;
}

/** From the points of one surface to the nearest of another, mm. */
export interface Deviation {
  readonly meanMm: number;
  readonly maxMm: number;
}

export interface SimulationMeshReport {
  readonly edgeMm: number;
  readonly inletMm: number;
  readonly vertices: number;
  readonly faces: number;
  readonly patches: readonly {
    readonly id: number;
    readonly name: PatchName;
    readonly faces: number;
    readonly areaMm2: number;
  }[];
  /** Lengths of all edges, mm. */
  readonly edgesMm: {
    readonly min: number;
    readonly percentile5: number;
    readonly median: number;
    readonly mean: number;
    readonly percentile95: number;
    readonly max: number;
  };
  readonly minAngleDegrees: number;
  /** The angle that 99 % of the faces' smallest angles exceed. */
  readonly angle1PercentDegrees: number;
  /** Of the lumen, an inlet's tube included, mm³. */
  readonly volumeMm3: number;
  /** Against the surface that it was made of, percent. */
  readonly volumeChangePercent: number;
  /** Of the lumen's own patches, without an inlet's tube. */
  readonly deviation: { readonly toOriginal: Deviation; readonly fromOriginal: Deviation };
}

export interface SimulationMesh extends PatchedMesh {
  readonly report: SimulationMeshReport;
}

/**
 * A lumen as a watertight surface of nearly equilateral triangles, for simulation: wall and ostium as patches that share
 * the vertices of the rim, or wall, extension and inlet.
 * @throws UserError where the surface does not permit it, or edges of this length do not follow it; CancelledError
 */
export async function simulationMesh(
  surfaces: LumenSurfaces,
  { edgeMm, inletMm }: SimulationMeshOptions,
  job: JobOptions = {},
): Promise<SimulationMesh> {
  const original = lumenPatches(surfaces);
  const originalMm3 = signedVolumeMm3(original.mesh);
  checkEdgeLength(original, originalMm3, edgeMm);
  if (inletMm > 0 && !original.patchOfFace.includes(PATCH.ostium)) {
    throw new UserError(failure('remeshing.inlet-without-ostium'));
  }
  const steps = inletMm > 0 ? 2 : 1;
  const part = (index: number): JobOptions => ({
    ...job,
    onProgress: ({ stage, fraction }) => job.onProgress?.({ stage, fraction: (index + fraction) / steps }),
  });
  let result = await remeshSurface(original, { edgeMm, curved: new Set([PATCH.wall]) }, part(0));
  let expectedMm3 = originalMm3;
  if (inletMm > 0) {
    const extended = withInletExtension(result, inletMm, edgeMm);
    expectedMm3 += signedVolumeMm3(extended.mesh) - signedVolumeMm3(result.mesh);
    result = await remeshSurface(
      extended,
      {
        edgeMm,
        curved: new Set([PATCH.wall, PATCH.extension]),
        shapes: new Map([[PATCH.wall, patchMesh(original, PATCH.wall)]]),
      },
      part(1),
    );
  }
  const quality = meshQuality(result.mesh);
  const volumeChange = (quality.volumeMm3 ?? 0) / expectedMm3 - 1;
  checkResult(quality, volumeChange, { edgeMm, inletMm });
  return { ...result, report: reported(original, result, quality, volumeChange, { edgeMm, inletMm }) };
}

function checkResult(
  { manifold, watertight, selfIntersections, minAngleDegrees }: MeshQuality,
  volumeChange: number,
  { edgeMm, inletMm }: SimulationMeshOptions,
): void {
  if (selfIntersections > 0) {
    throw new UserError(
      inletMm > 0
        ? failure('remeshing.inlet-meets-wall', { inletMm })
        : failure('remeshing.folds-lost', { edgeMm }),
    );
  }
  if (!manifold || !watertight || !(minAngleDegrees > LEAST_ANGLE_DEGREES)) {
    throw new UserError(failure('remeshing.angles-too-small', { edgeMm, leastDegrees: LEAST_ANGLE_DEGREES }));
  }
  if (Math.abs(volumeChange) > MOST_VOLUME_CHANGE) {
    throw new UserError(failure('remeshing.volume-not-kept', { edgeMm, changePercent: 100 * volumeChange }));
  }
}

const patchMesh = ({ mesh, patchOfFace }: PatchedMesh, patch: number): TriangleMesh =>
  submesh(mesh, (face) => patchOfFace[face] === patch).mesh;

function reported(
  original: PatchedMesh,
  result: PatchedMesh,
  quality: MeshQuality,
  volumeChange: number,
  { edgeMm, inletMm }: SimulationMeshOptions,
): SimulationMeshReport {
  const { mesh, patchOfFace } = result;
  const patches = patchNames(result).map((name) => {
    const patch = patchMesh(result, PATCH[name]);
    return { id: PATCH[name], name, faces: faceCount(patch), areaMm2: surfaceAreaMm2(patch) };
  });
  const isLumen = (patch: number): boolean =>
    patch === PATCH.wall || (patch === PATCH.ostium && inletMm === 0);
  const own = submesh(mesh, (face) => isLumen(patchOfFace[face]!)).mesh;
  const source = submesh(original.mesh, (face) => isLumen(original.patchOfFace[face]!)).mesh;
  return {
    edgeMm,
    inletMm,
    vertices: vertexCount(mesh),
    faces: faceCount(mesh),
    patches,
    edgesMm: edgeLengths(mesh),
    minAngleDegrees: quality.minAngleDegrees,
    angle1PercentDegrees: quality.angle1PercentDegrees,
    volumeMm3: quality.volumeMm3 ?? 0,
    volumeChangePercent: 100 * volumeChange,
    deviation: { toOriginal: deviation(own, source), fromOriginal: deviation(source, own) },
  };
}

function edgeLengths(mesh: TriangleMesh): SimulationMeshReport['edgesMm'] {
  const { vertexPairs } = meshEdges(mesh);
  const { positionsLpsMm: p } = mesh;
  const lengths = Float64Array.from({ length: vertexPairs.length / 2 }, (_, edge) => {
    const [a, b] = [3 * vertexPairs[2 * edge]!, 3 * vertexPairs[2 * edge + 1]!];
    return Math.hypot(p[a]! - p[b]!, p[a + 1]! - p[b + 1]!, p[a + 2]! - p[b + 2]!);
  }).sort();
  const at = (share: number): number => lengths[Math.round(share * (lengths.length - 1))]!;
  return {
    min: at(0),
    percentile5: at(0.05),
    median: at(0.5),
    mean: lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
    percentile95: at(0.95),
    max: at(1),
  };
}

/** Points for distances are this dense: one for so many mm², and every vertex. */
const AREA_PER_POINT_MM2 = 0.1;

function deviation(from: TriangleMesh, to: TriangleMesh): Deviation {
  const tree = buildTriangleTree(to);
  const distanceOf = (p: Float32Array, at: number): number =>
    nearestOnMesh(tree, p[at]!, p[at + 1]!, p[at + 2]!).distanceMm;
  const { pointsLpsMm, areasMm2 } = sampleSurface(from, AREA_PER_POINT_MM2);
  let [integral, area, maxMm] = [0, 0, 0];
  areasMm2.forEach((weight, index) => {
    const distanceMm = distanceOf(pointsLpsMm, 3 * index);
    integral += weight * distanceMm;
    area += weight;
    maxMm = Math.max(maxMm, distanceMm);
  });
  for (let at = 0; at < from.positionsLpsMm.length; at += 3) {
    maxMm = Math.max(maxMm, distanceOf(from.positionsLpsMm, at));
  }
  return { meanMm: integral / area, maxMm };
}
