import type { ApplicationEngineChoice } from '#shared/contract/services/app.ts';
import type { FieldSamples } from '../fieldSamples.ts';

/**
 * The interface of every engine: encode a crop once, evaluate the two fields at any points, free.
 * All engines give the same numbers from the same weights, to 1e-4 (proved by test).
 */
export type EngineId = Exclude<ApplicationEngineChoice, 'auto'>;

export interface EncodedCrop {
  /**
   * Evaluates both fields.
   * @param pointsNormalized 3·N coordinates x, y, z in the crop's normalised frame ([−1, 1]³; see CropFrame). Points
   *   outside the cube take the border's features.
   */
  evaluate(pointsNormalized: Float32Array, signal?: AbortSignal): Promise<FieldSamples>;
  /** Frees what the crop holds (buffers, tensors). Calling evaluate afterwards is an error. */
  free(): void;
}

export interface FieldEngine {
  readonly id: EngineId;
  /** The device in words, for the report: for example "CPU, 2 threads" or the GPU's name. */
  readonly device: string;
  /**
   * True where the network knows the distance to the open wall only, of no sign: both fields are then that distance, and
   * the surface is found by pseudo-signs.
   */
  readonly isUnsigned: boolean;
  /**
   * Runs the encoder once.
   * @param cropHu resolution³ HU values on cropGrid(frame, resolution), x fastest; raw HU, the engine normalises.
   */
  encode(cropHu: Float32Array, signal?: AbortSignal): Promise<EncodedCrop>;
  free(): Promise<void>;
}

export interface RegionEngine {
  readonly id: EngineId;
  readonly device: string;
  /** Appendage probability per voxel for a resolution³ block of HU, x fastest. */
  detect(blockHu: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
  free(): Promise<void>;
}
