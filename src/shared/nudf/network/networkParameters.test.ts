import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { disposeParameters, parameterOf, variablesFrom, weightsFrom } from './networkParameters.ts';
import type { WeightMap } from './weightLayout.ts';

const weights: WeightMap = new Map([
  ['a.kernel', { shape: [2, 3], data: new Float32Array([0, 1, -2, 0.1, 3e-6, 1024.5]) }],
  ['a.bias', { shape: [1], data: new Float32Array([0.25]) }],
]);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('takes weights to variables and back, apart from the arrays that they came from', async () => {
  const before = tf.memory().numTensors;
  const variables = variablesFrom(weights);
  expect([...(await weightsFrom(variables))]).toEqual([...weights]);
  tf.tidy(() => variables.get('a.bias')!.assign(tf.tensor1d([7])));
  expect((await weightsFrom(variables)).get('a.bias')!.data).toEqual(new Float32Array([7]));
  expect(weights.get('a.bias')!.data).toEqual(new Float32Array([0.25]));
  expect(() => parameterOf(variables, 'a.kernel', 1)).toThrow(/rank 1/);
  expect(() => parameterOf(variables, 'b', 1)).toThrow(/called b/);
  disposeParameters(variables);
  expect(tf.memory().numTensors).toBe(before);
});
