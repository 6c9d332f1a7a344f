import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EpochTrainer } from './epochTrainer.ts';
import { trainEpochs } from './trainEpochs.ts';

interface Batch {
  readonly items: number;
  readonly first: string;
}

const state = { step: 0, weights: new Map(), firstMoments: new Map(), secondMoments: new Map() };

/** A device that takes a moment for each step; what it was asked for, in order, and how much of it at a time. */
function slowDevice(stepsInFlight: number | undefined, lossOf: (step: number) => number | Error) {
  const seen = { underWay: 0, most: 0, ended: [] as number[] };
  let [steps, last] = [0, Promise.resolve()];
  const trainer: EpochTrainer<Batch> = {
    device: 'slow',
    stepsInFlight,
    step: () => {
      const step = steps++;
      seen.most = Math.max(seen.most, ++seen.underWay);
      const ended = last
        .then(() => wait(2))
        .then(() => {
          seen.underWay--;
          seen.ended.push(step);
        });
      last = ended;
      return ended.then(() => {
        const loss = lossOf(step);
        if (loss instanceof Error) throw loss;
        return loss;
      });
    },
    validate: async () => 1,
    state: async () => state,
    free: async () => undefined,
  };
  return { trainer, seen };
}

const settings = {
  seed: 1,
  batchSize: 2,
  epochs: 1,
  learningRate: 1,
  patience: undefined,
  train: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  validation: [],
};

const run = (trainer: EpochTrainer<Batch>, onStep?: (loss: number) => void) =>
  trainEpochs(trainer, async ({ names }) => ({ items: names.length, first: names[0]! }), settings, {
    begin: { epoch: 0, history: [] },
    onEpoch: async () => undefined,
    onStep,
  });

describe('trainEpochs', () => {
  it.each([
    [undefined, 1],
    [3, 3],
  ])(
    'with stepsInFlight %s has %i steps under way and reports their losses in order',
    async (asked, most) => {
      const losses: number[] = [];
      const { trainer, seen } = slowDevice(asked, (step) => 10 + step);
      const { history } = await run(trainer, (loss) => losses.push(loss));
      expect(seen.most).toBe(most);
      expect(losses).toEqual([10, 11, 12, 13]);
      // The last batch has one case, the others two.
      expect(history[0]!.trainLoss).toBeCloseTo((2 * (10 + 11 + 12) + 13) / 7, 12);
    },
  );

  it.each([
    [new Error('broken'), 'broken'],
    [Number.NaN, /no finite number in epoch 1\. .*begin again with a smaller --learning-rate/],
  ])('ends with %s only when the device is done with the steps after it', async (bad, message) => {
    const { trainer, seen } = slowDevice(3, (step) => (step === 0 ? bad : 1));
    await expect(run(trainer)).rejects.toThrow(message);
    expect(seen.underWay).toBe(0);
    expect(seen.ended.length).toBeGreaterThan(1);
  });
});
