import { Mutex } from 'async-mutex';
import { throwIfCancelled } from '#shared/errors.ts';
import type { FieldSamples } from '../../surface/field/fieldFunction.ts';
import { tapOffsetNormalized } from '../network/fieldNetwork.ts';
import type { FieldNetworkSpec } from '../network/networkSpec.ts';
import { decoderOnnx, encoderOnnx } from '../network/onnx/exportOnnx.ts';
import type { WeightMap } from '../network/weightLayout.ts';
import { assertWeightsFit, pyramidChannels, pyramidResolutions } from '../network/weightLayout.ts';
import type { EncodedCrop, FieldEngine } from './fieldEngine.ts';
import { assertBlock, countPoints, normalizeHu } from './normalizeHu.ts';
import {
  createSession,
  loadOnnxRuntime,
  type OnnxOptions,
  type OnnxRuntime,
  type OnnxSession,
  onnxDevice,
} from './onnxRuntime.ts';
import { createPyramidSampler, type PyramidSampler } from './pyramidSampler.ts';

/** Points decoded at once: long enough for the matrix product, short enough for the cache and for cancelling. */
const CHUNK_POINTS = 2048;
/** One block of features is sampled while the other is decoded. */
const BUFFERS = 2;

interface Parts {
  readonly runtime: OnnxRuntime;
  readonly spec: FieldNetworkSpec;
  readonly encoder: OnnxSession;
  readonly decoder: OnnxSession;
}

/** Runs the encoder on the image in `sampler.levels[0]`; it writes its levels into the sampler's memory. */
async function runEncoder({ runtime, spec, encoder }: Parts, sampler: PyramidSampler): Promise<void> {
  const channels = pyramidChannels(spec);
  const cube = (level: number): number[] => {
    const size = pyramidResolutions(spec)[level]!;
    return [size, size, size];
  };
  const image = new runtime.Tensor('float32', sampler.levels[0]!, [1, 1, ...cube(0)]);
  const outputs = Object.fromEntries(
    sampler.levels
      .map((data, level) => [
        `level${level}`,
        new runtime.Tensor('float32', data, [1, ...cube(level), channels[level]!]),
      ])
      .slice(1),
  );
  await encoder.run({ image }, outputs);
}

/** Decodes rows `first … first + count` of a block of features into the samples. */
async function runDecoder(
  { runtime, spec, decoder }: Parts,
  features: Float32Array,
  first: number,
  count: number,
  samples: FieldSamples,
): Promise<void> {
  const width = features.length / CHUNK_POINTS;
  const rows = new runtime.Tensor('float32', features.subarray(0, count * width), [count, width]);
  const { distances } = await decoder.run({ features: rows });
  // The graph's one output is float32.
  const data = distances!.data as Float32Array;
  for (let point = 0; point < count; point++) {
    samples.signedMm[first + point] = data[2 * point]! * spec.unitMm;
    samples.unsignedMm[first + point] = data[2 * point + 1]! * spec.unitMm;
  }
}

/** Samples one chunk on this thread while the runtime's threads decode the one before. */
async function evaluateChunks(
  parts: Parts,
  sampler: PyramidSampler,
  pointsNormalized: Float32Array,
  check: () => void,
): Promise<FieldSamples> {
  const total = countPoints(pointsNormalized);
  const samples = { signedMm: new Float32Array(total), unsignedMm: new Float32Array(total) };
  let pending: Promise<void> = Promise.resolve();
  try {
    for (let first = 0, buffer = 0; first < total; first += CHUNK_POINTS, buffer = (buffer + 1) % BUFFERS) {
      check();
      const count = Math.min(CHUNK_POINTS, total - first);
      sampler.sample(pointsNormalized, first, count, buffer);
      await pending;
      pending = runDecoder(parts, sampler.features[buffer]!, first, count, samples);
    }
  } finally {
    // The buffers must not be reused while the runtime still reads them.
    await pending;
  }
  check();
  return samples;
}

/**
 * The field network by ONNX Runtime on the CPU: convolutions and the decoder's matrices there, sampling by our own
 * loop in shared memory. Crops may be encoded while others are in use; each holds some 200 MB until it is freed.
 * @throws UserError where the weights are not the spec's or the platform has no ONNX Runtime
 */
export async function createOnnxFieldEngine(
  spec: FieldNetworkSpec,
  weights: WeightMap,
  options: OnnxOptions = {},
): Promise<FieldEngine> {
  assertWeightsFit(spec, weights);
  const runtime = await loadOnnxRuntime();
  const encoder = await createSession(runtime, encoderOnnx(spec, weights), options);
  const decoder = await createSession(runtime, decoderOnnx(spec, weights, 'tap-major'), options);
  const parts: Parts = { runtime, spec, encoder, decoder };
  const channels = pyramidChannels(spec);
  const levels = pyramidResolutions(spec).map((resolution, level) => ({
    resolution,
    channels: channels[level]!,
  }));
  const mutex = new Mutex();
  let spare: PyramidSampler | undefined;
  let isFreed = false;

  const borrowSampler = (): PyramidSampler => {
    const sampler = spare ?? createPyramidSampler(levels, tapOffsetNormalized(spec), CHUNK_POINTS, BUFFERS);
    spare = undefined;
    return sampler;
  };
  const returnSampler = (sampler: PyramidSampler): void => {
    if (!isFreed) spare = sampler;
  };

  const encodedCrop = (sampler: PyramidSampler): EncodedCrop => {
    let isCropFreed = false;
    const assertUsable = (): void => {
      if (isCropFreed || isFreed) throw new Error('The encoded crop has been freed.');
    };
    return {
      async evaluate(pointsNormalized, signal) {
        assertUsable();
        const check = (): void => {
          assertUsable();
          throwIfCancelled(signal);
        };
        return mutex.runExclusive(() => evaluateChunks(parts, sampler, pointsNormalized, check));
      },
      free() {
        if (isCropFreed) return;
        isCropFreed = true;
        // After the evaluation in progress, which stops at its next chunk.
        void mutex.runExclusive(async () => returnSampler(sampler));
      },
    };
  };

  return {
    id: 'onnx',
    device: onnxDevice(options),
    async encode(cropHu, signal) {
      assertBlock(cropHu, spec.resolution);
      return mutex.runExclusive(async () => {
        if (isFreed) throw new Error('The engine has been freed.');
        throwIfCancelled(signal);
        const sampler = borrowSampler();
        try {
          normalizeHu(cropHu, spec.clipHu, sampler.levels[0]!);
          await runEncoder(parts, sampler);
          throwIfCancelled(signal);
          return encodedCrop(sampler);
        } catch (thrown) {
          returnSampler(sampler);
          throw thrown;
        }
      });
    },
    async free() {
      if (isFreed) return;
      isFreed = true;
      spare = undefined;
      await mutex.runExclusive(async () => {
        await encoder.release();
        await decoder.release();
      });
    },
  };
}
