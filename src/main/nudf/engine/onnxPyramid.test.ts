import { expect, it } from 'vitest';
import { FIELD_128 } from '#shared/nudf/network/networkSpec.ts';
import { decoderWidths, pyramidChannels, pyramidResolutions } from '#shared/nudf/network/weightLayout.ts';
import { decoderOnnx, encoderOnnx } from '../network/onnx/exportOnnx.ts';
import { projectedLevelCount } from '../network/onnx/projectionOnnx.ts';
import { createPyramidRunner, openPyramidDecoder, type PyramidDecoder } from './onnxPyramid.ts';
import { createSession, loadOnnxRuntime } from './onnxRuntime.ts';
import {
  FIELD_LAYOUT,
  largestDifference,
  probePoints,
  randomBlockHu,
  randomWeights,
  standardDeviation,
} from './testing/agreementFixture.ts';

const levelsOf = (spec: typeof FIELD_128) =>
  pyramidResolutions(spec).map((resolution, level) => ({
    resolution,
    channels: pyramidChannels(spec)[level]!,
  }));

it('projects only coarse levels of many channels, before layers of whole vectors', () => {
  const levels = levelsOf(FIELD_128);
  expect(projectedLevelCount(levels, decoderWidths(FIELD_128))).toBe(2);
  expect(projectedLevelCount(levels, [2583, 30, 2])).toBe(0);
  expect(projectedLevelCount([{ resolution: 16, channels: 8 }], [56, 32, 2])).toBe(0);
  expect(projectedLevelCount([{ resolution: 8, channels: 64 }], [448, 2])).toBe(0);
});

it.each([false, true])(
  'gives with projected levels, to rounding, what the whole first layer gives (corners aligned: %s)',
  async (alignCorners) => {
    const spec = { ...FIELD_LAYOUT, resolution: 32, hidden: [32, 16] };
    const [weights, levels] = [randomWeights(spec, 5), levelsOf(spec)];
    const runtime = await loadOnnxRuntime();
    const decode = async (decoder: PyramidDecoder): Promise<Float32Array> => {
      const runner = createPyramidRunner({
        runtime,
        encoder: await createSession(runtime, encoderOnnx(spec, weights), {}),
        ...decoder,
        levels,
        offsetNormalized: 2.5 / 35,
        alignCorners,
        outputs: 2,
        prepare: (cropHu, image) => image.set(cropHu.map((hu) => hu / 1000)),
      });
      const pyramid = await runner.encode(randomBlockHu(spec.resolution, 3));
      const values = await pyramid.decode(probePoints(spec.resolution, 7, 3000));
      await runner.free();
      return values;
    };
    const projected = await openPyramidDecoder(runtime, levels, decoderWidths(spec), weights, {});
    expect(projected.projection?.levels).toBe(3);
    const whole = { decoder: await createSession(runtime, decoderOnnx(spec, weights, 'tap-major'), {}) };
    const expected = await decode(whole);
    expect(standardDeviation(expected)).toBeGreaterThan(0.01);
    expect(largestDifference(await decode(projected), expected)).toBeLessThan(1e-5);
  },
);
