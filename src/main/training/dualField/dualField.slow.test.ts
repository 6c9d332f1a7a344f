import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { familySpec } from '#shared/nudf/family/familySpec.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights, type WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { createRandom } from '#shared/random/random.ts';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { CASE_FILES, UNIT_MM } from '../../preparation/preparedCase.ts';
import { splitOf } from '../epochs/runExperiment.ts';
import { writeFamilyCheckpoint } from '../family/familyCheckpoint.ts';
import { initialFamilyState, initialFamilyWeights } from '../family/familyInitialWeights.ts';
import { dualFieldBatch } from './dualFieldBatches.ts';
import { dualFieldCases } from './dualFieldCases.ts';
import { importDualFieldCheckpoint, readDualFieldCheckpoint } from './dualFieldCheckpoint.ts';
import { createDualFieldTrainer } from './dualFieldTrainer.ts';
import { type DualFieldRun, runDualFieldTraining } from './runDualFieldTraining.ts';
import { ballOf, TINY_FIELD, writePreparedBalls } from './testing/preparedBalls.ts';

const gpu = await webGpuForTests();
const device = { name: 'test', assertWorking: () => undefined };

let data = '';
let experiments = '';
beforeAll(async () => {
  data = await writePreparedBalls();
  experiments = await mkdtemp(join(tmpdir(), 'auricle-experiments-'));
});
afterAll(async () => {
  gpu?.free();
  for (const folder of [data, experiments]) await rm(folder, { recursive: true, force: true });
});

const augmentation = { translationMm: 5, rotationDegrees: 10, noiseHu: 50 };
const train = (name: string, changes: Partial<DualFieldRun> = {}) =>
  runDualFieldTraining(
    {
      spec: TINY_FIELD,
      dataFolder: data,
      experimentFolder: join(experiments, name),
      isResumed: false,
      batchSize: 2,
      points: 60,
      epochs: 4,
      learningRate: 1e-2,
      seed: 3,
      augmentation,
      freezeEncoder: false,
      checkpointEvery: 1,
      ...changes,
    },
    { onEpoch: () => undefined, createTrainer: async (...of) => createDualFieldTrainer(...of, device) },
  );

const checkpointBytes = (name: string, epoch: number): Promise<Buffer> =>
  readFile(join(experiments, name, 'checkpoints', `checkpoint_epoch_${epoch}.tar`));

async function weightsAfter(name: string, epoch: number): Promise<WeightMap> {
  const bytes = await checkpointBytes(name, epoch);
  return (await importDualFieldCheckpoint(bytes, name))!.weights;
}

describe.skipIf(!gpu)('training the dual-field network on prepared cases', () => {
  it('learns, and is the same, bit for bit, in one go and stopped and resumed; leaks nothing', async () => {
    const before = tf.memory().numTensors;
    const whole = await train('whole');
    expect(tf.memory().numTensors).toBe(before);
    expect(whole).toMatchObject({ end: 'done', epoch: 4, cases: { train: 3, validation: 1 } });
    const losses = whole.history.map(({ trainLoss }) => trainLoss);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect(whole.history.every(({ validationLoss }) => Number.isFinite(validationLoss))).toBe(true);

    const stopped = await train('parts', { stopAfterSeconds: 0 });
    expect(stopped).toMatchObject({ end: 'out-of-time', epoch: 1 });
    await expect(train('parts')).rejects.toThrow('has checkpoints already');
    // As a kill in the middle of the next checkpoint leaves it.
    const half = join(experiments, 'parts', 'checkpoints', 'checkpoint_epoch_2.tar.123000001');
    await writeFile(half, (await checkpointBytes('parts', 1)).subarray(0, 1000));
    const resumed = await train('parts', { isResumed: true });
    expect(resumed).toMatchObject({ end: 'done', epoch: 4 });
    const read = async (name: string) =>
      (await readDualFieldCheckpoint(await checkpointBytes(name, 4), name, TINY_FIELD)).state;
    expect(await read('parts')).toEqual(await read('whole'));
    expect((await readdir(join(experiments, 'parts', 'checkpoints'))).sort()).toEqual(
      [1, 2, 3, 4].map((epoch) => `checkpoint_epoch_${epoch}.tar`),
    );
    expect((await readdir(join(experiments, 'parts'))).sort()).toEqual([
      'checkpoints',
      'curves.html',
      'settings.json',
      'summary',
    ]);
  });

  it('keeps a frozen encoder bit for bit and moves all of the decoder, resumed as well', async () => {
    const initial = { id: 'start', weights: initializeWeights(TINY_FIELD, 9) };
    const frozen = { initial, freezeEncoder: true, epochs: 2 };
    await train('frozen', frozen);
    const after = await weightsAfter('frozen', 2);
    for (const [name, { data: values }] of initial.weights) {
      const isSame = Buffer.from(after.get(name)!.data.buffer).equals(Buffer.from(values.buffer));
      expect(isSame, name).toBe(name.startsWith('encoder.'));
    }
    await train('frozen parts', { ...frozen, stopAfterSeconds: 0 });
    await train('frozen parts', { ...frozen, isResumed: true });
    expect(await weightsAfter('frozen parts', 2)).toEqual(after);
    await expect(train('frozen', { ...frozen, freezeEncoder: false, isResumed: true })).rejects.toThrow(
      'begun with freezeEncoder true, not false',
    );
  });

  it('refuses cases that know one distance alone, as the programs of the paper make them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auricle-other-'));
    try {
      await cp(data, folder, { recursive: true });
      await rm(join(folder, 'c', CASE_FILES.dualField));
      await expect(train('other', { dataFolder: folder })).rejects.toThrow(
        'The case "c" lacks the signed distances that the dual-field network learns',
      );
      await writeFile(join(folder, 'c', CASE_FILES.dualField), 'PK');
      await expect(train('other', { dataFolder: folder })).rejects.toThrow('c/dual_field_samples.npz');
      expect(await readdir(experiments)).not.toContain('other');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('refuses checkpoints of another network or shape by name', async () => {
    await train('shape', { epochs: 1 });
    const larger: FieldNetworkSpec = { ...TINY_FIELD, hidden: [32] };
    const bytes = await checkpointBytes('shape', 1);
    await expect(readDualFieldCheckpoint(bytes, 'c.tar', larger)).rejects.toThrow(
      '"c.tar" holds DualField of another shape, not DualField.',
    );
    const spec = familySpec('ShapeNet64Vox', { alignCorners: false });
    const state = initialFamilyState(initialFamilyWeights(spec, 1));
    const family = writeFamilyCheckpoint(spec, { epoch: 1, state, history: [] }, 1e-4);
    await expect(readDualFieldCheckpoint(family, 'c.tar', TINY_FIELD)).rejects.toThrow(
      '"c.tar" holds another network, not DualField.',
    );
    await expect(importDualFieldCheckpoint(bytes.subarray(0, bytes.length / 2), 'c.tar')).rejects.toThrow(
      'c.tar',
    );
  });
});

describe('prepared cases for the dual-field network', () => {
  it('moves images and points together, and keeps the distances', async () => {
    const random = createRandom(5);
    const batch = await dualFieldBatch(
      TINY_FIELD,
      dualFieldCases(data, TINY_FIELD.resolution),
      { points: 50, augmentation },
      { names: ['b'], random, isTraining: true },
    );
    const { centre, radius } = ballOf('b');
    const { rotation, translation } = batch.motions![0]!;
    const moved = [0, 1, 2].map(
      (row) =>
        translation[row]! +
        centre.reduce((sum, value, column) => sum + rotation[3 * row + column]! * value, 0),
    );
    for (let n = 0; n < 50; n++) {
      const place = [...batch.pointsNormalized.subarray(3 * n, 3 * n + 3)];
      const distance = Math.hypot(...place.map((value, axis) => value - moved[axis]!)) - radius;
      expect(batch.distancesMm[2 * n]).toBeCloseTo(distance * UNIT_MM, 3);
      expect(batch.distancesMm[2 * n + 1]).toBeCloseTo(Math.abs(distance) * UNIT_MM, 3);
      expect(Math.max(...place.map(Math.abs))).toBeLessThanOrEqual(1);
    }
  });

  it('are divided as the split file says', async () => {
    expect(await splitOf({ dataFolder: data, splitFile: undefined, seed: 1 })).toEqual({
      train: ['a', 'b', 'c'],
      val: ['d'],
      test: [],
    });
  });
});
