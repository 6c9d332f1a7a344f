import { throwIfCancelled } from '#shared/errors.ts';
import { assertBlock, normalizeHu } from '#shared/nudf/engine/normalizeHu.ts';
import type { SurroundingsNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { assertWeightsFit } from '#shared/nudf/network/weightLayout.ts';
import { regionOnnx } from '../network/onnx/exportOnnx.ts';
import { createSession, loadOnnxRuntime, type OnnxOptions } from './onnxRuntime.ts';

/** Gives the distances to the surroundings in one cube. */
export interface SurroundingsEngine {
  /** @param cubeHu resolution³ voxels, x fastest. @returns structure after structure, x fastest, mm; at most the reach. */
  distances(cubeHu: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
  free(): Promise<void>;
}

/**
 * The network of the surroundings by ONNX Runtime on the CPU: it runs once a result, for less than a second.
 * @throws UserError where the weights are not the spec's or the platform has no ONNX Runtime
 */
export async function createOnnxSurroundingsEngine(
  spec: SurroundingsNetworkSpec,
  weights: WeightMap,
  options: OnnxOptions = {},
): Promise<SurroundingsEngine> {
  assertWeightsFit(spec, weights);
  const runtime = await loadOnnxRuntime();
  const session = await createSession(runtime, regionOnnx(spec, weights), options);
  return {
    async distances(cubeHu, signal) {
      assertBlock(cubeHu, spec.resolution);
      throwIfCancelled(signal);
      const image = new Float32Array(cubeHu.length);
      normalizeHu(cubeHu, spec.clipHu, image);
      const size = spec.resolution;
      const { logits } = await session.run({
        image: new runtime.Tensor('float32', image, [1, 1, size, size, size]),
      });
      throwIfCancelled(signal);
      // The graph's one output is float32.
      return (logits!.data as Float32Array).map((value) => Math.max(-1, Math.min(1, value)) * spec.reachMm);
    },
    free: () => session.release(),
  };
}
