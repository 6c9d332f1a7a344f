import { describe, expect, it } from 'vitest';
import type { TrainingCheckpoint } from '../epochs/epochTrainer.ts';
import { type EpochSettings, trainEpochs } from '../epochs/trainEpochs.ts';
import { type BatchSettings, makeBatch } from './familyBatches.ts';
import { initialFamilyState, initialFamilyWeights } from './familyInitialWeights.ts';
import { createOnnxFamilyTrainer } from './onnxFamilyTrainer.ts';
import { ballCases } from './testing/tinyCases.ts';
import { tinyFamilySpec } from './testing/trainingAgreement.ts';

const spec = tinyFamilySpec(16, false);
const training: EpochSettings & BatchSettings = {
  seed: 3,
  points: 60,
  shares: [0.45, 0.45, 0.1],
  batchSize: 2,
  augmentation: { translationMm: 5, rotationDegrees: 10, noiseHu: 50 },
  cropSize: undefined,
  epochs: 4,
  learningRate: 1e-3,
  patience: undefined,
  train: ['a', 'b', 'c'],
  validation: ['d'],
};

async function run(
  changes: Partial<typeof training> = {},
  from?: TrainingCheckpoint,
  freezeEncoder = false,
): Promise<{ checkpoints: TrainingCheckpoint[]; end: string }> {
  const state = from?.state ?? initialFamilyState(initialFamilyWeights(spec, training.seed));
  const trainer = await createOnnxFamilyTrainer(spec, state, {
    loss: 'target-clamped',
    freezeEncoder,
  });
  const checkpoints: TrainingCheckpoint[] = [];
  try {
    const settings = { ...training, ...changes };
    const { end } = await trainEpochs(
      trainer,
      (plan) => makeBatch(spec, ballCases(16), settings, plan),
      settings,
      {
        begin: from ?? { epoch: 0, history: [] },
        onEpoch: async ({ checkpoint }) => {
          checkpoints.push(await checkpoint());
        },
      },
    );
    return { checkpoints, end };
  } finally {
    await trainer.free();
  }
}

describe('training a network of the family by epochs', () => {
  it('is the same, bit for bit, in one go and resumed, and learns', async () => {
    const { checkpoints, end } = await run();
    expect(end).toBe('done');
    expect(checkpoints.map(({ epoch, state }) => [epoch, state.step])).toEqual([
      [1, 2],
      [2, 4],
      [3, 6],
      [4, 8],
    ]);
    const resumed = await run({}, checkpoints[1]);
    expect(resumed.checkpoints.at(-1)?.state).toEqual(checkpoints[3]!.state);
    const losses = checkpoints[3]!.history.map(({ trainLoss }) => trainLoss);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('keeps a frozen encoder and its running statistics bit for bit and moves the decoder, resumed as well', async () => {
    const start = initialFamilyWeights(spec, training.seed);
    const { checkpoints } = await run({ epochs: 2 }, undefined, true);
    const { weights } = checkpoints[1]!.state;
    for (const [name, { data }] of start) {
      const isSame = weights.get(name)!.data.every((value, n) => Object.is(value, data[n]));
      expect(isSame, name).toBe(name.startsWith('encoder.'));
    }
    const resumed = await run({ epochs: 2 }, checkpoints[0], true);
    expect(resumed.checkpoints.at(-1)?.state).toEqual(checkpoints[1]!.state);
  });

  it('stops when validation brings nothing better', async () => {
    // A step so large that nothing is learnt.
    const { checkpoints, end } = await run({ learningRate: 3, patience: 1, epochs: 30 });
    expect(end).toBe('stopped-early');
    expect(checkpoints.length).toBeLessThan(30);
  });

  it('trains on parts of the image', async () => {
    const { checkpoints } = await run({ cropSize: 8, epochs: 1 });
    expect(checkpoints[0]!.history[0]!.trainLoss).toBeGreaterThan(0);
  });
});
