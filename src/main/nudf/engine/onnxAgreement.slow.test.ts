import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
import type { FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { normalizeHu } from '#shared/nudf/engine/normalizeHu.ts';
import {
  createTensorflowFieldEngine,
  createTensorflowRegionEngine,
  type TensorflowHost,
} from '#shared/nudf/engine/tensorflowEngine.ts';
import { disposeParameters, variablesFrom } from '#shared/nudf/network/networkParameters.ts';
import type { SurroundingsNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { createRegionNetwork } from '#shared/nudf/network/regionNetwork.ts';
import { stockOps } from '#shared/nudf/network/stockOps.ts';
import { createOnnxFieldEngine } from './onnxEngine.ts';
import { createOnnxRegionEngine } from './onnxRegionEngine.ts';
import { createOnnxSurroundingsEngine } from './onnxSurroundingsEngine.ts';
import {
  FIELD_LAYOUT,
  largestDifference,
  probePoints,
  randomBlockHu,
  randomWeights,
  SMALL_FIELD,
  SMALL_REGION,
  standardDeviation,
} from './testing/agreementFixture.ts';

const reference: TensorflowHost = {
  id: 'cuda',
  device: 'reference',
  backendName: 'cpu',
  ops: stockOps,
  chunkPoints: 50,
  chunksAtOnce: 3,
  guard: (work) => work(),
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

async function evaluateOnce(engine: FieldEngine, cropHu: Float32Array, points: Float32Array) {
  const crop = await engine.encode(cropHu);
  const samples = await crop.evaluate(points);
  crop.free();
  await engine.free();
  return samples;
}

describe('the ONNX engine and the TensorFlow.js reference', () => {
  it.each([
    ['a small network', SMALL_FIELD, 60],
    ['the bundled layout', FIELD_LAYOUT, 60],
    // More than two of the ONNX engine's chunks.
    ['a small network at many points', SMALL_FIELD, 4100],
  ])('agree on both fields of %s to 1e-4', async (_, spec, count) => {
    const weights = randomWeights(spec, 11);
    const cropHu = randomBlockHu(spec.resolution, 3);
    const points = probePoints(spec.resolution, 4, count);
    const onnx = await evaluateOnce(
      await createOnnxFieldEngine(spec, weights, { threads: 2 }),
      cropHu,
      points,
    );
    const before = tf.memory().numTensors;
    const host = { ...reference, chunkPoints: count > 1000 ? 2500 : 50 };
    const tensorflow = await evaluateOnce(
      await createTensorflowFieldEngine(host, spec, weights),
      cropHu,
      points,
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(standardDeviation(onnx.signedMm)).toBeGreaterThan(0.01);
    expect(standardDeviation(onnx.unsignedMm)).toBeGreaterThan(0.01);
    expect(largestDifference(onnx.signedMm, tensorflow.signedMm)).toBeLessThan(1e-4);
    expect(largestDifference(onnx.unsignedMm, tensorflow.unsignedMm)).toBeLessThan(1e-4);
  });

  it('agree on the region to 1e-4', async () => {
    const weights = randomWeights(SMALL_REGION, 12);
    const blockHu = randomBlockHu(SMALL_REGION.resolution, 5);
    const onnx = await createOnnxRegionEngine(SMALL_REGION, weights, { threads: 2 });
    const before = tf.memory().numTensors;
    const tensorflow = await createTensorflowRegionEngine(reference, SMALL_REGION, weights);
    const probability = await onnx.detect(blockHu);
    expect(standardDeviation(probability)).toBeGreaterThan(1e-3);
    expect(largestDifference(probability, await tensorflow.detect(blockHu))).toBeLessThan(1e-4);
    await onnx.free();
    await tensorflow.free();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the ONNX engine of the surroundings', () => {
  it('gives the distances of the TensorFlow.js network, structure by structure, within their reach', async () => {
    const spec: SurroundingsNetworkSpec = {
      ...SMALL_REGION,
      kind: 'surroundings-unet',
      edgeMm: 96,
      reachMm: 14,
      structures: ['leftAtrium', 'circumflex', 'mitralAnnulus'],
    };
    const weights = randomWeights(spec, 13);
    const cubeHu = randomBlockHu(spec.resolution, 6);
    const engine = await createOnnxSurroundingsEngine(spec, weights, { threads: 2 });
    const distances = await engine.distances(cubeHu);
    await engine.free();
    const image = new Float32Array(cubeHu.length);
    normalizeHu(cubeHu, spec.clipHu, image);
    const n = spec.resolution;
    const variables = variablesFrom(weights);
    const expected = tf.tidy(() => {
      const outputs = createRegionNetwork(spec, variables, stockOps).logits(
        tf.tensor5d(image, [1, n, n, n, 1]),
      );
      // Structure by structure, as the engine has them.
      const apart = tf.transpose(tf.reshape(outputs, [n ** 3, spec.structures.length]), [1, 0]);
      return tf.mul(tf.clipByValue(apart, -1, 1), spec.reachMm).dataSync() as Float32Array;
    });
    disposeParameters(variables);
    expect(distances).toHaveLength(3 * n ** 3);
    expect(standardDeviation(distances)).toBeGreaterThan(1e-2);
    expect(largestDifference(distances, expected)).toBeLessThan(1e-3);
  });
});

describe('the ONNX engine', () => {
  const weights = randomWeights(SMALL_FIELD, 1);
  const points = probePoints(16, 1);

  it('keeps crops apart, whichever is evaluated when', async () => {
    const engine = await createOnnxFieldEngine(SMALL_FIELD, weights);
    const [first, second] = await Promise.all([
      engine.encode(randomBlockHu(16, 1)),
      engine.encode(randomBlockHu(16, 2)),
    ]);
    const [a, b] = await Promise.all([first.evaluate(points), second.evaluate(points)]);
    expect(largestDifference(a.signedMm, b.signedMm)).toBeGreaterThan(1e-3);
    first.free();
    const third = await engine.encode(randomBlockHu(16, 1));
    expect(await third.evaluate(points)).toEqual(a);
    expect(await second.evaluate(points)).toEqual(b);
    await engine.free();
  });

  it('gives an empty answer for no points and refuses half a point or a block of another size', async () => {
    const engine = await createOnnxFieldEngine(SMALL_FIELD, weights);
    const crop = await engine.encode(randomBlockHu(16, 1));
    expect((await crop.evaluate(new Float32Array(0))).signedMm).toHaveLength(0);
    await expect(crop.evaluate(new Float32Array(4))).rejects.toThrow(/whole number of points/);
    await expect(engine.encode(new Float32Array(8))).rejects.toThrow(/do not fill/);
    await engine.free();
  });

  it('stops when it is cancelled', async () => {
    const engine = await createOnnxFieldEngine(SMALL_FIELD, weights);
    const cancelled = AbortSignal.abort();
    await expect(engine.encode(randomBlockHu(16, 1), cancelled)).rejects.toThrow(CancelledError);
    const crop = await engine.encode(randomBlockHu(16, 1));
    const controller = new AbortController();
    const evaluation = crop.evaluate(probePoints(16, 1, 40_000), controller.signal);
    controller.abort();
    await expect(evaluation).rejects.toThrow(CancelledError);
    expect((await crop.evaluate(points)).signedMm).toHaveLength(points.length / 3);
    await engine.free();
  });

  it('refuses to work after it has been freed', async () => {
    const engine = await createOnnxFieldEngine(SMALL_FIELD, weights);
    const crop = await engine.encode(randomBlockHu(16, 1));
    crop.free();
    crop.free();
    await expect(crop.evaluate(points)).rejects.toThrow(/freed/);
    const other = await engine.encode(randomBlockHu(16, 1));
    await engine.free();
    await engine.free();
    await expect(other.evaluate(points)).rejects.toThrow(/freed/);
    await expect(engine.encode(randomBlockHu(16, 1))).rejects.toThrow(/freed/);
  });

  it('refuses weights of another network', async () => {
    await expect(createOnnxFieldEngine(FIELD_LAYOUT, weights)).rejects.toThrow(/weight/);
  });
});
