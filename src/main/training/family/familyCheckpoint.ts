import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import {
  type FamilyWeightEntry,
  familyLayout,
  fromTorchOrder,
  toTorchOrder,
  writtenLevelNames,
} from '#shared/nudf/family/familyWeights.ts';
import type { WeightArray, WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { readCheckpoint } from '../../arrays/pytorch/checkpointFile.ts';
import { writeTorchCheckpoint } from '../../arrays/pytorch/checkpointWriter.ts';
import type { TorchValue } from '../../arrays/pytorch/pickleWriter.ts';
import { TorchTensor } from '../../arrays/pytorch/tensors.ts';
import { importFamilyCheckpoint } from '../../nudf/family/importCheckpoint.ts';
import { epochReportSchema } from '../curves/epochReport.ts';
import type { TrainerState, TrainingCheckpoint } from '../epochs/epochTrainer.ts';
import { ADAM, isRunningStatistic } from './familyTrainer.ts';

/** Channels of the norm that the paper's 512 net has and never uses; PyTorch asks for it all the same. */
const UNUSED_NORM_CHANNELS = 32;

const layoutOf = (spec: FamilySpec): FamilyWeightEntry[] => familyLayout(spec, writtenLevelNames(spec));
const optimised = (spec: FamilySpec): FamilyWeightEntry[] =>
  layoutOf(spec).filter(({ name }) => !isRunningStatistic(name));

function stateDictionary(spec: FamilySpec, { weights, step }: TrainerState): Map<string, TorchValue> {
  const state = new Map<string, TorchValue>();
  const counter = { shape: [], data: BigInt64Array.of(BigInt(step)) };
  for (const { name, torchName, torchShape } of layoutOf(spec)) {
    state.set(torchName, { shape: torchShape, data: toTorchOrder(weights.get(name)!.data, torchShape) });
    if (name.endsWith('.norm.variance')) {
      state.set(torchName.replace(/running_var$/, 'num_batches_tracked'), counter);
    }
  }
  if (spec.name === 'ShapeNet512Vox') {
    const filled = (value: number): TorchValue => ({
      shape: [UNUSED_NORM_CHANNELS],
      data: new Float32Array(UNUSED_NORM_CHANNELS).fill(value),
    });
    const unused = { weight: 1, bias: 0, running_mean: 0, running_var: 1 };
    for (const [name, value] of Object.entries(unused)) state.set(`convb_1_bn.${name}`, filled(value));
    state.set('convb_1_bn.num_batches_tracked', { shape: [], data: BigInt64Array.of(0n) });
  }
  return state;
}

/** Adam's state as PyTorch's `optimizer.state_dict()` has it; parameters are numbered in the order of the state dictionary. */
function optimizerDictionary(spec: FamilySpec, state: TrainerState, learningRate: number): TorchValue {
  const entries = optimised(spec);
  const moments = (weights: WeightMap, { name, torchShape }: FamilyWeightEntry): TorchValue => ({
    shape: torchShape,
    data: toTorchOrder(weights.get(name)!.data, torchShape),
  });
  return new Map<string, TorchValue>([
    [
      'state',
      new Map(
        entries.map((entry, index) => [
          index,
          new Map<string, TorchValue>([
            ['step', { shape: [], data: Float32Array.of(state.step) }],
            ['exp_avg', moments(state.firstMoments, entry)],
            ['exp_avg_sq', moments(state.secondMoments, entry)],
          ]),
        ]),
      ),
    ],
    [
      'param_groups',
      [
        new Map<string, TorchValue>([
          ['lr', { float: learningRate }],
          ['betas', { tuple: [ADAM.beta1, ADAM.beta2] }],
          ['eps', ADAM.epsilon],
          ['weight_decay', { float: 0 }],
          ['amsgrad', false],
          ['maximize', false],
          ['foreach', null],
          ['capturable', false],
          ['params', entries.map((_, index) => index)],
        ]),
      ],
    ],
  ]);
}

/** A checkpoint's bytes: `checkpoint_epoch_N.tar`, which PyTorch reads and {@link readFamilyCheckpoint}. */
export function writeFamilyCheckpoint(
  spec: FamilySpec,
  { epoch, state, history }: TrainingCheckpoint,
  learningRate: number,
): Uint8Array {
  return writeTorchCheckpoint(
    new Map<string, TorchValue>([
      ['epoch', epoch],
      ['model_state_dict', stateDictionary(spec, state)],
      ['optimizer_state_dict', optimizerDictionary(spec, state, learningRate)],
      ['align_corners', spec.alignCorners],
      ['auricle_step', state.step],
      ['auricle_history', JSON.stringify(history)],
    ]),
  );
}

const mapIn = (value: unknown, key: unknown): Map<unknown, unknown> => {
  const found: unknown = value instanceof Map ? value.get(key) : undefined;
  if (!(found instanceof Map)) throw new TypeError(`The checkpoint has no ${String(key)}.`);
  return found;
};

/**
 * Reads a checkpoint of ours with all that training needs to go on.
 * @param name the file's base name, for messages
 * @throws UserError where it is damaged, of another network, or has no optimiser
 */
export async function readFamilyCheckpoint(
  bytes: Uint8Array,
  name: string,
  spec: FamilySpec,
): Promise<TrainingCheckpoint> {
  const { weights, spec: found } = await importFamilyCheckpoint(bytes, name);
  if (found.name !== spec.name || found.outputs !== spec.outputs) {
    throw new UserError(
      failure('training.checkpoint-of-other-network', {
        fileName: name,
        found: found.name,
        wanted: spec.name,
      }),
    );
  }
  const checkpoint = await readCheckpoint(bytes, name);
  try {
    const root = checkpoint.root as Map<unknown, unknown>;
    const optimizer = mapIn(mapIn(root, 'optimizer_state_dict'), 'state');
    const momentsOf = async (key: string): Promise<WeightMap> => {
      const moments = new Map<string, WeightArray>();
      for (const [index, entry] of optimised(spec).entries()) {
        const tensor = mapIn(optimizer, index).get(key);
        if (!(tensor instanceof TorchTensor)) throw new TypeError('A moment is no tensor.');
        const data = fromTorchOrder(await checkpoint.values(tensor), entry.torchShape);
        moments.set(entry.name, { shape: entry.shape, data });
      }
      return moments;
    };
    const [epoch, step, history] = ['epoch', 'auricle_step', 'auricle_history'].map((key) => root.get(key));
    if (typeof epoch !== 'number' || typeof step !== 'number' || typeof history !== 'string')
      throw new TypeError('The checkpoint does not say its epoch.');
    return {
      epoch,
      state: {
        step,
        weights,
        firstMoments: await momentsOf('exp_avg'),
        secondMoments: await momentsOf('exp_avg_sq'),
      },
      history: epochReportSchema.array().parse(JSON.parse(history)),
    };
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(failure('training.checkpoint-not-resumable', { fileName: name }), { cause: thrown });
  }
}
