import { GROUP_NORM_EPSILON } from '#shared/nudf/network/networkOps.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { weightOf } from '#shared/nudf/network/weightLayout.ts';
import type { OnnxGraph } from './onnxGraph.ts';

/** [depth, height, width, in, out] → [out, in, depth, height, width], ONNX's order. */
export function kernelToOnnx(kernel: Float32Array, shape: readonly number[]): Float32Array {
  const [depth, height, width, input, output] = shape as [number, number, number, number, number];
  const taps = depth * height * width;
  const reordered = new Float32Array(kernel.length);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < input; i++) {
      for (let o = 0; o < output; o++) {
        reordered[(o * input + i) * taps + tap] = kernel[(tap * input + i) * output + o]!;
      }
    }
  }
  return reordered;
}

/** A convolution with bias, "same" for odd kernels. */
export function convolution(graph: OnnxGraph, weights: WeightMap, prefix: string, value: string): string {
  const kernel = weightOf(weights, `${prefix}.kernel`);
  const [depth, height, width, input, output] = kernel.shape as [number, number, number, number, number];
  const half = [depth, height, width].map((size) => (size - 1) / 2);
  return graph.node(
    'Conv',
    [
      value,
      graph.floats(
        `${prefix}.kernel`,
        [output, input, depth, height, width],
        kernelToOnnx(kernel.data, kernel.shape),
      ),
      graph.floats(`${prefix}.bias`, [output], weightOf(weights, `${prefix}.bias`).data),
    ],
    { kernel_shape: [depth, height, width], pads: [...half, ...half] },
  );
}

/** A value before group norm and ReLU, and what these do to it: ReLU(factor · value + shift), by channel. */
export interface UnscaledChannels {
  /** [1, channels, resolution³]. */
  readonly value: string;
  readonly channels: number;
  readonly resolution: number;
  /** [groups, channels a group, 1] each. */
  readonly factor: string;
  readonly shift: string;
  /** Whether no factor is negative, so that the largest value stays the largest. */
  readonly isIncreasing: boolean;
}

/**
 * Group norm over the voxels and channels of each group, then scale and offset by channel. Means, of the values and of
 * their squares, are taken slice by slice and then over the slices: in single precision a plain sum over four million
 * voxels, which is what ONNX Runtime's InstanceNormalization makes, is off by 1e-4 of a standard deviation. The variance
 * from squares costs little: of `laa-nudf-128-roof` no value of a level is 2e-5 from that with centred values on images
 * like a CT's, and none 6e-4 where the whole image is of one value (largest values 15).
 */
function groupNorm(
  graph: OnnxGraph,
  weights: WeightMap,
  prefix: string,
  value: string,
  groups: number,
  resolution: number,
): UnscaledChannels {
  const scale = weightOf(weights, `${prefix}.scale`).data;
  const offset = weightOf(weights, `${prefix}.offset`).data;
  const channels = scale.length;
  const perGroup = channels / groups;
  const sliceVoxels = resolution ** 2;
  const slices = [groups, perGroup * resolution, sliceVoxels];
  const withinSlice = graph.integers('axis_2', [2]);
  const overSlices = graph.integers('axis_1', [1]);
  const meanOver = (sliced: string): string => graph.node('ReduceMean', [sliced, overSlices]);

  const sliced = graph.node('Reshape', [value, graph.integers(`slices_${slices.join('_')}`, slices)]);
  const mean = meanOver(graph.node('ReduceMean', [sliced, withinSlice]));
  const sliceSquares = meanOver(graph.node('ReduceSumSquare', [sliced, withinSlice]));
  const meanSquare = graph.node('Mul', [sliceSquares, graph.scalar(1 / sliceVoxels)]);
  // Where all values are equal, rounding may leave a little less than nothing.
  const variance = graph.node('Relu', [graph.node('Sub', [meanSquare, graph.node('Mul', [mean, mean])])]);
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(GROUP_NORM_EPSILON)])]);

  const byGroup = [groups, perGroup, 1];
  const factor = graph.node('Div', [graph.floats(`${prefix}.scale`, byGroup, scale), deviation]);
  const shift = graph.node('Sub', [
    graph.floats(`${prefix}.offset`, byGroup, offset),
    graph.node('Mul', [mean, factor]),
  ]);
  return { value, channels, resolution, factor, shift, isIncreasing: scale.every((one) => one >= 0) };
}

/** A convolution whose group norm and ReLU are still to be made, by `scaled`, `pooled` or `scaledChannelsLast`. */
export const unscaledConvolution = (
  graph: OnnxGraph,
  weights: WeightMap,
  prefix: string,
  value: string,
  groups: number,
  resolution: number,
): UnscaledChannels =>
  groupNorm(graph, weights, prefix, convolution(graph, weights, prefix, value), groups, resolution);

/** [1, channels, D, H, W] → the same shape, scaled, after ReLU. */
export function scaled(graph: OnnxGraph, { value, channels, factor, shift }: UnscaledChannels): string {
  const shape = graph.integers(`channels_${channels}`, [1, channels, 1, 1, 1]);
  const product = graph.node('Mul', [value, graph.node('Reshape', [factor, shape])]);
  return graph.node('Relu', [graph.node('Add', [product, graph.node('Reshape', [shift, shape])])]);
}

/** The largest scaled value of each window³; where factors allow it, the largest value scaled, which is less work. */
export function pooled(graph: OnnxGraph, unscaled: UnscaledChannels, window: number): string {
  if (window === 1) return scaled(graph, unscaled);
  if (!unscaled.isIncreasing) return maxPool(graph, scaled(graph, unscaled), window);
  const value = maxPool(graph, unscaled.value, window);
  return scaled(graph, { ...unscaled, value, resolution: unscaled.resolution / window });
}

/** What `scaled` gives, as the graph's output of that name, [D·H·W, channels]. */
export function scaledChannelsLast(graph: OnnxGraph, unscaled: UnscaledChannels, outputName: string): void {
  const { channels, resolution, factor } = unscaled;
  const row = graph.node('Reshape', [factor, graph.integers(`row_${channels}`, [channels])]);
  const diagonal = graph.node('Mul', [identity(graph, `${outputName}.identity`, channels), row]);
  graph.node('Relu', [channelsLast(graph, unscaled, diagonal)], {}, outputName);
  graph.output(outputName, [resolution ** 3, channels]);
}

/**
 * factor · value + shift of a [1, channels, resolution³] value, as [D·H·W, channels]: the transposed value times a
 * matrix with the factors on its diagonal, which ONNX Runtime computes with all threads; its Transpose has one.
 * @param outputName the product's, where it is an output of the graph
 */
export function channelsLast(
  graph: OnnxGraph,
  {
    value,
    channels,
    resolution,
    shift,
  }: Pick<UnscaledChannels, 'value' | 'channels' | 'resolution' | 'shift'>,
  diagonal: string,
  outputName?: string,
): string {
  const matrix = [channels, resolution ** 3];
  return graph.node(
    'Gemm',
    [
      graph.node('Reshape', [value, graph.integers(`matrix_${matrix.join('_')}`, matrix)]),
      diagonal,
      graph.node('Reshape', [shift, graph.integers(`row_${channels}`, [channels])]),
    ],
    { transA: 1 },
    outputName,
  );
}

/** The identity matrix of that size, as a constant of that name. */
function identity(graph: OnnxGraph, name: string, size: number): string {
  const data = new Float32Array(size * size);
  for (let index = 0; index < size; index++) data[index * (size + 1)] = 1;
  return graph.floats(name, [size, size], data);
}

/** Convolution, group norm, ReLU on a [1, C, resolution³] value. */
export const convolutionBlock = (
  graph: OnnxGraph,
  weights: WeightMap,
  prefix: string,
  value: string,
  groups: number,
  resolution: number,
): string => scaled(graph, unscaledConvolution(graph, weights, prefix, value, groups, resolution));

/** A value and the number of its channels. */
export interface Channels {
  readonly value: string;
  readonly count: number;
}

/** The same block on the channels of a [1, C, resolution³] value and, after them, those of a coarser one, upsampled. */
export function joiningBlock(
  graph: OnnxGraph,
  weights: WeightMap,
  prefix: string,
  fine: Channels,
  coarse: Channels,
  groups: number,
  resolution: number,
): string {
  const bias = weightOf(weights, `${prefix}.bias`);
  const ofFine = graph.node(
    'Conv',
    [
      fine.value,
      graph.floats(
        `${prefix}.kernel.fine`,
        [bias.data.length, fine.count, 3, 3, 3],
        kernelOf(weights, prefix, 0, fine.count),
      ),
      graph.floats(`${prefix}.bias`, [bias.data.length], bias.data),
    ],
    { kernel_shape: [3, 3, 3], pads: [1, 1, 1, 1, 1, 1] },
  );
  const kernel = kernelOf(weights, prefix, fine.count, fine.count + coarse.count);
  const ofCoarse = upsampledConvolution(graph, prefix, kernel, coarse, resolution);
  const convolved = graph.node('Add', [ofFine, ofCoarse]);
  return scaled(graph, groupNorm(graph, weights, prefix, convolved, groups, resolution));
}

/** Of a 3³ kernel the part of the inputs [from, to), in ONNX's order. */
function kernelOf(weights: WeightMap, prefix: string, from: number, to: number): Float32Array {
  const { data, shape } = weightOf(weights, `${prefix}.kernel`);
  const [depth, height, width, input, output] = shape as [number, number, number, number, number];
  if (depth !== 3 || height !== 3 || width !== 3 || to > input) {
    throw new RangeError(`The kernel of ${prefix} is not of 3³ taps over ${to} channels or more.`);
  }
  const part = new Float32Array(27 * (to - from) * output);
  for (let tap = 0; tap < 27; tap++) {
    const first = (tap * input + from) * output;
    part.set(data.subarray(first, first + (to - from) * output), tap * (to - from) * output);
  }
  return kernelToOnnx(part, [3, 3, 3, to - from, output]);
}

/** The eight places of fine voxels in a coarse one: first (0) or second (1) along z, y and x. */
const PLACES = [0, 1, 2, 3, 4, 5, 6, 7].map((place) => [place >> 2, (place >> 1) & 1, place & 1] as const);

/** Which of two neighbouring coarse voxels a kernel's three taps along an axis meet, in either place. */
const MEETS = [
  [0, 1, 1],
  [0, 0, 1],
] as const;

/**
 * A 3³ convolution, "same", of a value whose every voxel counts 2³ times, without making those. Neighbouring taps meet
 * the same coarse voxel, so that their weights can be added up once: 2³ taps remain for each of the 2³ places of a fine
 * voxel in its coarse one, less than a third of the work. Rounding aside it gives the same numbers.
 *
 * Example along one axis: the kernel a b c on the coarse voxels p q r, upsampled p p q q r r. The first q becomes
 * a·p + b·q + c·q = a·p + (b + c)·q, the second a·q + b·q + c·r = (a + b)·q + c·r.
 */
function upsampledConvolution(
  graph: OnnxGraph,
  prefix: string,
  kernel: Float32Array,
  coarse: Channels,
  resolution: number,
): string {
  const output = kernel.length / (27 * coarse.count);
  const half = resolution / 2;
  const parts = PLACES.map((place) =>
    graph.node(
      'Conv',
      [
        coarse.value,
        graph.floats(
          `${prefix}.kernel.coarse.${place.join('')}`,
          [output, coarse.count, 2, 2, 2],
          addedTaps(kernel, place),
        ),
      ],
      { kernel_shape: [2, 2, 2], pads: [...place.map((second) => 1 - second), ...place] },
    ),
  );
  const apart = [2, 2, 2, output, half, half, half];
  const byPlace = graph.node('Reshape', [
    graph.node('Concat', parts, { axis: 0 }),
    graph.integers(`places_${apart.join('_')}`, apart),
  ]);
  const shape = [1, output, resolution, resolution, resolution];
  return graph.node('Reshape', [
    graph.node('Transpose', [byPlace], { perm: [3, 4, 0, 5, 1, 6, 2] }),
    graph.integers(`voxels_${shape.join('_')}`, shape),
  ]);
}

/** Of each row of 3³ taps the 2³ sums of those that meet the same coarse voxel from a place. */
function addedTaps(kernel: Float32Array, [inZ, inY, inX]: readonly [number, number, number]): Float32Array {
  const meets = Uint8Array.from({ length: 27 }, (_, tap) => {
    const [z, y, x] = [Math.floor(tap / 9), Math.floor(tap / 3) % 3, tap % 3];
    return 4 * MEETS[inZ]![z]! + 2 * MEETS[inY]![y]! + MEETS[inX]![x]!;
  });
  const sums = new Float64Array((kernel.length / 27) * 8);
  // At every start of a program: plain loops, which take a few milliseconds.
  for (let from = 0, to = 0; from < kernel.length; from += 27, to += 8) {
    for (let tap = 0; tap < 27; tap++) {
      const at = to + meets[tap]!;
      sums[at] = sums[at]! + kernel[from + tap]!;
    }
  }
  return new Float32Array(sums);
}

/** Largest value of each window³ of a [1, C, D, H, W] value, stride as the window. */
export function maxPool(graph: OnnxGraph, value: string, window: number): string {
  const size = [window, window, window];
  return graph.node('MaxPool', [value], { kernel_shape: size, strides: size });
}
