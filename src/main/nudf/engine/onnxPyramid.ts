import { Mutex } from 'async-mutex';
import { throwIfCancelled } from '#shared/errors.ts';
import { assertBlock, countPoints } from '#shared/nudf/engine/normalizeHu.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { denseDecoderOnnx } from '../network/onnx/exportOnnx.ts';
import { projectedDecoderOnnx, projectedLevelCount, projectionOnnx } from '../network/onnx/projectionOnnx.ts';
import { createSession, type OnnxOptions, type OnnxRuntime, type OnnxSession } from './onnxRuntime.ts';
import {
  createPyramidSampler,
  type PyramidLevel,
  type PyramidProjection,
  type PyramidSampler,
} from './pyramidSampler.ts';

/** Points decoded at once: long enough for the matrix product, short enough for the cache and for cancelling. */
const CHUNK_POINTS = 2048;

/** The decoder of a pyramid's samples. */
export interface PyramidDecoder {
  /** `features` [P, F·7], tap-major, and `sums` [P, hidden] where levels are projected → `distances` [P, outputs]. */
  readonly decoder: OnnxSession;
  /** Present where the coarsest levels are multiplied by the first layer before they are sampled (projectionOnnx.ts). */
  readonly projection?: PyramidProjection & { readonly session: OnnxSession };
}

/** A network of an encoder, a feature pyramid that is sampled at points, and a decoder. */
export interface PyramidNetwork extends PyramidDecoder {
  readonly runtime: OnnxRuntime;
  /** `image` [1, 1, D, H, W] → `level1` … [D·H·W, C]. */
  readonly encoder: OnnxSession;
  /** The raw image first. */
  readonly levels: readonly PyramidLevel[];
  readonly offsetNormalized: number;
  readonly alignCorners: boolean;
  readonly outputs: number;
  /** Writes the image that the encoder sees; both hold resolution³ values, x fastest. */
  prepare(cropHu: Float32Array, image: Float32Array): void;
}

/** An image that was encoded once. */
export interface EncodedPyramid {
  /**
   * The decoder's outputs at N points, point by point (N · outputs values).
   * @param pointsNormalized 3·N coordinates x, y, z in [−1, 1]
   */
  decode(pointsNormalized: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
  /** Gives the memory back, after the evaluation in progress. Decoding afterwards is an error. */
  free(): void;
}

export interface PyramidRunner {
  /** @param cropHu resolution³ HU values, x fastest */
  encode(cropHu: Float32Array, signal?: AbortSignal): Promise<EncodedPyramid>;
  free(): Promise<void>;
}

/**
 * The sessions of a decoder.
 * @param widths of its layers: F·7, hidden…, outputs
 * @param weights `decoder.{index}.kernel` [in, out] and `.bias`
 */
export async function openPyramidDecoder(
  runtime: OnnxRuntime,
  levels: readonly PyramidLevel[],
  widths: readonly number[],
  weights: WeightMap,
  options: OnnxOptions,
): Promise<PyramidDecoder> {
  const open = (bytes: Uint8Array) => createSession(runtime, bytes, options);
  const count = projectedLevelCount(levels, widths);
  if (count === 0) return { decoder: await open(denseDecoderOnnx(widths, weights, 'tap-major', {})) };
  const width = widths[1]!;
  const features = levels.slice(0, -count).reduce((sum, { channels }) => sum + channels, 0);
  return {
    decoder: await open(projectedDecoderOnnx(features, widths, weights)),
    projection: {
      levels: count,
      width,
      session: await open(projectionOnnx(levels, count, width, weights)),
    },
  };
}

/** Multiplies the projected levels, which lie in the sampler's memory, by the decoder's first layer. */
async function runProjection(
  { runtime, levels, projection }: PyramidNetwork,
  sampler: PyramidSampler,
): Promise<void> {
  if (!projection) return;
  const first = levels.length - projection.levels;
  const matrix = (data: Float32Array, level: number) => {
    const voxels = levels[level]!.resolution ** 3;
    return new runtime.Tensor('float32', data, [voxels, data.length / voxels]);
  };
  const named = (name: string, all: readonly Float32Array[]) =>
    Object.fromEntries(all.map((data, index) => [`${name}${first + index}`, matrix(data, first + index)]));
  await projection.session.run(
    named('level', sampler.levels.slice(first)),
    named('projection', sampler.projections),
  );
}

/** Runs the encoder on the image in `sampler.levels[0]`; it writes its levels into the sampler's memory. */
async function runEncoder(
  { runtime, encoder, levels }: PyramidNetwork,
  sampler: PyramidSampler,
): Promise<void> {
  const { resolution } = levels[0]!;
  const image = new runtime.Tensor('float32', sampler.levels[0]!, [1, 1, resolution, resolution, resolution]);
  const outputs = Object.fromEntries(
    sampler.levels
      .map((data, level) => [
        `level${level}`,
        new runtime.Tensor('float32', data, [levels[level]!.resolution ** 3, levels[level]!.channels]),
      ])
      .slice(1),
  );
  await encoder.run({ image }, outputs);
}

/** Decodes the first `count` rows of what was sampled into `values` from point `first` on. */
async function runDecoder(
  { runtime, decoder, projection, outputs }: PyramidNetwork,
  sampler: PyramidSampler,
  first: number,
  count: number,
  values: Float32Array,
): Promise<void> {
  const rows = (block: Float32Array) => {
    const width = block.length / CHUNK_POINTS;
    return new runtime.Tensor('float32', block.subarray(0, count * width), [count, width]);
  };
  const { distances } = await decoder.run({
    features: rows(sampler.features),
    ...(projection && { sums: rows(sampler.sums) }),
  });
  // The graph's one output is float32.
  values.set(distances!.data as Float32Array, first * outputs);
}

/** Samples and decodes one chunk after the other: ONNX Runtime's `run` holds this thread until it has its answer. */
async function decodeChunks(
  network: PyramidNetwork,
  sampler: PyramidSampler,
  pointsNormalized: Float32Array,
  check: () => void,
): Promise<Float32Array> {
  const total = countPoints(pointsNormalized);
  const values = new Float32Array(total * network.outputs);
  for (let first = 0; first < total; first += CHUNK_POINTS) {
    check();
    const count = Math.min(CHUNK_POINTS, total - first);
    sampler.sample(pointsNormalized, first, count);
    await runDecoder(network, sampler, first, count, values);
  }
  check();
  return values;
}

/**
 * Runs such a network on the CPU: convolutions and the decoder's matrices by ONNX Runtime, sampling by our own loop in
 * shared memory. Images may be encoded while others are in use; one computation runs at a time. Owns the sessions.
 */
export function createPyramidRunner(network: PyramidNetwork): PyramidRunner {
  const { levels, offsetNormalized, alignCorners, projection } = network;
  const mutex = new Mutex();
  let spare: PyramidSampler | undefined;
  let isFreed = false;

  const takeSampler = (): PyramidSampler => {
    const sampler =
      spare ?? createPyramidSampler(levels, offsetNormalized, CHUNK_POINTS, alignCorners, projection);
    spare = undefined;
    return sampler;
  };
  const returnSampler = (sampler: PyramidSampler): void => {
    if (!isFreed) spare = sampler;
  };

  const encodedPyramid = (sampler: PyramidSampler): EncodedPyramid => {
    let isImageFreed = false;
    const assertUsable = (): void => {
      if (isImageFreed || isFreed) throw new Error('The encoded crop has been freed.');
    };
    return {
      async decode(pointsNormalized, signal) {
        assertUsable();
        const check = (): void => {
          assertUsable();
          throwIfCancelled(signal);
        };
        return mutex.runExclusive(() => decodeChunks(network, sampler, pointsNormalized, check));
      },
      free() {
        if (isImageFreed) return;
        isImageFreed = true;
        // After the evaluation in progress, which stops at its next chunk.
        void mutex.runExclusive(async () => returnSampler(sampler));
      },
    };
  };

  return {
    async encode(cropHu, signal) {
      assertBlock(cropHu, levels[0]!.resolution);
      return mutex.runExclusive(async () => {
        if (isFreed) throw new Error('The engine has been freed.');
        throwIfCancelled(signal);
        const sampler = takeSampler();
        try {
          network.prepare(cropHu, sampler.levels[0]!);
          await runEncoder(network, sampler);
          await runProjection(network, sampler);
          throwIfCancelled(signal);
          return encodedPyramid(sampler);
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
        await network.encoder.release();
        await network.decoder.release();
        await network.projection?.session.release();
      });
    },
  };
}
