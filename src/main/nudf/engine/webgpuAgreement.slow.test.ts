import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
import { DeviceFailure } from '#shared/nudf/engine/fallbackEngine.ts';
import {
  createTensorflowFieldEngine,
  createTensorflowRegionEngine,
} from '#shared/nudf/engine/tensorflowEngine.ts';
import { webgpuHost } from '#shared/nudf/engine/webgpuEngine.ts';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { formulaWeights } from '../family/testing/formula.ts';
import { createOnnxFieldEngine } from './onnxEngine.ts';
import { createOnnxFamilyFieldEngine } from './onnxFamilyFieldEngine.ts';
import { createOnnxRegionEngine } from './onnxRegionEngine.ts';
import {
  FIELD_LAYOUT,
  largestDifference,
  probePoints,
  randomBlockHu,
  randomWeights,
  SMALL_FIELD,
  SMALL_REGION,
  smallFamily,
} from './testing/agreementFixture.ts';

const gpu = await webGpuForTests();
/** One level less than elsewhere, and short rows: a software device compiles each shape for half a second. */
const REGION = { ...SMALL_REGION, resolution: 8, channels: [8, 16] };

/** As on a graphics processor, where all is compiled when an engine is made. */
const realHost = () => webgpuHost({ ...gpu!, isSoftware: false });

describe.skipIf(!gpu)('the WebGPU engine and the ONNX engine', () => {
  beforeEach(async () => {
    await tf.setBackend('webgpu');
  });
  afterAll(() => gpu?.free());

  it.each([
    ['a small network at two chunks of points', SMALL_FIELD, 8192 - 31],
    ['the bundled layout', FIELD_LAYOUT, 60],
  ])('agree on both fields of %s to 1e-4', async (_, spec, count) => {
    const weights = randomWeights(spec, 21);
    const cropHu = randomBlockHu(spec.resolution, 22);
    const points = probePoints(spec.resolution, 23, count);
    const before = tf.memory().numTensors;
    const webgpu = await createTensorflowFieldEngine(webgpuHost(gpu!), spec, weights);
    const onnx = await createOnnxFieldEngine(spec, weights);
    const crops = [await webgpu.encode(cropHu), await onnx.encode(cropHu)] as const;
    const [a, b] = [await crops[0].evaluate(points), await crops[1].evaluate(points)];
    expect(largestDifference(a.signedMm, b.signedMm)).toBeLessThan(1e-4);
    expect(largestDifference(a.unsignedMm, b.unsignedMm)).toBeLessThan(1e-4);
    crops[0].free();
    await webgpu.free();
    await onnx.free();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([true, false])(
    'agree on a network of the NUDF family, corners aligned: %s',
    async (alignCorners) => {
      const spec = smallFamily(alignCorners);
      const weights = formulaWeights(spec);
      const cropHu = randomBlockHu(spec.resolution, 26);
      const points = probePoints(spec.resolution, 27);
      const before = tf.memory().numTensors;
      const webgpu = await createTensorflowFieldEngine(webgpuHost(gpu!), spec, weights);
      const onnx = await createOnnxFamilyFieldEngine(spec, weights);
      const crops = [await webgpu.encode(cropHu), await onnx.encode(cropHu)] as const;
      const [a, b] = [await crops[0].evaluate(points), await crops[1].evaluate(points)];
      // Raw HU and weights of no training: distances of hundreds of millimetres.
      const largest = b.unsignedMm.reduce((most, value) => Math.max(most, value), 0);
      expect(largestDifference(a.signedMm, b.signedMm) / largest).toBeLessThan(1e-4);
      expect(largestDifference(a.unsignedMm, b.unsignedMm) / largest).toBeLessThan(1e-4);
      crops[0].free();
      await webgpu.free();
      await onnx.free();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('agree on the region to 1e-4', async () => {
    const weights = randomWeights(REGION, 24);
    const blockHu = randomBlockHu(REGION.resolution, 25);
    const before = tf.memory().numTensors;
    const webgpu = await createTensorflowRegionEngine(realHost(), REGION, weights);
    const onnx = await createOnnxRegionEngine(REGION, weights);
    const compile = vi.spyOn(gpu!.device, 'createComputePipeline');
    expect(largestDifference(await webgpu.detect(blockHu), await onnx.detect(blockHu))).toBeLessThan(1e-4);
    // All kernels of ours were compiled when the engine was made.
    expect(
      compile.mock.calls.map(([{ label }]) => label).filter((label) => !/Program$/.test(label!)),
    ).toEqual([]);
    compile.mockRestore();
    await webgpu.free();
    await onnx.free();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops when it is cancelled, and refuses to work after it has been freed', async () => {
    const weights = randomWeights(SMALL_FIELD, 1);
    const engine = await createTensorflowFieldEngine(realHost(), SMALL_FIELD, weights);
    const cropHu = randomBlockHu(16, 1);
    await expect(engine.encode(cropHu, AbortSignal.abort())).rejects.toThrow(CancelledError);
    const crop = await engine.encode(cropHu);
    await expect(crop.evaluate(probePoints(16, 1), AbortSignal.abort())).rejects.toThrow(CancelledError);
    crop.free();
    await expect(crop.evaluate(probePoints(16, 1))).rejects.toThrow(/freed/);
    await engine.free();
    await expect(engine.encode(cropHu)).rejects.toThrow(/freed/);
  });

  // The last one: it takes the device away.
  it('tells a lost device from other failures', async () => {
    const host = webgpuHost(gpu!);
    await expect(host.guard(() => Promise.reject(new Error('a shape is wrong')))).rejects.toThrow('a shape');
    const endless = host.guard(() => new Promise(() => undefined));
    gpu!.free();
    await expect(endless).rejects.toThrow(DeviceFailure);
    await expect(host.guard(() => new Promise(() => undefined))).rejects.toThrow(DeviceFailure);
  });
});
