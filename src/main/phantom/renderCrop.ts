import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { type CropFrame, cropGrid } from '../surface/cropFrame.ts';
import { renderCtBox } from './renderCt.ts';
import type { PhantomScene } from './scene.ts';

/** How the part of a scan that a crop is cut from lies in space. */
export interface CropAcquisition {
  /** Voxel spacing in the plane and distance of slices, mm. */
  readonly spacingMm: readonly [inPlane: number, slice: number];
  /** Where the scan's lattice lies relative to the cube, in voxels, each 0 to 1. */
  readonly phase: Vec3;
}

/** The scan's voxels round a cube, one to spare on each side. */
export function acquisitionGrid(frame: CropFrame, { spacingMm, phase }: CropAcquisition): GridLps {
  const spacing: Vec3 = [spacingMm[0], spacingMm[0], spacingMm[1]];
  return {
    sizeIjk: perAxis((axis) => Math.ceil(frame.edgeMm / spacing[axis]) + 3),
    originLpsMm: perAxis(
      (axis) => frame.centreLpsMm[axis] - frame.edgeMm / 2 - spacing[axis] * (1 + phase[axis]),
    ),
    spacingMm: spacing,
    directions: LPS_AXES,
  };
}

/** First crop voxel and distance of crop voxels, in voxels of the acquisition. */
export function cropInAcquisition(
  frame: CropFrame,
  resolution: number,
  acquisition: GridLps,
): { first: Vec3; step: Vec3 } {
  const crop = cropGrid(frame, resolution);
  return {
    first: perAxis((a) => (crop.originLpsMm[a] - acquisition.originLpsMm[a]) / acquisition.spacingMm[a]),
    step: perAxis((a) => crop.spacingMm[a] / acquisition.spacingMm[a]),
  };
}

/** A training crop on the CPU: resolution³ HU on cropGrid, through the whole CT chain. cropMaker.ts gives the same on a GPU. */
export function renderCrop(
  scene: PhantomScene,
  frame: CropFrame,
  resolution: number,
  acquisition: CropAcquisition,
): Float32Array {
  const grid = acquisitionGrid(frame, acquisition);
  const image = renderCtBox(scene, grid, { from: [0, 0, 0], to: grid.sizeIjk });
  const { first, step } = cropInAcquisition(frame, resolution, grid);
  const [ni, nj] = grid.sizeIjk;
  const low = [0, 1, 2].map(() => new Int32Array(resolution));
  const share = [0, 1, 2].map(() => new Float64Array(resolution));
  for (let axis = 0; axis < 3; axis++) {
    const last = grid.sizeIjk[axis]! - 1;
    for (let n = 0; n < resolution; n++) {
      const position = Math.min(Math.max(first[axis]! + step[axis]! * n, 0), last);
      low[axis]![n] = Math.min(Math.floor(position), last - 1);
      share[axis]![n] = position - low[axis]![n]!;
    }
  }
  const crop = new Float32Array(resolution ** 3);
  const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
  for (let k = 0, n = 0; k < resolution; k++) {
    for (let j = 0; j < resolution; j++) {
      const row = ni * (low[1]![j]! + nj * low[2]![k]!);
      for (let i = 0; i < resolution; i++, n++) {
        const t = share[0]![i]!;
        const o = row + low[0]![i]!;
        const c0 = mix(image[o]!, image[o + 1]!, t);
        const c1 = mix(image[o + ni]!, image[o + ni + 1]!, t);
        const up = o + ni * nj;
        const c2 = mix(image[up]!, image[up + 1]!, t);
        const c3 = mix(image[up + ni]!, image[up + ni + 1]!, t);
        crop[n] = mix(mix(c0, c1, share[1]![j]!), mix(c2, c3, share[1]![j]!), share[2]![k]!);
      }
    }
  }
  return crop;
}
