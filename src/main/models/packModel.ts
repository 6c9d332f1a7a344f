import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { writeSafetensors } from '../nudf/network/safetensors.ts';
import { type ModelManifest, modelManifestSchema } from './modelManifest.ts';
import { assertModelWeightsFit } from './modelNetwork.ts';
import { CARD_FILE, MANIFEST_FILE } from './modelRegistry.ts';

const WEIGHTS_FILE = 'model.safetensors';
/** Every file that an import writes, unfinished ones included. */
const OURS = /^(model|MODEL_CARD|manifest)\b.*\.(safetensors|md|json)(\.\d+)?$/;

/** A manifest without what follows from the weights. */
export type ModelDetails<M extends ModelManifest = ModelManifest> = M extends ModelManifest
  ? Omit<M, 'file' | 'card' | 'bytes' | 'sha256'>
  : never;

/**
 * The weights, and the manifest that describes exactly these bytes: our own in half precision, those of an imported
 * network as they are.
 */
export function packModel(
  details: ModelDetails,
  weights: WeightMap,
): { readonly manifest: ModelManifest; readonly fileBytes: Uint8Array } {
  assertModelWeightsFit(details.spec, weights);
  const { id, version, trainedOn } = details;
  const fileBytes = writeSafetensors(weights, details.kind === 'family' ? 'F32' : 'F16', {
    id,
    version,
    trainedOn,
  });
  const sha256 = createHash('sha256').update(fileBytes).digest('hex');
  const manifest = modelManifestSchema.parse({
    ...details,
    file: WEIGHTS_FILE,
    bytes: fileBytes.length,
    sha256,
  });
  return { manifest, fileBytes };
}

/**
 * Writes a model's folder, `modelsFolder/id`: weights, card (Markdown) and manifest. Writing the manifest makes it the model
 * of that name: an earlier one is whole until then, whatever happens, and its files are removed afterwards.
 */
export async function writeModel(
  modelsFolder: string,
  details: ModelDetails,
  weights: WeightMap,
  card: string,
): Promise<ModelManifest> {
  const { manifest: named, fileBytes } = packModel(details, weights);
  const folder = join(modelsFolder, named.id);
  const isNew = (await makeFolder(folder)) !== undefined;
  // Beside an earlier model's files the new ones need names of their own. The card tells of these weights and more.
  const mark = createHash('sha256').update(fileBytes).update(card).digest('hex').slice(0, 12);
  const manifest: ModelManifest = isNew
    ? named
    : { ...named, file: `model-${mark}.safetensors`, card: `MODEL_CARD-${mark}.md` };
  const { file, card: cardFile = CARD_FILE } = manifest;
  try {
    await writeWhole(join(folder, file), fileBytes);
    await writeWhole(join(folder, cardFile), card);
    await writeWhole(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  } catch (thrown) {
    if (isNew) await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
  if (!isNew) await removeAllBut(folder, [file, cardFile, MANIFEST_FILE]);
  return manifest;
}

/** What an earlier model or an import that was killed left. A file that another program holds open stays until the next time. */
async function removeAllBut(folder: string, kept: readonly string[]): Promise<void> {
  const left = (await readdir(folder)).filter((name) => OURS.test(name) && !kept.includes(name));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}
