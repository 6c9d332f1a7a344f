import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
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
import { dualFieldCases, readDualFieldCase } from './dualFieldCases.ts';
import { importDualFieldCheckpoint, readDualFieldCheckpoint } from './dualFieldCheckpoint.ts';
import { initialDualFieldState } from './dualFieldTrainer.ts';
import { createOnnxDualFieldTrainer } from './onnxDualFieldTrainer.ts';
import { type DualFieldRun, type DualFieldRunOptions, runDualFieldTraining } from './runDualFieldTraining.ts';
import { createTensorflowDualFieldTrainer } from './tensorflowDualFieldTrainer.ts';
import { ballOf, TINY_FIELD, writePreparedBalls } from './testing/preparedBalls.ts';

const gpu = await webGpuForTests();
const device = { name: 'test', assertWorking: () => undefined };
type CreateTrainer = DualFieldRunOptions['createTrainer'];
const onWebGpu: CreateTrainer = async (...of) => createTensorflowDualFieldTrainer(...of, device);

let data = '';
let experiments = '';
beforeAll(async () => {
  data = await writePreparedBalls();
});
beforeEach(async () => {
  experiments = await mkdtemp(join(tmpdir(), 'auricle-experiments-'));
});
afterEach(() => rm(experiments, { recursive: true, force: true }));
afterAll(async () => {
  gpu?.free();
  await rm(data, { recursive: true, force: true });
});

/** Of all steps on software graphics, which compiles all for another number. */
const POINTS = 60;

const augmentation = { translationMm: 5, rotationDegrees: 10, noiseHu: 50 };
const train = (
  name: string,
  changes: Partial<DualFieldRun> = {},
  options: Partial<DualFieldRunOptions> = {},
) =>
  runDualFieldTraining(
    {
      spec: TINY_FIELD,
      dataFolder: data,
      experimentFolder: join(experiments, name),
      isResumed: false,
      batchSize: 2,
      points: POINTS,
      epochs: 3,
      learningRate: 1e-2,
      seed: 3,
      augmentation,
      freezeEncoder: false,
      checkpointEvery: 1,
      ...changes,
    },
    { onEpoch: () => undefined, createTrainer: createOnnxDualFieldTrainer, ...options },
  );

const checkpointBytes = (name: string, epoch: number): Promise<Buffer> =>
  readFile(join(experiments, name, 'checkpoints', `checkpoint_epoch_${epoch}.tar`));

async function weightsAfter(name: string, epoch: number): Promise<WeightMap> {
  const bytes = await checkpointBytes(name, epoch);
  return (await importDualFieldCheckpoint(bytes, name))!.weights;
}

const ENGINES = [
  { engine: 'WebGPU', createTrainer: onWebGpu, isThere: gpu !== null },
  { engine: 'ONNX Runtime', createTrainer: createOnnxDualFieldTrainer, isThere: true },
];

for (const { engine, createTrainer, isThere } of ENGINES) {
  const run = (name: string, changes?: Partial<DualFieldRun>) => train(name, changes, { createTrainer });

  describe.skipIf(!isThere)(`training the dual-field network by ${engine}`, () => {
    it('learns, and is the same, bit for bit, in one go and stopped and resumed; leaks nothing', async () => {
      const before = tf.memory().numTensors;
      const whole = await run('whole');
      expect(tf.memory().numTensors).toBe(before);
      expect(whole).toMatchObject({ end: 'done', epoch: 3, cases: { train: 3, validation: 1 } });
      const losses = whole.history.map(({ trainLoss }) => trainLoss);
      expect(losses.at(-1)).toBeLessThan(losses[0]!);
      expect(whole.history.every(({ validationLoss }) => Number.isFinite(validationLoss))).toBe(true);

      const stopped = await run('parts', { stopAfterSeconds: 0 });
      expect(stopped).toMatchObject({ end: 'out-of-time', epoch: 1 });
      await expect(run('parts')).rejects.toThrow('has checkpoints already');
      // As a kill in the middle of the next checkpoint leaves it.
      const half = join(experiments, 'parts', 'checkpoints', 'checkpoint_epoch_2.tar.123000001');
      await writeFile(half, (await checkpointBytes('parts', 1)).subarray(0, 1000));
      const resumed = await run('parts', { isResumed: true });
      expect(resumed).toMatchObject({ end: 'done', epoch: 3 });
      const read = async (name: string) =>
        (await readDualFieldCheckpoint(await checkpointBytes(name, 3), name, TINY_FIELD)).state;
      expect(await read('parts')).toEqual(await read('whole'));
      expect((await readdir(join(experiments, 'parts', 'checkpoints'))).sort()).toEqual(
        [1, 2, 3].map((epoch) => `checkpoint_epoch_${epoch}.tar`),
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
      await run('frozen', frozen);
      const after = await weightsAfter('frozen', 2);
      for (const [name, { data: values }] of initial.weights) {
        const isSame = Buffer.from(after.get(name)!.data.buffer).equals(Buffer.from(values.buffer));
        expect(isSame, name).toBe(name.startsWith('encoder.'));
      }
      await run('frozen parts', { ...frozen, stopAfterSeconds: 0 });
      await run('frozen parts', { ...frozen, isResumed: true });
      expect(await weightsAfter('frozen parts', 2)).toEqual(after);
      await expect(run('frozen', { ...frozen, freezeEncoder: false, isResumed: true })).rejects.toThrow(
        'begun with freezeEncoder true, not false',
      );
    });
  });
}

it.skipIf(!gpu)('is trained the same by WebGPU and by ONNX Runtime', async () => {
  const random = createRandom(8);
  const plan = { names: ['a', 'b'], random, isTraining: true };
  const settings = { points: POINTS, augmentation };
  const cases = dualFieldCases({ folder: data, resolution: TINY_FIELD.resolution });
  const batch = await dualFieldBatch(TINY_FIELD, cases, settings, plan);
  const initial = initialDualFieldState(initializeWeights(TINY_FIELD, 4));
  const of = async (create: CreateTrainer) => {
    const trainer = await create(TINY_FIELD, initial, { freezeEncoder: false });
    const losses = [await trainer.step(batch, 1e-2)];
    const { firstMoments } = await trainer.state();
    losses.push(await trainer.step(batch, 1e-2), await trainer.validate({ ...batch, motions: undefined }));
    await trainer.free();
    return { losses, firstMoments };
  };
  const [expected, found] = [await of(onWebGpu), await of(createOnnxDualFieldTrainer)];
  // Weights of a first step of Adam go by the gradient's sign alone, which rounding turns where it is next to nothing.
  expected.losses.forEach((loss, index) => {
    expect(Math.abs(found.losses[index]! / loss - 1), `loss ${index}`).toBeLessThan(1e-3);
  });
  expect(Math.abs(found.losses[0]! / expected.losses[0]! - 1)).toBeLessThan(1e-5);
  // After one step from nothing the first moment is a tenth of the gradient, whose norm is clipped to 1. Of a bias before a
  // norm of its own channel alone the gradient is nothing but rounding.
  for (const [name, { data: gradient }] of expected.firstMoments) {
    const other = found.firstMoments.get(name)!.data;
    const difference = Math.hypot(...gradient.map((value, index) => value - other[index]!));
    expect(difference, name).toBeLessThan(1e-4 * Math.hypot(...gradient) + 1e-6);
  }
});

describe('training the dual-field network', () => {
  it('reads the cases side by side before it begins, and not on once it is cancelled', async () => {
    let [underWay, most] = [0, 0];
    const stages: string[] = [];
    const stop = new AbortController();
    const reading = train('reading', undefined, {
      parallelReads: 3,
      signal: stop.signal,
      async readCase(request) {
        most = Math.max(most, ++underWay);
        const found = await readDualFieldCase(request);
        underWay--;
        return found;
      },
      onProgress({ stage, fraction }) {
        stages.push(stage);
        if (fraction === 1) stop.abort();
      },
    });
    await expect(reading).rejects.toThrow(CancelledError);
    expect(stages).toEqual([1, 2, 3, 4].map((count) => `Reading the cases (${count} of 4)`));
    expect([most, await readdir(experiments)]).toEqual([3, ['reading']]);
    await expect(
      train('not begun', undefined, { signal: stop.signal, readCase: readDualFieldCase }),
    ).rejects.toThrow(CancelledError);
    expect(await readdir(experiments)).toEqual(['reading']);
  });

  it('rehearses cases of another folder, and goes on with the same ones', async () => {
    const rehearsal = { folder: await writePreparedBalls(), names: ['c', 'd'] };
    try {
      const own = { dataFolder: join(rehearsal.folder, 'own'), rehearsal, epochs: 2 };
      await cp(join(data, 'a'), join(own.dataFolder, 'a'), { recursive: true });
      const whole = await train('rehearsed', own);
      expect(whole.cases).toEqual({ train: 1, validation: 0 });
      await train('rehearsed parts', { ...own, stopAfterSeconds: 0 });
      await train('rehearsed parts', { ...own, isResumed: true });
      const after = await weightsAfter('rehearsed', 2);
      expect(await weightsAfter('rehearsed parts', 2)).toEqual(after);
      await train('alone', { ...own, rehearsal: undefined });
      expect(await weightsAfter('alone', 2)).not.toEqual(after);
      await expect(train('rehearsed', { ...own, rehearsal: undefined, isResumed: true })).rejects.toThrow(
        'begun with rehearsed',
      );
    } finally {
      await rm(rehearsal.folder, { recursive: true, force: true });
    }
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
      dualFieldCases({ folder: data, resolution: TINY_FIELD.resolution }),
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
