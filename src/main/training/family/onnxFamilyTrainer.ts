import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { FAMILY_TAPS, type FamilySpec, familyChannels } from '#shared/nudf/family/familySpec.ts';
import {
  type FamilyWeightEntry,
  familyLayout,
  fromTorchOrder,
  toTorchOrder,
  writtenLevelNames,
} from '#shared/nudf/family/familyWeights.ts';
import type { WeightArray, WeightMap } from '#shared/nudf/network/weightLayout.ts';
import {
  loadOnnxRuntime,
  type OnnxOptions,
  type OnnxRuntime,
  type OnnxSession,
  onnxDevice,
  onnxThreads,
} from '../../nudf/engine/onnxRuntime.ts';
import { createPyramidSampler, type PyramidSampler } from '../../nudf/engine/pyramidSampler.ts';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import {
  ADAM,
  BATCH_NORM_MOMENTUM,
  type FamilyBatch,
  type FamilyTrainer,
  type FamilyTrainerOptions,
  isRunningStatistic,
  isTrained,
  movedImages,
} from './familyTrainer.ts';
import {
  decoderTrainingOnnx,
  encoderBackwardOnnx,
  encoderForwardOnnx,
  gradientOf,
  levelName,
} from './familyTrainingOnnx.ts';
import { addSampleGradients } from './pyramidGradient.ts';

/** Points decoded at once, as in evaluation: long enough for the matrix product, short enough for the memory. */
const CHUNK_POINTS = 2048;
const EPSILON = 1e-5;

type Tensors = Awaited<ReturnType<OnnxSession['run']>>;
/** One array for each weight, in PyTorch's order; the first decoder layer's columns ordered by tap. */
type Values = Map<string, Float32Array>;

/** Reorders the columns of the decoder's first kernel [out, F·7] from c·7 + tap to tap·F + c, or back. */
function reorderedColumns(
  kernel: Float32Array,
  columns: number,
  to: 'tap-major' | 'channel-major',
): Float32Array {
  const features = columns / FAMILY_TAPS;
  const reordered = new Float32Array(kernel.length);
  for (let row = 0; row < kernel.length; row += columns) {
    for (let channel = 0; channel < features; channel++) {
      for (let tap = 0; tap < FAMILY_TAPS; tap++) {
        const [byChannel, byTap] = [row + channel * FAMILY_TAPS + tap, row + tap * features + channel];
        if (to === 'tap-major') reordered[byTap] = kernel[byChannel]!;
        else reordered[byChannel] = kernel[byTap]!;
      }
    }
  }
  return reordered;
}

const FIRST_KERNEL = 'decoder.0.kernel';

/** A named set of arrays in and out of the trainer's order. */
function arrayOrder(entries: readonly FamilyWeightEntry[]): {
  inside(weights: WeightMap): Values;
  outside(values: Values): WeightMap;
} {
  return {
    inside: (weights) =>
      new Map(
        entries.flatMap(({ name, torchShape }) => {
          const array = weights.get(name);
          if (!array) return [];
          const data = Float32Array.from(toTorchOrder(array.data, torchShape));
          const columns = torchShape[1]!;
          return [
            [name, name === FIRST_KERNEL ? reorderedColumns(data, columns, 'tap-major') : data] as const,
          ];
        }),
      ),
    outside: (values) =>
      new Map(
        entries.flatMap(({ name, shape, torchShape }) => {
          const data = values.get(name);
          if (!data) return [];
          const ordered =
            name === FIRST_KERNEL
              ? reorderedColumns(data, torchShape[1]!, 'channel-major')
              : Float32Array.from(data);
          return [
            [name, { shape, data: fromTorchOrder(ordered, torchShape) } satisfies WeightArray] as const,
          ];
        }),
      ),
  };
}

/** One step of Adam on one array, in place. */
function adamStep(
  weights: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  learningRate: number,
  step: number,
): void {
  const { beta1, beta2, epsilon } = ADAM;
  const rate = learningRate / (1 - beta1 ** step);
  const secondCorrection = 1 / (1 - beta2 ** step);
  for (let index = 0; index < weights.length; index++) {
    const g = gradient[index]!;
    const m = beta1 * first[index]! + (1 - beta1) * g;
    const v = beta2 * second[index]! + (1 - beta2) * g * g;
    first[index] = m;
    second[index] = v;
    weights[index] = weights[index]! - (rate * m) / (Math.sqrt(v * secondCorrection) + epsilon);
  }
}

/** Training by ONNX Runtime on the CPU. Throws a UserError where the platform has none. */
export async function createOnnxFamilyTrainer(
  spec: FamilySpec,
  initial: TrainerState,
  options: FamilyTrainerOptions,
  onnxOptions: OnnxOptions = {},
): Promise<FamilyTrainer> {
  const runtime = await loadOnnxRuntime();
  const entries = familyLayout(spec, writtenLevelNames(spec));
  const order = arrayOrder(entries);
  const weights = order.inside(initial.weights);
  const first = order.inside(initial.firstMoments);
  const second = order.inside(initial.secondMoments);
  const shapeOf = new Map(entries.map(({ name, torchShape }) => [name, torchShape]));
  const sessions = sessionStore(runtime, onnxOptions);
  const samplers = new Map<number, PyramidSampler>();
  let { step } = initial;

  /** The named weights and other values as tensors: those that the session asks for. */
  const feedsOf = (session: OnnxSession, values: Readonly<Record<string, Tensors[string]>>): Tensors =>
    Object.fromEntries(
      session.inputNames.map((name) => {
        const value = values[name];
        if (value) return [name, value];
        const shape = shapeOf.get(name)!;
        // A dense kernel is a matrix here, a 1×1 convolution in PyTorch.
        const dims = name.startsWith('decoder.') && shape.length === 3 ? shape.slice(0, 2) : [...shape];
        return [name, new runtime.Tensor('float32', weights.get(name)!, dims)];
      }),
    );

  const givenStatistics = (): Record<string, Tensors[string]> =>
    Object.fromEntries(
      spec.levels.flatMap((_, level) => {
        const mean = weights.get(`encoder.${level}.norm.mean`)!;
        const inverse = weights.get(`encoder.${level}.norm.variance`)!.map((v) => 1 / Math.sqrt(v + EPSILON));
        return [
          [`mean.${level}`, new runtime.Tensor('float32', mean, [mean.length])],
          [`inverse.${level}`, new runtime.Tensor('float32', inverse, [inverse.length])],
        ];
      }),
    );

  const samplerOf = (size: number): PyramidSampler => {
    let sampler = samplers.get(size);
    if (!sampler) {
      const offset = (spec.offsetNormalized * spec.resolution) / size;
      sampler = createPyramidSampler(levelsOf(spec, size), offset, CHUNK_POINTS, 1, spec.alignCorners);
      samplers.set(size, sampler);
    }
    return sampler;
  };

  /** The encoder, then for each item the decoder over its points. `onChunk` takes the gradients, where there are any. */
  async function forward(
    batch: FamilyBatch,
    isTraining: boolean,
  ): Promise<{ loss: number; gradients: Values; backward: Record<string, Tensors[string]> }> {
    const size = batch.crop?.size ?? spec.resolution;
    const points = localPoints(spec, batch);
    const statistics = isTraining && !options.freezeEncoder ? 'batch' : 'given';
    const encoder = await sessions.get(`forward ${batch.items} ${size} ${statistics}`, () =>
      encoderForwardOnnx(spec, { items: batch.items, size }, statistics),
    );
    const decoder = await sessions.get(`decoder ${batch.items} ${isTraining}`, () =>
      decoderTrainingOnnx(spec, options.loss, batch.items, isTraining),
    );
    const imagesHu = movedImages(batch);
    const image = new runtime.Tensor('float32', imagesHu, [batch.items, 1, size, size, size]);
    const given = statistics === 'given' ? givenStatistics() : {};
    const encoded = await encoder.run(feedsOf(encoder, { image, ...given }));
    const sampler = samplerOf(size);
    const levels = levelsOf(spec, size);
    const needsLevelGradients = isTraining && !options.freezeEncoder;
    const levelGradients = levels.map(({ resolution, channels }, level) => ({
      resolution,
      channels,
      whole: new Float32Array(
        level > 0 && needsLevelGradients ? batch.items * resolution ** 3 * channels : 0,
      ),
    }));
    const gradients: Values = new Map();
    let loss = 0;
    const width = sampler.features[0]!.length / CHUNK_POINTS;
    for (let item = 0; item < batch.items; item++) {
      levels.forEach(({ resolution, channels }, level) => {
        const length = resolution ** 3 * channels;
        const all = level === 0 ? imagesHu : (encoded[levelName(level)]!.data as Float32Array);
        sampler.levels[level]!.set(all.subarray(item * length, (item + 1) * length));
      });
      const itemGradients = levelGradients.map(({ resolution, channels, whole }) => {
        const length = whole.length / batch.items;
        return { resolution, channels, data: whole.subarray(item * length, (item + 1) * length) };
      });
      for (let done = 0; done < batch.points; done += CHUNK_POINTS) {
        const at = item * batch.points + done;
        const count = Math.min(CHUNK_POINTS, batch.points - done);
        sampler.sample(points, at, count, 0);
        const features = sampler.features[0]!.subarray(0, count * width);
        const found = await decoder.run(
          feedsOf(decoder, {
            features: new runtime.Tensor('float32', features, [count, width]),
            distances: new runtime.Tensor('float32', batch.distances.subarray(at, at + count), [count]),
          }),
        );
        loss += (found.loss!.data as Float32Array)[0]!;
        if (!isTraining) continue;
        for (const name of weights.keys()) addInto(gradients, name, found[gradientOf(name)]);
        if (needsLevelGradients) {
          const rows = found[gradientOf('features')]!.data as Float32Array;
          const offset = (spec.offsetNormalized * spec.resolution) / size;
          addSampleGradients(itemGradients, points, at, count, rows, offset, spec.alignCorners);
        }
      }
    }
    const levelTensors = levelGradients.map(({ resolution: n, channels, whole }, level) => [
      `gradient.${levelName(level)}`,
      whole.length > 0 ? new runtime.Tensor('float32', whole, [batch.items, n, n, n, channels]) : undefined,
    ]);
    return { loss, gradients, backward: { image, ...encoded, ...Object.fromEntries(levelTensors) } };
  }

  return {
    spec,
    device: onnxDevice(onnxOptions),
    async step(batch, learningRate) {
      const { loss, gradients, backward } = await forward(batch, true);
      if (!options.freezeEncoder) {
        const size = batch.crop?.size ?? spec.resolution;
        const session = await sessions.get(`backward ${batch.items} ${size}`, () =>
          encoderBackwardOnnx(spec, { items: batch.items, size }),
        );
        const found = await session.run(feedsOf(session, backward));
        for (const name of weights.keys()) addInto(gradients, name, found[gradientOf(name)]);
        updateRunningStatistics(spec, weights, backward);
      }
      step++;
      for (const name of weights.keys()) {
        if (!isTrained(name, options)) continue;
        adamStep(
          weights.get(name)!,
          gradients.get(name)!,
          first.get(name)!,
          second.get(name)!,
          learningRate,
          step,
        );
      }
      return loss;
    },
    validate: async (batch) => (await forward(batch, false)).loss,
    state: async () => ({
      step,
      weights: order.outside(weights),
      firstMoments: order.outside(first),
      secondMoments: order.outside(second),
    }),
    free: () => sessions.free(),
  };
}

/** Adds a tensor's values to those of that name; the first becomes the sum's own memory. */
function addInto(sums: Values, name: string, tensor: Tensors[string] | undefined): void {
  if (!tensor || isRunningStatistic(name)) return;
  const values = tensor.data as Float32Array;
  const sum = sums.get(name);
  if (!sum) sums.set(name, values);
  else for (let index = 0; index < sum.length; index++) sum[index] = sum[index]! + values[index]!;
}

function updateRunningStatistics(spec: FamilySpec, weights: Values, encoded: Tensors): void {
  spec.levels.forEach((_, level) => {
    const taken = { mean: encoded[`mean.${level}`]!, variance: encoded[`unbiased.${level}`]! };
    for (const [name, { data }] of Object.entries(taken)) {
      const running = weights.get(`encoder.${level}.norm.${name}`)!;
      const values = data as Float32Array;
      for (let channel = 0; channel < running.length; channel++) {
        running[channel] =
          (1 - BATCH_NORM_MOMENTUM) * running[channel]! + BATCH_NORM_MOMENTUM * values[channel]!;
      }
    }
  });
}

/** The sampled levels for an image of `size` voxels along an edge, the image itself first. */
function levelsOf(spec: FamilySpec, size: number): { resolution: number; channels: number }[] {
  const channels = familyChannels(spec);
  let resolution = size;
  return [
    { resolution, channels: channels[0]! },
    ...spec.levels.map(({ pool }, level) => {
      resolution /= pool;
      return { resolution, channels: channels[level + 1]! };
    }),
  ];
}

/** The points in the coordinates of the crop, where there is one: its faces at ±1. */
function localPoints(spec: FamilySpec, { crop, pointsNormalized }: FamilyBatch): Float32Array {
  if (!crop) return pointsNormalized;
  // With aligned corners no one cube fits all levels of a part.
  if (spec.alignCorners) throw new UserError(failure('training.crop-aligned'));
  return pointsNormalized.map(
    (value, index) => ((value + 1) * spec.resolution - 2 * crop.firstVoxel[index % 3]!) / crop.size - 1,
  );
}

interface SessionStore {
  get(key: string, graph: () => Uint8Array): Promise<OnnxSession>;
  free(): Promise<void>;
}

/** Sessions by what they compute, made when first asked for. */
function sessionStore(runtime: OnnxRuntime, options: OnnxOptions): SessionStore {
  const sessions = new Map<string, OnnxSession>();
  return {
    async get(key, graph) {
      let session = sessions.get(key);
      if (!session) {
        session = await runtime.InferenceSession.create(graph(), {
          executionProviders: ['cpu'],
          intraOpNumThreads: onnxThreads(options),
          interOpNumThreads: 1,
          executionMode: 'sequential',
          graphOptimizationLevel: 'all',
          logSeverityLevel: 3,
        });
        sessions.set(key, session);
      }
      return session;
    },
    async free() {
      for (const session of sessions.values()) await session.release();
      sessions.clear();
    },
  };
}
