import { GROUP_NORM_EPSILON } from '../networkOps.ts';
import { weightOf } from '../weightLayout.ts';
import type { WeightMap } from '../weightMap.ts';
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
 * Group norm over the voxels and channels of each group, then scale and offset by channel, then ReLU. Instance norm
 * over a tensor reshaped to one channel a group has the mean and variance wanted, and a fast CPU kernel.
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
  const grouped = graph.node('Reshape', [value, graph.integers(`grouped_${groups}`, [1, groups, -1])]);
  const one = graph.floats(`${prefix}.one`, [groups], new Float32Array(groups).fill(1));
  const zero = graph.floats(`${prefix}.zero`, [groups], new Float32Array(groups));
  const normalised = graph.node('InstanceNormalization', [grouped, one, zero], {
    epsilon: { float: GROUP_NORM_EPSILON },
  });
  const shape = [1, channels, resolution, resolution, resolution];
  const voxels = graph.node('Reshape', [normalised, graph.integers(`voxels_${shape.join('_')}`, shape)]);
  const byChannel = [1, channels, 1, 1, 1];
  const scaled = graph.node('Mul', [voxels, graph.floats(`${prefix}.scale`, byChannel, scale)]);
  const shifted = graph.node('Add', [scaled, graph.floats(`${prefix}.offset`, byChannel, offset)]);
  return graph.node('Relu', [shifted]);
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

export function maxPool(graph: OnnxGraph, value: string, window: number): string {
  const size = [window, window, window];
  return graph.node('MaxPool', [value], { kernel_shape: size, strides: size });
}
