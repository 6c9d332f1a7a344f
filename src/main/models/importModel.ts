import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { UNKNOWN_TRAINING } from '#shared/modelTraining.ts';
import { type FamilyHead, usualHeads } from '#shared/nudf/family/familyHeads.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ImportedFamily } from '../nudf/family/importCheckpoint.ts';
import { importFamilyCheckpoint } from '../nudf/family/importCheckpoint.ts';
import {
  type DualFieldWeights,
  importDualFieldCheckpoint,
} from '../training/dualField/dualFieldCheckpoint.ts';
import { modelsFolder as bundledFolder } from './modelFolder.ts';
import { isModelId, type ModelManifest } from './modelManifest.ts';
import { modelParameterCount } from './modelNetwork.ts';
import { type FieldModel, MANIFEST_FILE } from './modelRegistry.ts';
import { type ModelDetails, packModel, writeModel } from './packModel.ts';

export interface ImportModelOptions {
  /** The model's name; by default from the network's and the epoch: `shapenet128vox-260`. */
  readonly id?: string;
  readonly version?: string;
  /** Default: what networks of so many outputs are known to give. */
  readonly heads?: readonly FamilyHead[];
  /** How its training sampled the levels; default what the checkpoint says, as ours do, else true, as the reference does (docs/family.md). */
  readonly alignCorners?: boolean;
  readonly trainedOn?: string;
  /** ISO date for the manifest. */
  readonly date?: string;
  /** Whether a model of that name may be replaced. */
  readonly replace?: boolean;
}

type FamilyDetails = Extract<ModelDetails, { kind: 'family' }>;
type FieldDetails = Extract<ModelDetails, { kind: 'field' }>;

interface ImportedModel<D> {
  readonly details: D;
  readonly weights: WeightMap;
  readonly card: string;
}

/**
 * Makes a model's folder, `modelsFolder/id`, of a checkpoint that PyTorch or `auricle train` wrote.
 * @throws UserError where the file is not a checkpoint of the family or of the dual-field network, a bundled model has its name, or
 *   the folder cannot be written
 */
export async function importModel(
  file: string,
  modelsFolder: string,
  options: ImportModelOptions = {},
): Promise<ModelManifest> {
  const { details, weights, card } = await checkpointDetails(file, options);
  const { id } = details;
  if (existsSync(join(bundledFolder(), id, MANIFEST_FILE)))
    throw new UserError(failure('models.id-of-bundled', { model: id }));
  if (options.replace !== true && existsSync(join(modelsFolder, id, MANIFEST_FILE))) {
    throw new UserError(failure('models.exists', { model: id }));
  }
  try {
    return await writeModel(modelsFolder, details, weights, card);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown)) throw thrown;
    throw new UserError(failure('models.not-written', { model: id, systemCode: String(thrown.code) }));
  }
}

/**
 * A checkpoint as a model that is used at once and stored nowhere.
 * @throws UserError where the file is no checkpoint of the family or of the dual-field network
 */
export async function checkpointModel(file: string, options: ImportModelOptions = {}): Promise<FieldModel> {
  const { details, weights } = await checkpointDetails(file, options);
  const { manifest, fileBytes } = packModel(details, weights);
  if (manifest.kind === 'region' || manifest.kind === 'surroundings')
    throw new Error('A network of distances was packed as another.');
  return { manifest, weights, fileBytes, folder: dirname(file) };
}

async function checkpointDetails(
  file: string,
  options: ImportModelOptions,
): Promise<ImportedModel<FamilyDetails | FieldDetails>> {
  const fileName = basename(file);
  const bytes = await readFile(file).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName }));
  });
  const dualField = await importDualFieldCheckpoint(bytes, fileName);
  return dualField ? fieldModel(dualField, bytes, fileName, options) : familyModel(bytes, fileName, options);
}

function assertIsId(id: string): void {
  if (!isModelId(id)) throw new UserError(failure('models.not-an-id', { id }));
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function fieldModel(
  { spec, weights, epoch }: DualFieldWeights,
  bytes: Uint8Array,
  fileName: string,
  { heads, alignCorners, ...options }: ImportModelOptions,
): ImportedModel<FieldDetails> {
  if (heads !== undefined || alignCorners !== undefined)
    throw new UserError(failure('models.no-choice-of-heads', { fileName }));
  const id = options.id ?? ['dual-field', spec.resolution, ...(epoch === undefined ? [] : [epoch])].join('-');
  assertIsId(id);
  const details: FieldDetails = {
    kind: 'field',
    id,
    version: options.version ?? '1.0.0',
    spec,
    trainedOn: options.trainedOn ?? UNKNOWN_TRAINING,
    training: {
      checkpoint: { fileName, sha256: sha256Of(bytes), ...withoutUndefined({ epoch }) },
      ...withoutUndefined({ date: options.date }),
    },
  };
  const millions = (modelParameterCount(spec) / 1e6).toFixed(2);
  const card = `# ${id} ${details.version}

The dual-field network (\`${spec.kind}\`, ${millions} M parameters, ${spec.resolution}³ voxels), imported from \`${fileName}\`, which \`auricle train\` wrote. Weights are stored in half precision.

**Research use only, not for clinical decisions. Auricle knows nothing of what it was trained on but what was said at its import: “${details.trainedOn}”.**
`;
  return { details, weights, card };
}

async function familyModel(
  bytes: Uint8Array,
  fileName: string,
  options: ImportModelOptions,
): Promise<ImportedModel<FamilyDetails>> {
  const imported = await importFamilyCheckpoint(
    bytes,
    fileName,
    withoutUndefined({ alignCorners: options.alignCorners }),
  );
  const { spec, epoch, weights } = imported;
  const heads = options.heads ?? usualHeads(spec.outputs);
  if (heads.length !== spec.outputs) {
    throw new UserError(
      failure('models.heads-differ', { fileName, outputs: spec.outputs, heads: heads.join(',') }),
    );
  }
  const id = options.id ?? usualId(imported);
  assertIsId(id);
  const details: FamilyDetails = {
    kind: 'family',
    id,
    version: options.version ?? '1.0.0',
    spec,
    heads: [...heads],
    axes: 'zyx',
    trainedOn: options.trainedOn ?? UNKNOWN_TRAINING,
    checkpoint: {
      fileName,
      sha256: sha256Of(bytes),
      ...withoutUndefined({ epoch }),
    },
    ...withoutUndefined({ date: options.date }),
  };
  return { details, weights, card: modelCard(details) };
}

const usualId = ({ spec, epoch }: ImportedFamily): string =>
  [spec.name.toLowerCase(), ...(epoch === undefined ? [] : [epoch])].join('-');

const OUTPUTS: Readonly<Record<FamilyHead, string>> = {
  unsigned: 'the distance to the open wall, of no sign',
  signed: 'the signed distance to a closed surface, negative inside',
  class: 'a class, above 0 for the appendage',
};

function modelCard({ id, version, spec, heads, trainedOn, checkpoint }: FamilyDetails): string {
  const millions = (modelParameterCount(spec) / 1e6).toFixed(2);
  return `# ${id} ${version}

A network of the NUDF family (Sørensen et al., ISBI 2022), imported from a checkpoint. Its outputs: ${heads
    .map((head) => OUTPUTS[head])
    .join('; ')}.

**Research use only, not for clinical decisions. Auricle knows nothing of how it was trained but what was said at its import: “${trainedOn}”.**

| | |
|---|---|
| Network | \`${spec.name}\`, ${millions} M parameters |
| Image | ${spec.resolution}³ voxels over ${spec.edgeMm} mm, raw HU, axes z, y, x |
| Unit | ${spec.unitMm} mm |
| Corners aligned when levels are sampled | ${spec.alignCorners ? 'yes' : 'no'} |
| Checkpoint | \`${checkpoint.fileName}\`${checkpoint.epoch === undefined ? '' : `, epoch ${checkpoint.epoch}`} |
| Its SHA-256 | \`${checkpoint.sha256}\` |
`;
}
