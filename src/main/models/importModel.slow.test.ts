import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { familySpec } from '#shared/nudf/family/familySpec.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { recorded } from '../arrays/testing/recorded.ts';
import { checkpointBytes } from '../nudf/family/testing/checkpointBytes.ts';
import { formulaWeights } from '../nudf/family/testing/formula.ts';
import { writeDualFieldCheckpoint } from '../training/dualField/dualFieldCheckpoint.ts';
import { initialDualFieldState } from '../training/dualField/dualFieldTrainer.ts';
import { TINY_FIELD } from '../training/dualField/testing/preparedBalls.ts';
import { importModel } from './importModel.ts';
import { modelOnnx, modelParameterCount } from './modelNetwork.ts';
import { listModels, loadFieldModel, loadFieldModels, loadModelOfKind } from './modelRegistry.ts';
import { trainingStart } from './trainingStart.ts';

let folder = '';
let file = '';
let bytes = new Uint8Array();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-import-'));
  file = join(folder, 'checkpoint_epoch_260.tar');
  bytes = Uint8Array.from(await checkpointBytes(familySpec('ShapeNet64Vox')));
  await writeFile(file, bytes);
});
afterAll(() => rm(folder, { recursive: true }));

describe('importModel', () => {
  it('makes a model of a checkpoint: the same weights, and a manifest of what they are', async () => {
    const manifest = await importModel(file, folder, { trainedOn: 'cases of one hospital' });
    expect(manifest).toMatchObject({
      id: 'shapenet64vox-260',
      kind: 'family',
      heads: ['unsigned'],
      axes: 'zyx',
      trainedOn: 'cases of one hospital',
      spec: { name: 'ShapeNet64Vox', resolution: 64, unitMm: 35, alignCorners: true },
      checkpoint: { fileName: 'checkpoint_epoch_260.tar', epoch: 260 },
    });
    const { weights } = await loadFieldModel('shapenet64vox-260', { folder });
    for (const [name, { data }] of formulaWeights(familySpec('ShapeNet64Vox'))) {
      expect(weights.get(name)!.data, name).toEqual(data);
    }
    expect(modelParameterCount(manifest.spec)).toBeCloseTo(2.48e6, -4);
    expect([...modelOnnx(manifest.spec, weights).keys()]).toEqual(['encoder', 'decoder']);
    expect(await listModels({ folder })).toEqual([
      { id: 'shapenet64vox-260', folder: join(folder, 'shapenet64vox-260'), manifest },
    ]);
    const card = await readFile(join(folder, 'shapenet64vox-260', 'MODEL_CARD.md'), 'utf8');
    expect(card).toMatch(/cases of one hospital/);
  });

  it('samples as the checkpoint says, unless it is told otherwise', async () => {
    const ours = join(folder, 'ours.tar');
    await writeFile(ours, await checkpointBytes(familySpec('ShapeNet64Vox', { alignCorners: false })));
    const spec = async (options = {}) =>
      (await importModel(ours, folder, { id: 'ours', replace: true, ...options })).spec;
    expect(await spec()).toMatchObject({ alignCorners: false });
    expect(await spec({ alignCorners: true })).toMatchObject({ alignCorners: true });
  });

  it('does not replace a model unless it is told to, nor take another for it', async () => {
    const options = { id: 'twice' };
    await importModel(file, folder, options);
    await expect(importModel(file, folder, options)).rejects.toThrow(/There is a model "twice" already/);
    const replaced = await importModel(file, folder, { ...options, alignCorners: false, replace: true });
    expect(replaced.spec).toMatchObject({ alignCorners: false });
    expect((await readdir(join(folder, 'twice'))).sort()).toEqual(
      ['manifest.json', replaced.file, replaced.card].sort(),
    );
    await expect(loadModelOfKind('field', 'twice', { folder })).rejects.toThrow(/is a family model/);
    await expect(loadFieldModels(['twice', 'twice'], { folder })).rejects.toThrow(/without a sign/);
  });

  it('says in one sentence what is wrong with a file, and leaves no model', async () => {
    const attempt = async (name: string, content: Uint8Array, options = {}): Promise<string> => {
      await writeFile(join(folder, name), content);
      const thrown = await importModel(join(folder, name), folder, { id: 'bad', ...options }).catch(
        (reason: unknown) => reason,
      );
      expect(thrown).toBeInstanceOf(UserError);
      return String(thrown);
    };
    expect(await attempt('cut.tar', bytes.subarray(0, 5_000_000))).toMatch(/damaged or cut short/);
    expect(await attempt('evil.tar', recorded('evil.tar'))).toMatch(/asks for ".*eval"/);
    expect(await attempt('other.tar', recorded('checkpoint.tar'))).toMatch(/is not of ShapeNet64Vox/);
    expect(await attempt('text.tar', new TextEncoder().encode('text'))).toMatch(/is not a PyTorch/);
    expect(await attempt('heads.tar', bytes, { heads: ['signed', 'class'] })).toMatch(
      /has one output, which "signed,class" does not name/,
    );
    await expect(importModel(join(folder, 'none.tar'), folder)).rejects.toThrow(/none.tar/);
    expect((await listModels({ folder })).map(({ id }) => id)).not.toContain('bad');
  });

  // The folder is named by a variable of its own on Linux only.
  it.runIf(process.platform === 'linux')(
    'is found beside the bundled models, and never in place of one',
    async () => {
      vi.stubEnv('XDG_DATA_HOME', folder);
      vi.stubEnv('AURICLE_MODELS', '');
      try {
        const own = join(folder, 'auricle', 'models');
        await importModel(file, own, { id: 'mine' });
        await expect(importModel(file, own, { id: 'laa-region-64-upright', replace: true })).rejects.toThrow(
          '"laa-region-64-upright" is a model that Auricle brings; choose another name with --id.',
        );
        // One that was put there by hand.
        await cp(join(own, 'mine'), join(own, 'laa-region-64-upright'), { recursive: true });
        const ids = (await listModels()).map(({ id }) => id);
        expect(ids).toContain('mine');
        expect(ids).toContain('laa-nudf-128-veins');
        expect((await loadModelOfKind('region')).manifest.kind).toBe('region');
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  it('takes the dual-field network as auricle train writes it, without choices that it does not have', async () => {
    const dualField = join(folder, 'checkpoint_epoch_3.tar');
    const weights = initializeWeights(TINY_FIELD, 4);
    const checkpoint = { epoch: 3, state: initialDualFieldState(weights), history: [] };
    await writeFile(dualField, writeDualFieldCheckpoint(TINY_FIELD, checkpoint));
    const manifest = await importModel(dualField, folder, { trainedOn: 'two atria' });
    expect(manifest).toMatchObject({
      id: 'dual-field-8-3',
      kind: 'field',
      spec: TINY_FIELD,
      trainedOn: 'two atria',
      training: { checkpoint: { fileName: 'checkpoint_epoch_3.tar', epoch: 3 } },
    });
    const { manifest: loaded } = await loadModelOfKind('field', 'dual-field-8-3', { folder });
    expect(loaded).toEqual(manifest);
    await expect(importModel(dualField, folder, { heads: ['unsigned'] })).rejects.toThrow(
      'whose outputs and sampling are fixed',
    );
    const start = await trainingStart(dualField);
    expect(start).toMatchObject({ kind: 'field', id: 'checkpoint_epoch_3.tar', spec: TINY_FIELD });
    expect(start.weights).toEqual(weights);
  });

  it('says in one sentence what training cannot begin with', async () => {
    expect(await trainingStart(file)).toMatchObject({ kind: 'family', spec: { name: 'ShapeNet64Vox' } });
    await expect(trainingStart('laa-region-64-upright')).rejects.toThrow('which finds the region');
    await expect(trainingStart('no-such-model')).rejects.toThrow('There is no model "no-such-model"');
    await expect(trainingStart(join(folder, 'gone.tar'))).rejects.toThrow('gone.tar cannot be read');
    const signed = join(folder, 'signed.tar');
    await writeFile(signed, await checkpointBytes(familySpec('ShapeNet64Vox', { outputs: 2 })));
    await expect(trainingStart(signed)).rejects.toThrow('which has two outputs');
  });
});
