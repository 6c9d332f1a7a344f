import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import { familyChannels, familyDecoderWidths } from '#shared/nudf/family/familySpec.ts';
import { maxPool } from '../../nudf/network/onnx/convolutionBlock.ts';
import { type OnnxGraph, onnxGraph } from '../../nudf/network/onnx/onnxGraph.ts';
import { CLAMP_DISTANCE, type FamilyLoss } from './familyTrainer.ts';

/*
 * A training step of the family as three ONNX graphs: the encoder forward, the decoder with the loss forward and
 * backward, the encoder backward. Between them the levels are sampled and the samples' gradients added up by our own
 * loops. Weights are inputs, in PyTorch's order of axes ([out, in, z, y, x] and [out, in]), by our names.
 */

/** What the encoder works on. */
export interface EncoderSize {
  readonly items: number;
  /** Voxels along an edge of the image. */
  readonly size: number;
}

const EPSILON = 1e-5;
const TAPS = 27;
/** From here on a filter's gradient is faster as 27 matrix products than as one convolution (measured, two cores). */
const FEWEST_VOXELS_FOR_PRODUCTS = 16 ** 3;

interface LevelShape {
  readonly level: number;
  readonly pool: number;
  readonly size: number;
  readonly above: number;
  readonly channels: readonly number[];
  readonly input: number;
}

/** Each level's sizes and channels. */
function levelShapes(spec: FamilySpec, size: number): LevelShape[] {
  const inputs = familyChannels(spec);
  let above = size;
  return spec.levels.map(({ pool, channels }, level) => {
    const shape = { level, pool, size: above / pool, above, channels, input: inputs[level]! };
    above /= pool;
    return shape;
  });
}

const cube = (items: number, channels: number, size: number): number[] => [items, channels, size, size, size];
const CONVOLUTION = { kernel_shape: [3, 3, 3], pads: [1, 1, 1, 1, 1, 1] };

/** Names of values that the forward graph gives and the backward graph takes. */
const activation = (level: number, index: number): string => `activation.${level}.${index}`;
const meanOf = (level: number): string => `mean.${level}`;
const inverseOf = (level: number): string => `inverse.${level}`;
export const levelName = (level: number): string => `level${level}`;

/** A vector of channels so that it is multiplied with volumes. */
const byChannel = (graph: OnnxGraph, vector: string): string =>
  graph.node('Unsqueeze', [vector, graph.integers('channel_axes', [0, 2, 3, 4])]);

const voxelAxes = (graph: OnnxGraph): string => graph.integers('voxel_axes', [0, 2, 3, 4]);

/** scale·(x − mean)·inverse + offset. */
function normed(graph: OnnxGraph, level: number, channels: number, value: string): string {
  const [scale, offset] = ['scale', 'offset'].map((name) =>
    byChannel(graph, graph.input(`encoder.${level}.norm.${name}`, [channels])),
  );
  const [mean, inverse] = [meanOf(level), inverseOf(level)].map((name) => byChannel(graph, name));
  const centred = graph.node('Sub', [value, mean!]);
  const factor = graph.node('Mul', [scale!, inverse!]);
  return graph.node('Add', [graph.node('Mul', [centred, factor]), offset!]);
}

/**
 * `image` [B, 1, D, H, W] → the levels, channels last, and all that going back needs: each convolution's output after
 * its ReLU, and each norm's mean and 1/√(variance + 1e-5).
 * @param statistics `batch`: the norms' statistics are the batch's; `given`: they are inputs
 */
export function encoderForwardOnnx(
  spec: FamilySpec,
  { items, size }: EncoderSize,
  statistics: 'batch' | 'given',
): Uint8Array {
  const graph = onnxGraph('encoder');
  let value = graph.input('image', cube(items, 1, size));
  for (const { level, pool, size: edge, channels, input } of levelShapes(spec, size)) {
    if (pool > 1) value = maxPool(graph, value, pool);
    let from = input;
    channels.forEach((count, index) => {
      const prefix = `encoder.${level}.${index}`;
      const weights = [
        graph.input(`${prefix}.kernel`, [count, from, 3, 3, 3]),
        graph.input(`${prefix}.bias`, [count]),
      ];
      const linear = graph.node('Conv', [value, ...weights], CONVOLUTION);
      value = graph.node('Relu', [linear], {}, activation(level, index));
      graph.output(value, cube(items, count, edge));
      from = count;
    });
    if (statistics === 'batch') batchStatistics(graph, level, from, items * edge ** 3, value);
    else for (const name of [meanOf(level), inverseOf(level)]) graph.input(name, [from]);
    value = normed(graph, level, from, value);
    const last = graph.node('Transpose', [value], { perm: [0, 2, 3, 4, 1] }, levelName(level + 1));
    graph.output(last, [items, edge, edge, edge, from]);
  }
  return graph.encode();
}

/** Mean and 1/σ; the mean of means of lines first, for a plain sum over many voxels is inexact in single precision. */
function batchStatistics(
  graph: OnnxGraph,
  level: number,
  channels: number,
  values: number,
  value: string,
): void {
  const overLines = (x: string): string => {
    const lines = graph.node('ReduceMean', [x, graph.integers('line_axis', [4])], { keepdims: 1 });
    return graph.node('ReduceMean', [lines, voxelAxes(graph)], { keepdims: 1 });
  };
  const mean = overLines(value);
  const centred = graph.node('Sub', [value, mean]);
  const variance = overLines(graph.node('Mul', [centred, centred]));
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(EPSILON)])]);
  const shape = graph.integers(`vector_${channels}`, [channels]);
  graph.node('Reshape', [mean, shape], {}, meanOf(level));
  graph.node('Reshape', [graph.node('Reciprocal', [deviation]), shape], {}, inverseOf(level));
  const factor = graph.scalar(values / Math.max(values - 1, 1));
  graph.node('Mul', [graph.node('Reshape', [variance, shape]), factor], {}, `unbiased.${level}`);
  for (const name of [meanOf(level), inverseOf(level), `unbiased.${level}`]) graph.output(name, [channels]);
}

/** The gradient of a filter [out, in, 3, 3, 3] from a convolution's input x and the gradient dz of its output. */
function filterGradient(
  graph: OnnxGraph,
  items: number,
  size: number,
  [input, output]: readonly [number, number],
  x: string,
  dz: string,
  name: string,
): void {
  const swap = { perm: [1, 0, 2, 3, 4] };
  const [byInput, byOutput] = [x, dz].map((value) =>
    items === 1 ? value : graph.node('Transpose', [value], swap),
  );
  if (size ** 3 < FEWEST_VOXELS_FOR_PRODUCTS) {
    // Correlating each channel of x with each channel of dz, the batch taken as channels.
    const edge = [size, size, size];
    const rows = graph.integers(`rows_${input}_${items}_${size}`, [input, items, ...edge]);
    const columns = graph.integers(`rows_${output}_${items}_${size}`, [output, items, ...edge]);
    const correlated = graph.node(
      'Conv',
      [graph.node('Reshape', [byInput!, rows]), graph.node('Reshape', [byOutput!, columns])],
      { kernel_shape: edge, pads: CONVOLUTION.pads },
    );
    graph.node('Transpose', [correlated], swap, name);
    return;
  }
  const pads = graph.integers('pad_voxels', [0, 0, 1, 1, 1, 0, 0, 1, 1, 1]);
  const padded = graph.node('Pad', [byInput!, pads]);
  const axes = graph.integers('zyx', [2, 3, 4]);
  const columns = items * size ** 3;
  const rows = graph.node('Reshape', [
    byOutput!,
    graph.integers(`flat_${output}_${columns}`, [output, columns]),
  ]);
  const flat = graph.integers(`flat_${input}_${columns}`, [input, columns]);
  const shifted = Array.from({ length: TAPS }, (_, tap) => {
    const first = [Math.floor(tap / 9), Math.floor(tap / 3) % 3, tap % 3];
    const slice = graph.node('Slice', [
      padded,
      graph.integers(`tap_${tap}`, first),
      graph.integers(
        `tap_end_${tap}_${size}`,
        first.map((at) => at + size),
      ),
      axes,
    ]);
    return graph.node('Reshape', [slice, flat]);
  });
  const transB = { transB: 1 };
  const product =
    input === 1
      ? // One channel: all taps are one product.
        graph.node('Gemm', [rows, graph.node('Concat', shifted, { axis: 0 })], transB)
      : graph.node(
          'Concat',
          shifted.map((slice) =>
            graph.node('Unsqueeze', [
              graph.node('Gemm', [rows, slice], transB),
              graph.integers('last_axis', [2]),
            ]),
          ),
          { axis: 2 },
        );
  graph.node(
    'Reshape',
    [product, graph.integers(`kernel_${output}_${input}`, [output, input, 3, 3, 3])],
    {},
    name,
  );
}

/** The gradient of a convolution's input: dz through the filter turned round. */
function inputGradient(graph: OnnxGraph, kernel: string, dz: string): string {
  const swapped = graph.node('Transpose', [kernel], { perm: [1, 0, 2, 3, 4] });
  const turned = graph.node('Slice', [
    swapped,
    graph.integers('from_end', [2, 2, 2]),
    graph.integers('past_begin', [-4, -4, -4]),
    graph.integers('zyx', [2, 3, 4]),
    graph.integers('backwards', [-1, -1, -1]),
  ]);
  return graph.node('Conv', [dz, turned], CONVOLUTION);
}

const sumOf = (graph: OnnxGraph, value: string, name: string): string =>
  graph.node('ReduceSum', [value, voxelAxes(graph)], { keepdims: 0 }, name);

/** The name of a weight's gradient. */
export const gradientOf = (name: string): string => `gradient.${name}`;

/** `image`, what the forward graph gave, and `gradient.levelN` → `gradient.NAME` of all the encoder's weights. */
export function encoderBackwardOnnx(spec: FamilySpec, { items, size }: EncoderSize): Uint8Array {
  const graph = onnxGraph('encoderBackward');
  const image = graph.input('image', cube(items, 1, size));
  const shapes = levelShapes(spec, size);
  for (const { level, channels, size: edge } of shapes) {
    channels.forEach((count, index) => {
      graph.input(activation(level, index), cube(items, count, edge));
    });
    for (const name of [meanOf(level), inverseOf(level)]) graph.input(name, [channels.at(-1)!]);
  }
  // What each level's first convolution saw, and which voxels the pooling took.
  const pooled = shapes.map(({ level, pool }) => {
    const above = level === 0 ? image : normedAbove(graph, shapes[level - 1]!);
    if (pool === 1) return { value: above, indices: undefined };
    const window = [pool, pool, pool];
    const indices = `indices.${level}`;
    const value = graph.node('MaxPool', [above], { kernel_shape: window, strides: window }, undefined, [
      indices,
    ]);
    return { value, indices };
  });
  let fromBelow: string | undefined;
  for (const shape of shapes.toReversed()) {
    fromBelow = levelBackward(graph, items, shape, pooled[shape.level]!, fromBelow);
  }
  return graph.encode();
}

/** A level's output once more, from its last activation. */
function normedAbove(graph: OnnxGraph, { level, channels }: LevelShape): string {
  return normed(graph, level, channels.at(-1)!, activation(level, channels.length - 1));
}

function levelBackward(
  graph: OnnxGraph,
  items: number,
  { level, size, above, channels, input }: LevelShape,
  pooled: { readonly value: string; readonly indices: string | undefined },
  fromBelow: string | undefined,
): string | undefined {
  const count = channels.at(-1)!;
  const sampled = graph.input(`gradient.${levelName(level + 1)}`, [items, size, size, size, count]);
  const own = graph.node('Transpose', [sampled], { perm: [0, 4, 1, 2, 3] });
  const dy = fromBelow === undefined ? own : graph.node('Add', [own, fromBelow]);
  // Batch norm: dx = scale/σ·(dy − mean(dy) − x̂·mean(dy·x̂)).
  const norm = `encoder.${level}.norm`;
  const last = activation(level, channels.length - 1);
  const inverse = byChannel(graph, inverseOf(level));
  const centred = graph.node('Sub', [last, byChannel(graph, meanOf(level))]);
  const unit = graph.node('Mul', [centred, inverse]);
  const offsetGradient = sumOf(graph, dy, gradientOf(`${norm}.offset`));
  const scaleGradient = sumOf(graph, graph.node('Mul', [dy, unit]), gradientOf(`${norm}.scale`));
  for (const name of ['scale', 'offset']) graph.output(gradientOf(`${norm}.${name}`), [count]);
  const share = graph.scalar(1 / (items * size ** 3));
  const meanGradient = byChannel(graph, graph.node('Mul', [offsetGradient, share]));
  const meanProduct = byChannel(graph, graph.node('Mul', [scaleGradient, share]));
  // The last level's norm is not computed again for a level below it, so its scale is not an input yet.
  if (fromBelow === undefined) graph.input(`${norm}.scale`, [count]);
  const scale = byChannel(graph, `${norm}.scale`);
  const rest = graph.node('Sub', [
    graph.node('Sub', [dy, meanGradient]),
    graph.node('Mul', [unit, meanProduct]),
  ]);
  let gradient = graph.node('Mul', [rest, graph.node('Mul', [scale, inverse])]);
  for (let index = channels.length - 1; index >= 0; index--) {
    const prefix = `encoder.${level}.${index}`;
    const [from, to] = [index === 0 ? input : channels[index - 1]!, channels[index]!];
    const isOn = graph.node('Greater', [activation(level, index), graph.scalar(0)]);
    const dz = graph.node('Where', [isOn, gradient, graph.scalar(0)]);
    sumOf(graph, dz, gradientOf(`${prefix}.bias`));
    graph.output(gradientOf(`${prefix}.bias`), [to]);
    const x = index === 0 ? pooled.value : activation(level, index - 1);
    filterGradient(graph, items, size, [from, to], x, dz, gradientOf(`${prefix}.kernel`));
    graph.output(gradientOf(`${prefix}.kernel`), [to, from, 3, 3, 3]);
    if (level === 0 && index === 0) return undefined;
    const kernel = graph.input(`${prefix}.kernel`, [to, from, 3, 3, 3]);
    gradient = inputGradient(graph, kernel, dz);
  }
  if (pooled.indices === undefined) return gradient;
  const pool = above / size;
  return graph.node(
    'MaxUnpool',
    [gradient, pooled.indices, graph.integers(`cube_${input}_${above}`, cube(items, input, above))],
    { kernel_shape: [pool, pool, pool], strides: [pool, pool, pool] },
  );
}

/**
 * `features` [n, F·7] and `distances` [n] → `loss` [1], the sum over the points, and, where asked for, the gradients of
 * features and weights; all divided by `items`.
 */
export function decoderTrainingOnnx(
  spec: FamilySpec,
  kind: FamilyLoss,
  items: number,
  withGradients: boolean,
): Uint8Array {
  const graph = onnxGraph('decoder');
  const widths = familyDecoderWidths(spec);
  const layers = widths.length - 1;
  const kernels = widths
    .slice(1)
    .map((to, index) => graph.input(`decoder.${index}.kernel`, [to, widths[index]!]));
  const biases = widths.slice(1).map((to, index) => graph.input(`decoder.${index}.bias`, [to]));
  const inputs = [graph.input('features', ['points', widths[0]!])];
  for (let index = 0; index < layers; index++) {
    const linear = graph.node('Gemm', [inputs[index]!, kernels[index]!, biases[index]!], { transB: 1 });
    inputs.push(index + 1 < layers ? graph.node('Relu', [linear]) : linear);
  }
  const predicted = inputs[layers]!;
  const column = graph.integers('column', [-1, 1]);
  const truth = graph.node('Reshape', [graph.input('distances', ['points']), column]);
  const limit = graph.scalar(CLAMP_DISTANCE);
  const target = graph.node('Min', [truth, limit]);
  const compared = kind === 'clamped' ? graph.node('Min', [predicted, limit]) : predicted;
  const difference = graph.node('Sub', [compared, target]);
  const share = graph.scalar(1 / items);
  const total = graph.node('ReduceSum', [graph.node('Abs', [difference])], { keepdims: 0 });
  graph.node('Mul', [total, share], {}, 'loss');
  graph.output('loss', [1]);
  if (!withGradients) return graph.encode();
  let gradient = graph.node('Mul', [graph.node('Sign', [difference]), share]);
  if (kind === 'clamped') {
    const isClamped = graph.node('Greater', [predicted, limit]);
    gradient = graph.node('Where', [isClamped, graph.scalar(0), gradient]);
  }
  for (let index = layers - 1; index >= 0; index--) {
    const [from, to] = [widths[index]!, widths[index + 1]!];
    const [kernelGradient, biasGradient] = ['kernel', 'bias'].map((name) =>
      gradientOf(`decoder.${index}.${name}`),
    );
    graph.node('Gemm', [gradient, inputs[index]!], { transA: 1 }, kernelGradient);
    graph.output(kernelGradient!, [to, from]);
    graph.node('ReduceSum', [gradient, graph.integers('rows', [0])], { keepdims: 0 }, biasGradient);
    graph.output(biasGradient!, [to]);
    const back = graph.node(
      'Gemm',
      [gradient, kernels[index]!],
      {},
      index === 0 ? gradientOf('features') : undefined,
    );
    if (index > 0) {
      const isOn = graph.node('Greater', [inputs[index]!, graph.scalar(0)]);
      gradient = graph.node('Where', [isOn, back, graph.scalar(0)]);
    }
  }
  graph.output(gradientOf('features'), ['points', widths[0]!]);
  return graph.encode();
}
