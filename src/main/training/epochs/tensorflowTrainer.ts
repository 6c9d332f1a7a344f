import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type { NetworkOps } from '#shared/nudf/network/networkOps.ts';
import { disposeParameters, variablesFrom, weightsFrom } from '#shared/nudf/network/networkParameters.ts';
import type { EpochTrainer, TrainerState } from './epochTrainer.ts';

/** Where TensorFlow.js runs. */
export interface TensorflowDevice {
  readonly name: string;
  readonly ops?: NetworkOps | undefined;
  /** Throws where the device has failed (lost, out of memory): its results are zeros from then on. */
  assertWorking(): void;
}

type Variables = ReturnType<typeof variablesFrom>;

/** A trained weight with the gradient of this step, for the optimiser. */
export interface WeightGradient {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly firstMoment: tf.Variable;
  readonly secondMoment: tf.Variable;
}

/** What differs from network to network. */
export interface TrainedNetwork<B> {
  /** The names of the weights that the optimiser moves. */
  readonly trained: readonly string[];
  /** The loss of a step, whose gradient is taken. */
  trainingLoss(batch: B): tf.Scalar;
  /** Moves the weights; `step` is 1 for the first. Runs within a tidy. */
  apply(gradients: readonly WeightGradient[], learningRate: number, step: number, batch: B): void;
  /** The loss, changing nothing. */
  validationLoss(batch: B): tf.Scalar;
  free(): void;
}

/** Enough that the device does not wait while the processor draws points and records a step. */
const STEPS_IN_FLIGHT = 3;

/**
 * A trainer by TensorFlow.js, on whichever backend is selected: our kernels on WebGPU, stock operations elsewhere.
 * @param create makes the network on the variables of its weights
 */
export function createTensorflowTrainer<B>(
  initial: TrainerState,
  device: TensorflowDevice,
  create: (variables: Variables) => TrainedNetwork<B>,
): EpochTrainer<B> {
  let { step } = initial;
  const variables = variablesFrom(initial.weights);
  const first = variablesFrom(initial.firstMoments);
  const second = variablesFrom(initial.secondMoments);
  const network = create(variables);

  const trainStep = (batch: B, learningRate: number): tf.Scalar => {
    const { value, grads } = tf.variableGrads(
      () => network.trainingLoss(batch),
      network.trained.map((name) => variables.get(name)!),
    );
    const gradients = network.trained.map((name) => ({
      name,
      variable: variables.get(name)!,
      gradient: grads[variables.get(name)!.name]!,
      firstMoment: first.get(name)!,
      secondMoment: second.get(name)!,
    }));
    network.apply(gradients, learningRate, step + 1, batch);
    return value;
  };

  const read = async (compute: () => tf.Scalar): Promise<number> => {
    const loss = tf.tidy(compute);
    try {
      const [value] = await loss.data();
      device.assertWorking();
      return value!;
    } finally {
      loss.dispose();
    }
  };

  return {
    device: device.name,
    stepsInFlight: STEPS_IN_FLIGHT,
    step(batch, learningRate) {
      const loss = read(() => trainStep(batch, learningRate));
      step++;
      return loss;
    },
    validate: (batch) => read(() => network.validationLoss(batch)),
    state: async () => ({
      step,
      weights: await weightsFrom(variables),
      firstMoments: await weightsFrom(first),
      secondMoments: await weightsFrom(second),
    }),
    async free() {
      for (const set of [variables, first, second]) disposeParameters(set);
      network.free();
    },
  };
}
