import {
  type FamilySpec,
  familyChannels,
  familyDecoderWidths,
  familyResolutions,
} from '#shared/nudf/family/familySpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { familyEncoderOnnx } from '../family/familyOnnx.ts';
import { createPyramidRunner, openPyramidDecoder } from './onnxPyramid.ts';
import { createSession, loadOnnxRuntime, type OnnxOptions, onnxDevice } from './onnxRuntime.ts';

/** One crop, encoded by a network of the family. */
export interface EncodedFamilyCrop {
  /**
   * The network's outputs at N points, by point, in normalised units (one is spec.unitMm); N · spec.outputs values.
   * @param pointsNormalized 3·N coordinates x, y, z in [−1, 1]
   */
  evaluate(pointsNormalized: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
  free(): void;
}

export interface FamilyEngine {
  readonly spec: FamilySpec;
  readonly device: string;
  /** @param cropHu resolution³ raw HU, x fastest; the networks of the family see HU as they are */
  encode(cropHu: Float32Array, signal?: AbortSignal): Promise<EncodedFamilyCrop>;
  free(): Promise<void>;
}

/** A network of the family by ONNX Runtime on the CPU. Throws a UserError where the platform has none. */
export async function createOnnxFamilyEngine(
  spec: FamilySpec,
  weights: WeightMap,
  options: OnnxOptions = {},
): Promise<FamilyEngine> {
  const runtime = await loadOnnxRuntime();
  const channels = familyChannels(spec);
  const levels = familyResolutions(spec).map((resolution, level) => ({
    resolution,
    channels: channels[level]!,
  }));
  const runner = createPyramidRunner({
    runtime,
    encoder: await createSession(runtime, familyEncoderOnnx(spec, weights), options),
    ...(await openPyramidDecoder(runtime, levels, familyDecoderWidths(spec), weights, options)),
    levels,
    offsetNormalized: spec.offsetNormalized,
    alignCorners: spec.alignCorners,
    outputs: spec.outputs,
    prepare: (cropHu, image) => image.set(cropHu),
  });
  return {
    spec,
    device: onnxDevice(options),
    async encode(cropHu, signal) {
      const pyramid = await runner.encode(cropHu, signal);
      return { evaluate: pyramid.decode, free: pyramid.free };
    },
    free: () => runner.free(),
  };
}
