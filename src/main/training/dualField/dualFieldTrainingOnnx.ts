import { GROUP_NORM_EPSILON } from '#shared/nudf/network/networkOps.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { decoderWidths } from '#shared/nudf/network/weightLayout.ts';
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
} from '../onnx/encoderGraph.ts';
import type { FieldRecipe } from '../recipe.ts';

/*
 * A training step of the dual-field network as three ONNX graphs, as `family/familyTrainingOnnx.ts` has them: the encoder
 * forward, the decoder with the loss forward and backward, the encoder backward. Group norms know no other item, so that
 * one item is encoded at a time, which bounds the memory.
 */

const ITEMS = 1;

/** A convolution with its group norm. */
interface NormedConvolution {
  readonly prefix: string;
  readonly size: number;
  readonly channels: number;
  readonly groups: number;
}

/** Names of values that the forward graph gives and the backward graph takes. */
const linearOf = ({ prefix }: NormedConvolution): string => `linear.${prefix}`;
const meanOf = ({ prefix }: NormedConvolution): string => `mean.${prefix}`;
const inverseOf = ({ prefix }: NormedConvolution): string => `inverse.${prefix}`;

const convolutionsOf = (
  { normGroups }: FieldNetworkSpec,
  { level, size, channels }: LevelShape,
): NormedConvolution[] =>
  channels.map((count, index) => ({
    prefix: `encoder.${level}.${index}`,
    size,
    channels: count,
    groups: normGroups,
  }));

/**
 * Names each group's mean and 1/√(variance + ε). Means are taken slice by slice and then over the slices, on centred values, as in
 * `convolutionBlock.ts`: a plain sum over millions of voxels is inexact in single precision.
 */
function groupStatistics(graph: OnnxGraph, of: NormedConvolution, linear: string): void {
  const { size, channels, groups } = of;
  const slices = [groups, (channels / groups) * size, size ** 2];
  const withinSlice = graph.integers('axis_2', [2]);
  const overSlices = graph.integers('axis_1', [1]);
  const sliced = graph.node('Reshape', [linear, graph.integers(`slices_${slices.join('_')}`, slices)]);
  const overGroup = (value: string): string =>
    graph.node('ReduceMean', [graph.node('ReduceMean', [value, withinSlice]), overSlices]);
  const mean = overGroup(sliced);
  const centred = graph.node('Sub', [sliced, mean]);
  const variance = overGroup(graph.node('Mul', [centred, centred]));
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(GROUP_NORM_EPSILON)])]);
  const vector = graph.integers(`vector_${groups}`, [groups]);
  graph.node('Reshape', [mean, vector], {}, meanOf(of));
  graph.node('Reshape', [graph.node('Reciprocal', [deviation]), vector], {}, inverseOf(of));
}

/** A value for each group, [groups] → [channels, 1, 1, 1]. */
function toChannels(graph: OnnxGraph, { channels, groups }: NormedConvolution, byGroup: string): string {
  const perGroup = channels / groups;
  const column = graph.node('Reshape', [byGroup, graph.integers(`column_${groups}`, [groups, 1])]);
  const shape = graph.integers(`groups_${groups}_${perGroup}`, [groups, perGroup]);
  const spread = graph.node('Expand', [column, shape]);
  const vector = graph.node('Reshape', [spread, graph.integers(`vector_${channels}`, [channels])]);
  return byChannel(graph, vector);
}

/** The sum over each group of a value for each channel, [channels] → [groups]. */
function overGroups(graph: OnnxGraph, { channels, groups }: NormedConvolution, byEach: string): string {
  const shape = graph.integers(`groups_${groups}_${channels / groups}`, [groups, channels / groups]);
  const rows = graph.node('Reshape', [byEach, shape]);
  return graph.node('ReduceSum', [rows, graph.integers('axis_1', [1])], { keepdims: 0 });
}

/** A convolution's output on its way: normed, scaled and shifted, after the ReLU. */
interface Activated {
  /** (x − mean)/σ */
  readonly unit: string;
  /** scale · unit + offset */
  readonly scaled: string;
  readonly value: string;
}

function activated(graph: OnnxGraph, of: NormedConvolution): Activated {
  const centred = graph.node('Sub', [linearOf(of), toChannels(graph, of, meanOf(of))]);
  const unit = graph.node('Mul', [centred, toChannels(graph, of, inverseOf(of))]);
  const [scale, offset] = ['scale', 'offset'].map((name) =>
    byChannel(graph, graph.input(`${of.prefix}.${name}`, [of.channels])),
  );
  const scaled = graph.node('Add', [graph.node('Mul', [unit, scale!]), offset!]);
  return { unit, scaled, value: graph.node('Relu', [scaled]) };
}

/**
 * `image` [1, 1, D, H, W], clamp(HU, ±clipHu)/clipHu → the levels, channels last; with `goesBack` also each
 * convolution's output and its groups' means and 1/σ.
 */
export function encoderForwardOnnx(spec: FieldNetworkSpec, goesBack: boolean): Uint8Array {
  const graph = onnxGraph('encoder');
  let value = graph.input('image', cube(ITEMS, 1, spec.resolution));
  let from = 1;
  for (const shape of levelShapes(spec.levels, spec.resolution)) {
    value = pooled(graph, shape, value);
    for (const of of convolutionsOf(spec, shape)) {
      const { prefix, channels, size } = of;
      const weights = [
        graph.input(`${prefix}.kernel`, [channels, from, 3, 3, 3]),
        graph.input(`${prefix}.bias`, [channels]),
      ];
      graph.node('Conv', [value, ...weights], CONVOLUTION, linearOf(of));
      groupStatistics(graph, of, linearOf(of));
      if (goesBack) {
        graph.output(linearOf(of), cube(ITEMS, channels, size));
        for (const name of [meanOf(of), inverseOf(of)]) graph.output(name, [of.groups]);
      }
      value = activated(graph, of).value;
      from = channels;
    }
    sampledLevel(graph, ITEMS, shape, value);
  }
  return graph.encode();
}

/** `image`, what the forward graph gave, and `gradient.levelN` → `gradient.NAME` of all the encoder's weights. */
export function encoderBackwardOnnx(spec: FieldNetworkSpec): Uint8Array {
  const graph = onnxGraph('encoderBackward');
  let above = graph.input('image', cube(ITEMS, 1, spec.resolution));
  const levels = levelShapes(spec.levels, spec.resolution).map((shape) => {
    const convolutions = convolutionsOf(spec, shape).map((of) => {
      graph.input(linearOf(of), cube(ITEMS, of.channels, of.size));
      for (const name of [meanOf(of), inverseOf(of)]) graph.input(name, [of.groups]);
      return { of, ...activated(graph, of) };
    });
    const seen = pooledFrom(graph, shape, above);
    above = convolutions.at(-1)!.value;
    return { shape, convolutions, seen };
  });
  let fromBelow: string | undefined;
  for (const level of levels.toReversed()) fromBelow = levelBackward(graph, level, fromBelow);
  return graph.encode();
}

interface Level {
  readonly shape: LevelShape;
  readonly convolutions: readonly (Activated & { readonly of: NormedConvolution })[];
  readonly seen: Pooled;
}

/** @returns the gradient of the level above; undefined for the image's */
function levelBackward(
  graph: OnnxGraph,
  { shape, convolutions, seen }: Level,
  fromBelow: string | undefined,
): string | undefined {
  let gradient = levelGradient(graph, ITEMS, shape, fromBelow);
  for (const [index, { of, ...after }] of [...convolutions.entries()].toReversed()) {
    const { prefix, channels, size } = of;
    const dz = normBackward(graph, of, after, gradient);
    sumOf(graph, dz, gradientOf(`${prefix}.bias`));
    graph.output(gradientOf(`${prefix}.bias`), [channels]);
    const x = index === 0 ? seen.value : convolutions[index - 1]!.value;
    const from = index === 0 ? shape.input : shape.channels[index - 1]!;
    filterGradient(graph, ITEMS, size, [from, channels], x, dz, gradientOf(`${prefix}.kernel`));
    graph.output(gradientOf(`${prefix}.kernel`), [channels, from, 3, 3, 3]);
    if (shape.level === 0 && index === 0) return undefined;
    gradient = inputGradient(graph, graph.input(`${prefix}.kernel`, [channels, from, 3, 3, 3]), dz);
  }
  return unpooled(graph, ITEMS, shape, seen, gradient);
}

/**
 * Back through ReLU and group norm: dz = (scale·dy − mean(scale·dy) − x̂·mean(scale·dy·x̂))/σ, means over each group, which are sums
 * of the scale's and offset's gradients.
 */
function normBackward(
  graph: OnnxGraph,
  of: NormedConvolution,
  { unit, scaled }: Activated,
  gradient: string,
): string {
  const { prefix, channels, groups, size } = of;
  const isOn = graph.node('Greater', [scaled, graph.scalar(0)]);
  const dy = graph.node('Where', [isOn, gradient, graph.scalar(0)]);
  const offsetGradient = sumOf(graph, dy, gradientOf(`${prefix}.offset`));
  const scaleGradient = sumOf(graph, graph.node('Mul', [dy, unit]), gradientOf(`${prefix}.scale`));
  for (const name of ['scale', 'offset']) graph.output(gradientOf(`${prefix}.${name}`), [channels]);
  const scale = `${prefix}.scale`;
  const share = graph.scalar(groups / (channels * size ** 3));
  const meanOver = (byEach: string): string => {
    const sum = overGroups(graph, of, graph.node('Mul', [scale, byEach]));
    return toChannels(graph, of, graph.node('Mul', [sum, share]));
  };
  const weighted = graph.node('Mul', [dy, byChannel(graph, scale)]);
  const rest = graph.node('Sub', [
    graph.node('Sub', [weighted, meanOver(offsetGradient)]),
    graph.node('Mul', [unit, meanOver(scaleGradient)]),
  ]);
  return graph.node('Mul', [rest, toChannels(graph, of, inverseOf(of))]);
}

/** One column of an [n, 2] value. */
const columnOf = (graph: OnnxGraph, value: string, column: 0 | 1): string =>
  graph.node('Slice', [
    value,
    graph.integers(`first_${column}`, [column]),
    graph.integers(`first_${column + 1}`, [column + 1]),
    graph.integers('axis_1', [1]),
  ]);

/** Smooth L1 of a column, x²/(2β) below β, |x| − β/2 above: its sum and its slope. */
function smoothL1(graph: OnnxGraph, difference: string, beta: number): { sum: string; slope: string } {
  const magnitude = graph.node('Abs', [difference]);
  const quadratic = graph.node('Min', [magnitude, graph.scalar(beta)]);
  // q²/(2β) + |x| − q is both branches in one.
  const square = graph.node('Mul', [graph.node('Mul', [quadratic, quadratic]), graph.scalar(1 / (2 * beta))]);
  const value = graph.node('Add', [square, graph.node('Sub', [magnitude, quadratic])]);
  const slope = graph.node('Mul', [difference, graph.scalar(1 / beta)]);
  return {
    sum: graph.node('ReduceSum', [value], { keepdims: 0 }),
    slope: graph.node('Max', [graph.node('Min', [slope, graph.scalar(1)]), graph.scalar(-1)]),
  };
}

/**
 * `features` [n, F·7] and `distances` [n, 2] (signed, unsigned, mm) → `loss` [1], as `fieldLoss` of `losses.ts` has it, and,
 * where asked for, the gradients of features and weights; all divided by `points`, those of the whole batch.
 */
export function decoderTrainingOnnx(
  spec: FieldNetworkSpec,
  loss: FieldRecipe['loss'],
  points: number,
  withGradients: boolean,
): Uint8Array {
  const graph = onnxGraph('decoder');
  const layers = decoderForward(graph, decoderWidths(spec));
  const truthMm = graph.input('distances', ['points', 2]);
  const scaledTruth = graph.node('Mul', [truthMm, graph.scalar(1 / spec.unitMm)]);
  const difference = (column: 0 | 1, least: number): string => {
    const truth = columnOf(graph, scaledTruth, column);
    const target = graph.node('Max', [graph.node('Min', [truth, graph.scalar(1)]), graph.scalar(least)]);
    return graph.node('Sub', [columnOf(graph, layers.predicted, column), target]);
  };
  const signed = smoothL1(graph, difference(0, -1), loss.beta);
  const unsigned = smoothL1(graph, difference(1, 0), loss.beta);
  // Cross-entropy of logits z with labels: softplus(z) − label·z.
  const logits = graph.node('Mul', [columnOf(graph, layers.predicted, 0), graph.scalar(-loss.sharpness)]);
  const isInside = graph.node('Less', [columnOf(graph, truthMm, 0), graph.scalar(0)]);
  const inside = graph.node('Where', [isInside, graph.scalar(1), graph.scalar(0)]);
  const entropy = graph.node(
    'ReduceSum',
    [graph.node('Sub', [graph.node('Softplus', [logits]), graph.node('Mul', [inside, logits])])],
    { keepdims: 0 },
  );
  const weighted = (value: string, weight: number): string =>
    graph.node('Mul', [value, graph.scalar(weight / points)]);
  const total = graph.node('Add', [
    graph.node('Add', [weighted(signed.sum, loss.signedWeight), weighted(unsigned.sum, loss.unsignedWeight)]),
    weighted(entropy, loss.signWeight),
  ]);
  graph.node('Reshape', [total, graph.integers('one', [1])], {}, 'loss');
  graph.output('loss', [1]);
  if (!withGradients) return graph.encode();
  const ofLogits = graph.node('Sub', [graph.node('Sigmoid', [logits]), inside]);
  const ofSigned = graph.node('Add', [
    weighted(signed.slope, loss.signedWeight),
    weighted(ofLogits, -loss.sharpness * loss.signWeight),
  ]);
  const ofUnsigned = weighted(unsigned.slope, loss.unsignedWeight);
  decoderBackward(graph, layers, graph.node('Concat', [ofSigned, ofUnsigned], { axis: 1 }));
  return graph.encode();
}
