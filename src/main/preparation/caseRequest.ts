import type { OstiumPlane } from '#shared/contract/values.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { MeshFrame } from '../interchange/meshFrame.ts';
import type { ImageResolution } from './preparedCase.ts';
import type { SamplePrecision } from './writePreparedCase.ts';

/** A scan and its segmentation as files. */
export interface FilesInput {
  readonly kind: 'files';
  /** A folder of DICOM, or a NIfTI, NRRD or MetaImage. */
  readonly image: string;
  /** A surface, a label map (file or folder of DICOM), or a DICOM SEG. */
  readonly segmentation: string;
  /** The appendage's label; the only one where left out. */
  readonly label?: number;
  /** The left atrium's label in the same map: what touches it is the ostium. */
  readonly atriumLabel?: number;
  /** The frame of the surface's coordinates; what the file says where left out, else LPS. */
  readonly surfaceSpace?: MeshFrame;
  readonly ostiumPlane?: OstiumPlane;
  readonly centreLpsMm?: Vec3;
}

export type CaseInput =
  | FilesInput
  /** A folder that `auricle phantom` wrote: `dicom/` and `truth/`. */
  | { readonly kind: 'phantom-folder'; readonly folder: string }
  /** A phantom of which only the cube is rendered. */
  | { readonly kind: 'phantom'; readonly seed: number };

/** What a case is made of. Plain data, so that it can cross to a thread. */
export interface CaseRequest {
  /** The folder's name. */
  readonly name: string;
  /** What identifies the patient; else the scan's patient ID, else the case's name. */
  readonly patient?: string;
  readonly input: CaseInput;
}

/** How all cases of a run are prepared. */
export interface PrepareOptions {
  readonly resolutions: readonly ImageResolution[];
  readonly imageType: 'int16' | 'float32';
  readonly precision: SamplePrecision;
  /** Points of each sampling category. */
  readonly points: number;
  readonly dualFieldPoints: number;
  readonly seed: number;
  /** Whether unevenly spaced slices are resampled; else they are refused. */
  readonly resampleUneven?: boolean;
  /** Where the cube of a case without a centre of its own is centred. */
  readonly centre: 'segmentation' | 'region';
  /** Cells along an edge of the true surface of phantoms made from a seed. */
  readonly surfaceResolution: number;
  readonly programVersion: string;
}

export const DEFAULT_POINTS = 100_000;

/** 128 cells are 0.55 mm; the distances of these phantoms do not depend on it, for they are analytic. */
export const DEFAULT_SURFACE_RESOLUTION = 128;
