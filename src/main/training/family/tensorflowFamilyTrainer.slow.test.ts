import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { registerAuricleKernels } from '#shared/nudf/kernels/index.ts';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { createTensorflowFamilyTrainer } from './tensorflowFamilyTrainer.ts';
import { expectTrainingAsRecorded, recordedTrainings } from './testing/trainingAgreement.ts';

const gpu = await webGpuForTests();
if (gpu) registerAuricleKernels();
const device = { name: 'test', assertWorking: () => undefined };

describe.skipIf(!gpu)('training of the family on WebGPU', () => {
  afterAll(() => gpu?.free());

  it.each(recordedTrainings)(
    'with the loss $loss, corners aligned: $alignCorners, has the losses and gradients of PyTorch',
    async (recorded) => {
      const before = tf.memory().numTensors;
      await expectTrainingAsRecorded(recorded, (spec, state, options) =>
        createTensorflowFamilyTrainer(spec, state, options, device),
      );
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
