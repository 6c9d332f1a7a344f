import type { FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { normalizeHu } from '#shared/nudf/engine/normalizeHu.ts';
import { dualFieldSamples } from '#shared/nudf/fieldSamples.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import {
  assertWeightsFit,
  decoderWidths,
  outputCount,
  pyramidChannels,
  pyramidResolutions,
  tapOffsetNormalized,
} from '#shared/nudf/network/weightLayout.ts';
import { encoderOnnx } from '../network/onnx/exportOnnx.ts';
import { createPyramidRunner, openPyramidDecoder } from './onnxPyramid.ts';
import { createSession, loadOnnxRuntime, type OnnxOptions, onnxDevice } from './onnxRuntime.ts';

/**
 * The field network by ONNX Runtime on the CPU (`onnxPyramid.ts`). Each encoded crop holds some 200 MB until it is
 * freed.
 * @throws UserError where the weights are not the spec's or the platform has no ONNX Runtime
 */
export async function createOnnxFieldEngine(
  spec: FieldNetworkSpec,
  weights: WeightMap,
  options: OnnxOptions = {},
): Promise<FieldEngine> {
  assertWeightsFit(spec, weights);
  const runtime = await loadOnnxRuntime();
  const channels = pyramidChannels(spec);
  const outputs = outputCount(spec);
  const levels = pyramidResolutions(spec).map((resolution, level) => ({
    resolution,
    channels: channels[level]!,
  }));
  const runner = createPyramidRunner({
    runtime,
    encoder: await createSession(runtime, encoderOnnx(spec, weights), options),
    ...(await openPyramidDecoder(runtime, levels, decoderWidths(spec), weights, options)),
    levels,
    offsetNormalized: tapOffsetNormalized(spec),
    alignCorners: false,
    outputs,
    prepare: (cropHu, image) => normalizeHu(cropHu, spec.clipHu, image),
  });
  return {
    id: 'onnx',
    device: onnxDevice(options),
    isUnsigned: false,
    async encode(cropHu, signal) {
      const pyramid = await runner.encode(cropHu, signal);
      return {
        evaluate: async (pointsNormalized, evaluateSignal) =>
          dualFieldSamples(await pyramid.decode(pointsNormalized, evaluateSignal), spec.unitMm, outputs),
        free: () => pyramid.free(),
      };
    },
    free: () => runner.free(),
  };
}
