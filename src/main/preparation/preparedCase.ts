import { z } from 'zod';
import { type Failure, isFailure } from '#shared/failures/failure.ts';
import { APPENDAGE_CUBE_EDGE_MM } from '../surface/cropFrame.ts';

/**
 * A prepared case: the folder of one training example in the format of the NUDF paper's programs, with files of ours
 * beside theirs. All coordinates are normalised: the cube of 70 mm round the appendage is [−1, 1]³, one unit is 35 mm,
 * and voxel v of n along an axis has its centre at (2v + 1)/n − 1.
 */

export const CUBE_EDGE_MM = APPENDAGE_CUBE_EDGE_MM;
/** mm in one normalised unit. */
export const UNIT_MM = CUBE_EDGE_MM / 2;

export const IMAGE_RESOLUTIONS = [64, 128, 256, 512] as const;
/** Voxels along an edge of an image. */
export type ImageResolution = (typeof IMAGE_RESOLUTIONS)[number];

/** Points beside the surface, inside and outside, and points anywhere in the cube. */
export const SAMPLING_CATEGORIES = ['in1', 'out1', '0.0'] as const;
export type SamplingCategory = (typeof SAMPLING_CATEGORIES)[number];

export const imageFile = (resolution: number): string => `imageinput_${resolution}.npy`;
export const samplesFile = (category: string): string => `boundary_${category}_samples.npz`;

/** What a case holds of ours: both fields' truth, the surfaces (LPS mm) and how the case was made. */
export const CASE_FILES = {
  dualField: 'dual_field_samples.npz',
  wall: 'laa-wall.stl',
  closed: 'laa-closed.stl',
  description: 'case.json',
} as const;

/** The cases' names by what they are for. */
export const SPLIT_FILE = 'split.npz';

const vec3 = z.tuple([z.number(), z.number(), z.number()]);

/** `case.json`. A folder that another program made has none. */
export const caseDescriptionSchema = z.object({
  format: z.literal('auricle-prepared-case'),
  formatVersion: z.literal(1),
  program: z.object({ name: z.literal('Auricle'), version: z.string() }),
  name: z.string(),
  /** Equal for cases of one patient; says nothing else of him. */
  patientKey: z.string(),
  /** SHA-256 of inputs and options. */
  checksum: z.string(),
  seed: z.int(),
  cube: z.object({
    edgeMm: z.number().positive(),
    centreLpsMm: vec3,
    centreFrom: z.enum(['segmentation', 'region', 'given']),
  }),
  coordinates: z.object({
    /** Along which x, y and z of the points grow: left, posterior, superior. */
    axes: z.literal('LPS'),
    /** The image's order of axes, the slowest first. */
    imageOrder: z.literal('zyx'),
    unitMm: z.number().positive(),
    /** What PyTorch's grid_sample must be told: the voxels' outer faces, not their centres, lie at ±1. */
    alignCorners: z.literal(false),
    voxelCentre: z.string(),
  }),
  image: z.object({
    source: z.enum(['dicom', 'file', 'phantom']),
    resolutions: z.array(z.int().positive()),
    type: z.enum(['int16', 'float32']),
    /** HU where there is no scan. */
    outsideHu: z.number(),
  }),
  surface: z.object({
    source: z.enum(['surface', 'labels', 'seg', 'phantom']),
    /** How the closed surface lost the part between appendage and atrium. */
    openedBy: z.enum(['surface', 'atrium', 'plane', 'flat-end']),
    wallAreaMm2: z.number().positive(),
    closedVolumeMl: z.number().positive(),
    vertices: z.int(),
    faces: z.int(),
  }),
  samples: z.object({
    type: z.enum(['float32', 'float64']),
    points: z.record(z.string(), z.int()),
    dualField: z.int(),
  }),
  warnings: z.array(z.custom<Failure>(isFailure)),
});

export type CaseDescription = z.infer<typeof caseDescriptionSchema>;

/** The one mapping of coordinates, as `case.json` says it. */
export const COORDINATES: CaseDescription['coordinates'] = {
  axes: 'LPS',
  imageOrder: 'zyx',
  unitMm: UNIT_MM,
  alignCorners: false,
  voxelCentre: 'voxel v of n: (2v + 1)/n − 1',
};

/** An image of the cube. */
export interface PreparedImage {
  readonly resolution: number;
  /** HU, [z, y, x] in C order: x runs fastest. */
  readonly valuesHu: Int16Array | Float32Array;
}

/** Points with their unsigned distances to the open wall, normalised. */
export interface PreparedSamples {
  readonly count: number;
  /** 3·N: x, y, z of each point. */
  readonly points: Float32Array;
  /**
   * 3·N: where the network samples the image, in the order that PyTorch's grid_sample wants for an image [z, y, x]: x, y,
   * z again. Equal to `points` in folders of ours.
   */
  readonly gridCoords: Float32Array;
  readonly occupancies: Float32Array;
}

/** Points with both fields' truth, normalised. */
export interface DualFieldSamples {
  readonly count: number;
  /** 3·N: x, y, z of each point. */
  readonly points: Float32Array;
  /** Distance to the closed lumen, negative inside. */
  readonly signed: Float32Array;
  /** Distance to the open wall. */
  readonly unsigned: Float32Array;
}

/** Names of cases, relative to the folder that holds them. */
export interface CaseSplit {
  readonly train: readonly string[];
  readonly val: readonly string[];
  readonly test: readonly string[];
}
