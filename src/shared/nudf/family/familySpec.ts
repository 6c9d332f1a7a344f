/**
 * The networks of the NUDF paper (Sørensen et al., ISBI 2022), by their names there: 3³ convolutions with ReLU, batch
 * norm after the last ReLU of a level, max pooling between levels; features of the raw image and of every level
 * sampled at a point and at ±offset along each axis; a decoder of 1×1 convolutions.
 */
export type FamilyName = 'ShapeNet64Vox' | 'ShapeNet128Vox' | 'ShapeNet256Vox' | 'ShapeNet512Vox';

export interface FamilyLevel {
  /** Pooling from the level above. */
  readonly pool: 1 | 2 | 4;
  /** Output channels of its convolutions, in order. */
  readonly channels: readonly number[];
}

export interface FamilySpec {
  readonly kind: 'shapenet-vox';
  readonly name: FamilyName;
  /** Voxels along an edge of the image. */
  readonly resolution: number;
  readonly edgeMm: number;
  readonly levels: readonly FamilyLevel[];
  /** The taps' distance from their point, in normalised units. */
  readonly offsetNormalized: number;
  readonly hidden: readonly number[];
  /** One value, the unsigned distance; or two. */
  readonly outputs: 1 | 2;
  /** mm in one unit of the output. */
  readonly unitMm: number;
  /**
   * Where a level of n voxels lies on the cube [−1, 1]³. True: the outermost voxels' centres at ±1, so that a point x
   * is voxel (x + 1)/2 · (n − 1). False: the voxels' faces at ±1, so that it is voxel ((x + 1)·n − 1)/2. It is a matter
   * of how the weights were trained; PyTorch's grid_sample calls it align_corners.
   */
  readonly alignCorners: boolean;
}

/** Cube of the appendage, mm; half of it is one normalised unit. */
const EDGE_MM = 70;
const UNIT_MM = 35;
const TWICE = (channels: number, pool: 1 | 2 | 4 = 2): FamilyLevel => ({
  pool,
  channels: [channels, channels],
});
const FROM_32: readonly FamilyLevel[] = [TWICE(64), TWICE(128), TWICE(128)];

const LAYOUTS: Readonly<Record<FamilyName, Pick<FamilySpec, 'resolution' | 'levels' | 'offsetNormalized'>>> =
  {
    ShapeNet64Vox: {
      resolution: 64,
      levels: [{ pool: 1, channels: [32] }, ...FROM_32],
      offsetNormalized: 0.0722,
    },
    ShapeNet128Vox: {
      resolution: 128,
      levels: [{ pool: 1, channels: [16] }, TWICE(32), ...FROM_32],
      offsetNormalized: 0.0361,
    },
    ShapeNet256Vox: {
      resolution: 256,
      levels: [{ pool: 1, channels: [8] }, TWICE(16), TWICE(32), ...FROM_32],
      offsetNormalized: 0.05,
    },
    ShapeNet512Vox: {
      resolution: 512,
      levels: [{ pool: 1, channels: [4] }, TWICE(16, 4), TWICE(32), ...FROM_32],
      offsetNormalized: 0.05,
    },
  };

export const FAMILY_NAMES = Object.keys(LAYOUTS) as readonly FamilyName[];

export const isFamilyName = (text: string): text is FamilyName => Object.hasOwn(LAYOUTS, text);

/** A network of the family as data. */
export const familySpec = (
  name: FamilyName,
  { outputs = 1, alignCorners = true }: Partial<Pick<FamilySpec, 'outputs' | 'alignCorners'>> = {},
): FamilySpec => ({
  kind: 'shapenet-vox',
  name,
  ...LAYOUTS[name],
  edgeMm: EDGE_MM,
  hidden: [256, 256, 256],
  outputs,
  unitMm: UNIT_MM,
  alignCorners,
});

/** Channels of each sampled level, the raw image first. */
export const familyChannels = (spec: FamilySpec): number[] => [
  1,
  ...spec.levels.map(({ channels }) => channels.at(-1)!),
];

/** Voxels along an edge of each sampled level, the raw image first. */
export function familyResolutions(spec: FamilySpec): number[] {
  let size = spec.resolution;
  return [
    size,
    ...spec.levels.map(({ pool }) => {
      size /= pool;
      return size;
    }),
  ];
}

/** Taps: the point and two along each axis. */
export const FAMILY_TAPS = 7;

/** Widths of the decoder's layers: F·7, 256, 256, 256, outputs. */
export const familyDecoderWidths = (spec: FamilySpec): number[] => [
  familyChannels(spec).reduce((sum, count) => sum + count, 0) * FAMILY_TAPS,
  ...spec.hidden,
  spec.outputs,
];
