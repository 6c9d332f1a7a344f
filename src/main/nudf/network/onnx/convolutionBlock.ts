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

/**
 * Group norm over the voxels and channels of each group, then scale and offset by channel, then ReLU. Means are taken
 * slice by slice and then over the slices, on centred values: in single precision a plain sum over four million
 * voxels, which is what ONNX Runtime's InstanceNormalization makes, is off by 1e-4 of a standard deviation.
 */
function groupNormRelu(
  graph: OnnxGraph,
  weights: WeightMap,
  prefix: string,
  value: string,
  groups: number,
  resolution: number,
): string {
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
  const centred = graph.node('Sub', [sliced, mean]);
  const sliceSquares = meanOver(graph.node('ReduceSumSquare', [centred, withinSlice]));
  const variance = graph.node('Mul', [sliceSquares, graph.scalar(1 / sliceVoxels)]);
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(GROUP_NORM_EPSILON)])]);

  const byGroup = graph.floats(`${prefix}.scale`, [groups, perGroup, 1], scale);
  const channelShape = [1, channels, 1, 1, 1];
  const factor = graph.node('Reshape', [
    graph.node('Div', [byGroup, deviation]),
    graph.integers(`channels_${channels}`, channelShape),
  ]);
  const shape = [1, channels, resolution, resolution, resolution];
  const voxels = graph.node('Reshape', [centred, graph.integers(`voxels_${shape.join('_')}`, shape)]);
  const scaled = graph.node('Mul', [voxels, factor]);
  const shift = graph.floats(`${prefix}.offset`, channelShape, offset);
  return graph.node('Relu', [graph.node('Add', [scaled, shift])]);
}

/** Convolution, group norm, ReLU on a [1, C, resolution³] value. */
export function convolutionBlock(
  graph: OnnxGraph,
  weights: WeightMap,
  prefix: string,
  value: string,
  groups: number,
  resolution: number,
): string {
  const convolved = convolution(graph, weights, prefix, value);
  return groupNormRelu(graph, weights, prefix, convolved, groups, resolution);
}

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
  return groupNormRelu(graph, weights, prefix, convolved, groups, resolution);
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
