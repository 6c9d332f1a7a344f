import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { type AdamWSettings, adamStep, adamWStep, registerAuricleKernels } from './index.ts';
import { expectClose, onBothBackends } from './testing/testBackends.ts';

const gpu = await webGpuForTests({ keepsLimits: true });
if (gpu) registerAuricleKernels();

const settings: AdamWSettings = {
  learningRate: 0.1,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.5,
  clipNorm: 0,
  step: 1,
};

const itemOf = (weights: tf.Tensor, gradient: tf.Tensor, decay: boolean) => ({
  variable: tf.variable(weights),
  gradient,
  firstMoment: tf.variable(tf.zerosLike(weights)),
  secondMoment: tf.variable(tf.zerosLike(weights)),
  decay,
});

describe.skipIf(!gpu)('AdamW', () => {
  afterAll(() => gpu?.free());

  it('moves by the learning rate against the sign in its first step, after the decay', async () => {
    const item = itemOf(tf.tensor1d([2, 2, 2]), tf.tensor1d([3, -4, 0]), true);
    const norm = adamWStep([item], settings);
    expect((await norm.data())[0]).toBe(5);
    expectClose(await item.variable.data(), [1.9 - 0.1, 1.9 + 0.1, 1.9], 1e-6);
    tf.dispose([norm, item.gradient]);
    for (const variable of [item.variable, item.firstMoment, item.secondMoment]) variable.dispose();
  });

  it('leaves everything as it is where the gradient is not finite', async () => {
    const item = itemOf(tf.tensor1d([1, 2]), tf.tensor1d([Number.NaN, 1]), true);
    const norm = adamWStep([item], settings);
    expect(Array.from(await item.variable.data())).toEqual([1, 2]);
    expect(Array.from(await item.secondMoment.data())).toEqual([0, 0]);
    tf.dispose([norm, item.gradient]);
    for (const variable of [item.variable, item.firstMoment, item.secondMoment]) variable.dispose();
  });

  it('takes the same steps as the plain one, clipped by the common norm', async () => {
    await onBothBackends(
      () => {
        const shapes = [[5000], [3, 7]];
        const items = shapes.map((shape, n) =>
          itemOf(
            tf.randomNormal(shape, 0, 1, 'float32', n + 1),
            tf.randomNormal(shape, 0, 1, 'float32', n + 9),
            n === 0,
          ),
        );
        const norms = [1, 2, 3].map((step) => adamWStep(items, { ...settings, clipNorm: 2, step }));
        return [
          ...norms,
          ...items.flatMap((item) => [item.variable, item.firstMoment, item.secondMoment, item.gradient]),
        ];
      },
      (a, b, n) => expectClose(a, b, 1e-5, `result ${n}`),
    );
  });

  it('is Adam where nothing decays or is clipped', async () => {
    await onBothBackends(
      () => {
        const [plain, decoupled] = [1, 1].map((seed) =>
          itemOf(
            tf.randomNormal([5000], 0, 1, 'float32', seed),
            tf.randomNormal([5000], 0, 1, 'float32', 7),
            false,
          ),
        ) as [ReturnType<typeof itemOf>, ReturnType<typeof itemOf>];
        for (const step of [1, 2]) {
          adamStep([plain], { ...settings, step });
          adamWStep([decoupled], { ...settings, step }).dispose();
        }
        return [plain, decoupled].flatMap((item) => [
          item.variable,
          item.firstMoment,
          item.secondMoment,
          item.gradient,
        ]);
      },
      (a, b, n) => expectClose(a, b, 1e-5, `result ${n}`),
    );
  });

  it('shows what it wrote after the weights have been read before', async () => {
    const item = itemOf(tf.tensor1d([1, 1]), tf.tensor1d([1, 1]), false);
    const norms = [adamWStep([item], settings)];
    const before = Array.from(await item.variable.data());
    norms.push(adamWStep([item], { ...settings, step: 2 }));
    const after = Array.from(await item.variable.data());
    expectClose(before, [0.9, 0.9], 1e-6);
    expectClose(after, [0.8, 0.8], 1e-6);
    tf.dispose([...norms, item.gradient]);
    for (const variable of [item.variable, item.firstMoment, item.secondMoment]) variable.dispose();
  });
});
