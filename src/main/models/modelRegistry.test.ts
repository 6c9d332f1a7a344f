import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '#shared/errors.ts';
import type { RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { writeSafetensors } from '../nudf/network/safetensors.ts';
import { importedModelsFolder, modelsFolder, modelsFolders } from './modelFolder.ts';
import { listModels, loadModel, loadModelOfKind } from './modelRegistry.ts';
import { type ModelDetails, packModel, writeModel } from './packModel.ts';

const spec: RegionNetworkSpec = {
  kind: 'region-unet',
  resolution: 8,
  clipHu: 1000,
  channels: [4, 8],
  normGroups: 4,
};
const details: ModelDetails = {
  id: 'tiny-region',
  version: '1.0.0',
  kind: 'region',
  spec,
  trainedOn: 'synthetic',
  training: { recipe: 'tiny.json', steps: 10, seed: 3, metrics: { dice: 0.5 } },
};
const weights = initializeWeights(spec, 3);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

const manifestPath = () => join(folder, 'tiny-region', 'manifest.json');
async function changeManifest(change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestPath(), 'utf8')) as Record<string, unknown>;
  change(manifest);
  await writeFile(manifestPath(), JSON.stringify(manifest));
}

describe('the models', () => {
  it('come back as written, rounded to half precision', async () => {
    const written = await writeModel(folder, details, weights, '# Tiny\n');
    const loaded = await loadModelOfKind('region', 'tiny-region', { folder });
    expect(loaded.manifest).toEqual(written);
    expect(loaded.manifest.spec.channels).toEqual([4, 8]);
    expect(writeSafetensors(loaded.weights, 'F16')).toEqual(writeSafetensors(weights, 'F16'));
    expect(await listModels({ folder })).toEqual([
      { id: 'tiny-region', folder: join(folder, 'tiny-region'), manifest: written },
    ]);
    expect(await readFile(join(folder, 'tiny-region', 'MODEL_CARD.md'), 'utf8')).toBe('# Tiny\n');
  });

  // A path of 4,090 characters can be made, and its files not: Linux has room for 4,095.
  it.runIf(process.platform === 'linux')('leave no folder where their files cannot be written', async () => {
    const long = join(folder, ...Array<string>(20).fill('a'.repeat(200)));
    const deep = join(long, 'b'.repeat(4090 - long.length - '//tiny-region'.length));
    await expect(writeModel(deep, details, weights, '')).rejects.toThrow('ENAMETOOLONG');
    expect(existsSync(deep)).toBe(true);
    expect(existsSync(join(deep, 'tiny-region'))).toBe(false);
  });

  it('are replaced as a whole: the earlier one stands until the new manifest is there', async () => {
    const inFolder = async () => (await readdir(join(folder, 'tiny-region'))).sort();
    const first = await writeModel(folder, details, weights, '# First\n');
    const next = { ...details, version: '1.0.1' };
    const other = initializeWeights(spec, 4);
    // Nothing can be renamed onto a folder: the new weights and the card are written, the manifest is not.
    await rename(manifestPath(), `${manifestPath()}.kept`);
    await mkdir(manifestPath());
    await expect(writeModel(folder, next, other, '# Second\n')).rejects.toThrow();
    await rmdir(manifestPath());
    await rename(`${manifestPath()}.kept`, manifestPath());
    expect(await inFolder()).toHaveLength(5);
    const { manifest: kept, weights: keptWeights } = await loadModel('tiny-region', { folder });
    expect(kept).toEqual(first);
    expect(writeSafetensors(keptWeights, 'F16')).toEqual(writeSafetensors(weights, 'F16'));
    expect(await readFile(join(folder, 'tiny-region', 'MODEL_CARD.md'), 'utf8')).toBe('# First\n');

    const second = await writeModel(folder, next, other, '# Second\n');
    expect((await loadModel('tiny-region', { folder })).manifest).toEqual(second);
    expect(await readFile(join(folder, 'tiny-region', second.card!), 'utf8')).toBe('# Second\n');
    expect(await inFolder()).toEqual(['manifest.json', second.file, second.card].sort());
  });

  it('are refused when a single bit of the weights has changed', async () => {
    const { file } = await writeModel(folder, details, weights, '');
    const path = join(folder, 'tiny-region', file);
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    await expect(loadModel('tiny-region', { folder })).rejects.toThrow(UserError);
    await expect(loadModel('tiny-region', { folder })).rejects.toThrow(/checksum/);
  });

  it('are refused when the weights are missing or belong to another network', async () => {
    const { file } = await writeModel(folder, details, weights, '');
    await changeManifest((manifest) => {
      manifest.spec = { ...spec, channels: [8, 8] };
    });
    await expect(loadModel('tiny-region', { folder })).rejects.toThrow(/has shape/);
    await rm(join(folder, 'tiny-region', file));
    await expect(loadModel('tiny-region', { folder })).rejects.toThrow(/missing/);
  });

  it('are listed with the reason where the manifest is wrong', async () => {
    await writeModel(folder, details, weights, '');
    await changeManifest((manifest) => {
      manifest.file = '../outside';
    });
    expect(inWords(await listModels({ folder }))).toEqual([
      { id: 'tiny-region', problem: expect.stringMatching(/wrong at "file"/) },
    ]);
    await writeFile(manifestPath(), '{');
    await expect(loadModel('tiny-region', { folder })).rejects.toThrow(/not JSON/);
  });

  it.each(['../tiny-region', '..', '', 'Tiny', '/etc'])('have no folder called "%s"', async (id) => {
    await expect(loadModel(id, { folder })).rejects.toThrow(`"${id}" is not the id of a model`);
  });

  it('are asked for by kind', async () => {
    await writeModel(folder, details, weights, '');
    await expect(loadModelOfKind('field', 'tiny-region', { folder })).rejects.toThrow(
      /field model is needed/,
    );
    await expect(loadModelOfKind('field', undefined, { folder })).rejects.toThrow(/There is no model/);
  });

  it('cannot be packed with a spec that has no whole voxels or groups', () => {
    const odd = { ...spec, resolution: 7 };
    expect(() => packModel({ ...details, spec: odd } as ModelDetails, weights)).toThrow(/pooled/);
    const groups = { ...spec, normGroups: 3 };
    expect(() => packModel({ ...details, spec: groups } as ModelDetails, weights)).toThrow(/groups/);
  });

  it('lie in the repository’s resources, or where the caller says', () => {
    expect(modelsFolder()).toMatch(/resources.models$/);
    expect(modelsFolder(folder)).toBe(folder);
    expect(() => modelsFolder(join(folder, 'none'))).toThrow(UserError);
    expect(importedModelsFolder(folder)).toBe(folder);
  });

  it('of the user lie where the environment says, beside the bundled ones, also in a folder that is new', () => {
    const own = join(folder, 'new');
    vi.stubEnv('AURICLE_MODELS', own);
    try {
      expect(importedModelsFolder()).toBe(own);
      expect(modelsFolders()).toEqual([modelsFolder()]);
      mkdirSync(own);
      expect(modelsFolders()).toEqual([modelsFolder(), own]);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
