import {
  loadOnnxRuntime,
  type OnnxOptions,
  type OnnxRuntime,
  type OnnxSession,
  onnxDevice,
  onnxThreads,
} from '../../nudf/engine/onnxRuntime.ts';
import {
  createPyramidSampler,
  type PyramidLevel,
  type PyramidSampler,
} from '../../nudf/engine/pyramidSampler.ts';
import type { EpochTrainer, TrainerState } from '../epochs/epochTrainer.ts';
import type { AdamItem } from './adam.ts';
import { gradientOf, levelName } from './encoderGraph.ts';
import { addSampleGradients } from './pyramidGradient.ts';
import { insideOrder, type OrderedWeight, outsideOrder, type Values } from './weightOrder.ts';

/** Points decoded at once, as in evaluation: long enough for the matrix product, short enough for the memory. */
const CHUNK_POINTS = 2048;

type Tensors = Awaited<ReturnType<OnnxSession['run']>>;

/** Numbers with their shape, for an input of a graph. */
export interface GraphInput {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** A graph that is made when it is first needed; `key` tells it from others of the network. */
export interface KeyedGraph {
  readonly key: string;
  make(): Uint8Array;
}

/** Some items of a batch whose images are encoded together. */
export interface EncoderPass {
  /** The first of them in the batch. */
  readonly first: number;
  readonly items: number;
  /** Voxels along an edge. */
  readonly size: number;
  /** items · size³ values as the encoder sees them, x fastest. */
  readonly image: Float32Array;
}

/** What the encoder gave, by the names of the graph's outputs. */
export type EncoderOutputs = ReadonlyMap<string, Float32Array>;

/** A weight that the optimiser moves, with its gradient in this step and its moments. */
export type TrainedWeight = AdamItem & { readonly name: string };

/** What differs from network to network. */
export interface OnnxNetwork<B> {
  readonly weights: readonly OrderedWeight[];
  /** The names of the weights that the optimiser moves; with none of the encoder's it is not gone back through. */
  readonly trained: readonly string[];
  readonly alignCorners: boolean;
  /** Gives the memory of intermediate volumes back after each graph: slower by a sixth, half the memory. */
  readonly savesMemory?: boolean;
  /** The sampled levels for an image of `size` voxels along an edge, the image itself first. */
  levels(size: number): readonly PyramidLevel[];
  /** δ in the coordinates of such an image. */
  offsetNormalized(size: number): number;
  /** The batch's points, 3 · items · points, in the coordinates of the passes' images. */
  points(batch: B): Float32Array;
  passes(batch: B): Iterable<EncoderPass>;
  /** `image` and weights → `level1` …, and what going back needs. */
  encoderForward(pass: EncoderPass, isTraining: boolean): KeyedGraph;
  /** Inputs of that graph beside the image and the weights. */
  encoderInputs?(weights: Values): Readonly<Record<string, GraphInput>>;
  /** What the forward graph took and gave, and `gradient.levelN` → `gradient.NAME` of the encoder's weights. */
  encoderBackward(pass: EncoderPass): KeyedGraph;
  /** After going back through the encoder. */
  afterEncoding?(weights: Values, outputs: EncoderOutputs): void;
  /** `features` [n, F·7], the targets and weights → `loss` and, in training, `gradient.features` and `gradient.NAME`. */
  decoder(batch: B, isTraining: boolean): KeyedGraph;
  /** The decoder's inputs beside features and weights, for `count` points from `first` on. */
  targets(batch: B, first: number, count: number): Readonly<Record<string, GraphInput>>;
  /** Moves the weights in place; `step` is 1 for the first. */
  apply(weights: readonly TrainedWeight[], learningRate: number, step: number): void;
}

/**
 * A trainer by ONNX Runtime on the CPU: encoder and decoder, forward and backward, as graphs; sampling, its gradient and the
 * optimiser by our own loops.
 * @throws UserError where the platform has no ONNX Runtime
 */
export async function createOnnxTrainer<B extends { readonly items: number; readonly points: number }>(
  initial: TrainerState,
  network: OnnxNetwork<B>,
  onnxOptions: OnnxOptions = {},
): Promise<EpochTrainer<B>> {
  const runtime = await loadOnnxRuntime();
  const weights = insideOrder(network.weights, initial.weights);
  const firstMoments = insideOrder(network.weights, initial.firstMoments);
  const secondMoments = insideOrder(network.weights, initial.secondMoments);
  const shapeOf = new Map(network.weights.map(({ name, torchShape }) => [name, torchShape]));
  const isEncoderTrained = network.trained.some((name) => name.startsWith('encoder.'));
  const sessions = sessionStore(runtime, onnxOptions, network.savesMemory ?? false);
  const samplers = new Map<number, PyramidSampler>();
  let { step } = initial;

  const tensorOf = ({ data, shape }: GraphInput) => new runtime.Tensor('float32', data, shape);
  const tensorsOf = (inputs: Readonly<Record<string, GraphInput>> = {}): Tensors =>
    Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, tensorOf(input)]));

  /** The named weights and other values as tensors: those that the session asks for. */
  const feedsOf = (session: OnnxSession, values: Tensors): Tensors =>
    Object.fromEntries(
      session.inputNames.map((name) => {
        const value = values[name];
        if (value) return [name, value];
        const shape = shapeOf.get(name)!;
        // A dense kernel is a matrix here, a 1×1 convolution in PyTorch.
        const isDense = name.startsWith('decoder.') && shape.length === 3;
        const data = weights.get(name)!;
        return [name, tensorOf({ data, shape: isDense ? shape.slice(0, 2) : shape })];
      }),
    );

  const samplerOf = (size: number): PyramidSampler => {
    let sampler = samplers.get(size);
    if (!sampler) {
      const offset = network.offsetNormalized(size);
      sampler = createPyramidSampler(network.levels(size), offset, CHUNK_POINTS, network.alignCorners);
      samplers.set(size, sampler);
    }
    return sampler;
  };

  /** Decodes the points of one item whose levels lie in the sampler, and adds up their gradients. @returns its share of the loss */
  async function decodeItem(
    batch: B,
    item: number,
    points: Float32Array,
    { size }: EncoderPass,
    gradients: Values | undefined,
    levelGradients: readonly (PyramidLevel & { readonly data: Float32Array })[],
  ): Promise<number> {
    const decoder = await sessions.get(network.decoder(batch, gradients !== undefined));
    const sampler = samplerOf(size);
    const width = sampler.features.length / CHUNK_POINTS;
    let loss = 0;
    for (let done = 0; done < batch.points; done += CHUNK_POINTS) {
      const at = item * batch.points + done;
      const count = Math.min(CHUNK_POINTS, batch.points - done);
      sampler.sample(points, at, count);
      const features = { data: sampler.features.subarray(0, count * width), shape: [count, width] };
      const found = await decoder.run(
        feedsOf(decoder, tensorsOf({ features, ...network.targets(batch, at, count) })),
      );
      loss += (found.loss!.data as Float32Array)[0]!;
      if (!gradients) continue;
      addGradients(gradients, weights.keys(), found);
      if (isEncoderTrained) {
        const rows = found[gradientOf('features')]!.data as Float32Array;
        const offset = network.offsetNormalized(size);
        addSampleGradients(levelGradients, points, at, count, rows, offset, network.alignCorners);
      }
    }
    return loss;
  }

  /** The loss of a batch; where `gradients` are given, they are added to. */
  async function run(batch: B, gradients: Values | undefined): Promise<number> {
    const points = network.points(batch);
    let loss = 0;
    for (const pass of network.passes(batch)) {
      const { items, size, first } = pass;
      const levels = network.levels(size);
      const encoder = await sessions.get(network.encoderForward(pass, gradients !== undefined));
      const image = tensorOf({ data: pass.image, shape: [items, 1, size, size, size] });
      const inputs = { image, ...tensorsOf(network.encoderInputs?.(weights)) };
      const encoded = await encoder.run(feedsOf(encoder, inputs));
      // The image has no gradient of use.
      const goesBack = gradients !== undefined && isEncoderTrained;
      const levelGradients = levels.map(({ resolution, channels }, level) => {
        const voxels = goesBack && level > 0 ? resolution ** 3 : 0;
        return { resolution, channels, data: new Float32Array(items * voxels * channels) };
      });
      for (let item = 0; item < items; item++) {
        const partOf = (data: Float32Array): Float32Array =>
          data.subarray((item * data.length) / items, ((item + 1) * data.length) / items);
        levels.forEach((_, level) => {
          const data = level === 0 ? pass.image : (encoded[levelName(level)]!.data as Float32Array);
          samplerOf(size).levels[level]!.set(partOf(data));
        });
        const ofItem = levelGradients.map((level) => ({ ...level, data: partOf(level.data) }));
        loss += await decodeItem(batch, first + item, points, pass, gradients, ofItem);
      }
      if (!goesBack) continue;
      const backward = await sessions.get(network.encoderBackward(pass));
      const ofLevels = levelGradients.map(({ resolution: n, channels, data }, level) => [
        gradientOf(levelName(level)),
        { data, shape: [items, n, n, n, channels] },
      ]);
      const given = { ...inputs, ...encoded, ...tensorsOf(Object.fromEntries(ofLevels.slice(1))) };
      addGradients(gradients, weights.keys(), await backward.run(feedsOf(backward, given)));
      network.afterEncoding?.(
        weights,
        new Map(Object.entries(encoded).map(([name, { data }]) => [name, data as Float32Array])),
      );
    }
    return loss;
  }

  return {
    device: onnxDevice(onnxOptions),
    async step(batch, learningRate) {
      const gradients: Values = new Map();
      const loss = await run(batch, gradients);
      step++;
      const trained = network.trained.map((name) => ({
        name,
        weights: weights.get(name)!,
        gradient: gradients.get(name)!,
        firstMoment: firstMoments.get(name)!,
        secondMoment: secondMoments.get(name)!,
      }));
      network.apply(trained, learningRate, step);
      return loss;
    },
    validate: (batch) => run(batch, undefined),
    state: async () => ({
      step,
      weights: outsideOrder(network.weights, weights),
      firstMoments: outsideOrder(network.weights, firstMoments),
      secondMoments: outsideOrder(network.weights, secondMoments),
    }),
    free: () => sessions.free(),
  };
}

/** Adds what a graph gave for each weight to the sums; the first becomes the sum's own memory. */
function addGradients(sums: Values, names: Iterable<string>, found: Tensors): void {
  for (const name of names) {
    const tensor = found[gradientOf(name)];
    if (!tensor) continue;
    const values = tensor.data as Float32Array;
    const sum = sums.get(name);
    if (!sum) sums.set(name, values);
    else for (let index = 0; index < sum.length; index++) sum[index] = sum[index]! + values[index]!;
  }
}

interface SessionStore {
  get(graph: KeyedGraph): Promise<OnnxSession>;
  free(): Promise<void>;
}

/** Sessions by what they compute, made when first asked for. */
function sessionStore(runtime: OnnxRuntime, options: OnnxOptions, savesMemory: boolean): SessionStore {
  const sessions = new Map<string, OnnxSession>();
  return {
    async get({ key, make }) {
      let session = sessions.get(key);
      if (!session) {
        session = await runtime.InferenceSession.create(make(), {
          executionProviders: ['cpu'],
          intraOpNumThreads: onnxThreads(options),
          interOpNumThreads: 1,
          executionMode: 'sequential',
          graphOptimizationLevel: 'all',
          enableCpuMemArena: !savesMemory,
          // Between two computations there is work in JavaScript, and threads that spin would take its time.
          extra: { session: { intra_op: { allow_spinning: '0' } } },
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
