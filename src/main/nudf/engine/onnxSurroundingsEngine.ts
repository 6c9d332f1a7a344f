import type { SurroundingsNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { openCoarseNetwork } from './onnxCoarseNetwork.ts';
import type { OnnxOptions } from './onnxRuntime.ts';

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
  const network = await openCoarseNetwork(spec, weights, options);
  return {
    async distances(cubeHu, signal) {
      const logits = await network.logits(cubeHu, signal);
      return logits.map((value) => Math.max(-1, Math.min(1, value)) * spec.reachMm);
    },
    free: network.free,
  };
}
