import * as tf from '@tensorflow/tfjs-core';
import { adamWStep, webgpuOps } from '#shared/nudf/kernels/index.ts';
import { createFieldNetwork } from '#shared/nudf/network/fieldNetwork.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import type { EpochTrainer, TrainerState } from '../epochs/epochTrainer.ts';
import { createTensorflowTrainer, type TensorflowDevice } from '../epochs/tensorflowTrainer.ts';
import { createDeviceImages } from '../family/deviceImages.ts';
import { batchImages } from '../family/tensorflowFamilyTrainer.ts';
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
  return createTensorflowTrainer(initial, device, (variables) => {
    const network = createFieldNetwork(spec, variables, device.ops ?? webgpuOps());
    const deviceImages = createDeviceImages();
    const lossOf = (batch: DualFieldBatch): tf.Scalar => {
      const { items, points, pointsNormalized, distancesMm } = batch;
      const imagesHu = batchImages(batch, spec.resolution, deviceImages);
      const images: tf.Tensor5D = tf.mul(
        tf.clipByValue(imagesHu, -spec.clipHu, spec.clipHu),
        1 / spec.clipHu,
      );
      const levels = network.encode(images);
      const predicted = network.decode(levels, tf.tensor3d(pointsNormalized, [items, points, 3]));
      const targetMm = tf.tensor2d(distancesMm, [items * points, 2]);
      return fieldLoss(tf.reshape(predicted, [-1, 2]), targetMm, spec.unitMm, DUAL_FIELD_LOSS).total;
    };
    return {
      trained: [...variables.keys()].filter((name) => !(freezeEncoder && name.startsWith('encoder.'))),
      trainingLoss: lossOf,
      validationLoss: lossOf,
      apply(gradients, learningRate, step) {
        const norm = adamWStep(
          // No decay of scales, offsets and biases, as is usual.
          gradients.map((one) => ({ ...one, decay: one.name.endsWith('.kernel') })),
          { ...OPTIMIZER, learningRate, step },
        );
        norm.dispose();
      },
      free: () => deviceImages.free(),
    };
  });
}
