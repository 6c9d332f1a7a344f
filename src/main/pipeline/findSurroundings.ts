import { SURROUNDINGS_CENTRE_MM, type SurroundingsField } from '#shared/anatomy/surroundings.ts';
import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { add, type Vec3 } from '#shared/geometry/vec3.ts';
import type { SurroundingsNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { averageToGrid } from '#shared/volume/averageToGrid.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import type { SurroundingsEngine } from '../nudf/engine/onnxSurroundingsEngine.ts';
import { boxGridLps, cubeBox } from '../nudf/region/regionBlocks.ts';
import type { SurroundingErrors } from './surroundingPlaces.ts';

/** The network of the surroundings, opened; the caller that opened it frees it. */
export interface SurroundingsNetwork {
  readonly engine: SurroundingsEngine;
  readonly spec: SurroundingsNetworkSpec;
}

/** The network, and how far its distances are to be believed. */
export interface MeasuredSurroundingsNetwork extends SurroundingsNetwork {
  readonly errorsMm: SurroundingErrors;
}

/** Reads the surroundings of the appendage whose middle lies there. */
export async function findSurroundings(
  volume: VolumeHu,
  { engine, spec }: SurroundingsNetwork,
  appendageLpsMm: Vec3,
  signal?: AbortSignal,
): Promise<SurroundingsField> {
  const box = cubeBox(add(appendageLpsMm, SURROUNDINGS_CENTRE_MM), spec.edgeMm);
  const grid = boxGridLps(box, spec.resolution);
  const distancesMm = await engine.distances(averageToGrid(volume, grid), signal);
  withoutOutside(distancesMm, grid, volume.grid);
  return { grid, reachMm: spec.reachMm, structures: spec.structures, distancesMm };
}

/** NaN where a voxel's centre lies outside of the scan. */
function withoutOutside(distancesMm: Float32Array, grid: GridLps, scan: GridLps): void {
  const [ni, nj, nk] = grid.sizeIjk;
  const voxels = ni * nj * nk;
  for (let n = 0; n < voxels; n++) {
    const place = lpsToIjk(
      scan,
      ijkToLps(grid, [n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))]),
    );
    const isInside = place.every((index, axis) => index >= -0.5 && index <= scan.sizeIjk[axis]! - 0.5);
    if (isInside) continue;
    for (let at = n; at < distancesMm.length; at += voxels) distancesMm[at] = Number.NaN;
  }
}
