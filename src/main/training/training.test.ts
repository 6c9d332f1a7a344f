import { readFileSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UndrawableSeedError } from '../phantom/anatomy/index.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { cropExample, sceneOptions } from './cropExample.ts';
import { fieldLoss, regionLoss, surroundingsLoss } from './losses.ts';
import { fieldRecipeSchema, parseRecipe } from './recipe.ts';
import { learningRateAt, poolAt, stepRandom, substituteSceneSeed, trainingSceneSeed } from './schedule.ts';
import { fingerScene } from './testing/fingerScene.ts';
import { trainingScene } from './trainingScene.ts';

const optimizer = { learningRate: 1e-3, finalShare: 0.01, warmupSteps: 10, weightDecay: 0, clipNorm: 1 };

describe('schedule', () => {
  it('warms up, peaks and decays to its final share', () => {
    const recipe = { optimizer, steps: 110 };
    expect(learningRateAt(recipe, 0)).toBeCloseTo(1e-4, 10);
    expect(learningRateAt(recipe, 9)).toBeCloseTo(1e-3, 10);
    expect(learningRateAt(recipe, 60)).toBeCloseTo(1e-3 * (0.01 + 0.99 * 0.5), 10);
    expect(learningRateAt(recipe, 110)).toBeCloseTo(1e-5, 10);
  });

  it('names the same pool as replaying the additions one by one', () => {
    const [poolSize, newPerStep] = [7, 3];
    const slots = Array.from({ length: poolSize }, (_, slot) => slot);
    let next = poolSize;
    for (let step = 0; step < 20; step++) {
      expect(poolAt(poolSize, newPerStep, step)).toEqual(slots);
      for (let n = 0; n < newPerStep; n++, next++) slots[next % poolSize] = next;
    }
  });

  it('draws the same numbers for the same step only', () => {
    expect(stepRandom(1, 5, 'batch').uint32()).toBe(stepRandom(1, 5, 'batch').uint32());
    expect(stepRandom(1, 5, 'batch').uint32()).not.toBe(stepRandom(1, 6, 'batch').uint32());
    expect(trainingSceneSeed(3, 1)).not.toBe(trainingSceneSeed(4, 1));
    expect(trainingSceneSeed(3, 0)).toBeGreaterThanOrEqual(1_000_000);
  });
});

describe('the phantom of an example', () => {
  it('is of another seed, always the same, where none can be drawn from its own', () => {
    const own = trainingSceneSeed(3, 17);
    const asked: number[] = [];
    const drawn = trainingScene(3, 17, (seed) => {
      asked.push(seed);
      if (seed === own) throw new UndrawableSeedError('none');
      return fingerScene(seed);
    });
    expect(asked).toEqual([own, substituteSceneSeed(own)]);
    expect(drawn).toEqual({ seed: substituteSceneSeed(own), scene: fingerScene(substituteSceneSeed(own)) });
    expect(trainingScene(3, 17, fingerScene).seed).toBe(own);
  });

  it('has a seed of 32 bits that no example begins with', () => {
    for (const seed of [1_000_000, 2_000_999_999]) {
      expect(substituteSceneSeed(seed)).toBeGreaterThanOrEqual(2_001_000_000);
      expect(substituteSceneSeed(seed)).toBeLessThan(2 ** 32);
    }
  });

  it('passes on what else goes wrong', () => {
    const failing = (): never => {
      throw new TypeError('a mistake');
    };
    expect(() => trainingScene(3, 17, failing)).toThrow(TypeError);
  });
});

describe('an example of a field network', () => {
  const recipe = fieldRecipeSchema.parse(
    JSON.parse(readFileSync('resources/recipes/laa-nudf-128-roof.json', 'utf8')),
  );
  const spacingOf = (thickShare: number | undefined) =>
    cropExample({ ...recipe, thickShare }, 500, fingerScene).acquisition.spacingMm;

  it('has thick slices whatever its seed says, where the recipe asks for them', () => {
    const drawn = spacingOf(undefined);
    expect(drawn[1]).toBeLessThan(2);
    expect(spacingOf(0)).toEqual(drawn);
    const [inPlaneMm, sliceMm] = spacingOf(1);
    expect(inPlaneMm).toBeGreaterThanOrEqual(0.6);
    expect(inPlaneMm).toBeLessThanOrEqual(1);
    expect(sliceMm).toBeGreaterThanOrEqual(2.4);
    expect(sliceMm).toBeLessThanOrEqual(4);
  });
});

describe('the phantoms of a field network', () => {
  it('are hard ones in the share that the recipe asks for, and as before where it asks for none', () => {
    const { hardShare, ...none } = fieldRecipeSchema.parse(
      JSON.parse(readFileSync('resources/recipes/laa-nudf-128-hard.json', 'utf8')),
    );
    const hardOf = (recipe: typeof none & { hardShare?: number | undefined }): number =>
      Array.from({ length: 200 }, (_, seed) => sceneOptions(recipe, seed).hard).filter(Boolean).length;
    expect(hardOf({ ...none, hardShare }) / 200).toBeCloseTo(hardShare!, 1);
    expect(hardOf(none)).toBe(0);
  });
});

describe('losses', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  const weights = { beta: 0.05, signedWeight: 2, unsignedWeight: 2, signWeight: 0.5, sharpness: 8 };

  it('of the surroundings counts voxels near a structure most, and none outside of the scan', () => {
    const smooth = (x: number): number => (Math.abs(x) < 0.05 ? (x * x) / 0.1 : Math.abs(x) - 0.025);
    const predicted = [0.2, 0.9, -0.5];
    const target = [0.1, 3, 0];
    const weights = [0, 1].map((n) => Math.exp(-((Math.min(target[n]!, 1) / 0.4) ** 2)) + 0.1);
    const expected =
      (smooth(0.1) * weights[0]! + smooth(-0.1) * weights[1]!) / (weights[0]! + weights[1]! + 1e-3);
    const loss = surroundingsLoss(
      tf.tensor2d(predicted, [3, 1]),
      tf.tensor2d(target, [3, 1]),
      tf.tensor2d([1, 1, 0], [3, 1]),
      ['circumflex'],
      { beta: 0.05, near: 0.4, farWeight: 0.1 },
    );
    expect(loss.total.dataSync()[0]).toBeCloseTo(expected, 5);
    expect(loss.circumflex!.dataSync()[0]).toBeCloseTo(expected, 5);
  });

  it('agrees with the formula written out', () => {
    const predicted = [
      [0.3, 0.2],
      [-0.01, 0.02],
    ] as const;
    const targetMm = [
      [-1, 1],
      [0.1, 12],
    ] as const;
    const smooth = (x: number): number => (Math.abs(x) < 0.05 ? (x * x) / 0.1 : Math.abs(x) - 0.025);
    const entropy = (z: number, label: number): number => Math.log(1 + Math.exp(z)) - label * z;
    const signed = (smooth(0.3 + 0.2) + smooth(-0.01 - 0.02)) / 2;
    const unsigned = (smooth(0.2 - 0.2) + smooth(0.02 - 1)) / 2;
    const sign = (entropy(-2.4, 1) + entropy(0.08, 0)) / 2;
    const loss = fieldLoss(
      tf.tensor2d(predicted.map((row) => [...row])),
      tf.tensor2d(targetMm.map((row) => [...row])),
      5,
      weights,
    );
    expect(loss.total.dataSync()[0]).toBeCloseTo(2 * signed + 2 * unsigned + 0.5 * sign, 5);
  });

  it('keeps a gradient where the prediction is far on the wrong side', () => {
    const target = tf.tensor2d([[-3, 3]]);
    const gradient = tf.grad((p) => fieldLoss(p as tf.Tensor2D, target, 5, weights).total)(
      tf.tensor2d([[4, 4]]),
    );
    const [signed, unsigned] = gradient.dataSync();
    expect(signed).toBeGreaterThan(1);
    expect(unsigned).toBeGreaterThan(1);
  });

  it('gives a perfect region map no Dice loss and an empty block no division by zero', () => {
    const logits = tf.tensor5d([50, -50, -50, -50], [1, 1, 2, 2, 1]);
    const occupancy = tf.tensor5d([1, 0, 0, 0], [1, 1, 2, 2, 1]);
    const loss = regionLoss(logits, occupancy, { crossEntropyWeight: 1, diceWeight: 1 });
    expect(loss.total.dataSync()[0]).toBeCloseTo(0, 5);
    const empty = regionLoss(tf.fill([1, 1, 2, 2, 1], -50), tf.zeros([1, 1, 2, 2, 1]), {
      crossEntropyWeight: 1,
      diceWeight: 1,
    });
    expect(empty.total.dataSync()[0]).toBeCloseTo(0, 5);
  });
});

describe('checkpoint', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-checkpoint-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const weights = new Map([['a', { shape: [2], data: new Float32Array([1, 1 / 3]) }]]);
  const checkpoint = {
    step: 12,
    recipeSha256: 'abc',
    weights,
    firstMoments: new Map([['a', { shape: [2], data: new Float32Array([3, 4]) }]]),
    secondMoments: new Map([['a', { shape: [2], data: new Float32Array([5, 6]) }]]),
    history: [{ step: 10, learningRate: 1e-3, losses: { total: 0.5 }, gradientNorm: 1 }],
  };

  it('comes back bit for bit, is replaced whole and refuses another recipe', async () => {
    const path = join(folder, 'last');
    expect(await readCheckpoint(path, 'abc')).toBeNull();
    await writeCheckpoint(path, { ...checkpoint, step: 1 });
    await writeCheckpoint(path, checkpoint);
    expect(await readCheckpoint(path, 'abc')).toEqual(checkpoint);
    await expect(readCheckpoint(path, 'other')).rejects.toThrow('another recipe');
  });

  it('refuses a damaged one instead of starting over', async () => {
    const path = join(folder, 'damaged');
    await writeCheckpoint(path, checkpoint);
    await writeFile(join(path, 'state.json'), '{"step":');
    await expect(readCheckpoint(path, 'abc')).rejects.toThrow('damaged');
  });

  it('survives a kill between its renames', async () => {
    const path = join(folder, 'killed');
    await writeCheckpoint(path, checkpoint);
    await rename(path, `${path}.old`);
    expect((await readCheckpoint(path, 'abc'))?.step).toBe(12);
  });
});

describe('recipe', () => {
  it('refuses a name that no model can have, before anything is trained', () => {
    const recipe = JSON.parse(readFileSync('resources/recipes/laa-nudf-128-roof.json', 'utf8'));
    expect(parseRecipe(JSON.stringify(recipe))).toEqual(recipe);
    expect(() => parseRecipe(JSON.stringify({ ...recipe, id: 'width-1.5' }))).toThrow('wrong at "id"');
  });

  it('names what is wrong', () => {
    expect(() => parseRecipe('{')).toThrow('not JSON');
    expect(() => parseRecipe('{"kind":"region","id":"a"}')).toThrow('wrong at "network"');
  });
});
