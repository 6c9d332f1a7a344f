import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { registerAuricleKernels } from '#shared/nudf/kernels/index.ts';
import { webGpuForTests } from '../../../test/swiftshader.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ExampleSource } from './exampleSource.ts';
import type { SurroundingsRecipe } from './recipe.ts';
import { surroundingsExample } from './surroundingsExample.ts';
import { createSurroundingsTask } from './surroundingsTask.ts';
import { fingerScene } from './testing/fingerScene.ts';
import { trainLoop } from './trainLoop.ts';

const gpu = await webGpuForTests();
if (gpu) registerAuricleKernels();

const recipe: SurroundingsRecipe = {
  kind: 'surroundings',
  id: 'tiny',
  seed: 6,
  network: {
    kind: 'surroundings-unet',
    resolution: 8,
    clipHu: 1000,
    // One level, for software graphics compiles each shape of a convolution for half a second; the region's network, which
    // is built the same, is trained on two (regionTask.slow.test.ts).
    channels: [4],
    normGroups: 4,
    edgeMm: 80,
    reachMm: 14,
    structures: ['leftAtrium', 'circumflex'],
  },
  steps: 8,
  optimizer: { learningRate: 3e-2, finalShare: 0.1, warmupSteps: 1, weightDecay: 0, clipNorm: 1 },
  intensity: { gainSd: 0.1, biasSd: 0.03 },
  poolSize: 2,
  newPerStep: 1,
  batchSize: 2,
  checkpointEverySteps: 4,
  reportEverySteps: 1,
  shiftMm: 4,
  truncatedShare: 0.5,
  thickShare: 0.5,
  loss: { beta: 0.05, nearMm: 6, farWeight: 0.1 },
};

const examples: ExampleSource = {
  example: async (index) =>
    surroundingsExample(recipe, index, (seed) => ({
      ...fingerScene(seed),
      surroundings: { leftAtrium: ['body'] },
    })),
  free: async () => {},
};

describe.skipIf(!gpu)('training the network of the surroundings', () => {
  afterAll(() => gpu?.free());

  it('lowers its loss, resumes as if it had not stopped and leaks nothing', async () => {
    const checkpoints: Checkpoint[] = [];
    const run = async (resumeFrom: Checkpoint | null) => {
      const task = createSurroundingsTask(recipe, gpu!, examples);
      try {
        return await trainLoop(recipe, task, {
          resumeFrom,
          recipeSha256: 'x',
          onReport: () => {},
          onCheckpoint: async (checkpoint) => void checkpoints.push(checkpoint),
        });
      } finally {
        task.free();
      }
    };
    const before = tf.memory().numTensors;
    const unbroken = await run(null);
    expect(tf.memory().numTensors).toBe(before);
    const losses = unbroken.history.map((report) => report.losses.leftAtrium!);
    expect(Math.min(...losses.slice(-3))).toBeLessThan(0.7 * losses[0]!);
    const half = checkpoints.find(({ step }) => step === 4)!;
    expect(await run(half)).toEqual(unbroken);
  });
});
