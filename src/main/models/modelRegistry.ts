import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failureOf, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { readSafetensors } from '../nudf/network/safetensors.ts';
import type { WeightMap } from '../nudf/network/weightLayout.ts';
import { assertWeightsFit } from '../nudf/network/weightLayout.ts';
import { modelsFolder } from './modelFolder.ts';
import { isModelId, type ModelKind, type ModelManifest, parseModelManifest } from './modelManifest.ts';

/** The models that are used where none is named. */
export const DEFAULT_MODEL_IDS: Readonly<Record<ModelKind, string>> = {
  region: 'laa-region-64',
  field: 'laa-nudf-128-veins',
};

/** The manifest's name in a model's folder. */
export const MANIFEST_FILE = 'manifest.json';

export interface ModelOptions {
  /** Where the models are; see modelsFolder. */
  readonly folder?: string;
}

/** What is known of a model without reading its weights: its manifest, or why that cannot be read. */
export type ModelListing =
  | { readonly id: string; readonly manifest: ModelManifest }
  | { readonly id: string; readonly problem: Failure };

/** A model whose weights have the checksum, names and shapes that its manifest promises. */
export type LoadedModel<K extends ModelKind = ModelKind> = {
  readonly manifest: Extract<ModelManifest, { kind: K }>;
  readonly weights: WeightMap;
  /** The weights file as it is stored. */
  readonly fileBytes: Uint8Array;
};

async function readManifest(folder: string, id: string): Promise<ModelManifest> {
  if (!isModelId(id)) throw new UserError(failure('models.not-an-id'));
  let text: string;
  try {
    text = await readFile(join(folder, id, MANIFEST_FILE), 'utf8');
  } catch {
    throw new UserError(failure('models.unknown', { model: id }));
  }
  return parseModelManifest(text, id);
}

/** All models of the folder, by id. A model that cannot be read is listed with the reason. */
export async function listModels(options: ModelOptions = {}): Promise<ModelListing[]> {
  const folder = modelsFolder(options.folder);
  const entries = await readdir(folder, { withFileTypes: true });
  const ids = entries
    .filter((entry) => entry.isDirectory() && isModelId(entry.name))
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    ids.map(async (id): Promise<ModelListing> => {
      try {
        return { id, manifest: await readManifest(folder, id) };
      } catch (thrown) {
        return { id, problem: failureOf(thrown) };
      }
    }),
  );
}

/**
 * Loads a model of any kind.
 * @throws UserError where it is missing, or its weights are not, byte for byte, those that its manifest describes
 */
export async function loadModel(id: string, options: ModelOptions = {}): Promise<LoadedModel> {
  const folder = modelsFolder(options.folder);
  const manifest = await readManifest(folder, id);
  let fileBytes: Uint8Array;
  try {
    fileBytes = await readFile(join(folder, id, manifest.file));
  } catch {
    throw new UserError(failure('models.weights-missing', { model: id }));
  }
  const sha256 = createHash('sha256').update(fileBytes).digest('hex');
  if (fileBytes.length !== manifest.bytes || sha256 !== manifest.sha256) {
    throw new UserError(failure('models.checksum', { model: id }));
  }
  const { weights } = readSafetensors(fileBytes);
  assertWeightsFit(manifest.spec, weights);
  return { manifest, weights, fileBytes };
}

/** Loads the model of a kind, by default the bundled one. Throws a UserError as {@link loadModel}, or for another kind. */
export async function loadModelOfKind<K extends ModelKind>(
  kind: K,
  id: string = DEFAULT_MODEL_IDS[kind],
  options: ModelOptions = {},
): Promise<LoadedModel<K>> {
  const { manifest, weights, fileBytes } = await loadModel(id, options);
  if (!isOfKind(manifest, kind)) {
    throw new UserError(
      failure('models.of-other-kind', { model: id, modelKind: manifest.kind, wanted: kind }),
    );
  }
  return { manifest, weights, fileBytes };
}

/**
 * Loads field models whose mean is to be used. Throws a UserError as {@link loadModel}, where none is named, or where they
 * see different cubes.
 */
export async function loadFieldModels(
  ids: readonly string[] = [DEFAULT_MODEL_IDS.field],
  options: ModelOptions = {},
): Promise<readonly [LoadedModel<'field'>, ...LoadedModel<'field'>[]]> {
  const [first, ...others] = await Promise.all(ids.map((id) => loadModelOfKind('field', id, options)));
  if (!first) throw new UserError(failure('models.none-named'));
  const { resolution, edgeMm } = first.manifest.spec;
  for (const { manifest } of others) {
    if (manifest.spec.resolution !== resolution || manifest.spec.edgeMm !== edgeMm) {
      throw new UserError(failure('models.cubes-differ', { first: first.manifest.id, second: manifest.id }));
    }
  }
  return [first, ...others];
}

const isOfKind = <K extends ModelKind>(
  manifest: ModelManifest,
  kind: K,
): manifest is Extract<ModelManifest, { kind: K }> => manifest.kind === kind;
