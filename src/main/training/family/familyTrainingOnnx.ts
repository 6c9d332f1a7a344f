import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import { familyDecoderWidths } from '#shared/nudf/family/familySpec.ts';
import { type OnnxGraph, onnxGraph } from '../../nudf/network/onnx/onnxGraph.ts';
import { filterGradient, inputGradient } from '../onnx/convolutionGradient.ts';
import { decoderBackward, decoderForward } from '../onnx/decoderGraph.ts';
import {
  byChannel,
  CONVOLUTION,
  cube,
  gradientOf,
  type LevelShape,
  levelGradient,
  levelShapes,
  type Pooled,
  pooled,
  pooledFrom,
  sampledLevel,
  sumOf,
  unpooled,
  voxelAxes,
} from '../onnx/encoderGraph.ts';
import { CLAMP_DISTANCE, type FamilyLoss } from './familyTrainer.ts';

/*
 * A training step of the family as three ONNX graphs: the encoder forward, the decoder with the loss forward and
 * backward, the encoder backward. Between them the levels are sampled and the samples' gradients added up
 * (`onnx/onnxTrainer.ts`).
 */

/** What the encoder works on. */
export interface EncoderSize {
  readonly items: number;
  /** Voxels along an edge of the image. */
  readonly size: number;
}

const EPSILON = 1e-5;

/** Names of values that the forward graph gives and the backward graph takes. */
const activation = (level: number, index: number): string => `activation.${level}.${index}`;
const meanOf = (level: number): string => `mean.${level}`;
const inverseOf = (level: number): string => `inverse.${level}`;

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
  for (const shape of levelShapes(spec.levels, size)) {
    const { level, size: edge, channels, input } = shape;
    value = pooled(graph, shape, value);
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
    sampledLevel(graph, items, shape, value);
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

/** `image`, what the forward graph gave, and `gradient.levelN` → `gradient.NAME` of all the encoder's weights. */
export function encoderBackwardOnnx(spec: FamilySpec, { items, size }: EncoderSize): Uint8Array {
  const graph = onnxGraph('encoderBackward');
  const image = graph.input('image', cube(items, 1, size));
  const shapes = levelShapes(spec.levels, size);
  for (const { level, channels, size: edge } of shapes) {
    channels.forEach((count, index) => {
      graph.input(activation(level, index), cube(items, count, edge));
    });
    for (const name of [meanOf(level), inverseOf(level)]) graph.input(name, [channels.at(-1)!]);
  }
  const seen = shapes.map((shape) =>
    pooledFrom(graph, shape, shape.level === 0 ? image : normedAbove(graph, shapes[shape.level - 1]!)),
  );
  let fromBelow: string | undefined;
  for (const shape of shapes.toReversed()) {
    fromBelow = levelBackward(graph, items, shape, seen[shape.level]!, fromBelow);
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
  shape: LevelShape,
  seen: Pooled,
  fromBelow: string | undefined,
): string | undefined {
  const { level, size, channels, input } = shape;
  const count = channels.at(-1)!;
  const dy = levelGradient(graph, items, shape, fromBelow);
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
    const x = index === 0 ? seen.value : activation(level, index - 1);
    filterGradient(graph, items, size, [from, to], x, dz, gradientOf(`${prefix}.kernel`));
    graph.output(gradientOf(`${prefix}.kernel`), [to, from, 3, 3, 3]);
    if (level === 0 && index === 0) return undefined;
    const kernel = graph.input(`${prefix}.kernel`, [to, from, 3, 3, 3]);
    gradient = inputGradient(graph, kernel, dz);
  }
  return unpooled(graph, items, shape, seen, gradient);
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
  const layers = decoderForward(graph, familyDecoderWidths(spec));
  const { predicted } = layers;
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
  decoderBackward(graph, layers, gradient);
  return graph.encode();
}
