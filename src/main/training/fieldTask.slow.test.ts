import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { registerAuricleKernels } from '#shared/nudf/kernels/index.ts';
import { webGpuForTests } from '../../../test/swiftshader.ts';
import type { Checkpoint } from './checkpoint.ts';
import { cropExample } from './cropExample.ts';
import { TINY_FIELD } from './dualField/testing/preparedBalls.ts';
import type { ExampleSource } from './exampleSource.ts';
import { createFieldTask } from './fieldTask.ts';
import type { FieldRecipe } from './recipe.ts';
import { fingerScene } from './testing/fingerScene.ts';
import { trainLoop } from './trainLoop.ts';

const gpu = await webGpuForTests();
if (gpu) registerAuricleKernels();

const recipe: FieldRecipe = {
  kind: 'nudf',
  id: 'tiny',
  seed: 5,
  // A small cube: a crop costs software graphics the samples in its volume. One level: most of the test's time
  // goes to compiling each shape of each level; dualField.slow.test.ts trains two of them.
  network: {
    ...TINY_FIELD,
    levels: [{ pool: 1, channels: [4] }],
    edgeMm: 27,
    landmarks: ['leftSuperiorVeinRidge', 'leftCircumflex'],
  },
  steps: 3,
  optimizer: { learningRate: 1e-2, finalShare: 0.1, warmupSteps: 1, weightDecay: 1e-4, clipNorm: 1 },
  intensity: { gainSd: 0.1, biasSd: 0.03 },
  poolSize: 2,
  newPerStep: 1,
  batchSize: 2,
  checkpointEverySteps: 2,
  reportEverySteps: 1,
  pointsPerCrop: 64,
  centreShift: { sdMm: 5, uniformShare: 0.3, uniformMm: 10 },
  finestScanMm: { inPlane: 9, slice: 9 },
  truthScanResolution: 16,
  truncatedShare: 0.2,
  loss: {
    beta: 0.05,
    signedWeight: 2,
    unsignedWeight: 2,
    signWeight: 0.4,
    sharpness: 8,
    landmarkWeight: 0.5,
  },
  quantised: { share: 0.5, stepHu: 16 },
};

const simpleExamples: ExampleSource = {
  example: async (index) => cropExample(recipe, index, fingerScene),
  free: async () => {},
};

async function run(from: Checkpoint | null): Promise<{ last: Checkpoint; saved: Checkpoint[] }> {
  const task = createFieldTask(recipe, gpu!, simpleExamples);
  const saved: Checkpoint[] = [];
  try {
    const last = await trainLoop(recipe, task, {
      resumeFrom: from,
      recipeSha256: 'x',
      onReport: () => {},
      onCheckpoint: async (checkpoint) => {
        saved.push(checkpoint);
      },
    });
    return { last, saved };
  } finally {
    task.free();
  }
}

describe.skipIf(!gpu)('training the field network on phantoms made beside it', () => {
  afterAll(() => gpu?.free());

  it('is the same, bit for bit, in one go and resumed from a checkpoint, changes the weights and leaks nothing', async () => {
    const before = tf.memory().numTensors;
    const whole = await run(null);
    expect(tf.memory().numTensors).toBe(before);
    expect(whole.last.history.map(({ step }) => step)).toEqual([1, 2, 3]);
    for (const { losses, gradientNorm } of whole.last.history) {
      expect(losses.total).toBeGreaterThan(0);
      expect(losses.landmark).toBeGreaterThan(0);
      expect(gradientNorm).toBeGreaterThan(0);
    }
    const halfway = whole.saved.find(({ step }) => step === 2)!;
    expect(halfway.weights).not.toEqual(whole.last.weights);
    const resumed = await run(halfway);
    expect(resumed.last).toEqual(whole.last);
  });
});
