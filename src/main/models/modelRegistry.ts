import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failureOf, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { type DistanceSpec, isUnsignedNetwork } from '#shared/nudf/engine/distanceSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { readSafetensors } from '../nudf/network/safetensors.ts';
import { modelsFolders } from './modelFolder.ts';
import { isModelId, type ModelKind, type ModelManifest, parseModelManifest } from './modelManifest.ts';
import { assertModelWeightsFit } from './modelNetwork.ts';

/** The models that are used where none is named, and without which there is no result. */
export const DEFAULT_MODEL_IDS: Readonly<Record<'region' | 'field', string>> = {
  region: 'laa-region-64-upright',
  field: 'laa-nudf-128-sound',
};

/** The bundled model of each kind; that of the surroundings may be left out of an installation. */
export const BUNDLED_MODEL_IDS: Readonly<Record<Exclude<ModelKind, 'family'>, string>> = {
  ...DEFAULT_MODEL_IDS,
  surroundings: 'laa-surroundings-64-septum',
};

/** The manifest's name in a model's folder. */
export const MANIFEST_FILE = 'manifest.json';

/** The card's name where the manifest names no other. */
export const CARD_FILE = 'MODEL_CARD.md';

export interface ModelOptions {
  /** Where the models are; see modelsFolder. */
  readonly folder?: string;
}

/** What is known of a model without reading its weights: its manifest, or why that cannot be read. */
export type ModelListing =
  | { readonly id: string; readonly folder: string; readonly manifest: ModelManifest }
  | { readonly id: string; readonly problem: Failure };

/** A model whose weights have the checksum, names and shapes that its manifest promises. */
export type LoadedModel<K extends ModelKind = ModelKind> = {
  readonly manifest: Extract<ModelManifest, { kind: K }>;
  readonly weights: WeightMap;
  /** The model's folder. */
  readonly folder: string;
  /** The weights file as it is stored. */
  readonly fileBytes: Uint8Array;
};

/** Where the model's folder lies; the first of the folders of models wins. */
function folderOf(id: string, options: ModelOptions): string {
  if (!isModelId(id)) throw new UserError(failure('models.not-an-id', { id }));
  const found = modelsFolders(options.folder).find((root) => existsSync(join(root, id, MANIFEST_FILE)));
  if (found === undefined) throw new UserError(failure('models.unknown', { model: id }));
  return join(found, id);
}

/** Whether a model of that name is installed; it may be damaged. */
export const hasModel = (id: string, options: ModelOptions = {}): boolean =>
  modelsFolders(options.folder).some((root) => existsSync(join(root, id, MANIFEST_FILE)));

async function readManifest(folder: string, id: string): Promise<ModelManifest> {
  let text: string;
  try {
    text = await readFile(join(folder, MANIFEST_FILE), 'utf8');
  } catch {
    throw new UserError(failure('models.unknown', { model: id }));
  }
  return parseModelManifest(text, id);
}

/** All models of the folder, by id. A model that cannot be read is listed with the reason. */
export async function listModels(options: ModelOptions = {}): Promise<ModelListing[]> {
  const ids = new Map<string, string>();
  for (const root of modelsFolders(options.folder)) {
    for (const entry of await readdir(root, { withFileTypes: true })) {
      const { name } = entry;
      if (entry.isDirectory() && isModelId(name) && !ids.has(name)) ids.set(name, join(root, name));
    }
  }
  return Promise.all(
    [...ids.keys()].sort().map(async (id): Promise<ModelListing> => {
      const folder = ids.get(id)!;
      try {
        return { id, folder, manifest: await readManifest(folder, id) };
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
  const folder = folderOf(id, options);
  const manifest = await readManifest(folder, id);
  let fileBytes: Uint8Array;
  try {
    fileBytes = await readFile(join(folder, manifest.file));
  } catch {
    throw new UserError(failure('models.weights-missing', { model: id }));
  }
  const sha256 = createHash('sha256').update(fileBytes).digest('hex');
  if (fileBytes.length !== manifest.bytes || sha256 !== manifest.sha256) {
    throw new UserError(failure('models.checksum', { model: id }));
  }
  const { weights } = readSafetensors(fileBytes);
  assertModelWeightsFit(manifest.spec, weights);
  return { manifest, weights, folder, fileBytes };
}

/** Loads the model of a kind, by default the bundled one. Throws a UserError as {@link loadModel}, or for another kind. */
export async function loadModelOfKind<K extends keyof typeof BUNDLED_MODEL_IDS>(
  kind: K,
  id: string = BUNDLED_MODEL_IDS[kind],
  options: ModelOptions = {},
): Promise<LoadedModel<K>> {
  const { manifest, ...rest } = await loadModel(id, options);
  if (!isOfKind(manifest, kind)) {
    throw new UserError(
      failure('models.of-other-kind', { model: id, modelKind: manifest.kind, wanted: kind }),
    );
  }
  return { manifest, ...rest };
}

/** A model that gives distances in a cube: one of ours, of two fields, or one of the NUDF family. */
export type FieldModel = LoadedModel<'field' | 'family'>;

/** The network of a field model, as engines take it. */
export const distanceSpecOf = ({ manifest }: FieldModel): DistanceSpec =>
  manifest.kind === 'family' ? { ...manifest.spec, heads: manifest.heads } : manifest.spec;

/** Loads a field model of either kind. Throws a UserError as {@link loadModel}, or for a model of another kind. */
export async function loadFieldModel(id: string, options: ModelOptions = {}): Promise<FieldModel> {
  const { manifest, ...rest } = await loadModel(id, options);
  if (manifest.kind === 'region' || manifest.kind === 'surroundings') {
    const modelKind = manifest.kind;
    throw new UserError(failure('models.of-other-kind', { model: id, modelKind, wanted: 'field' }));
  }
  return { manifest, ...rest };
}

/**
 * Loads field models whose mean is to be used. Throws a UserError as {@link loadModel}, where none is named, or where they
 * see different cubes, or where one of several knows no sign.
 */
export async function loadFieldModels(
  ids: readonly string[] = [DEFAULT_MODEL_IDS.field],
  options: ModelOptions = {},
): Promise<readonly [FieldModel, ...FieldModel[]]> {
  const [first, ...others] = await Promise.all(ids.map((id) => loadFieldModel(id, options)));
  if (!first) throw new UserError(failure('models.none-named'));
  const { resolution, edgeMm } = first.manifest.spec;
  for (const { manifest } of others) {
    if (manifest.spec.resolution !== resolution || manifest.spec.edgeMm !== edgeMm) {
      throw new UserError(failure('models.cubes-differ', { first: first.manifest.id, second: manifest.id }));
    }
  }
  const unsigned = [first, ...others].find((model) => isUnsignedNetwork(distanceSpecOf(model)));
  if (others.length > 0 && unsigned) {
    throw new UserError(failure('models.no-mean-unsigned', { model: unsigned.manifest.id }));
  }
  return [first, ...others];
}

const isOfKind = <K extends ModelKind>(
  manifest: ModelManifest,
  kind: K,
): manifest is Extract<ModelManifest, { kind: K }> => manifest.kind === kind;
