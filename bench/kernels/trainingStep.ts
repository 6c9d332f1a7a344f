import * as tf from '@tensorflow/tfjs-core';
import {
  type AdamWItem,
  adamWStep,
  conv3dSame,
  dense,
  groupNormRelu,
  maxPool3d,
  samplePyramid,
} from '#shared/nudf/kernels/index.ts';
import type { WebGpu } from '../../src/shared/nudf/engine/webgpuBackend.ts';
import { measure, report } from './measure.ts';

/** Weights of the bundled field network: convolutions (with norm) and dense layers. */
function weightShapes(): { convs: [number, number, boolean][]; layers: [number, number][] } {
  return {
    convs: [
      [1, 16, false],
      [16, 32, true],
      [32, 32, false],
      [32, 64, true],
      [64, 64, false],
      [64, 128, true],
      [128, 128, false],
      [128, 128, true],
      [128, 128, false],
    ],
    layers: [
      [369 * 7, 256],
      [256, 256],
      [256, 256],
      [256, 2],
    ],
  };
}

function createItems(): Omit<AdamWItem, 'gradient'>[] {
  const { convs, layers } = weightShapes();
  const shapes = [
    ...convs.flatMap(([i, o]) => [[3, 3, 3, i, o], [o], [o], [o]]),
    ...layers.flatMap(([i, o]) => [[i, o], [o]]),
  ];
  return shapes.map((shape, n) => {
    const zeros = () => tf.tidy(() => tf.variable(tf.zeros(shape)));
    return {
      variable: tf.tidy(() =>
        tf.variable(
          shape.length > 1
            ? tf.randomNormal(
                shape,
                0,
                Math.sqrt(2 / tf.util.sizeFromShape(shape.slice(0, -1))),
                'float32',
                n + 1,
              )
            : tf.fill(shape, shape.length === 1 && n < 36 && n % 4 === 2 ? 1 : 0),
        ),
      ),
      firstMoment: zeros(),
      secondMoment: zeros(),
      decay: shape.length > 1,
    };
  });
}

function loss(
  items: readonly Omit<AdamWItem, 'gradient'>[],
  image: tf.Tensor5D,
  points: tf.Tensor3D,
  target: tf.Tensor2D,
): tf.Scalar {
  const { convs, layers } = weightShapes();
  const weight = <R extends tf.Rank>(n: number) => items[n]!.variable as unknown as tf.Tensor<R>;
  const levels = [image];
  let value = image;
  convs.forEach(([, , pool], n) => {
    if (pool) {
      levels.push(value);
      value = maxPool3d(value, 2);
    }
    value = conv3dSame(value, weight<tf.Rank.R5>(4 * n), weight<tf.Rank.R1>(4 * n + 1));
    value = groupNormRelu(value, weight<tf.Rank.R1>(4 * n + 2), weight<tf.Rank.R1>(4 * n + 3), 8);
  });
  levels.push(value);
  const features = samplePyramid(levels, points, 0.0714);
  let rows = tf.reshape(features, [-1, 369 * 7]) as tf.Tensor2D;
  layers.forEach((_, n) => {
    const first = 4 * convs.length + 2 * n;
    rows = dense(rows, weight<tf.Rank.R2>(first), weight<tf.Rank.R1>(first + 1), n + 1 < layers.length);
  });
  return tf.mean(tf.abs(tf.sub(rows, target)));
}

function disposeItems(items: readonly Omit<AdamWItem, 'gradient'>[]): void {
  for (const { variable, firstMoment, secondMoment } of items) {
    for (const v of [variable, firstMoment, secondMoment]) v.dispose();
  }
}

const SETTINGS = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

export async function gpuAdam(gpu: WebGpu, small: boolean): Promise<void> {
  if (small) return;
  const items = createItems().map((item) => ({ ...item, gradient: tf.onesLike(item.variable) as tf.Tensor }));
  const count = items.reduce((sum, item) => sum + item.variable.size, 0);
  report(
    `AdamW of ${items.length} arrays, ${count} weights`,
    await measure(gpu, () => [adamWStep(items, { ...SETTINGS, step: 1 })], 20),
    0,
    count * 32,
  );
  disposeItems(items);
  for (const { gradient } of items) gradient.dispose();
}

/** Whole steps of the field network on random data: time, the part spent on the processor, and memory. */
export async function timeStep(gpu: WebGpu, small: boolean): Promise<void> {
  const [batch, size, count, steps] = small ? [1, 16, 64, 3] : [4, 128, 8192, 12];
  const items = createItems();
  const image = tf.randomNormal([batch, size, size, size, 1], 0, 1, 'float32', 1) as tf.Tensor5D;
  const points = tf.randomUniform([batch, count, 3], -1, 1, 'float32', 2) as tf.Tensor3D;
  const target = tf.randomUniform([batch * count, 2], -1, 1, 'float32', 3) as tf.Tensor2D;
  for (let step = 1; step <= steps; step++) {
    const began = performance.now();
    const value = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => loss(items, image, points, target),
        items.map((item) => item.variable),
      );
      adamWStep(
        items.map((item) => ({ ...item, gradient: grads[item.variable.name]! })),
        { ...SETTINGS, step },
      );
      return value;
    });
    const recorded = performance.now();
    const [number] = await value.data();
    value.dispose();
    const ended = performance.now();
    if (step <= 2 || step > steps - 4) {
      const memory = tf.memory() as tf.MemoryInfo & { numBytesInGPU: number; numBytesAllocatedInGPU: number };
      console.log(
        `step ${step}: ${(ended - began).toFixed(1)} ms, recording ${(recorded - began).toFixed(1)} ms, loss ${number!.toFixed(5)}, ${memory.numTensors} tensors, ${(memory.numBytesAllocatedInGPU / 1e9).toFixed(2)} GB`,
      );
    }
  }
  disposeItems(items);
  tf.dispose([image, points, target]);
  void gpu;
}
