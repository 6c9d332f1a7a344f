import type { SurroundingName } from '../../anatomy/surroundings.ts';

/**
 * The networks as data. One definition in TensorFlow.js is built from a spec, and the ONNX graph is written from the
 * same spec and the same weights.
 */

/** One level of the encoder: pooling by `pool` from the level above, then 3³ "same" convolutions, each followed by group norm and ReLU. */
export interface EncoderLevelSpec {
  readonly pool: 1 | 2 | 4;
  /** Output channels of each convolution of the level, in order. */
  readonly channels: readonly number[];
}

/** Landmarks of the ostium that a network may point at, as a phantom's truth names them. */
export const LANDMARKS = ['leftSuperiorVeinRidge', 'leftCircumflex'] as const;
export type LandmarkName = (typeof LANDMARKS)[number];

/**
 * The dual-field NUDF: an encoder whose levels (the raw image being level 0) are sampled trilinearly at p and at
 * p ± offsetMm along x, y, z, in that order (p, −x, +x, −y, +y, −z, +z), concatenated channel-major (c·7 + k) level by
 * level, and a decoder F·7 → hidden… → 2 with ReLU between and a linear output: (signed, unsigned) distance divided
 * by unitMm. With landmarks three more outputs follow for each: the way from the point to it along x, y, z, divided by
 * unitMm.
 */
export interface FieldNetworkSpec {
  readonly kind: 'nudf-dual';
  readonly resolution: number;
  readonly edgeMm: number;
  /** The image is clamp(HU, −clipHu, clipHu)/clipHu. */
  readonly clipHu: number;
  readonly levels: readonly EncoderLevelSpec[];
  readonly normGroups: number;
  readonly offsetMm: number;
  readonly hidden: readonly number[];
  readonly unitMm: number;
  /** What it points at, in the order of its outputs; models without landmarks leave it out. */
  readonly landmarks?: readonly LandmarkName[] | undefined;
}

/** A small U-Net over resolution³ voxels. */
interface UNetSpec {
  readonly resolution: number;
  readonly clipHu: number;
  /** Channels of each level from fine to coarse; two convolutions a level down, two up, skip by concatenation, nearest-neighbour upsampling. */
  readonly channels: readonly number[];
  readonly normGroups: number;
}

/** Over a whole scan (or a large box) squeezed to resolution³; output: one logit a voxel. */
export interface RegionNetworkSpec extends UNetSpec {
  readonly kind: 'region-unet';
}

/**
 * Over a cube of edgeMm beside the appendage; output: at each voxel's centre the distance to each structure (negative
 * inside, none inside of the annulus, which is a ring), divided by reachMm, beyond which distances are not told apart.
 */
export interface SurroundingsNetworkSpec extends UNetSpec {
  readonly kind: 'surroundings-unet';
  readonly edgeMm: number;
  readonly reachMm: number;
  /** In the order of the outputs. */
  readonly structures: readonly SurroundingName[];
}

export type VolumeNetworkSpec = RegionNetworkSpec | SurroundingsNetworkSpec;
export type NetworkSpec = FieldNetworkSpec | VolumeNetworkSpec;

/** The spec of the bundled field model: 2.55 M parameters, the size of ShapeNet128Vox. */
export const FIELD_128: FieldNetworkSpec = {
  kind: 'nudf-dual',
  resolution: 128,
  edgeMm: 70,
  clipHu: 1000,
  levels: [
    { pool: 1, channels: [16] },
    { pool: 2, channels: [32, 32] },
    { pool: 2, channels: [64, 64] },
    { pool: 2, channels: [128, 128] },
    { pool: 2, channels: [128, 128] },
  ],
  normGroups: 8,
  offsetMm: 2.5,
  hidden: [256, 256, 256],
  unitMm: 5,
};

/** The spec of the bundled region model. */
export const REGION_64: RegionNetworkSpec = {
  kind: 'region-unet',
  resolution: 64,
  clipHu: 1000,
  channels: [16, 32, 64, 64],
  normGroups: 8,
};
