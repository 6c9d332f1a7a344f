import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import {
  pyramidChannels,
  pyramidResolutions,
  tapOffsetNormalized,
  weightLayout,
} from '#shared/nudf/network/weightLayout.ts';
import type { OnnxOptions } from '../../nudf/engine/onnxRuntime.ts';
import type { EpochTrainer, TrainerState } from '../epochs/epochTrainer.ts';
import { movedImages } from '../family/familyTrainer.ts';
import { adamWStep } from '../onnx/adam.ts';
import { createOnnxTrainer, type EncoderPass } from '../onnx/onnxTrainer.ts';
import type { OrderedWeight } from '../onnx/weightOrder.ts';
import type { DualFieldBatch } from './dualFieldBatches.ts';
import {
  DUAL_FIELD_LOSS,
  DUAL_FIELD_OPTIMIZER,
  type DualFieldTrainerOptions,
  isDecayed,
  trainedNames,
} from './dualFieldTrainer.ts';
import { decoderTrainingOnnx, encoderBackwardOnnx, encoderForwardOnnx } from './dualFieldTrainingOnnx.ts';

/** Training by ONNX Runtime on the CPU. @throws UserError where the platform has none */
export function createOnnxDualFieldTrainer(
  spec: FieldNetworkSpec,
  initial: TrainerState,
  options: DualFieldTrainerOptions,
  onnxOptions: OnnxOptions = {},
): Promise<EpochTrainer<DualFieldBatch>> {
  const weights = weightLayout(spec).map(({ name, shape }) => ({ name, shape, torchShape: toTorch(shape) }));
  const channels = pyramidChannels(spec);
  const levels = pyramidResolutions(spec).map((resolution, level) => ({
    resolution,
    channels: channels[level]!,
  }));
  return createOnnxTrainer<DualFieldBatch>(
    initial,
    {
      weights,
      trained: trainedNames(
        weights.map(({ name }) => name),
        options,
      ),
      alignCorners: false,
      // An example of 128³ takes 2.4 GB, else 4.4.
      savesMemory: true,
      levels: () => levels,
      offsetNormalized: () => tapOffsetNormalized(spec),
      points: ({ pointsNormalized }) => pointsNormalized,
      passes: (batch) => passesOf(spec, batch),
      encoderForward(_, isTraining) {
        const goesBack = isTraining && !options.freezeEncoder;
        return { key: `forward ${goesBack}`, make: () => encoderForwardOnnx(spec, goesBack) };
      },
      encoderBackward: () => ({ key: 'backward', make: () => encoderBackwardOnnx(spec) }),
      decoder: ({ items, points }, isTraining) => ({
        key: `decoder ${items * points} ${isTraining}`,
        make: () => decoderTrainingOnnx(spec, DUAL_FIELD_LOSS, items * points, isTraining),
      }),
      targets: ({ distancesMm }, first, count) => ({
        distances: { data: distancesMm.subarray(2 * first, 2 * (first + count)), shape: [count, 2] },
      }),
      apply: (trained, learningRate, step) =>
        adamWStep(
          trained.map((one) => ({ ...one, decay: isDecayed(one.name) })),
          { ...DUAL_FIELD_OPTIMIZER, learningRate, step },
        ),
    },
    onnxOptions,
  );
}

/** One item at a time. */
function* passesOf({ resolution, clipHu }: FieldNetworkSpec, batch: DualFieldBatch): Iterable<EncoderPass> {
  for (let item = 0; item < batch.items; item++) {
    const { imagesHu, motions } = batch;
    const image = movedImages({
      items: 1,
      imagesHu: imagesHu.slice(item, item + 1),
      motions: motions?.slice(item, item + 1),
    });
    for (let index = 0; index < image.length; index++) {
      image[index] = Math.min(Math.max(image[index]!, -clipHu), clipHu) / clipHu;
    }
    yield { first: item, items: 1, size: resolution, image };
  }
}

/** A shape in PyTorch's order of axes: […, in, out] → [out, in, …]. */
const toTorch = (shape: readonly number[]): OrderedWeight['torchShape'] =>
  shape.length === 1 ? shape : [...shape.slice(-2).toReversed(), ...shape.slice(0, -2)];
