import { throwIfCancelled } from '#shared/errors.ts';
import { assertBlock, normalizeHu } from '#shared/nudf/engine/normalizeHu.ts';
import type { RegionNetworkSpec, SurroundingsNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { assertWeightsFit } from '#shared/nudf/network/weightLayout.ts';
import { regionOnnx } from '../network/onnx/exportOnnx.ts';
import { createSession, loadOnnxRuntime, type OnnxOptions } from './onnxRuntime.ts';

/** A network that answers for every voxel of a coarse block. */
export interface CoarseNetwork {
  /** @param blockHu resolution³ voxels, x fastest. @returns output after output, x fastest, as the network gives them */
  logits(blockHu: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
  free(): Promise<void>;
}

/**
 * Opens one by ONNX Runtime on the CPU.
 * @throws UserError where the weights are not the spec's or the platform has no ONNX Runtime
 */
export async function openCoarseNetwork(
  spec: RegionNetworkSpec | SurroundingsNetworkSpec,
  weights: WeightMap,
  options: OnnxOptions,
): Promise<CoarseNetwork> {
  assertWeightsFit(spec, weights);
  const runtime = await loadOnnxRuntime();
  const session = await createSession(runtime, regionOnnx(spec, weights), options);
  return {
    async logits(blockHu, signal) {
      assertBlock(blockHu, spec.resolution);
      throwIfCancelled(signal);
      const image = new Float32Array(blockHu.length);
      normalizeHu(blockHu, spec.clipHu, image);
      const size = spec.resolution;
      const { logits } = await session.run({
        image: new runtime.Tensor('float32', image, [1, 1, size, size, size]),
      });
      throwIfCancelled(signal);
      // The graph's one output is float32.
      return logits!.data as Float32Array;
    },
    free: () => session.release(),
  };
}
