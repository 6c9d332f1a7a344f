import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { conv3dSame, dense, maxPool3d, registerAuricleKernels, writeSizesIntoShaders } from './index.ts';

const gpu = await webGpuForTests({ keepsLimits: true });
if (gpu) registerAuricleKernels();

const random = <R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> =>
  tf.randomNormal<R>(shape, 0, 1, 'float32', seed);

describe.skipIf(!gpu)('sizes in the text of the shaders', () => {
  afterAll(() => gpu?.free());

  it('give the same bits', async () => {
    const run = () => {
      const pooled = maxPool3d(random<tf.Rank.R5>([2, 6, 5, 6, 4], 1), 2);
      const convolved = conv3dSame(pooled, random<tf.Rank.R5>([3, 3, 3, 4, 6], 2), random([6], 3), true);
      const layer = (x: tf.Tensor) => dense(x as tf.Tensor2D, random([6, 5], 4), random([5], 5), true);
      const { value, grad } = tf.valueAndGrad((x) => tf.sum(tf.square(layer(x))))(
        tf.reshape(convolved, [-1, 6]),
      );
      return [convolved, value, grad];
    };
    const bits = async () => {
      const results = tf.tidy(run);
      const values = await Promise.all(results.map((result) => result.data()));
      tf.dispose(results);
      return values;
    };
    const asUniforms = await bits();
    writeSizesIntoShaders(gpu!.backend);
    const compile = vi.spyOn(gpu!.device, 'createComputePipeline');
    expect(await bits()).toEqual(asUniforms);
    const labels = compile.mock.calls.map(([{ label }]) => label);
    expect(labels.length).toBeGreaterThan(3);
    expect(labels.filter((label) => !label?.includes(' with '))).toEqual([]);
    compile.mockRestore();
  });
});
