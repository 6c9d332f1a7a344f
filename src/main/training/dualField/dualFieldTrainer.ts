import * as tf from '@tensorflow/tfjs-core';
import { adamWStep, webgpuOps } from '#shared/nudf/kernels/index.ts';
import { createFieldNetwork } from '#shared/nudf/network/fieldNetwork.ts';
import { disposeParameters, variablesFrom, weightsFrom } from '#shared/nudf/network/networkParameters.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import type { EpochTrainer, TrainerState } from '../epochs/epochTrainer.ts';
import { createDeviceImages } from '../family/deviceImages.ts';
import { batchImages, STEPS_IN_FLIGHT, type TensorflowDevice } from '../family/tensorflowFamilyTrainer.ts';
import { fieldLoss } from '../losses.ts';
import type { FieldRecipe } from '../recipe.ts';
import type { DualFieldBatch } from './dualFieldBatches.ts';

/** As in the recipes of the bundled models. */
export const DUAL_FIELD_LOSS: FieldRecipe['loss'] = {
  beta: 0.05,
  signedWeight: 2,
  unsignedWeight: 2,
  signWeight: 0.4,
  sharpness: 8,
};
const OPTIMIZER = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4, clipNorm: 1 } as const;

export interface DualFieldTrainerOptions {
  /** Keeps the encoder as it is and trains the decoder alone. Group norms have no statistics that could move. */
  readonly freezeEncoder: boolean;
}

/** The state before the first step. */
export function initialDualFieldState(weights: WeightMap): TrainerState {
  const zeros = (): WeightMap =>
    new Map(
      [...weights].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]),
    );
  return { step: 0, weights, firstMoments: zeros(), secondMoments: zeros() };
}

/** Training by TensorFlow.js, on whichever backend is selected: our kernels on WebGPU, stock operations elsewhere. */
export function createDualFieldTrainer(
  spec: FieldNetworkSpec,
  initial: TrainerState,
  { freezeEncoder }: DualFieldTrainerOptions,
  device: TensorflowDevice,
): EpochTrainer<DualFieldBatch> {
  let { step } = initial;
  const variables = variablesFrom(initial.weights);
  const first = variablesFrom(initial.firstMoments);
  const second = variablesFrom(initial.secondMoments);
  const trained = [...variables.keys()].filter((name) => !(freezeEncoder && name.startsWith('encoder.')));
  const network = createFieldNetwork(spec, variables, device.ops ?? webgpuOps());
  const deviceImages = createDeviceImages();

  const lossOf = (batch: DualFieldBatch): tf.Scalar => {
    const { items, points, pointsNormalized, distancesMm } = batch;
    const imagesHu = batchImages(batch, spec.resolution, deviceImages);
    const images: tf.Tensor5D = tf.mul(tf.clipByValue(imagesHu, -spec.clipHu, spec.clipHu), 1 / spec.clipHu);
    const levels = network.encode(images);
    const predicted = network.decode(levels, tf.tensor3d(pointsNormalized, [items, points, 3]));
    const targetMm = tf.tensor2d(distancesMm, [items * points, 2]);
    return fieldLoss(tf.reshape(predicted, [-1, 2]), targetMm, spec.unitMm, DUAL_FIELD_LOSS).total;
  };

  const trainStep = (batch: DualFieldBatch, learningRate: number): tf.Scalar => {
    const { value, grads } = tf.variableGrads(
      () => lossOf(batch),
      trained.map((name) => variables.get(name)!),
    );
    const norm = adamWStep(
      trained.map((name) => ({
        variable: variables.get(name)!,
        gradient: grads[variables.get(name)!.name]!,
        firstMoment: first.get(name)!,
        secondMoment: second.get(name)!,
        // No decay of scales, offsets and biases, as is usual.
        decay: name.endsWith('.kernel'),
      })),
      { ...OPTIMIZER, learningRate, step: step + 1 },
    );
    norm.dispose();
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
    validate: (batch) => read(() => lossOf(batch)),
    state: async () => ({
      step,
      weights: await weightsFrom(variables),
      firstMoments: await weightsFrom(first),
      secondMoments: await weightsFrom(second),
    }),
    async free() {
      for (const set of [variables, first, second]) disposeParameters(set);
      deviceImages.free();
    },
  };
}
