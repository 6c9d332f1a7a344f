import { insideDistanceMm } from '#shared/anatomy/distanceTransform.ts';
import { valueAt } from '#shared/anatomy/surroundings.ts';
import { type GridLps, ijkToLps, LPS_AXES, lpsToIjk, voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import { dot, perAxis, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { labelComponents } from '#shared/volume/components.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';
import { type CropFrame, normalizedToLps } from '../surface/cropFrame.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';
import { UNENHANCED_HU } from './lumenFilling.ts';

/** Parts of a drawn lumen that are thin and much darker than its blood. */
export interface ThinGrey {
  readonly volumeMl: number;
  /** Median, HU. */
  readonly valueHu: number;
  /** Of the lumen where it is thick: median, HU. */
  readonly bloodHu: number;
  /** Where they lie: 1 there and a little beyond. */
  readonly near: Uint8Array;
  /** How far from what balls of {@link THIN_MM} fill of the lumen, negative inside, mm. */
  readonly beyondThickMm: Float32Array;
  readonly grid: GridLps;
}

const SPACING_MM = 0.6;
/** What a ball of this diameter does not fit into is thin. A lobe of blood that thin keeps more than half of its contrast in 3 mm slices. */
const THIN_MM = 4;
/** A lumen's edges and corners are not filled by balls either: what lies nearer to them is no part of its own, mm. */
const CORNER_MM = 0.4;
/** So far a part must reach beyond what is thick. */
const LEAST_REACH_MM = 1.5;
const LEAST_VOXELS = 24;
/** Of the blood's enhancement: thin lobes of phantoms have 0.47 and more, also in 3 mm slices and faint blood. */
const MOST_ENHANCEMENT = 0.42;
/** Nearer to the ostium's plane nothing is left out, mm. */
const BEYOND_OSTIUM_MM = 3;
/** What is thick within this of a part must be brighter than that: beside a thrombus a dark edge is the thrombus's, mm. */
const BESIDE_MM = 6;
/** Beyond the parts the field is changed as well, so that it has no edge where they end, voxels. */
const ROUND_PARTS = 2;
/** Room for the distance transform, to which the grid's border is a surface, mm. */
const ROOM_MM = 5;

/**
 * Finds what of a surface is thin and grey: folds of pericardium and fat that go on where an appendage ends, in thick
 * slices as grey as a narrow lumen. Thrombus and slow flow fill parts that are thick, and stay, with what is thin beside them.
 * @returns undefined where there is none, or no ostium
 */
export function findThinGrey(
  volume: VolumeHu,
  { closed, ostium }: Pick<ExtractedAppendage, 'closed' | 'ostium'>,
): ThinGrey | undefined {
  if (!ostium.found) return undefined;
  const grid = gridRound(closed);
  const inside = rasterizeClosedMesh(closed, grid);
  const insideMm = insideDistanceMm(inside, grid);
  const core = thickOf(insideMm);
  const beyondThickMm = insideDistanceMm(allBut(core), grid);
  for (let voxel = 0; voxel < beyondThickMm.length; voxel++)
    beyondThickMm[voxel] = beyondThickMm[voxel]! - THIN_MM / 2 - CORNER_MM;
  const isFar = (voxel: number): boolean => beyondThickMm[voxel]! > LEAST_REACH_MM - CORNER_MM;
  const isBeyondOstium = (voxel: number): boolean => {
    const [nI, nJ] = grid.sizeIjk;
    const place = ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]);
    return dot(subtract(place, ostium.planePointLpsMm), ostium.planeNormal) > BEYOND_OSTIUM_MM;
  };
  const apart = piecesOf(thinOf(inside, beyondThickMm), grid).filter(
    (voxels) => voxels.some(isFar) && voxels.every(isBeyondOstium),
  );
  if (apart.length === 0) return undefined;

  const valuesHu = resampleTrilinear(volume, grid, OUTSIDE_HU);
  const medianHu = (voxels: ArrayLike<number>): number => {
    const values = new Float32Array(voxels.length);
    for (let at = 0; at < values.length; at++) values[at] = valuesHu[voxels[at]!]!;
    return values.sort()[values.length >> 1]!;
  };
  const coreVoxels = voxelsOf(core);
  const bloodHu = medianHu(coreVoxels);
  const mostHu = UNENHANCED_HU + MOST_ENHANCEMENT * (bloodHu - UNENHANCED_HU);
  const isBesideFilled = (voxels: readonly number[]): boolean => {
    const elsewhere = new Uint8Array(core.length).fill(1);
    for (const voxel of voxels) elsewhere[voxel] = 0;
    const awayMm = insideDistanceMm(elsewhere, grid);
    const beside = coreVoxels.filter((voxel) => awayMm[voxel]! < BESIDE_MM);
    return beside.length > 0 && medianHu(beside) > mostHu;
  };
  const grey = apart.filter((voxels) => medianHu(voxels) < mostHu && isBesideFilled(voxels)).flat();
  if (grey.length === 0) return undefined;
  return {
    volumeMl: (grey.length * voxelVolumeMm3(grid)) / 1000,
    valueHu: medianHu(grey),
    bloodHu,
    near: grown(grey, grid),
    beyondThickMm,
    grid,
  };
}

/** 1 for the centres of balls of {@link THIN_MM} that fit. */
function thickOf(insideMm: Float32Array): Uint8Array {
  const core = new Uint8Array(insideMm.length);
  for (let voxel = 0; voxel < core.length; voxel++) core[voxel] = insideMm[voxel]! > THIN_MM / 2 ? 1 : 0;
  return core;
}

function allBut(mask: Uint8Array): Uint8Array {
  const others = new Uint8Array(mask.length);
  for (let voxel = 0; voxel < others.length; voxel++) others[voxel] = 1 - mask[voxel]!;
  return others;
}

/** 1 for what lies inside and beyond what is thick. */
function thinOf(inside: Uint8Array, beyondThickMm: Float32Array): Uint8Array {
  const thin = new Uint8Array(inside.length);
  for (let voxel = 0; voxel < thin.length; voxel++)
    thin[voxel] = inside[voxel] === 1 && beyondThickMm[voxel]! > 0 ? 1 : 0;
  return thin;
}

/** The voxels of each connected piece that is large enough. */
function piecesOf(mask: Uint8Array, { sizeIjk }: GridLps): number[][] {
  const { pieceOfVoxel, sizes } = labelComponents(mask, sizeIjk);
  const pieces = sizes.map((): number[] => []);
  for (let voxel = 0; voxel < pieceOfVoxel.length; voxel++) {
    const piece = pieceOfVoxel[voxel]! - 1;
    if (piece >= 0 && sizes[piece]! >= LEAST_VOXELS) pieces[piece]!.push(voxel);
  }
  return pieces.filter(({ length }) => length > 0);
}

function voxelsOf(mask: Uint8Array): Uint32Array {
  const voxels = new Uint32Array(mask.length);
  let count = 0;
  for (let voxel = 0; voxel < mask.length; voxel++) if (mask[voxel] === 1) voxels[count++] = voxel;
  return voxels.slice(0, count);
}

/** The field without those parts: there it is the distance to what is thick, and the surface found by it is a wall. */
export function withoutThinGrey(
  field: FieldFunction,
  frame: CropFrame,
  { near, beyondThickMm, grid }: ThinGrey,
): FieldFunction {
  return async (points, signal) => {
    const samples = await field(points, signal);
    const signedMm = Float32Array.from(samples.signedMm);
    const unsignedMm = Float32Array.from(samples.unsignedMm);
    for (let at = 0; at < signedMm.length; at++) {
      const point = normalizedToLps(frame, [points[3 * at]!, points[3 * at + 1]!, points[3 * at + 2]!]);
      if (near[nearest(lpsToIjk(grid, point), grid)] !== 1) continue;
      const beyondMm = valueAt(beyondThickMm, grid, point);
      if (beyondMm <= signedMm[at]!) continue;
      signedMm[at] = beyondMm;
      unsignedMm[at] = Math.min(unsignedMm[at]!, Math.abs(beyondMm));
    }
    return { ...samples, signedMm, unsignedMm };
  };
}

/** The voxel whose centre is nearest; −1 outside of the grid. */
function nearest(ijk: Vec3, { sizeIjk: [nI, nJ, nK] }: GridLps): number {
  const [i, j, k] = [Math.round(ijk[0]), Math.round(ijk[1]), Math.round(ijk[2])];
  return i < 0 || j < 0 || k < 0 || i >= nI || j >= nJ || k >= nK ? -1 : i + nI * (j + nJ * k);
}

/** Those voxels and all up to {@link ROUND_PARTS} from them; none of them lies that near to the grid's border. */
function grown(voxels: readonly number[], { sizeIjk: [nI, nJ, nK] }: GridLps): Uint8Array {
  const near = new Uint8Array(nI * nJ * nK);
  for (const voxel of voxels)
    for (let k = -ROUND_PARTS; k <= ROUND_PARTS; k++)
      for (let j = -ROUND_PARTS; j <= ROUND_PARTS; j++)
        for (let i = -ROUND_PARTS; i <= ROUND_PARTS; i++) near[voxel + i + nI * (j + nJ * k)] = 1;
  return near;
}

function gridRound(mesh: TriangleMesh): GridLps {
  const { low, high } = boundingBoxLpsMm(mesh);
  return {
    sizeIjk: perAxis((axis) => Math.ceil((high[axis] - low[axis] + 2 * ROOM_MM) / SPACING_MM) + 1),
    originLpsMm: perAxis((axis) => low[axis] - ROOM_MM),
    spacingMm: [SPACING_MM, SPACING_MM, SPACING_MM],
    directions: LPS_AXES,
  };
}
