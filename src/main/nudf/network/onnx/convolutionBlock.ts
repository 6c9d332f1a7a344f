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
  return groupNormRelu(
    graph,
    weights,
    prefix,
    convolution(graph, weights, prefix, value),
    groups,
    resolution,
  );
}

/** Largest value of each window³ of a [1, C, D, H, W] value, stride as the window. */
export function maxPool(graph: OnnxGraph, value: string, window: number): string {
  const size = [window, window, window];
  return graph.node('MaxPool', [value], { kernel_shape: size, strides: size });
}
