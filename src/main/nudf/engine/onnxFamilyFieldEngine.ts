import { type HeadedFamilySpec, isUnsignedNetwork } from '#shared/nudf/engine/distanceSpec.ts';
import type { FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { familyFields } from '#shared/nudf/family/familyFields.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { createOnnxFamilyEngine } from './onnxFamilyEngine.ts';
import type { OnnxOptions } from './onnxRuntime.ts';

/**
 * A network of the family as an engine of the pipeline, by ONNX Runtime on the CPU.
 * @throws UserError where the platform has no ONNX Runtime
 */
export async function createOnnxFamilyFieldEngine(
  spec: HeadedFamilySpec,
  weights: WeightMap,
  options: OnnxOptions = {},
): Promise<FieldEngine> {
  const engine = await createOnnxFamilyEngine(spec, weights, options);
  return {
    id: 'onnx',
    device: engine.device,
    isUnsigned: isUnsignedNetwork(spec),
    async encode(cropHu, signal) {
      const crop = await engine.encode(cropHu, signal);
      return {
        evaluate: async (pointsNormalized, evaluateSignal) =>
          familyFields(await crop.evaluate(pointsNormalized, evaluateSignal), spec.heads, spec.unitMm),
        free: () => crop.free(),
      };
    },
    free: () => engine.free(),
  };
}
