import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { gpuConv3d, gpuConv3dFilterGradient } from './conv3d.ts';
import { conv3dSame, registerAuricleKernels } from './index.ts';
import { expectClose, expectSteadyMemory, onBothBackends } from './testing/testBackends.ts';

const gpu = await webGpuForTests({ keepsLimits: true });
if (gpu) registerAuricleKernels();

type Shape5 = [number, number, number, number, number];
const shapes: [Shape5, number][] = [
  [[2, 3, 5, 7, 1], 16],
  [[1, 4, 3, 8, 1], 6],
  [[1, 5, 3, 6, 3], 5],
  [[2, 4, 3, 9, 16], 32],
  [[1, 2, 5, 3, 12], 72],
  // Deep and small: the forward product is split as well.
  [[1, 2, 3, 3, 32], 8],
  [[1, 1, 1, 1, 4], 1],
];

describe.skipIf(!gpu)('3³ convolution', () => {
  afterAll(() => gpu?.free());

  it.each(shapes)('of %j to %i channels and its gradients equal the plain ones', async (shape, output) => {
    const filterShape: Shape5 = [3, 3, 3, shape[4], output];
    const run = () =>
      tf.tidy(() => {
        const x = tf.randomNormal<tf.Rank.R5>(shape, 0, 1, 'float32', 1);
        const filter = tf.randomNormal<tf.Rank.R5>(filterShape, 0, 0.2, 'float32', 2);
        const bias = tf.randomNormal([output], 0, 1, 'float32', 3) as tf.Tensor1D;
        const { value, grads } = tf.valueAndGrads((a, b, c) =>
          tf.sum(tf.square(conv3dSame(a as tf.Tensor5D, b as tf.Tensor5D, c as tf.Tensor1D))),
        )([x, filter, bias]);
        return [value, ...grads, conv3dSame(x, filter, bias)];
      });
    await onBothBackends(run, (a, b) => expectClose(a, b, 2e-5));
  });

  it('finds the one voxel that a shifting filter names', async () => {
    const y = tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 24), [1, 2, 3, 4, 1]) as tf.Tensor5D;
      const filter = new Float32Array(27);
      filter[9 * 2 + 3 * 0 + 1] = 1;
      return conv3dSame(x, tf.tensor5d(filter, [3, 3, 3, 1, 1]));
    });
    const values = await y.data();
    // Tap (dz, dy, dx) = (1, −1, 0): voxel (z 0, y 1, x 2) takes voxel (1, 0, 2) = 14.
    expect(values[4 + 2]).toBe(14);
    expect(values[2]).toBe(0);
    y.dispose();
  });

  it.each([{ rows: 128, columns: 128, depth: 16, threadRows: 8, threadColumns: 8 }] as const)(
    'gives the same with every tile: %j',
    async (tile) => {
      const x = tf.randomNormal([1, 5, 7, 9, 8], 0, 1, 'float32', 1);
      const filter = tf.randomNormal([3, 3, 3, 8, 20], 0, 1, 'float32', 2);
      const dy = tf.randomNormal([1, 5, 7, 9, 20], 0, 1, 'float32', 3);
      const make = (info: tf.TensorInfo) => tf.engine().makeTensorFromTensorInfo(info);
      const [small, large] = [
        gpuConv3d(gpu!.backend, x, filter),
        gpuConv3d(gpu!.backend, x, filter, undefined, { tile }),
      ].map(make);
      const [whole, split] = [
        gpuConv3dFilterGradient(gpu!.backend, x, dy),
        gpuConv3dFilterGradient(gpu!.backend, x, dy, { split: { tile, splitDepth: 48 } }),
      ].map(make);
      expectClose(await large!.data(), await small!.data(), 1e-6);
      expectClose(await split!.data(), await whole!.data(), 1e-5);
      tf.dispose([x, filter, dy, small!, large!, whole!, split!]);
    },
  );

  it('gives the same bits twice, and leaves nothing behind', async () => {
    // The shapes of the test above, which are compiled already.
    const step = () =>
      tf.tidy(() => {
        const x: tf.Tensor5D = tf.randomNormal([1, 5, 7, 9, 8], 0, 1, 'float32', 1);
        const filter = tf.randomNormal([3, 3, 3, 8, 20], 0, 1, 'float32', 2);
        return tf.grad((w) => tf.sum(tf.square(conv3dSame(x, w as tf.Tensor5D))))(filter);
      });
    const [first, second] = [step(), step()];
    expect(await first.data()).toEqual(await second.data());
    tf.dispose([first, second]);
    await expectSteadyMemory(() => step().dispose());
  });
});
