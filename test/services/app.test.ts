import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelsFolder } from '#main/models/modelFolder.ts';
import { DEFAULT_MODEL_IDS } from '#main/models/modelRegistry.ts';
import { failure } from '#shared/failures/failure.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { RESEARCH_USE_NOTICE } from '#shared/modelTraining.ts';
import { words } from '#shared/words/words.ts';
import {
  type TestApplication,
  temporaryFolder,
  testApplication,
  testPlatform,
} from './testing/application.ts';
import { writeSmallModels } from './testing/smallModels.ts';

const missing = Object.values(DEFAULT_MODEL_IDS).filter((id) => !existsSync(join(modelsFolder(), id)));
if (missing.length > 0) process.stderr.write(`Application test skipped: no model ${missing.join(', ')}.\n`);

/** An empty scan. */
const coarse = {
  grid: {
    sizeIjk: [2, 2, 2] as const,
    originLpsMm: [0, 0, 0] as const,
    spacingMm: [1, 1, 1] as const,
    directions: LPS_AXES,
  },
  data: new Int16Array(8),
};

/** From the sources, as development runs it: no worker was built, all is done in this thread. */
describe.skipIf(missing.length > 0)('the application through the contract', () => {
  let application: TestApplication;
  let folder: string;
  let chosen: string;
  let smallModels: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    chosen = join(folder, 'Chosen by a person');
    await mkdir(chosen);
    smallModels = join(folder, 'small models');
    await writeSmallModels(smallModels);
    await writeFile(join(folder, 'settings.json'), 'damaged');
    application = await testApplication({
      dataFolder: folder,
      platform: testPlatform(chosen),
      findWorker: () => undefined,
      sampleScan: { seed: 3, spacing: { inPlaneMm: 5, sliceMm: 6 }, sizeIjk: [16, 16, 8] },
    });
  });

  afterAll(async () => {
    await application.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('says what it is, and sends the notices from before anyone listened', async () => {
    const info = await application.client.services.app.info({});
    expect(info).toMatchObject({
      version: '0.0.0-test',
      target: 'electron',
      canSaveFiles: true,
      notice: RESEARCH_USE_NOTICE,
    });
    expect(application.notices).toEqual([failure('storage.settings-damaged')]);
  });

  it('lists the models with their cards', async () => {
    const models = await application.client.services.app.models({});
    expect(models.map(({ id }) => id)).toEqual([
      'laa-nudf-128-sound',
      'laa-nudf-128-veins',
      'laa-region-64-upright',
      'laa-surroundings-64-septum',
    ]);
    for (const { card, sha256, trainedOn } of models) {
      expect(card).toContain('synthetic');
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(trainedOn).toBe('synthetic');
    }
  });

  it('changes the engine with the settings, and says why one is unavailable', async () => {
    const changing = await testApplication({ findWorker: () => undefined, modelsFolder: smallModels });
    const { app, segmentation } = changing.client.services;
    await changing.engine(({ state }) => state === 'ready');
    const failed = changing.engine(({ state }) => state === 'failed');
    await app.changeSettings({ engine: 'cuda', resolution: 128 });
    const { id, remarks } = await failed;
    expect(id).toBe('cuda');
    expect(remarks).toHaveLength(1);
    await expect(segmentation.findRegion({ coarse })).rejects.toThrow(words().sentence(remarks[0]!));

    const ready = changing.engine(({ state }) => state === 'ready');
    await app.changeSettings({ engine: 'onnx', resolution: 128 });
    expect((await ready).id).toBe('onnx');
    expect(await app.settings({})).toMatchObject({ engine: 'onnx', resolution: 128 });

    // A model that was removed since it was chosen.
    const unknown = changing.engine(({ state }) => state === 'failed');
    await app.changeSettings({ fieldModel: 'gone' });
    expect((await unknown).remarks).toEqual([failure('models.unknown', { model: 'gone' })]);
    const again = changing.engine(({ state }) => state === 'ready');
    await app.changeSettings({ fieldModel: null });
    await again;
    await expect(segmentation.findRegion({ coarse })).rejects.toMatchObject({
      failure: failure('pipeline.no-region'),
    });
    await changing.close();
  });

  it('uses no model whose weights are not those of its manifest', async () => {
    const weights = join(smallModels, DEFAULT_MODEL_IDS.region, 'model.safetensors');
    const bytes = await readFile(weights);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(weights, bytes);
    const damaged = await testApplication({ findWorker: () => undefined, modelsFolder: smallModels });
    const { remarks } = await damaged.engine(({ state }) => state === 'failed');
    expect(remarks.map(({ code }) => code)).toContain('models.checksum');
    await expect(damaged.client.services.segmentation.findRegion({ coarse })).rejects.toThrow(/checksum/);
    await damaged.close();
  });

  it('makes the sample study', async () => {
    const { files } = await application.client.services.app.sample({});
    expect(files).toHaveLength(8);
  });

  it('records what is done', async () => {
    await application.client.services.app.audit({
      kind: 'review',
      seriesInstanceUid: '2.25.1',
      detail: 'accepted',
    });
    expect(await readFile(join(folder, 'audit.jsonl'), 'utf8')).toContain('"detail":"accepted"');
  });

  it('keeps sessions', async () => {
    const { save, list, load, remove } = application.client.services.sessions;
    const summary = { id: 'one', title: 'Phantom', seriesInstanceUid: '2.25.1' };
    const saved = await save({ summary, state: new Uint8Array([1, 2, 3]) });
    expect(await list({})).toEqual([saved]);
    expect(await load({ id: 'one' })).toEqual({ state: new Uint8Array([1, 2, 3]), savedAt: saved.savedAt });
    await remove({ id: 'one' });
    expect(await list({})).toEqual([]);
  });

  it('saves files where a person chooses, without revealing the path', async () => {
    const files = [{ name: 'laa.stl', bytes: new Uint8Array([1]) }];
    const { save } = application.client.services.exporting;
    expect(await save({ files })).toEqual({
      kind: 'saved',
      count: 1,
      folderName: 'Chosen by a person',
    });
    expect(await readdir(chosen)).toEqual(['laa.stl']);
    // Without models, which would be loaded for nothing.
    const dismissing = await testApplication({ findWorker: () => undefined, modelsFolder: chosen });
    expect(await dismissing.client.services.exporting.save({ files })).toEqual({ kind: 'dismissed' });
    await dismissing.close();
  });
});
