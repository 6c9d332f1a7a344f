import { type GridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { isOutsideFieldOfView } from './ctArtefacts.ts';
import { whiteNoise } from './hashNoise.ts';
import { createLocalField, STEEPEST } from './localField.ts';
import { shapeProgram } from './program.ts';
import { createSceneSampler } from './sampleScene.ts';
import type { PhantomScene } from './scene.ts';
import { compileTape } from './tape.ts';

/** A coarse copy of a scan as the region network sees it, and where in it the appendage is. */
export interface RegionBlock {
  /** HU per voxel, i fastest. */
  readonly hu: Float32Array;
  /** The share of each voxel that the closed lumen fills, 0 to 1. */
  readonly appendage: Float32Array;
}

export interface BlockOptions {
  /** White noise that coarse sampling has left, HU; its lattice is the grid. */
  readonly noiseSdHu?: number;
}

/** Samples per voxel along each axis. */
export const BLOCK_SUBSTEPS = 2;
const SUBSTEPS: Vec3 = [BLOCK_SUBSTEPS, BLOCK_SUBSTEPS, BLOCK_SUBSTEPS];
/** Samples along the edge of the cubes in which the lumen is looked for. */
const CUBE = 8;

/** The edge that tissues are painted with: the widest distance between samples. */
export const blockEdgeMm = (grid: GridLps): number => Math.max(...grid.spacingMm) / BLOCK_SUBSTEPS;

/**
 * Renders a scene on a coarse grid of any spacing (a whole thorax on 64³, for instance), each voxel the mean of 2³
 * samples. No point spread and no streaks: coarse voxels hide them. Padding outside of the reconstruction circle.
 */
export function renderBlock(scene: PhantomScene, grid: GridLps, options: BlockOptions = {}): RegionBlock {
  const edgeMm = blockEdgeMm(grid);
  const fineSize = scale(grid.sizeIjk, BLOCK_SUBSTEPS);
  const fine = new Float32Array(fineSize[0] * fineSize[1] * fineSize[2]);
  const sampler = createSceneSampler(scene, grid, { substeps: SUBSTEPS, edgeMm });
  sampler.paint({ from: [0, 0, 0], to: fineSize }, fine);
  const hu = meanOfSamples(fine, grid);
  const { fieldOfView, noiseSeed } = scene.acquisition;
  const noiseSdHu = options.noiseSdHu ?? 0;
  const [ni, nj, nk] = grid.sizeIjk;
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, n++) {
        if (noiseSdHu > 0) hu[n] = hu[n]! + noiseSdHu * whiteNoise(i, j, k, noiseSeed);
        if (fieldOfView === undefined) continue;
        const [x, y] = ijkToLps(grid, [i, j, k]);
        if (isOutsideFieldOfView(fieldOfView, x, y)) hu[n] = fieldOfView.paddingHu;
      }
    }
  }
  paintLumen(scene, grid, edgeMm, fineSize, fine);
  return { hu, appendage: meanOfSamples(fine, grid) };
}

function meanOfSamples(fine: Float32Array, grid: GridLps): Float32Array {
  const [ni, nj, nk] = grid.sizeIjk;
  const mean = new Float32Array(voxelCount(grid));
  const row = ni * BLOCK_SUBSTEPS;
  const plane = row * nj * BLOCK_SUBSTEPS;
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, n++) {
        const o = 2 * i + row * 2 * j + plane * 2 * k;
        const low = fine[o]! + fine[o + 1]! + fine[o + row]! + fine[o + row + 1]!;
        const up = o + plane;
        mean[n] = (low + fine[up]! + fine[up + 1]! + fine[up + row]! + fine[up + row + 1]!) / 8;
      }
    }
  }
  return mean;
}

/** Occupancy of the closed lumen at the fine samples. */
function paintLumen(
  scene: PhantomScene,
  grid: GridLps,
  edgeMm: number,
  fineSize: Vec3,
  occupancy: Float32Array,
): void {
  const { bodyShape, ostiumNormal: normal, ostiumPointLpsMm: ostium } = scene.appendage;
  const field = createLocalField(shapeProgram(compileTape(scene), [bodyShape]));
  const points = new Float64Array(3 * CUBE ** 3);
  const radius = (Math.hypot(...grid.spacingMm) / BLOCK_SUBSTEPS) * (CUBE / 2);
  const fineToVoxel = (f: number): number => (f + 0.5) / BLOCK_SUBSTEPS - 0.5;
  for (let k = 0; k < fineSize[2]; k += CUBE) {
    for (let j = 0; j < fineSize[1]; j += CUBE) {
      for (let i = 0; i < fineSize[0]; i += CUBE) {
        const half = (CUBE - 1) / 2;
        const middle = ijkToLps(grid, [fineToVoxel(i + half), fineToVoxel(j + half), fineToVoxel(k + half)]);
        field.focus(...middle, radius);
        const outside = field.valueAtFocus() > STEEPEST * radius + edgeMm;
        if (!outside) {
          for (let n = 0; n < CUBE ** 3; n++) {
            const [a, b, c] = [n % CUBE, Math.floor(n / CUBE) % CUBE, Math.floor(n / CUBE ** 2)];
            points.set(ijkToLps(grid, [fineToVoxel(i + a), fineToVoxel(j + b), fineToVoxel(k + c)]), 3 * n);
          }
        }
        const body = outside ? undefined : field.values(points);
        for (let n = 0; n < CUBE ** 3; n++) {
          const [a, b, c] = [n % CUBE, Math.floor(n / CUBE) % CUBE, Math.floor(n / CUBE ** 2)];
          if (i + a >= fineSize[0] || j + b >= fineSize[1] || k + c >= fineSize[2]) continue;
          let share = 0;
          if (body !== undefined) {
            const [x, y, z] = [points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!];
            const below =
              (ostium[0] - x) * normal[0] + (ostium[1] - y) * normal[1] + (ostium[2] - z) * normal[2];
            share = Math.min(Math.max(0.5 - Math.max(body[n]!, below) / edgeMm, 0), 1);
          }
          occupancy[i + a + fineSize[0] * (j + b + fineSize[1] * (k + c))] = share;
        }
      }
    }
  }
}
