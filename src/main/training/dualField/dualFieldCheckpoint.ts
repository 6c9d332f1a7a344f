import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { fieldSpecSchema } from '#shared/nudf/network/networkSpecSchema.ts';
import { assertWeightsFit, type WeightArray, type WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { readCheckpoint, type TorchCheckpoint } from '../../arrays/pytorch/checkpointFile.ts';
import { writeTorchCheckpoint } from '../../arrays/pytorch/checkpointWriter.ts';
import type { TorchValue } from '../../arrays/pytorch/pickleWriter.ts';
import { TorchTensor } from '../../arrays/pytorch/tensors.ts';
import { epochReportSchema } from '../curves/epochReport.ts';
import type { TrainingCheckpoint } from '../epochs/epochTrainer.ts';

/** The name of the network, for people. */
export const DUAL_FIELD = 'DualField';

const KEYS = {
  network: 'auricle_network',
  weights: 'model_state_dict',
  firstMoments: 'auricle_first_moments',
  secondMoments: 'auricle_second_moments',
} as const;

const dictionary = (weights: WeightMap): TorchValue =>
  new Map([...weights].map(([name, { shape, data }]): [string, TorchValue] => [name, { shape, data }]));

/**
 * A checkpoint of the dual-field network: PyTorch's zip archive with the weights by our names and shapes
 * (`weightLayout.ts`), the network as JSON, and all that training needs to go on.
 */
export function writeDualFieldCheckpoint(
  spec: FieldNetworkSpec,
  { epoch, state, history }: TrainingCheckpoint,
): Uint8Array {
  return writeTorchCheckpoint(
    new Map<string, TorchValue>([
      ['epoch', epoch],
      [KEYS.network, JSON.stringify(spec)],
      [KEYS.weights, dictionary(state.weights)],
      [KEYS.firstMoments, dictionary(state.firstMoments)],
      [KEYS.secondMoments, dictionary(state.secondMoments)],
      ['auricle_step', state.step],
      ['auricle_history', JSON.stringify(history)],
    ]),
  );
}

/** A checkpoint of the dual-field network without the optimiser's state. */
export interface DualFieldWeights {
  readonly spec: FieldNetworkSpec;
  readonly weights: WeightMap;
  readonly epoch: number | undefined;
}

/**
 * Reads the network and its weights; undefined where the checkpoint is of another kind of network.
 * @param name the file's base name, for messages
 * @throws UserError where the file is damaged or asks for more than plain data
 */
export async function importDualFieldCheckpoint(
  bytes: Uint8Array,
  name: string,
): Promise<DualFieldWeights | undefined> {
  const checkpoint = await readCheckpoint(bytes, name);
  const text = rootOf(checkpoint).get(KEYS.network);
  if (typeof text !== 'string') return undefined;
  const spec = readSpec(text, name);
  const weights = await arraysOf(checkpoint, KEYS.weights);
  assertWeightsFit(spec, weights);
  const epoch = rootOf(checkpoint).get('epoch');
  return { spec, weights, epoch: typeof epoch === 'number' ? epoch : undefined };
}

/**
 * Reads a checkpoint with all that training needs to go on.
 * @throws UserError where it is damaged or of another network than `spec`
 */
export async function readDualFieldCheckpoint(
  bytes: Uint8Array,
  name: string,
  spec: FieldNetworkSpec,
): Promise<TrainingCheckpoint> {
  const found = await importDualFieldCheckpoint(bytes, name);
  if (found === undefined || JSON.stringify(found.spec) !== JSON.stringify(spec)) {
    const what = found === undefined ? 'another network' : `${DUAL_FIELD} of another shape`;
    throw new UserError(
      failure('training.checkpoint-of-other-network', { fileName: name, found: what, wanted: DUAL_FIELD }),
    );
  }
  const checkpoint = await readCheckpoint(bytes, name);
  try {
    const root = rootOf(checkpoint);
    const [epoch, step, history] = ['epoch', 'auricle_step', 'auricle_history'].map((key) => root.get(key));
    if (typeof epoch !== 'number' || typeof step !== 'number' || typeof history !== 'string')
      throw new TypeError('The checkpoint does not say its epoch.');
    const momentsOf = async (key: string): Promise<WeightMap> => {
      const moments = await arraysOf(checkpoint, key);
      assertWeightsFit(spec, moments);
      return moments;
    };
    return {
      epoch,
      state: {
        step,
        weights: found.weights,
        firstMoments: await momentsOf(KEYS.firstMoments),
        secondMoments: await momentsOf(KEYS.secondMoments),
      },
      history: epochReportSchema.array().parse(JSON.parse(history)),
    };
  } catch (thrown) {
    throw new UserError(failure('training.checkpoint-not-resumable', { fileName: name }), { cause: thrown });
  }
}

const rootOf = ({ root }: TorchCheckpoint): ReadonlyMap<unknown, unknown> =>
  root instanceof Map ? root : new Map();

function readSpec(text: string, name: string): FieldNetworkSpec {
  try {
    return fieldSpecSchema.parse(JSON.parse(text));
  } catch (thrown) {
    throw new UserError(failure('pytorch.damaged', { name }), { cause: thrown });
  }
}

async function arraysOf(checkpoint: TorchCheckpoint, key: string): Promise<WeightMap> {
  const found = rootOf(checkpoint).get(key);
  const arrays = new Map<string, WeightArray>();
  if (!(found instanceof Map)) return arrays;
  for (const [name, tensor] of found) {
    if (typeof name !== 'string' || !(tensor instanceof TorchTensor)) continue;
    arrays.set(name, { shape: tensor.shape, data: await checkpoint.values(tensor) });
  }
  return arrays;
}
