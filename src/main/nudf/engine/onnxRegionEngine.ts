import { throwIfCancelled } from '#shared/errors.ts';
import type { RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { assertBlock, normalizeHu } from '#shared/nudf/engine/normalizeHu.ts';
import type { RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { assertWeightsFit } from '#shared/nudf/network/weightLayout.ts';
import { regionOnnx } from '../network/onnx/exportOnnx.ts';
import { createSession, loadOnnxRuntime, type OnnxOptions, onnxDevice } from './onnxRuntime.ts';

/** A logit as a probability. */
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/**
 * The region network by ONNX Runtime on the CPU.
 * @throws UserError where the weights are not the spec's or the platform has no ONNX Runtime
 */
export async function createOnnxRegionEngine(
  spec: RegionNetworkSpec,
  weights: WeightMap,
  options: OnnxOptions = {},
): Promise<RegionEngine> {
  assertWeightsFit(spec, weights);
  const runtime = await loadOnnxRuntime();
  const session = await createSession(runtime, regionOnnx(spec, weights), options);
  let isFreed = false;
  return {
    id: 'onnx',
    device: onnxDevice(options),
    async detect(blockHu, signal) {
      if (isFreed) throw new Error('The engine has been freed.');
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
      return (logits!.data as Float32Array).map(sigmoid);
    },
    async free() {
      if (isFreed) return;
      isFreed = true;
      await session.release();
    },
  };
}
