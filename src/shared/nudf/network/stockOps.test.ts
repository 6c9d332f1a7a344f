import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { GROUP_NORM_EPSILON } from './networkOps.ts';
import { stockOps } from './stockOps.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Two values of a [1, 3, 3, 3, 1] volume: one at (z, y, x), zero elsewhere. */
const impulse = (z: number, y: number, x: number): tf.Tensor5D => {
  const data = new Float32Array(27);
  data[x + 3 * (y + 3 * z)] = 1;
  return tf.tensor5d(data, [1, 3, 3, 3, 1]);
};

describe('the reference operations', () => {
  it('order a kernel as z, y, x: its far corner looks at the neighbour above, behind and beside', async () => {
    const kernel = new Float32Array(27);
    // Tap (z, y, x) = (2, 1, 0) sees the voxel one further in z and one before in x.
    kernel[0 + 3 * (1 + 3 * 2)] = 5;
    const output = stockOps.conv3dSame(
      impulse(2, 1, 0),
      tf.tensor5d(kernel, [3, 3, 3, 1, 1]),
      tf.tensor1d([0.25]),
    );
    const values = await output.data();
    const centre = 1 + 3 * (1 + 3 * 1);
    values.forEach((value, index) => {
      expect(value).toBe(index === centre ? 5.25 : 0.25);
    });
  });

  it('normalise over the voxels and channels of a group, then scale, shift and cut below zero', async () => {
    // Group one holds 0…3 and group two 10 times as much: the same after normalising.
    const volume = tf.tensor5d([0, 1, 0, 10, 2, 3, 20, 30], [1, 1, 1, 2, 4]);
    const output = stockOps.groupNormRelu(volume, tf.tensor1d([1, 1, 2, 1]), tf.tensor1d([0, 3, 0, 3]), 2);
    const root = (variance: number): number => Math.sqrt(variance + GROUP_NORM_EPSILON);
    const expected = [
      0,
      3 - 0.5 / root(1.25),
      0,
      3 - 5 / root(125),
      0.5 / root(1.25),
      3 + 1.5 / root(1.25),
      10 / root(125),
      3 + 15 / root(125),
    ];
    (await output.data()).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 5);
    });
  });

  it('take the largest of each window', async () => {
    const volume = tf.tensor5d(
      Array.from({ length: 64 }, (_, index) => index),
      [1, 4, 4, 4, 1],
    );
    expect([...(await stockOps.maxPool3d(volume, 2).data())]).toEqual([21, 23, 29, 31, 53, 55, 61, 63]);
    expect([...(await stockOps.maxPool3d(volume, 4).data())]).toEqual([63]);
  });
});
