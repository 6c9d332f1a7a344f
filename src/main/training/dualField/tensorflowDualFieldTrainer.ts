import * as tf from '@tensorflow/tfjs-core';
import { adamWStep, webgpuOps } from '#shared/nudf/kernels/index.ts';
import { createFieldNetwork } from '#shared/nudf/network/fieldNetwork.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { EpochTrainer, TrainerState } from '../epochs/epochTrainer.ts';
import { createTensorflowTrainer, type TensorflowDevice } from '../epochs/tensorflowTrainer.ts';
import { createDeviceImages } from '../family/deviceImages.ts';
import { batchImages } from '../family/tensorflowFamilyTrainer.ts';
import { fieldLoss } from '../losses.ts';
import type { DualFieldBatch } from './dualFieldBatches.ts';
import {
  DUAL_FIELD_LOSS,
  DUAL_FIELD_OPTIMIZER,
  type DualFieldTrainerOptions,
  isDecayed,
  trainedNames,
} from './dualFieldTrainer.ts';

/** Training by TensorFlow.js, on whichever backend is selected: our kernels on WebGPU, stock operations elsewhere. */
export function createTensorflowDualFieldTrainer(
  spec: FieldNetworkSpec,
  initial: TrainerState,
  options: DualFieldTrainerOptions,
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
      trained: trainedNames([...variables.keys()], options),
      trainingLoss: lossOf,
      validationLoss: lossOf,
      apply(gradients, learningRate, step) {
        const norm = adamWStep(
          gradients.map((one) => ({ ...one, decay: isDecayed(one.name) })),
          { ...DUAL_FIELD_OPTIMIZER, learningRate, step },
        );
        norm.dispose();
      },
      free: () => deviceImages.free(),
    };
  });
}
