import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type FamilySpec, familyChannels } from '#shared/nudf/family/familySpec.ts';
import { familyLayout, writtenLevelNames } from '#shared/nudf/family/familyWeights.ts';
import type { OnnxOptions } from '../../nudf/engine/onnxRuntime.ts';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import { adamStep } from '../onnx/adam.ts';
import { createOnnxTrainer, type EncoderOutputs, type GraphInput } from '../onnx/onnxTrainer.ts';
import type { Values } from '../onnx/weightOrder.ts';
import {
  ADAM,
  BATCH_NORM_MOMENTUM,
  type FamilyBatch,
  type FamilyTrainer,
  type FamilyTrainerOptions,
  isTrained,
  movedImages,
} from './familyTrainer.ts';
import { decoderTrainingOnnx, encoderBackwardOnnx, encoderForwardOnnx } from './familyTrainingOnnx.ts';

const EPSILON = 1e-5;

/** Training by ONNX Runtime on the CPU. Throws a UserError where the platform has none. */
export async function createOnnxFamilyTrainer(
  spec: FamilySpec,
  initial: TrainerState,
  options: FamilyTrainerOptions,
  onnxOptions: OnnxOptions = {},
): Promise<FamilyTrainer> {
  const weights = familyLayout(spec, writtenLevelNames(spec));
  const trainer = await createOnnxTrainer<FamilyBatch>(
    initial,
    {
      weights,
      trained: weights.map(({ name }) => name).filter((name) => isTrained(name, options)),
      alignCorners: spec.alignCorners,
      levels: (size) => levelsOf(spec, size),
      offsetNormalized: (size) => (spec.offsetNormalized * spec.resolution) / size,
      points: (batch) => localPoints(spec, batch),
      // The norms' statistics are those of the whole batch.
      passes: (batch) => [
        {
          first: 0,
          items: batch.items,
          size: batch.crop?.size ?? spec.resolution,
          image: movedImages(batch),
        },
      ],
      encoderForward({ items, size }, isTraining) {
        const statistics = isTraining && !options.freezeEncoder ? 'batch' : 'given';
        return {
          key: `forward ${items} ${size} ${statistics}`,
          make: () => encoderForwardOnnx(spec, { items, size }, statistics),
        };
      },
      encoderInputs: (values) => runningStatistics(spec, values),
      encoderBackward: ({ items, size }) => ({
        key: `backward ${items} ${size}`,
        make: () => encoderBackwardOnnx(spec, { items, size }),
      }),
      afterEncoding: (values, outputs) => updateRunningStatistics(spec, values, outputs),
      decoder: ({ items }, isTraining) => ({
        key: `decoder ${items} ${isTraining}`,
        make: () => decoderTrainingOnnx(spec, options.loss, items, isTraining),
      }),
      targets: ({ distances }, first, count) => ({
        distances: { data: distances.subarray(first, first + count), shape: [count] },
      }),
      apply: (trained, learningRate, step) => adamStep(trained, { ...ADAM, learningRate, step }),
    },
    onnxOptions,
  );
  return { spec, ...trainer };
}

/** What the norms are given where they do not take the batch's statistics. */
const runningStatistics = (spec: FamilySpec, weights: Values): Record<string, GraphInput> =>
  Object.fromEntries(
    spec.levels.flatMap((_, level) => {
      const mean = weights.get(`encoder.${level}.norm.mean`)!;
      const inverse = weights.get(`encoder.${level}.norm.variance`)!.map((v) => 1 / Math.sqrt(v + EPSILON));
      return [
        [`mean.${level}`, { data: mean, shape: [mean.length] }],
        [`inverse.${level}`, { data: inverse, shape: [inverse.length] }],
      ];
    }),
  );

function updateRunningStatistics(spec: FamilySpec, weights: Values, encoded: EncoderOutputs): void {
  spec.levels.forEach((_, level) => {
    const taken = { mean: encoded.get(`mean.${level}`)!, variance: encoded.get(`unbiased.${level}`)! };
    for (const [name, values] of Object.entries(taken)) {
      const running = weights.get(`encoder.${level}.norm.${name}`)!;
      for (let channel = 0; channel < running.length; channel++) {
        running[channel] =
          (1 - BATCH_NORM_MOMENTUM) * running[channel]! + BATCH_NORM_MOMENTUM * values[channel]!;
      }
    }
  });
}

/** The sampled levels for an image of `size` voxels along an edge, the image itself first. */
function levelsOf(spec: FamilySpec, size: number): { resolution: number; channels: number }[] {
  const channels = familyChannels(spec);
  let resolution = size;
  return [
    { resolution, channels: channels[0]! },
    ...spec.levels.map(({ pool }, level) => {
      resolution /= pool;
      return { resolution, channels: channels[level + 1]! };
    }),
  ];
}

/** The points in the coordinates of the crop, where there is one: its faces at ±1. */
function localPoints(spec: FamilySpec, { crop, pointsNormalized }: FamilyBatch): Float32Array {
  if (!crop) return pointsNormalized;
  // With aligned corners no one cube fits all levels of a part.
  if (spec.alignCorners) throw new UserError(failure('training.crop-aligned'));
  return pointsNormalized.map(
    (value, index) => ((value + 1) * spec.resolution - 2 * crop.firstVoxel[index % 3]!) / crop.size - 1,
  );
}
