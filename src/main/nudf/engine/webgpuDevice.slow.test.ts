import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { createWebGpu } from './webgpuDevice.ts';

let gpu = await webGpuForTests();

describe.skipIf(!gpu)('WebGPU device', () => {
  afterAll(() => gpu?.free());

  it('computes through TensorFlow.js', async () => {
    const sum = tf.tidy(() => tf.sum(tf.mul(tf.range(0, 5000), 2)));
    expect(await sum.data()).toEqual(new Float32Array([4999 * 5000]));
    sum.dispose();
  });

  it('writes small tensors in the order of the commands that use them', async () => {
    // Each number is used once and freed, so that its buffer is written again while earlier commands wait or run.
    const { result, expected } = tf.tidy(() => {
      // Large enough not to be computed on the processor.
      let result = tf.zeros([4096]);
      let expected = 0;
      for (let n = 1; n <= 100; n++) {
        result = tf.tidy(() => tf.add(tf.mul(result, tf.scalar(n % 3 ? 1 : 0.5)), tf.tensor1d([n])));
        expected = expected * (n % 3 ? 1 : 0.5) + n;
      }
      return { result: tf.keep(result), expected };
    });
    expect(await result.data()).toEqual(new Float32Array(4096).fill(expected));
    result.dispose();
  });

  it('uploads whole numbers, booleans and large tensors', async () => {
    const whole = tf.tensor1d([3, -2, 7], 'int32');
    const yes = tf.tensor1d([true, false, true], 'bool');
    const chosen = tf.where(yes, whole, tf.mul(whole, 10));
    expect([...(await chosen.data())]).toEqual([3, -20, 7]);
    const values = Float32Array.from({ length: 20_000 }, (_, at) => at % 17);
    const large = tf.tensor1d(values);
    const sum = tf.sum(tf.mul(large, 2));
    expect((await sum.data())[0]).toBe(2 * values.reduce((total, value) => total + value));
    tf.dispose([whole, yes, chosen, large, sum]);
  });

  it('wraps a buffer of the same device into a tensor without a copy', async () => {
    const buffer = gpu!.device.createBuffer({
      size: 4096,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    const wrapped = tf.tensor({ buffer, zeroCopy: true }, [1024], 'float32');
    // Written after wrapping: only a view sees it.
    gpu!.device.queue.writeBuffer(buffer, 0, new Float32Array(1024).fill(3));
    const total = tf.sum(wrapped);
    expect((await total.data())[0]).toBe(3072);
    tf.dispose([wrapped, total]);
    buffer.destroy();
  });

  it('remembers what went wrong on the device', async () => {
    expect(gpu!.failure()).toBeUndefined();
    gpu!.device.createShaderModule({ code: 'no shader' });
    await gpu!.device.queue.onSubmittedWorkDone();
    expect(gpu!.failure()?.message).toContain('WebGPU');
  });

  it('is one at a time, and opens again after it was freed', async () => {
    await expect(createWebGpu()).rejects.toThrow('in use');
    gpu?.free();
    gpu = await createWebGpu();
    const one = tf.ones([3]);
    expect(await one.data()).toEqual(new Float32Array([1, 1, 1]));
    one.dispose();
    expect(gpu.adapterName).not.toBe('');
  });
});
