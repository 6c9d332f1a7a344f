import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import { fromTorchOrder, nearestFamily, recognizeFamily } from '#shared/nudf/family/familyWeights.ts';
import { allFinite, type WeightArray, type WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { readCheckpoint, type TorchCheckpoint } from '../../arrays/pytorch/checkpointFile.ts';
import { TorchTensor } from '../../arrays/pytorch/tensors.ts';

export interface ImportedFamily {
  readonly spec: FamilySpec;
  readonly weights: WeightMap;
  /** The epoch that the checkpoint says it is of, where it does. */
  readonly epoch: number | undefined;
}

export interface ImportOptions {
  /**
   * How its training sampled the levels; see {@link FamilySpec.alignCorners}. Default: what the checkpoint says, as ours do
   * (`align_corners`), else true.
   */
  readonly alignCorners?: boolean;
}

/**
 * A network of the family from a PyTorch checkpoint: `model_state_dict`, or a state dictionary saved by itself.
 * @param name the file's base name, for messages
 * @throws UserError where the file is no checkpoint, asks for more than plain data, or holds another network
 */
export async function importFamilyCheckpoint(
  bytes: Uint8Array,
  name: string,
  options: ImportOptions = {},
): Promise<ImportedFamily> {
  const checkpoint = await readCheckpoint(bytes, name);
  const state = stateDictionary(checkpoint, name);
  const shapes = new Map([...state].map(([key, { shape }]) => [key, shape]));
  const said = checkpoint.root instanceof Map ? checkpoint.root.get('align_corners') : undefined;
  const alignCorners = options.alignCorners ?? (typeof said === 'boolean' ? said : true);
  const recognized = recognizeFamily(shapes, alignCorners);
  if (recognized === undefined) {
    const { nearest, misfits } = nearestFamily(shapes);
    const weights = misfits.slice(0, 3).join(', ') + (misfits.length > 3 ? ' …' : '');
    throw new UserError(failure('models.no-family-network', { fileName: name, nearest, weights }));
  }
  const { spec, layout, torchKey } = recognized;
  const weights = new Map<string, WeightArray>();
  for (const entry of layout) {
    const values = await checkpoint.values(state.get(torchKey(entry.torchName))!);
    if (!allFinite(values)) {
      throw new UserError(failure('models.weight-not-finite', { weight: entry.torchName }));
    }
    weights.set(entry.name, { shape: entry.shape, data: fromTorchOrder(values, entry.torchShape) });
  }
  const epoch = checkpoint.root instanceof Map ? checkpoint.root.get('epoch') : undefined;
  return { spec, weights, epoch: typeof epoch === 'number' ? epoch : undefined };
}

function stateDictionary({ root }: TorchCheckpoint, name: string): ReadonlyMap<string, TorchTensor> {
  const inner: unknown = root instanceof Map ? (root.get('model_state_dict') ?? root) : root;
  if (!(inner instanceof Map)) throw new UserError(failure('models.no-state-dictionary', { fileName: name }));
  const state = new Map<string, TorchTensor>();
  for (const [key, value] of inner) {
    if (typeof key === 'string' && value instanceof TorchTensor) state.set(key, value);
  }
  if (state.size === 0) throw new UserError(failure('models.no-state-dictionary', { fileName: name }));
  return state;
}
