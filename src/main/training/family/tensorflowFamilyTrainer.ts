import * as tf from '@tensorflow/tfjs-core';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { createFamilyNetwork, type LevelStatistics } from '#shared/nudf/family/familyNetwork.ts';
import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import { adamWStep, imageBatchOnGpu, MOTION_FLOATS, onGpu } from '#shared/nudf/kernels/index.ts';
import type { NetworkOps } from '#shared/nudf/network/networkOps.ts';
import { disposeParameters, variablesFrom, weightsFrom } from '#shared/nudf/network/networkParameters.ts';
import { OUTSIDE_HU, type RigidMotion } from '../epochs/rigidMotion.ts';
import { createDeviceImages, type DeviceImages } from './deviceImages.ts';
import {
  ADAM,
  BATCH_NORM_MOMENTUM,
  CLAMP_DISTANCE,
  type FamilyBatch,
  type FamilyLoss,
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

/** The loss of {@link FamilyLoss}; predictions and truths [N]. */
function lossOf(kind: FamilyLoss, predicted: tf.Tensor, truth: tf.Tensor, items: number): tf.Scalar {
  const target = tf.minimum(truth, CLAMP_DISTANCE);
  const compared = kind === 'clamped' ? tf.minimum(predicted, CLAMP_DISTANCE) : predicted;
  return tf.div(tf.sum(tf.abs(tf.sub(compared, target))), items);
}

/** The mean of the batch's unbiased variance from what the norm used: 1/√(biased variance + 1e-5). */
const unbiasedVariance = (inverseDeviation: tf.Tensor, values: number): tf.Tensor =>
  tf.mul(
    tf.maximum(tf.sub(tf.reciprocal(tf.square(inverseDeviation)), 1e-5), 0),
    values / Math.max(values - 1, 1),
  );

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
  const variables = variablesFrom(initial.weights);
  const first = variablesFrom(initial.firstMoments);
  const second = variablesFrom(initial.secondMoments);
  const trained = [...variables.keys()].filter((name) => isTrained(name, options));
  const network = createFamilyNetwork(spec, variables, device.ops);
  const images = createDeviceImages();

  const predict = (
    batch: FamilyBatch,
    onStatistics?: (level: number, statistics: LevelStatistics) => void,
  ): tf.Scalar => {
    const size = batch.crop?.size ?? spec.resolution;
    const points = tf.tensor3d(batch.pointsNormalized, [batch.items, batch.points, 3]);
    const levels = network.encode(batchImages(batch, size, images), onStatistics);
    const outputs = network.decode(levels, points, batch.crop?.firstVoxel);
    return lossOf(options.loss, tf.reshape(outputs, [-1]), tf.tensor1d(batch.distances), batch.items);
  };

  const updateRunningStatistics = (level: number, statistics: LevelStatistics, values: number): void => {
    const batchValues = {
      mean: statistics.mean as tf.Tensor,
      variance: unbiasedVariance(statistics.inverseDeviation, values),
    };
    for (const [name, value] of Object.entries(batchValues)) {
      const running = variables.get(`encoder.${level}.norm.${name}`)!;
      running.assign(tf.add(tf.mul(running, 1 - BATCH_NORM_MOMENTUM), tf.mul(value, BATCH_NORM_MOMENTUM)));
    }
  };

  const trainStep = (batch: FamilyBatch, learningRate: number): tf.Scalar => {
    const kept: { level: number; statistics: LevelStatistics }[] = [];
    const onStatistics = (level: number, { mean, inverseDeviation }: LevelStatistics): void => {
      // Kept after the gradient's own tidy, until the running statistics have taken them in.
      kept.push({ level, statistics: { mean: tf.keep(mean), inverseDeviation: tf.keep(inverseDeviation) } });
    };
    const { value, grads } = tf.variableGrads(
      () => predict(batch, options.freezeEncoder ? undefined : onStatistics),
      trained.map((name) => variables.get(name)!),
    );
    const norm = adamWStep(
      trained.map((name) => ({
        variable: variables.get(name)!,
        gradient: grads[variables.get(name)!.name]!,
        firstMoment: first.get(name)!,
        secondMoment: second.get(name)!,
        decay: false,
      })),
      { ...ADAM, learningRate, weightDecay: 0, clipNorm: 0, step: step + 1 },
    );
    norm.dispose();
    let voxels = batch.items * (batch.crop?.size ?? spec.resolution) ** 3;
    for (const { level, statistics } of kept) {
      voxels /= spec.levels[level]!.pool ** 3;
      updateRunningStatistics(level, statistics, voxels);
      tf.dispose([statistics.mean, statistics.inverseDeviation]);
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
