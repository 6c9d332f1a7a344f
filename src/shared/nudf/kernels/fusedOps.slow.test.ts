import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { voxelMapping } from '../network/levelMapping.ts';
import {
  batchNorm,
  clampedLoss,
  columnSum,
  compileAhead,
  conv3dSame,
  dense,
  groupNormRelu,
  maxPool3d,
  registerAuricleKernels,
  releaseFreeBuffers,
  sampledDense,
  samplePyramid,
  updateRunningStatistics,
} from './index.ts';
import { expectClose, expectSteadyMemory, onBothBackends } from './testing/testBackends.ts';

const gpu = await webGpuForTests({ keepsLimits: true });
if (gpu) registerAuricleKernels();

type Shape5 = [number, number, number, number, number];
const random = <R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number, mean = 0): tf.Tensor<R> =>
  tf.randomNormal<R>(shape, mean, 1, 'float32', seed);

/** A scalar whose gradient with respect to y is no constant: Σ y·w with fixed random w. */
const weighted = (y: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(y, tf.randomNormal(y.shape, 0, 1, 'float32', 99)));

/** Value and gradients of an operation, as a list of tensors. */
function differentiate(f: (...xs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): tf.Tensor[] {
  return tf.tidy(() => [f(...inputs), ...tf.valueAndGrads((...xs) => weighted(f(...xs)))(inputs).grads]);
}

describe.skipIf(!gpu)('fused operations', () => {
  afterAll(() => gpu?.free());

  const norms: [Shape5, number, number][] = [
    [[2, 3, 5, 4, 16], 8, 0],
    [[1, 9, 8, 7, 6], 3, 0],
    // Far from zero: the variance must not drown.
    [[2, 4, 6, 7, 8], 2, 1000],
  ];
  it.each(norms)('group norm with ReLU of %j in %i groups about %f', async (shape, groups, mean) => {
    const channels = shape[4];
    await onBothBackends(
      () =>
        tf.tidy(() =>
          differentiate(
            (x, scale, offset) =>
              groupNormRelu(x as tf.Tensor5D, scale as tf.Tensor1D, offset as tf.Tensor1D, groups),
            [random<tf.Rank.R5>(shape, 1, mean), random([channels], 2, 1), random([channels], 3)],
          ),
        ),
      (a, b) => expectClose(a, b, mean === 0 ? 2e-5 : 2e-3),
    );
  });

  it('batch norm of several images at once', async () => {
    await onBothBackends(
      () =>
        tf.tidy(() => {
          const inputs = [random([2, 3, 5, 4, 16], 1, 3), random([16], 2, 1), random([16], 3)];
          const { statistics } = batchNorm(
            inputs[0] as tf.Tensor5D,
            inputs[1] as tf.Tensor1D,
            inputs[2] as tf.Tensor1D,
          );
          return [
            statistics,
            ...differentiate(
              (x, scale, offset) =>
                batchNorm(x as tf.Tensor5D, scale as tf.Tensor1D, offset as tf.Tensor1D).y,
              inputs,
            ),
          ];
        }),
      (a, b, n) => expectClose(a, b, 2e-5, `result ${n}`),
    );
  });

  // Of 24 channels the depth is split: the ReLU is for the sum.
  it.each([4, 24])('a convolution of %i channels with ReLU', async (channels) => {
    await onBothBackends(
      () =>
        tf.tidy(() =>
          differentiate(
            (x, filter, bias) =>
              conv3dSame(x as tf.Tensor5D, filter as tf.Tensor5D, bias as tf.Tensor1D, true),
            [random([1, 4, 5, 6, channels], 1), random([3, 3, 3, channels, 8], 2), random([8], 3)],
          ),
        ),
      (a, b) => expectClose(a, b, 2e-5),
    );
  });

  it.each([true, false])('the clamped loss, predictions clamped: %s', async (isPredictionClamped) => {
    await onBothBackends(
      () =>
        tf.tidy(() => {
          // More than one workgroup's; a few predictions are exactly their truth, or exactly the clamp.
          const truth = tf.abs(random<tf.Rank.R1>([5000], 1));
          const predicted = tf.concat([tf.slice(truth, 0, 10), tf.fill([10], 0.5), random([4980], 2)]);
          const options = { clamp: 0.5, isPredictionClamped, scale: 0.25 };
          const loss = (p: tf.Tensor) =>
            tf.mul(clampedLoss(p as tf.Tensor1D, truth, options), 3) as tf.Scalar;
          // Without the exact ones, where TensorFlow.js' own slope is −1 in place of 0.
          return [loss(predicted), tf.slice(tf.grad(loss)(predicted), 20)];
        }),
      (a, b) => expectClose(a, b, 2e-6),
    );
  });

  it('running statistics, with the unbiased variance', async () => {
    await onBothBackends(
      () => {
        const [mean, variance] = [tf.variable(random([70], 1)), tf.variable(tf.ones([70]))];
        const statistics = tf.tidy(() => tf.abs(random([2, 70], 2, 3)) as tf.Tensor2D);
        updateRunningStatistics({ mean, variance }, statistics, 5, 0.1);
        return [mean, variance, statistics];
      },
      (a, b) => expectClose(a, b, 1e-5),
    );
  });

  it('normalises each group to mean 0 and variance 1', async () => {
    const y = tf.tidy(() =>
      groupNormRelu(random<tf.Rank.R5>([1, 8, 8, 8, 8], 5, 300), tf.ones([8]), tf.fill([8], 10), 4),
    );
    const values = Float32Array.from(await y.data());
    const group = values.filter((_, i) => i % 8 >= 2 && i % 8 < 4);
    const mean = group.reduce((s, v) => s + v, 0) / group.length;
    const variance = group.reduce((s, v) => s + (v - mean) ** 2, 0) / group.length;
    expect(mean).toBeCloseTo(10, 4);
    expect(variance).toBeCloseTo(1, 3);
    y.dispose();
  });

  const pools: [Shape5, number][] = [
    [[2, 4, 6, 8, 8], 2],
    [[1, 8, 9, 11, 3], 4],
    [[1, 5, 4, 7, 4], 2],
  ];
  it.each(pools)('max pool of %j by %i', async (shape, window) => {
    await onBothBackends(
      () =>
        tf.tidy(() =>
          differentiate((x) => maxPool3d(x as tf.Tensor5D, window), [random<tf.Rank.R5>(shape, 1)]),
        ),
      (a, b) => expectClose(a, b, 1e-6),
    );
  });

  const layers: [number, number, number, boolean][] = [
    [37, 21, 16, true],
    [130, 64, 32, true],
    [64, 40, 2, false],
    [300, 9, 1, false],
  ];
  it.each(layers)('dense layer %i×%i to %i, ReLU %s', async (rows, input, output, relu) => {
    await onBothBackends(
      () =>
        tf.tidy(() =>
          differentiate(
            (x, w, b) => dense(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, relu),
            [random([rows, input], 1), random([input, output], 2), random([output], 3)],
          ),
        ),
      (a, b) => expectClose(a, b, 1e-5),
    );
  });

  it('large matrix products in all orientations', async () => {
    await onBothBackends(
      () =>
        tf.tidy(() => [
          tf.matMul(random([70, 130], 1), random([130, 122], 2)),
          tf.matMul(random([130, 70], 1), random([122, 130], 2), true, true),
          // Deep and small: split over the depth.
          tf.matMul(random([4100, 20], 3), random([4100, 24], 4), true, false),
        ]),
      (a, b) => expectClose(a, b, 1e-5),
    );
  });

  it('sums columns', async () => {
    await onBothBackends(
      () =>
        tf.tidy(() => [
          columnSum(random([1000, 12], 1)),
          columnSum(random([300, 5], 2)),
          columnSum(random([70, 1030], 3)),
          ...differentiate((x) => columnSum(tf.square(x)), [random([300, 4], 4)]),
        ]),
      (a, b) => expectClose(a, b, 1e-5),
    );
    // tf.sum along the rows transposes them, which fails on WebGPU from 2²⁰ rows on.
    const [many, few] = tf.tidy(() => {
      const some = random<tf.Rank.R2>([2 ** 10, 4], 5);
      return [columnSum(tf.tile(some, [2 ** 10, 1])), columnSum(some)];
    });
    expectClose(
      await many!.data(),
      Array.from(await few!.data(), (sum) => 2 ** 10 * sum),
      1e-5,
    );
    tf.dispose([many!, few!]);
  });

  it('samples levels and their gradients like the plain operations', async () => {
    // Few voxels, for the plain gradient searches all samples for those of each voxel.
    const shapes: Shape5[] = [
      [2, 4, 3, 5, 1],
      [2, 4, 3, 5, 8],
      [2, 3, 2, 3, 3],
      [2, 1, 1, 1, 4],
    ];
    await onBothBackends(
      () =>
        tf.tidy(() => {
          // Some points lie outside.
          const points = tf.randomUniform([2, 9, 3], -1.2, 1.2, 'float32', 7) as tf.Tensor3D;
          return differentiate(
            (...levels) => samplePyramid(levels as tf.Tensor5D[], points, 0.3),
            shapes.map((shape, n) => random<tf.Rank.R5>(shape, n + 1)),
          );
        }),
      (a, b, n) => expectClose(a, b, 2e-6, `result ${n}`),
    );
  });

  it('multiplies coarse levels before it samples them', async () => {
    // The last two have few voxels for 2 · 37 points; the features of the first are padded to whole vectors.
    const shapes: Shape5[] = [
      [2, 3, 4, 3, 5],
      [2, 2, 2, 3, 4],
      [2, 2, 1, 2, 8],
    ];
    await onBothBackends(
      () =>
        tf.tidy(() => {
          const points = tf.randomUniform([2, 37, 3], -1.2, 1.2, 'float32', 7) as tf.Tensor3D;
          return differentiate(
            (kernel, bias, ...levels) =>
              sampledDense(
                levels as tf.Tensor5D[],
                points,
                0.3,
                kernel as tf.Tensor2D,
                bias as tf.Tensor1D,
                true,
              ),
            [
              random([17 * 7, 64], 11),
              random([64], 12),
              ...shapes.map((shape, n) => random<tf.Rank.R5>(shape, n + 1)),
            ],
          );
        }),
      (a, b, n) => expectClose(a, b, 1e-5, `result ${n}`),
    );
  });

  it('samples with the corners aligned, and a part of a level as the whole', async () => {
    const whole: Shape5 = [1, 8, 8, 8, 4];
    const sample = (alignCorners: boolean) =>
      tf.tidy(() => {
        const points = tf.randomUniform([1, 20, 3], -0.2, 0.2, 'float32', 7) as tf.Tensor3D;
        const level = random<tf.Rank.R5>(whole, 1);
        const part = tf.slice(level, [0, 2, 1, 2, 0], [1, 5, 6, 4, 4]) as tf.Tensor5D;
        const from = voxelMapping(part.shape, alignCorners, [2, 1, 2], 8);
        return [
          samplePyramid([level], points, 0.1, [voxelMapping(whole, alignCorners)]),
          samplePyramid([part], points, 0.1, [from]),
        ];
      });
    for (const alignCorners of [true, false]) {
      await onBothBackends(
        () => sample(alignCorners),
        (a, b) => expectClose(a, b, 2e-6),
      );
      const [all, part] = sample(alignCorners);
      expectClose(await part!.data(), await all!.data(), 1e-5);
      tf.dispose([all!, part!]);
    }
  });

  it('samples a linear field exactly, tap by tap', async () => {
    const features = tf.tidy(() => {
      // Value x + 10y + 100z at the voxel centres of a 4 × 5 × 6 grid (width, height, depth).
      const centre = (n: number) => Array.from({ length: n }, (_, v) => (2 * v + 1) / n - 1);
      const values = centre(6).flatMap((z) =>
        centre(5).flatMap((y) => centre(4).map((x) => x + 10 * y + 100 * z)),
      );
      const level = tf.tensor5d(values, [1, 6, 5, 4, 1]);
      return samplePyramid([level], tf.tensor3d([0.1, -0.2, 0.3], [1, 1, 3]), 0.25);
    });
    const middle = 0.1 - 2 + 30;
    const expected = [0, -0.25, 0.25, -2.5, 2.5, -25, 25].map((d) => middle + d);
    expectClose(await features.data(), expected, 1e-6);
    features.dispose();
  });

  it('keeps a voxel on which thousands of samples fall from overflowing', async () => {
    const gradient = tf.tidy(() => {
      const level = tf.zeros<tf.Rank.R5>([1, 2, 2, 2, 4]);
      const points = tf.fill<tf.Rank.R3>([1, 3000, 3], -0.9);
      return tf.grad((x) => tf.sum(tf.mul(samplePyramid([x as tf.Tensor5D], points, 0.01), 1000)))(level);
    });
    expectClose(
      Float32Array.from(await gradient.data()).subarray(0, 4),
      Array(4).fill(3000 * 7 * 1000),
      2e-5,
    );
    gradient.dispose();
  });

  it('gives the same bits twice, and leaves nothing behind', async () => {
    // Coarse levels of the shapes above, which are compiled already.
    const points = tf.randomUniform([2, 60, 3], -1, 1, 'float32', 3) as tf.Tensor3D;
    const image = random<tf.Rank.R5>([2, 8, 8, 8, 5], 1);
    const coarser = [random<tf.Rank.R5>([2, 3, 2, 3, 4], 2), random<tf.Rank.R5>([2, 2, 1, 2, 8], 3)];
    const [scale, offset] = [tf.ones([5]) as tf.Tensor1D, tf.zeros([5]) as tf.Tensor1D];
    const kernel = random<tf.Rank.R2>([17 * 7, 64], 4);
    const step = () =>
      tf.tidy(() => {
        const { grads } = tf.valueAndGrads((x, w) => {
          const normed = groupNormRelu(maxPool3d(x as tf.Tensor5D, 2), scale, offset, 5);
          const levels = [normed, ...coarser];
          return weighted(sampledDense(levels, points, 0.3, w as tf.Tensor2D, tf.zeros([64]), true));
        })([image, kernel]);
        return grads;
      });
    const read = async () => {
      const grads = step();
      const values = await Promise.all(grads.map((gradient) => gradient.data()));
      tf.dispose(grads);
      return values;
    };
    const first = await read();
    expect(await read()).toEqual(first);
    await expectSteadyMemory(() => tf.dispose(step()));
    tf.dispose([points, image, ...coarser, scale, offset, kernel]);
  });

  it('compiles nothing for other sizes', async () => {
    const run = (n: number) => {
      const points = tf.randomUniform([2, 50 + n, 3], -1, 1, 'float32', 3) as tf.Tensor3D;
      const level = random<tf.Rank.R5>([2, 4 + n, 2 * n, 6, 4 * n], 1);
      const [scale, offset] = [tf.ones([4 * n]) as tf.Tensor1D, tf.zeros([4 * n]) as tf.Tensor1D];
      const levels = [
        random<tf.Rank.R5>([2, 2 + n, 4, 4, 5], 2),
        random<tf.Rank.R5>([2, n, 2, 2, 4], 3),
        random<tf.Rank.R5>([2, 1, n, 2, 8], 4),
      ];
      return [
        maxPool3d(groupNormRelu(level, scale, offset, n), 2),
        columnSum(random([200 + n, 4 * n], 1)),
        sampledDense(levels, points, 0.3, random([17 * 7, 64], 5), random([64], 6), true),
        dense(random([20 * n, 21], 1), random([21, 12 + 4 * n], 2), random([12 + 4 * n], 3), true),
      ];
    };
    tf.dispose(tf.tidy(() => run(2)));
    const compile = vi.spyOn(gpu!.device, 'createComputePipeline');
    const results = tf.tidy(() => run(3));
    expect(compile.mock.calls.map(([{ label }]) => label)).toEqual([]);
    compile.mockRestore();
    tf.dispose(results);
  });

  it('compiles side by side what a computation needs, and then runs it', async () => {
    const run = () => dense(random([40, 20], 1), random([20, 32], 2), random([32], 3), false);
    const [one, sideBySide] = [
      vi.spyOn(gpu!.device, 'createComputePipeline'),
      vi.spyOn(gpu!.device, 'createComputePipelineAsync'),
    ];
    const before = tf.memory().numTensors;
    await compileAhead(gpu!.backend, () => tf.tidy(() => void run()));
    expect(tf.memory().numTensors).toBe(before);
    expect(sideBySide.mock.calls.map(([{ label }]) => label)).toEqual([expect.stringMatching(/^matMul /)]);
    await compileAhead(gpu!.backend, () => tf.tidy(() => void run()));
    await onBothBackends(
      () => tf.tidy(() => [run()]),
      (a, b) => expectClose(a, b, 1e-5),
    );
    expect([one.mock.calls.length, sideBySide.mock.calls.length]).toEqual([0, 1]);
    one.mockRestore();
    sideBySide.mockRestore();
  });

  it('gives back the memory that waits for reuse, and works on', async () => {
    tf.dispose(maxPool3d(random<tf.Rank.R5>([1, 4, 4, 4, 4], 1), 2));
    releaseFreeBuffers(gpu!.backend);
    const memory = tf.memory() as tf.MemoryInfo & { numBytesInGPU: number; numBytesAllocatedInGPU: number };
    expect(memory.numBytesAllocatedInGPU).toBe(memory.numBytesInGPU);
    const pooled = maxPool3d(tf.ones([1, 4, 4, 4, 4]), 4);
    expect(Array.from(await pooled.data())).toEqual([1, 1, 1, 1]);
    pooled.dispose();
  });
});
