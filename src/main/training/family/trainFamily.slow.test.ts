import { describe, expect, it } from 'vitest';
import type { FamilyCheckpoint } from './familyCheckpoint.ts';
import { initialFamilyState, initialFamilyWeights } from './familyInitialWeights.ts';
import { createOnnxFamilyTrainer } from './onnxFamilyTrainer.ts';
import { ballCases } from './testing/tinyCases.ts';
import { tinyFamilySpec } from './testing/trainingAgreement.ts';
import { type FamilyTraining, trainFamily } from './trainFamily.ts';

const spec = tinyFamilySpec(16, false);
const training: FamilyTraining = {
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
  changes: Partial<FamilyTraining> = {},
  from?: FamilyCheckpoint,
): Promise<{ checkpoints: FamilyCheckpoint[]; end: string }> {
  const state = from?.state ?? initialFamilyState(initialFamilyWeights(spec, training.seed));
  const trainer = await createOnnxFamilyTrainer(spec, state, {
    loss: 'target-clamped',
    freezeEncoder: false,
  });
  const checkpoints: FamilyCheckpoint[] = [];
  try {
    const { end } = await trainFamily(
      trainer,
      ballCases(16),
      { ...training, ...changes },
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

describe('trainFamily', () => {
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
