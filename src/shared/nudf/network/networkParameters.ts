import * as tf from '@tensorflow/tfjs-core';
import type { WeightArray, WeightMap } from './weightLayout.ts';

/** A network's weights as tensors of the current backend, by name; variables where they are to be trained. */
export type NetworkParameters = ReadonlyMap<string, tf.Tensor>;

/** Constant tensors of the weights; free them with {@link disposeParameters}. */
export const parametersFrom = (weights: WeightMap): NetworkParameters =>
  new Map([...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]));

/** Trainable variables of the weights; free them with {@link disposeParameters}. */
export const variablesFrom = (weights: WeightMap): ReadonlyMap<string, tf.Variable> =>
  new Map(
    [...weights].map(([name, { shape, data }]) => {
      const initial = tf.tensor(data, [...shape]);
      const variable = tf.variable(initial);
      initial.dispose();
      return [name, variable];
    }),
  );

/** Downloads the parameters' present values. */
export async function weightsFrom(parameters: NetworkParameters): Promise<WeightMap> {
  const weights = new Map<string, WeightArray>();
  for (const [name, tensor] of parameters) {
    weights.set(name, { shape: tensor.shape, data: Float32Array.from(await tensor.data()) });
  }
  return weights;
}

/** Frees the tensors or variables of a network. */
export function disposeParameters(parameters: NetworkParameters): void {
  for (const tensor of parameters.values()) tensor.dispose();
}

/** The parameter of that name, as a tensor of rank R; an Error where it is missing or of another rank. */
export function parameterOf<R extends tf.Rank>(
  parameters: NetworkParameters,
  name: string,
  rank: number,
): tf.Tensor<R> {
  const tensor = parameters.get(name);
  if (tensor === undefined || tensor.rank !== rank)
    throw new Error(`No weight of rank ${rank} is called ${name}.`);
  // The rank has just been checked; the type parameter repeats it.
  return tensor as tf.Tensor<R>;
}
