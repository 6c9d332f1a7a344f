import type { GridLps } from '../geometry/gridLps.ts';

/** The typed arrays that voxel data comes in. */
export type VoxelArray = Float32Array | Int16Array | Uint16Array | Uint8Array;

/** Voxel data on a grid in LPS mm, i fastest: value of (i, j, k) is `data[i + nI·(j + nJ·k)]`. */
export interface Volume<T extends VoxelArray = VoxelArray> {
  readonly grid: GridLps;
  readonly data: T;
}

/** A CT volume: values in Hounsfield units (HU). */
export type VolumeHu = Volume<Int16Array> | Volume<Float32Array>;

/** The HU that stands for "outside of the scan"; far below air, so that nobody mistakes it for a measurement. */
export const OUTSIDE_HU = -2048;
