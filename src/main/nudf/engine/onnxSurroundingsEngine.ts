import type { SurroundingsNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { assertWeightsFit } from '#shared/nudf/network/weightLayout.ts';
import { type CoarseNetwork, openCoarseNetwork } from './onnxCoarseNetwork.ts';
import { loadOnnxRuntime, type OnnxOptions } from './onnxRuntime.ts';

/** Gives the distances to the surroundings in one cube. */
export interface SurroundingsEngine {
  /** @param cubeHu resolution³ voxels, x fastest. @returns structure after structure, x fastest, mm; at most the reach. */
  distances(cubeHu: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
  free(): Promise<void>;
}

/**
 * The network of the surroundings by ONNX Runtime on the CPU: it runs once a result, for less than a second. Its session is
 * made for the first of them, a seventh of what the process of the models would take to start.
 * @throws UserError where the weights are not the spec's or the platform has no ONNX Runtime
 */
export async function createOnnxSurroundingsEngine(
  spec: SurroundingsNetworkSpec,
  weights: WeightMap,
  options: OnnxOptions = {},
): Promise<SurroundingsEngine> {
  assertWeightsFit(spec, weights);
  await loadOnnxRuntime();
  let opening: Promise<CoarseNetwork> | undefined;
  return {
    async distances(cubeHu, signal) {
      opening ??= openCoarseNetwork(spec, weights, options).catch((thrown: unknown) => {
        // The next call tries again.
        opening = undefined;
        throw thrown;
      });
      const logits = await (await opening).logits(cubeHu, signal);
      return logits.map((value) => Math.max(-1, Math.min(1, value)) * spec.reachMm);
    },
    async free() {
      // One that could not be opened has failed the call that asked for it.
      const network = await opening?.catch(() => undefined);
      await network?.free();
    },
  };
}
