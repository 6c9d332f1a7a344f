import * as tf from '@tensorflow/tfjs-core';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
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
import type { NetworkOps } from '#shared/nudf/network/networkOps.ts';
import { disposeParameters, variablesFrom, weightsFrom } from '#shared/nudf/network/networkParameters.ts';
import { OUTSIDE_HU, type RigidMotion } from '../epochs/rigidMotion.ts';
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

/** Where TensorFlow.js runs. */
export interface TensorflowDevice {
  readonly name: string;
  readonly ops?: NetworkOps | undefined;
  /** Throws where the device has failed (lost, out of memory): its results are zeros from then on. */
  assertWorking(): void;
}

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
/** Enough that the device does not wait while the processor draws points and records a step. */
export const STEPS_IN_FLIGHT = 3;

/** Training by TensorFlow.js, on whichever backend is selected: our kernels on WebGPU, stock operations elsewhere. */
export function createTensorflowFamilyTrainer(
  spec: FamilySpec,
  initial: TrainerState,
  options: FamilyTrainerOptions,
  device: TensorflowDevice,
): FamilyTrainer {
  let { step } = initial;
  if (onGpu()) tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', DISPATCHES_A_SUBMISSION);
  const variables = variablesFrom(initial.weights);
  const first = variablesFrom(initial.firstMoments);
  const second = variablesFrom(initial.secondMoments);
  const trained = [...variables.keys()].filter((name) => isTrained(name, options));
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

  const trainStep = (batch: FamilyBatch, learningRate: number): tf.Scalar => {
    // Kept after the gradient's own tidy, until the running statistics have taken them in.
    const kept: { level: number; statistics: tf.Tensor2D }[] = [];
    const onStatistics: TakeStatistics = (level, statistics) =>
      kept.push({ level, statistics: tf.keep(statistics) });
    const { value, grads } = tf.variableGrads(
      () => predict(batch, options.freezeEncoder ? undefined : onStatistics),
      trained.map((name) => variables.get(name)!),
    );
    adamStep(
      trained.map((name) => ({
        variable: variables.get(name)!,
        gradient: grads[variables.get(name)!.name]!,
        firstMoment: first.get(name)!,
        secondMoment: second.get(name)!,
      })),
      { ...ADAM, learningRate, step: step + 1 },
    );
    let voxels = batch.items * (batch.crop?.size ?? spec.resolution) ** 3;
    for (const { level, statistics } of kept) {
      voxels /= spec.levels[level]!.pool ** 3;
      const norm = `encoder.${level}.norm`;
      const running = { mean: variables.get(`${norm}.mean`)!, variance: variables.get(`${norm}.variance`)! };
      updateRunningStatistics(running, statistics, voxels, BATCH_NORM_MOMENTUM);
      statistics.dispose();
    }
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
    spec,
    device: device.name,
    stepsInFlight: STEPS_IN_FLIGHT,
    step(batch, learningRate) {
      const loss = read(() => trainStep(batch, learningRate));
      step++;
      return loss;
    },
    validate: (batch) => read(() => predict(batch)),
    state: async () => ({
      step,
      weights: await weightsFrom(variables),
      firstMoments: await weightsFrom(first),
      secondMoments: await weightsFrom(second),
    }),
    async free() {
      for (const set of [variables, first, second]) disposeParameters(set);
      images.free();
    },
  };
}
