import { insideDistanceMm } from '#shared/anatomy/distanceTransform.ts';
import { type GridLps, ijkToLps, LPS_AXES, voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import { dot, perAxis, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { labelComponents, largestPiece } from '#shared/volume/components.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';
import { type CropFrame, lpsToNormalized } from '../surface/cropFrame.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';
import { evaluateInChunks, type FieldFunction } from '../surface/field/fieldFunction.ts';
import { depthAlongLine } from './appendageFilling.ts';
import { unfilledUpToHu } from './lumenFilling.ts';

/** Dark tissue beside the surface that may belong to the appendage and is not in it. */
export interface DarkRemainder {
  /** Of the tissue where the fields disagree: what is missing is as large at the least, mL. */
  readonly volumeMl: number;
  /** Median, HU. */
  readonly valueHu: number;
  /** From where to where it lies along the centre line, mm from the ostium. */
  readonly fromDepthMm: number;
  readonly toDepthMm: number;
}

const SPACING_MM = 1;
/** How far outside of the surface it is looked for, mm. */
const REACH_MM = 4;
/** Nearer to the ostium's plane the two fields differ everywhere, for one ends there and the other does not, mm. */
const BEYOND_OSTIUM_MM = 3;
/** Outside of an appendage both fields are the distance to its wall, to 0.05 mm; where they differ by more, no wall is sure. */
const DISAGREEMENT_MM = 0.3;
/** Where the field is nearer to a lumen than this surface is by more, it is another body that it means, mm. */
const MOST_NEARER_MM = 2;
/** What touches the surface lies so near to it, mm. */
const TOUCH_MM = 1.5;
/** Less than this is disagreement about the wall itself, mL: up to 0.15 mL on filled phantoms. */
const LEAST_ML = 0.3;
/** One voxel of blood without contrast, a thrombus or muscle, with noise, HU; and their median. */
const SOFT_HU = [-50, 150] as const;
const MEDIAN_HU = [0, 110] as const;
/** At its ends it is ragged: so much of it to each side does not count for its depths. */
const ENDS_SHARE = 0.02;

/** A surface, and the field that it was drawn from. */
interface DrawnSurface {
  readonly appendage: Pick<ExtractedAppendage, 'closed' | 'ostium'>;
  readonly field: FieldFunction;
  readonly frame: CropFrame;
}

/**
 * Looks for what a surface that ends at a thrombus leaves out. Nothing in the image tells a thrombus beyond such an end from
 * heart muscle; the fields do: where the network took the thrombus for lumen in one output and for tissue in the other, the
 * distance to the wall and the distance to the lumen differ, also some way outside of the surface. Dark tissue where
 * they do, in one piece that touches the surface, is measured (docs/accuracy.md, "Filled and unfilled parts").
 * @param bloodHu of the filled blood; undefined where the scan does not show it
 * @returns undefined where there is nothing of 0.3 mL or more
 */
export async function findDarkRemainder(
  volume: VolumeHu,
  { appendage: { closed, ostium }, field, frame }: DrawnSurface,
  bloodHu: number | undefined,
  signal?: AbortSignal,
): Promise<DarkRemainder | undefined> {
  if (!ostium.found) return undefined;
  const grid = gridRound(closed);
  const [nI, nJ] = grid.sizeIjk;
  const place = (voxel: number): Vec3 =>
    ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]);
  const outside = rasterizeClosedMesh(closed, grid);
  for (let voxel = 0; voxel < outside.length; voxel++) outside[voxel] = 1 - outside[voxel]!;
  const beyondMm = insideDistanceMm(outside, grid);
  const valuesHu = resampleTrilinear(volume, grid, OUTSIDE_HU);
  const unfilledHu = bloodHu === undefined ? Infinity : unfilledUpToHu(bloodHu);
  const darkHu = Math.min(SOFT_HU[1], unfilledHu);
  const near: number[] = [];
  for (let voxel = 0; voxel < beyondMm.length; voxel++) {
    const mm = beyondMm[voxel]!;
    if (mm === 0 || mm > REACH_MM || valuesHu[voxel]! < SOFT_HU[0] || valuesHu[voxel]! > darkHu) continue;
    if (isBeyond(place(voxel), frame, ostium.planePointLpsMm, ostium.planeNormal)) near.push(voxel);
  }
  const points = new Float32Array(3 * near.length);
  for (let at = 0; at < near.length; at++) points.set(lpsToNormalized(frame, place(near[at]!)), 3 * at);
  const { signedMm, unsignedMm } = await evaluateInChunks(field, points, signal);
  const doubtful = new Uint8Array(beyondMm.length);
  near.forEach((voxel, at) => {
    const isOfThis = signedMm[at]! > beyondMm[voxel]! - MOST_NEARER_MM;
    if (isOfThis && Math.abs(signedMm[at]! - unsignedMm[at]!) > DISAGREEMENT_MM) doubtful[voxel] = 1;
  });

  const voxels = largestTouching(doubtful, beyondMm, grid);
  const volumeMl = (voxels.length * voxelVolumeMm3(grid)) / 1000;
  if (volumeMl < LEAST_ML) return undefined;
  const valueHu = Float32Array.from(voxels, (voxel) => valuesHu[voxel]!).sort()[voxels.length >> 1]!;
  if (valueHu < MEDIAN_HU[0] || valueHu > Math.min(MEDIAN_HU[1], unfilledHu)) return undefined;
  const depthMm = depthAlongLine(ostium);
  const depthsMm = Float64Array.from(voxels, (voxel) => depthMm(place(voxel))).sort();
  const at = (share: number): number => depthsMm[Math.round(share * (depthsMm.length - 1))]!;
  return { volumeMl, valueHu, fromDepthMm: at(ENDS_SHARE), toDepthMm: at(1 - ENDS_SHARE) };
}

/** Whether a point lies within the cube, and so far beyond the ostium's plane that the fields' difference means something. */
function isBeyond(point: Vec3, frame: CropFrame, planePointLpsMm: Vec3, normal: Vec3): boolean {
  const [x, y, z] = lpsToNormalized(frame, point);
  if (Math.abs(x) > 1 || Math.abs(y) > 1 || Math.abs(z) > 1) return false;
  return dot(subtract(point, planePointLpsMm), normal) > BEYOND_OSTIUM_MM;
}

/** The voxels of the largest piece that touches the surface. */
function largestTouching(doubtful: Uint8Array, beyondMm: Float32Array, { sizeIjk }: GridLps): number[] {
  const { pieceOfVoxel, sizes } = labelComponents(doubtful, sizeIjk);
  const touching = new Set<number>();
  for (let voxel = 0; voxel < pieceOfVoxel.length; voxel++) {
    const piece = pieceOfVoxel[voxel]!;
    if (piece > 0 && beyondMm[voxel]! <= TOUCH_MM) touching.add(piece);
  }
  const kept = 1 + largestPiece(sizes.map((size, piece) => (touching.has(piece + 1) ? size : 0)));
  const voxels: number[] = [];
  if (!touching.has(kept)) return voxels;
  for (let voxel = 0; voxel < pieceOfVoxel.length; voxel++)
    if (pieceOfVoxel[voxel] === kept) voxels.push(voxel);
  return voxels;
}

function gridRound(mesh: TriangleMesh): GridLps {
  const { low, high } = boundingBoxLpsMm(mesh);
  // The distance transform takes the grid's border for a surface too: it must lie further away than the reach.
  const roomMm = 2 * REACH_MM + SPACING_MM;
  return {
    sizeIjk: perAxis((axis) => Math.ceil((high[axis] - low[axis] + 2 * roomMm) / SPACING_MM) + 1),
    originLpsMm: perAxis((axis) => low[axis] - roomMm),
    spacingMm: [SPACING_MM, SPACING_MM, SPACING_MM],
    directions: LPS_AXES,
  };
}
