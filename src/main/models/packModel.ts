import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { writeSafetensors } from '../nudf/network/safetensors.ts';
import { type ModelManifest, modelManifestSchema } from './modelManifest.ts';
import { assertModelWeightsFit } from './modelNetwork.ts';
import { MANIFEST_FILE } from './modelRegistry.ts';

const WEIGHTS_FILE = 'model.safetensors';
const CARD_FILE = 'MODEL_CARD.md';

/** A manifest without what follows from the weights. */
export type ModelDetails<M extends ModelManifest = ModelManifest> = M extends ModelManifest
  ? Omit<M, 'file' | 'bytes' | 'sha256'>
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

/** Writes a model's folder, `modelsFolder/id`: weights, manifest and card (Markdown). The manifest is written last. */
export async function writeModel(
  modelsFolder: string,
  details: ModelDetails,
  weights: WeightMap,
  card: string,
): Promise<ModelManifest> {
  const { manifest, fileBytes } = packModel(details, weights);
  const folder = join(modelsFolder, manifest.id);
  const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
  try {
    await writeWhole(join(folder, WEIGHTS_FILE), fileBytes);
    await writeWhole(join(folder, CARD_FILE), card);
    await writeWhole(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  } catch (thrown) {
    if (isNew) await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
  return manifest;
}
