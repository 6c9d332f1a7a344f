import * as tf from '@tensorflow/tfjs-core';
import { createFamilyNetwork, type TakeStatistics } from '#shared/nudf/family/familyNetwork.ts';
import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import {
  adamStep,
  clampedLoss,
  imageBatchOnGpu,
  MOTION_FLOATS,
  onGpu,
  updateRunningStatistics,
} from '#shared/nudf/kernels/index.ts';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import { OUTSIDE_HU, type RigidMotion } from '../epochs/rigidMotion.ts';
import { createTensorflowTrainer, type TensorflowDevice } from '../epochs/tensorflowTrainer.ts';
import { createDeviceImages, type DeviceImages } from './deviceImages.ts';
import {
  ADAM,
  BATCH_NORM_MOMENTUM,
  CLAMP_DISTANCE,
  type FamilyBatch,
  type FamilyTrainer,
  type FamilyTrainerOptions,
  type ImageBatch,
  isTrained,
  movedImages,
} from './familyTrainer.ts';

function packedMotions(motions: readonly RigidMotion[], size: number): Float32Array {
  const packed = new Float32Array(motions.length * MOTION_FLOATS);
  motions.forEach(({ rotation, translation, noiseHu, noiseSeed }, item) => {
    const at = item * MOTION_FLOATS;
    packed.set(rotation, at);
    packed.set(
      translation.map((value) => (value * size) / 2),
      at + 9,
    );
    packed[at + 12] = noiseHu;
    packed[at + 13] = noiseSeed;
  });
  return packed;
}

/** The batch's images on the device; where it is WebGPU, it keeps whole images and moves them itself. */
export function batchImages(batch: ImageBatch, size: number, kept: DeviceImages): tf.Tensor5D {
  if (!onGpu() || batch.crop) {
    return tf.tensor5d(movedImages(batch), [batch.items, size, size, size, 1]);
  }
  const motions = batch.motions && packedMotions(batch.motions, size);
  return imageBatchOnGpu(
    batch.imagesHu.map((image) => kept.get(image)),
    size,
    OUTSIDE_HU,
    motions,
  );
}

/**
 * A submission takes the processor about as long as recording ten dispatches; memory that a step is done with is free for
 * the next ones only after a submission.
 */
const DISPATCHES_A_SUBMISSION = 64;

/** Training by TensorFlow.js, on whichever backend is selected: our kernels on WebGPU, stock operations elsewhere. */
export function createTensorflowFamilyTrainer(
  spec: FamilySpec,
  initial: TrainerState,
  options: FamilyTrainerOptions,
  device: TensorflowDevice,
): FamilyTrainer {
  if (onGpu()) tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', DISPATCHES_A_SUBMISSION);
  const trainer = createTensorflowTrainer<FamilyBatch>(initial, device, (variables) => {
    const network = createFamilyNetwork(spec, variables, device.ops);
    const images = createDeviceImages();
    const predict = (batch: FamilyBatch, onStatistics?: TakeStatistics): tf.Scalar => {
      const size = batch.crop?.size ?? spec.resolution;
      const points = tf.tensor3d(batch.pointsNormalized, [batch.items, batch.points, 3]);
      const levels = network.encode(batchImages(batch, size, images), onStatistics);
      const outputs = network.decode(levels, points, batch.crop?.firstVoxel);
      return clampedLoss(tf.reshape(outputs, [-1]), tf.tensor1d(batch.distances), {
        clamp: CLAMP_DISTANCE,
        isPredictionClamped: options.loss === 'clamped',
        scale: 1 / batch.items,
      });
    };
    // Kept after the gradient's own tidy, until the running statistics have taken them in.
    const kept: { level: number; statistics: tf.Tensor2D }[] = [];
    const onStatistics: TakeStatistics = (level, statistics) =>
      kept.push({ level, statistics: tf.keep(statistics) });
    const takeStatistics = (batch: FamilyBatch): void => {
      let voxels = batch.items * (batch.crop?.size ?? spec.resolution) ** 3;
      for (const { level, statistics } of kept.splice(0)) {
        voxels /= spec.levels[level]!.pool ** 3;
        const norm = `encoder.${level}.norm`;
        const running = {
          mean: variables.get(`${norm}.mean`)!,
          variance: variables.get(`${norm}.variance`)!,
        };
        updateRunningStatistics(running, statistics, voxels, BATCH_NORM_MOMENTUM);
        statistics.dispose();
      }
    };
    return {
      trained: [...variables.keys()].filter((name) => isTrained(name, options)),
      trainingLoss: (batch) => predict(batch, options.freezeEncoder ? undefined : onStatistics),
      validationLoss: (batch) => predict(batch),
      apply(gradients, learningRate, step, batch) {
        adamStep(gradients, { ...ADAM, learningRate, step });
        takeStatistics(batch);
      },
      free: () => images.free(),
    };
  });
  return { ...trainer, spec };
}
