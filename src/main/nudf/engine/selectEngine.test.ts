import * as tf from '@tensorflow/tfjs-core';
import { inWords } from '#shared/words/testing/inWords.ts';
import { words } from '#shared/words/words.ts';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { HeadedFamilySpec } from '#shared/nudf/engine/distanceSpec.ts';
import { asDeviceFailure, DeviceFailure } from '#shared/nudf/engine/fallbackEngine.ts';
import type { TensorflowHost } from '#shared/nudf/engine/tensorflowEngine.ts';
import type { FieldSamples } from '#shared/nudf/fieldSamples.ts';
import { stockOps } from '#shared/nudf/network/stockOps.ts';
import { formulaWeights } from '../family/testing/formula.ts';
import { cudaHost } from './cudaEngine.ts';
import { createOnnxFieldEngine } from './onnxEngine.ts';
import { createOnnxRegionEngine } from './onnxRegionEngine.ts';
import { type HostOpeners, selectEngine } from './selectEngine.ts';
import {
  largestDifference,
  probePoints,
  randomBlockHu,
  randomWeights,
  SMALL_FIELD,
  SMALL_REGION,
  smallFamily,
} from './testing/agreementFixture.ts';
import { createWebGpu } from './webgpuDevice.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const guardOf = (failAt: number): TensorflowHost['guard'] => {
  let calls = 0;
  return async (work) => {
    calls++;
    if (calls >= failAt) throw asDeviceFailure(new Error('Buffer: out of memory'));
    return work();
  };
};

/** A stand-in for a GPU: TensorFlow.js' plain backend, failing from the n-th use on. */
function fakeOpeners(
  settings: { hasGpu?: boolean; isSoftware?: boolean; failAt?: number; missing?: string } = {},
) {
  const state = { opened: 0, freed: 0 };
  const host: TensorflowHost = {
    id: 'webgpu',
    device: 'Test GPU',
    backendName: 'cpu',
    ops: stockOps,
    chunkPoints: 40,
    chunksAtOnce: 1,
    guard: guardOf(settings.failAt ?? Number.POSITIVE_INFINITY),
  };
  const open: HostOpeners['webgpu'] = async () => {
    state.opened++;
    if (settings.missing !== undefined)
      throw new UserError(failure('stored.sentence', { sentence: settings.missing }));
    return {
      host,
      isSoftware: settings.isSoftware ?? false,
      free: () => {
        state.freed++;
      },
    };
  };
  return { openers: { mayHaveGpu: () => settings.hasGpu ?? true, webgpu: open, cuda: open }, state };
}

describe('the choice of an engine', () => {
  it('takes a real GPU by itself', async () => {
    const { openers, state } = fakeOpeners();
    const selected = await selectEngine('auto', {}, openers);
    expect([selected.id, selected.device, selected.reasons]).toEqual(['webgpu', 'Test GPU', []]);
    await selected.free();
    expect(state.freed).toBe(1);
  });

  it('takes the processor where the GPU is software, gives the device back and says so', async () => {
    const { openers, state } = fakeOpeners({ isSoftware: true });
    const selected = await selectEngine('auto', { threads: 1 }, openers);
    expect([selected.id, selected.device]).toEqual(['onnx', 'CPU, 1 thread']);
    expect(inWords(selected.reasons)).toEqual([expect.stringMatching(/Test GPU, is software/)]);
    expect(state.freed).toBe(1);
  });

  it('takes the processor where there is no GPU, with the reason', async () => {
    const { openers } = fakeOpeners({ missing: 'No graphics processor is available to WebGPU.' });
    const selected = await selectEngine('auto', {}, openers);
    expect(selected.id).toBe('onnx');
    expect(words().sentence(selected.reasons[0]!)).toMatch(
      /^No graphics processor .* ONNX Runtime on the processor is used\.$/,
    );
  });

  it('does not even look where the machine shows no GPU', async () => {
    const { openers, state } = fakeOpeners({ hasGpu: false });
    const selected = await selectEngine('auto', {}, openers);
    expect([selected.id, state.opened]).toEqual(['onnx', 0]);
    expect(inWords(selected.reasons)).toEqual([
      expect.stringMatching(/^This machine shows no graphics processor\./),
    ]);
  });

  it('takes software where it was asked for, and says so', async () => {
    const { openers } = fakeOpeners({ isSoftware: true });
    const selected = await selectEngine('webgpu', {}, openers);
    expect(inWords([selected.id, selected.reasons])).toEqual([
      'webgpu',
      [expect.stringMatching(/is software/)],
    ]);
  });

  it('refuses an engine that was asked for and is missing, with the reason', async () => {
    const { openers } = fakeOpeners({ missing: 'No graphics processor is available to WebGPU.' });
    await expect(selectEngine('webgpu', {}, openers)).rejects.toThrow(
      'The engine "webgpu" is not available: No graphics processor is available to WebGPU.',
    );
    expect((await selectEngine('onnx', {}, openers)).reasons).toEqual([]);
  });

  it.each(['auto', 'webgpu'] as const)(
    'never opens WebGPU in Electron: "%s" is the processor',
    async (choice) => {
      const { openers, state } = fakeOpeners();
      Object.defineProperty(process.versions, 'electron', { value: '45.0.0', configurable: true });
      try {
        const selected = await selectEngine(choice, { threads: 1 }, openers);
        expect([selected.id, state.opened]).toEqual(['onnx', 0]);
        expect(inWords(selected.reasons)).toEqual([
          'The desktop application cannot use the engine "webgpu". ONNX Runtime on the processor is used.',
        ]);
        // Whoever else asks for a device there is refused before Dawn is loaded.
        await expect(createWebGpu({ dawnPath: '/never/loaded' })).rejects.toThrow(
          /cannot use the engine "webgpu"/,
        );
      } finally {
        Reflect.deleteProperty(process.versions, 'electron');
      }
    },
  );

  it('tells that the optional CUDA package is absent', async () => {
    await expect(cudaHost('@tensorflow/no-such-package')).rejects.toThrow(UserError);
    await expect(cudaHost('@tensorflow/no-such-package')).rejects.toThrow(/is not installed/);
    // Installed, but as npm installs the real one: without a library of its own.
    await expect(cudaHost('@tensorflow/tfjs-core')).rejects.toThrow(/is installed but cannot be loaded/);
  });
});

describe('a device that fails', () => {
  const weights = randomWeights(SMALL_FIELD, 1);
  const cropHu = randomBlockHu(16, 1);
  const points = probePoints(16, 1);

  it.each([
    ['while it takes the weights', 1],
    ['while it encodes', 2],
    ['while it evaluates', 3],
    ['in the middle of an evaluation', 4],
  ])('%s is replaced by ONNX Runtime, once, and the reason is kept', async (_, failAt) => {
    const expected = await createOnnxFieldEngine(SMALL_FIELD, weights);
    const reference = await (await expected.encode(cropHu)).evaluate(points);
    await expected.free();

    const before = tf.memory().numTensors;
    const selected = await selectEngine('auto', {}, fakeOpeners({ failAt }).openers);
    const engine = await selected.fieldEngine(SMALL_FIELD, weights);
    expect(engine.id).toBe(failAt === 1 ? 'onnx' : 'webgpu');
    const crop = await engine.encode(cropHu);
    const samples = await crop.evaluate(points);
    expect(largestDifference(samples.signedMm, reference.signedMm)).toBe(0);
    expect(await crop.evaluate(points)).toEqual(samples);
    expect(engine.id).toBe('onnx');
    expect(inWords(selected.reasons)).toEqual([expect.stringMatching(/memory .* ran out; the work went on/)]);
    crop.free();
    await expect(crop.evaluate(points)).rejects.toThrow(/freed/);
    await engine.free();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [true, Number.POSITIVE_INFINITY],
    [false, Number.POSITIVE_INFINITY],
    [false, 3],
  ])(
    'gives the same of an imported network, corners aligned: %s, failing at use %s',
    async (alignCorners, failAt) => {
      const spec: HeadedFamilySpec = { ...smallFamily(alignCorners), outputs: 1, heads: ['unsigned'] };
      const familyWeights = formulaWeights(spec);
      const results: FieldSamples[] = [];
      const { openers } = fakeOpeners({ failAt });
      for (const choice of ['onnx', 'webgpu'] as const) {
        const selected = await selectEngine(choice, {}, openers);
        const engine = await selected.fieldEngine(spec, familyWeights);
        const crop = await engine.encode(cropHu);
        results.push(await crop.evaluate(points));
        expect([engine.isUnsigned, engine.id]).toEqual([true, failAt === 3 ? 'onnx' : choice]);
        crop.free();
        await engine.free();
      }
      const [onnx, webgpu] = results.map(({ unsignedMm }) => unsignedMm);
      const largest = onnx!.reduce((most, value) => Math.max(most, value), 0);
      expect(largestDifference(onnx!, webgpu!) / largest).toBeLessThan(1e-4);
    },
  );

  it('is replaced for the region too', async () => {
    const regionWeights = randomWeights(SMALL_REGION, 1);
    const selected = await selectEngine('webgpu', {}, fakeOpeners({ failAt: 2 }).openers);
    const engine = await selected.regionEngine(SMALL_REGION, regionWeights);
    const onnx = await createOnnxRegionEngine(SMALL_REGION, regionWeights);
    expect(await engine.detect(cropHu)).toEqual(await onnx.detect(cropHu));
    expect(selected.reasons).toHaveLength(1);
    await engine.free();
    await onnx.free();
  });

  it('is distinguished from other errors, which are passed on', async () => {
    expect(asDeviceFailure(new Error('OOM when allocating tensor'))).toBeInstanceOf(DeviceFailure);
    expect(asDeviceFailure(new Error('a shape is wrong'))).not.toBeInstanceOf(DeviceFailure);
    const selected = await selectEngine('webgpu', {}, fakeOpeners().openers);
    const engine = await selected.fieldEngine(SMALL_FIELD, weights);
    await expect(engine.encode(new Float32Array(3))).rejects.toThrow(/do not fill/);
    expect([engine.id, selected.reasons]).toEqual(['webgpu', []]);
    await engine.free();
  });
});
