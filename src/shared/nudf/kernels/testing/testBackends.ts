import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Runs the same computation on the plain processor backend and on WebGPU and passes on each pair of results. */
export async function onBothBackends(
  run: () => tf.Tensor[],
  compare: (onGpu: ArrayLike<number>, onCpu: ArrayLike<number>, index: number) => void,
): Promise<void> {
  const results: ArrayLike<number>[][] = [];
  try {
    for (const backend of ['cpu', 'webgpu']) {
      await tf.setBackend(backend);
      const tensors = run();
      results.push(await Promise.all(tensors.map((tensor) => tensor.data())));
      tf.dispose(tensors);
    }
  } finally {
    await tf.setBackend('webgpu');
  }
  const [onCpu, onGpu] = results;
  onCpu!.forEach((values, index) => {
    compare(onGpu![index]!, values, index);
  });
}

/** |a − b| ≤ tolerance · max|b|, everywhere. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = '',
): void {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]!));
    const difference = Math.abs(actual[i]! - expected[i]!);
    // Not Math.max: NaN must fail.
    if (!(difference <= worst)) worst = difference;
  }
  expect(worst, `${what} largest value ${largest}`).toBeLessThanOrEqual(tolerance * largest);
}

/** Runs a step three times and expects no tensor, and no buffer on the device, to be left by the last two. */
export async function expectSteadyMemory(step: () => void): Promise<void> {
  const sizes: [number, unknown][] = [];
  for (let i = 0; i < 3; i++) {
    step();
    // Reading anything submits what is recorded, which lets the backend release what was disposed.
    const one = tf.ones([2000]);
    const two = tf.add(one, 1);
    await two.data();
    tf.dispose([one, two]);
    const memory = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number };
    sizes.push([memory.numTensors, memory.numBytesInGPU]);
  }
  expect(sizes[2]).toEqual(sizes[1]);
  expect(sizes[1]![0]).toEqual(sizes[0]![0]);
}
