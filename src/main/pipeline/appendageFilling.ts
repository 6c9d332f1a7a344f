import { isFailedWith } from '#shared/errors.ts';
import { type GridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { distance, dot, perAxis, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm, vertexNormals } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';
import { labelSurfaces } from '../meshing/index.ts';
import type { ExtractedAppendage, ExtractedOstium } from '../surface/extraction/extractAppendage.ts';
import { divideByFilling, type LumenFilling, UNFILLED } from './lumenFilling.ts';

/** An appendage that contrast does not fill: the compartments' volumes add up to the surface's. */
export interface AppendageFilling {
  readonly filledMl: number;
  readonly unfilledMl: number;
  /** By how much noise moves the border between them, mL. */
  readonly uncertaintyMl: number;
  /** Medians, HU; undefined where nothing is filled. */
  readonly filledHu: number | undefined;
  readonly unfilledHu: number;
  /** From where to where the unfilled compartment lies along the centre line, mm from the ostium. */
  readonly fromDepthMm: number;
  readonly toDepthMm: number;
  /** The unfilled compartment's voxels, for showing it. */
  readonly unfilled: { readonly grid: GridLps; readonly data: Uint8Array<ArrayBuffer> };
}

/** Its plane, and the line from its centre to the tip. */
type FoundOstium = Pick<ExtractedOstium, 'planePointLpsMm' | 'planeNormal' | 'centreLine'>;

const SPACING_MM = 0.8;
/** Between the surface and the first value that is the lumen's alone: what the edge is blurred by in the plane, mm. */
const BLUR_MM = 0.8;
/** Voxels and slices blur it by half of what they measure. */
const VOXEL_SHARE = 0.5;
/** At its ends the compartment is ragged: so much of it to each side does not count for its depths. */
const ENDS_SHARE = 0.02;

/**
 * Measures the contrast inside of a closed surface; see `divideByFilling` for what counts as filled.
 * @param ostium depths are heights above its plane where it has no centre line
 * @returns undefined where the lumen is one compartment
 */
export function measureFilling(
  volume: VolumeHu,
  { closed, volumeMl }: Pick<ExtractedAppendage, 'closed' | 'volumeMl'>,
  ostium: FoundOstium,
  atriumHu: number | undefined,
): AppendageFilling | undefined {
  const grid = gridRound(closed);
  const inside = rasterizeClosedMesh(closed, grid);
  const valuesHu = resampleTrilinear(volume, grid, OUTSIDE_HU);
  for (let voxel = 0; voxel < valuesHu.length; voxel++)
    if (valuesHu[voxel]! <= OUTSIDE_HU / 2) valuesHu[voxel] = Number.NaN;
  const marginMm = BLUR_MM + VOXEL_SHARE * Math.max(...volume.grid.spacingMm);
  const divided = divideByFilling({ grid, inside, valuesHu, marginMm, atriumHu });
  if (!divided) return undefined;
  const { unfilledShare, shareUncertainty, filledHu, unfilledHu } = divided;
  const depthsMm = unfilledDepthsMm(divided, grid, ostium);
  const at = (share: number): number => depthsMm[Math.round(share * (depthsMm.length - 1))]!;
  return {
    filledMl: (1 - unfilledShare) * volumeMl,
    unfilledMl: unfilledShare * volumeMl,
    uncertaintyMl: shareUncertainty * volumeMl,
    filledHu,
    unfilledHu,
    fromDepthMm: at(ENDS_SHARE),
    toDepthMm: at(1 - ENDS_SHARE),
    unfilled: { grid, data: divided.compartments.map((value) => (value === UNFILLED ? 1 : 0)) },
  };
}

/** So far outside of the wall its surface is drawn, that the wall does not hide it, mm. */
const BEFORE_WALL_MM = 0.3;

/** The surface of the unfilled compartment, for showing it; null where it is too thin for one. */
export function unfilledSurface({ unfilled }: AppendageFilling): TriangleMesh | null {
  try {
    const { mesh } = labelSurfaces(unfilled);
    const normals = vertexNormals(mesh);
    return {
      triangles: mesh.triangles,
      positionsLpsMm: mesh.positionsLpsMm.map((mm, at) => mm + BEFORE_WALL_MM * normals[at]!),
    };
  } catch (thrown) {
    if (isFailedWith(thrown, 'meshing.labels-too-thin')) return null;
    throw thrown;
  }
}

/** How far a point lies along an appendage's centre line, mm from the ostium; its height above the plane where there is none. */
export function depthAlongLine({
  planePointLpsMm,
  planeNormal,
  centreLine,
}: FoundOstium): (point: Vec3) => number {
  const line = centreLine?.pointsLpsMm ?? [];
  const along = [0];
  for (let at = 1; at < line.length; at++) along.push(along[at - 1]! + distance(line[at - 1]!, line[at]!));
  return (point) => {
    if (line.length === 0) return dot(subtract(point, planePointLpsMm), planeNormal);
    let [nearest, shortest] = [0, Infinity];
    line.forEach((on, at) => {
      const mm = distance(on, point);
      if (mm < shortest) [nearest, shortest] = [at, mm];
    });
    return along[nearest]!;
  };
}

/** How far each voxel of the unfilled compartment lies along the centre line, sorted. */
function unfilledDepthsMm({ compartments }: LumenFilling, grid: GridLps, ostium: FoundOstium): Float64Array {
  const depthMm = depthAlongLine(ostium);
  const [nI, nJ] = grid.sizeIjk;
  const depths: number[] = [];
  compartments.forEach((value, voxel) => {
    if (value !== UNFILLED) return;
    depths.push(
      depthMm(ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))])),
    );
  });
  return Float64Array.from(depths).sort();
}

/** With a margin that no voxel of the lumen belongs to. */
function gridRound(mesh: TriangleMesh): GridLps {
  const { low, high } = boundingBoxLpsMm(mesh);
  return {
    sizeIjk: perAxis((axis) => Math.ceil((high[axis] - low[axis]) / SPACING_MM) + 3),
    originLpsMm: perAxis((axis) => low[axis] - SPACING_MM),
    spacingMm: [SPACING_MM, SPACING_MM, SPACING_MM],
    directions: LPS_AXES,
  };
}
