import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { registerAuricleKernels } from '#shared/nudf/kernels/index.ts';
import { webGpuForTests } from '../../../../test/swiftshader.ts';
import { formulaWeights } from '../../nudf/family/testing/formula.ts';
import { trainingBatches, validationBatches } from '../epochs/epochBatches.ts';
import type { TrainingCheckpoint } from '../epochs/epochTrainer.ts';
import { trainEpochs } from '../epochs/trainEpochs.ts';
import { createDeviceImages } from './deviceImages.ts';
import { makeBatch } from './familyBatches.ts';
import { initialFamilyState } from './familyInitialWeights.ts';
import { movedImages } from './familyTrainer.ts';
import { createOnnxFamilyTrainer } from './onnxFamilyTrainer.ts';
import { batchImages, createTensorflowFamilyTrainer } from './tensorflowFamilyTrainer.ts';
import { ballCases } from './testing/tinyCases.ts';
import { expectTrainingAsRecorded, recordedTrainings, tinyFamilySpec } from './testing/trainingAgreement.ts';

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

  const settings = {
    seed: 1,
    points: 40,
    shares: [0.5, 0.25, 0.25],
    batchSize: 2,
    cropSize: undefined,
    augmentation: { translationMm: 5, rotationDegrees: 10, noiseHu: 50 },
  };

  it('validates with the running statistics, as on the CPU', async () => {
    const spec = tinyFamilySpec(16, false);
    const state = initialFamilyState(formulaWeights(spec));
    const options = { loss: 'target-clamped', freezeEncoder: false } as const;
    const [plan] = validationBatches(['a', 'b'], settings);
    const batch = await makeBatch(spec, ballCases(16), settings, plan!);
    const onCpu = await createOnnxFamilyTrainer(spec, state, options);
    const onGpu = createTensorflowFamilyTrainer(spec, state, options, device);
    const expected = await onCpu.validate(batch);
    expect(expected).toBeGreaterThan(0.1);
    expect(Math.abs((await onGpu.validate(batch)) / expected - 1)).toBeLessThan(1e-4);
    await onCpu.free();
    await onGpu.free();
  });

  it('keeps a frozen encoder bit for bit, with its running statistics in the steps as well', async () => {
    const spec = tinyFamilySpec(16, false);
    const start = formulaWeights(spec);
    const [plan] = validationBatches(['a', 'b'], settings);
    const batch = await makeBatch(spec, ballCases(16), settings, plan!);
    const options = { loss: 'target-clamped', freezeEncoder: true } as const;
    const trainer = createTensorflowFamilyTrainer(spec, initialFamilyState(start), options, device);
    const before = await trainer.validate(batch);
    expect(Math.abs((await trainer.step(batch, 1e-2)) / before - 1)).toBeLessThan(1e-5);
    const { weights } = await trainer.state();
    for (const [name, { data }] of start) {
      const isSame = weights.get(name)!.data.every((value, n) => Object.is(value, data[n]));
      expect(isSame, name).toBe(name.startsWith('encoder.'));
    }
    await trainer.free();
  });

  it('is the same, bit for bit, in one go and resumed, with several steps under way', async () => {
    const spec = tinyFamilySpec(16, false);
    const training = {
      ...settings,
      epochs: 2,
      learningRate: 1e-3,
      patience: undefined,
      train: ['a', 'b', 'c', 'd', 'e', 'f'],
      // As many as of a step: another number would have other shaders compiled.
      validation: ['g', 'h'],
    };
    const source = ballCases(16);
    const run = async (from: TrainingCheckpoint) => {
      const trainer = createTensorflowFamilyTrainer(
        spec,
        from.state,
        { loss: 'target-clamped', freezeEncoder: false },
        device,
      );
      const checkpoints: TrainingCheckpoint[] = [];
      await trainEpochs(trainer, (plan) => makeBatch(spec, source, training, plan), training, {
        begin: from,
        onEpoch: async ({ checkpoint }) => {
          checkpoints.push(await checkpoint());
        },
      });
      await trainer.free();
      return checkpoints;
    };
    const first = { epoch: 0, history: [], state: initialFamilyState(formulaWeights(spec)) };
    const [one, two] = await run(first);
    const [resumed] = await run(one!);
    expect(resumed!.state).toEqual(two!.state);
    expect(two!.state.weights).not.toEqual(one!.state.weights);
  });

  it('keeps the images on the device that were used last, within the bytes that it may', () => {
    const before = tf.memory().numTensors;
    const [a, b, c] = [1, 2, 3].map((value) => new Int16Array(64).fill(value)) as [
      Int16Array,
      Int16Array,
      Int16Array,
    ];
    const images = createDeviceImages(2 * a.byteLength);
    const kept = images.get(a);
    images.get(b);
    expect(images.get(a)).toBe(kept);
    images.get(c);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(images.get(a)).toBe(kept);
    images.free();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('moves images as on the CPU', async () => {
    const [plan] = trainingBatches(['a', 'b'], 1, settings);
    const batch = await makeBatch(tinyFamilySpec(16, false), ballCases(16), settings, plan!);
    const expected = movedImages(batch);
    const kept = createDeviceImages();
    const moved = batchImages(batch, 16, kept);
    const found = await moved.data();
    moved.dispose();
    kept.free();
    // The noise's logarithm and cosine differ in their last bits; where an image ends a voxel may go either way.
    const differing = expected.filter((value, index) => !(Math.abs(value - found[index]!) < 0.1)).length;
    expect(differing).toBeLessThan(expected.length / 1000);
    expect(new Set(expected).size).toBeGreaterThan(expected.length / 2);
  });
});
