import { maxPool } from '../../nudf/network/onnx/convolutionBlock.ts';
import type { OnnxGraph } from '../../nudf/network/onnx/onnxGraph.ts';

/*
 * What the training graphs of all networks are made of. Weights are inputs, in PyTorch's order of axes ([out, in, z, y, x]
 * and [out, in]), by our names.
 */

/** One level of an encoder. */
export interface LevelShape {
  readonly level: number;
  readonly pool: number;
  /** Voxels along an edge, and those of the level above. */
  readonly size: number;
  readonly above: number;
  /** Output channels of each convolution. */
  readonly channels: readonly number[];
  /** Channels of the level above. */
  readonly input: number;
}

/** Each level's sizes and channels, for an image of one channel and `size` voxels along an edge. */
export function levelShapes(
  levels: readonly { readonly pool: number; readonly channels: readonly number[] }[],
  size: number,
): LevelShape[] {
  let [above, input] = [size, 1];
  return levels.map(({ pool, channels }, level) => {
    const shape = { level, pool, size: above / pool, above, channels, input };
    [above, input] = [shape.size, channels.at(-1)!];
    return shape;
  });
}

export const cube = (items: number, channels: number, size: number): number[] => [
  items,
  channels,
  size,
  size,
  size,
];
/** A convolution of 3³ with as many voxels out as in. */
export const CONVOLUTION = { kernel_shape: [3, 3, 3], pads: [1, 1, 1, 1, 1, 1] };

/** The name of a level where it is sampled, channels last; level 0 is the image. */
export const levelName = (level: number): string => `level${level}`;
/** The name of a weight's gradient. */
export const gradientOf = (name: string): string => `gradient.${name}`;

/** A vector of channels so that it is multiplied with volumes. */
export const byChannel = (graph: OnnxGraph, vector: string): string =>
  graph.node('Unsqueeze', [vector, graph.integers('channel_axes', [0, 2, 3, 4])]);

export const voxelAxes = (graph: OnnxGraph): string => graph.integers('voxel_axes', [0, 2, 3, 4]);

/** The sum over voxels and items for each channel. */
export const sumOf = (graph: OnnxGraph, value: string, name?: string): string =>
  graph.node('ReduceSum', [value, voxelAxes(graph)], { keepdims: 0 }, name);

/** A level so that its channels lie together where it is sampled, and named. */
export function sampledLevel(
  graph: OnnxGraph,
  items: number,
  { level, size, channels }: LevelShape,
  value: string,
): void {
  const last = graph.node('Transpose', [value], { perm: [0, 2, 3, 4, 1] }, levelName(level + 1));
  graph.output(last, [items, size, size, size, channels.at(-1)!]);
}

/** The gradient of a level's samples, with that from the level below it. */
export function levelGradient(
  graph: OnnxGraph,
  items: number,
  { level, size, channels }: LevelShape,
  fromBelow: string | undefined,
): string {
  const sampled = graph.input(gradientOf(levelName(level + 1)), [items, size, size, size, channels.at(-1)!]);
  const own = graph.node('Transpose', [sampled], { perm: [0, 4, 1, 2, 3] });
  return fromBelow === undefined ? own : graph.node('Add', [own, fromBelow]);
}

/** What a level's first convolution sees, and which voxels the pooling took. */
export interface Pooled {
  readonly value: string;
  readonly indices: string | undefined;
}

export function pooledFrom(graph: OnnxGraph, { level, pool }: LevelShape, above: string): Pooled {
  if (pool === 1) return { value: above, indices: undefined };
  const window = [pool, pool, pool];
  const indices = `indices.${level}`;
  const value = graph.node('MaxPool', [above], { kernel_shape: window, strides: window }, undefined, [
    indices,
  ]);
  return { value, indices };
}

/** The gradient of the level above from that of the pooled one. */
export function unpooled(
  graph: OnnxGraph,
  items: number,
  { pool, above, input }: LevelShape,
  { indices }: Pooled,
  gradient: string,
): string {
  if (indices === undefined) return gradient;
  const window = [pool, pool, pool];
  const shape = graph.integers(`cube_${input}_${above}`, cube(items, input, above));
  return graph.node('MaxUnpool', [gradient, indices, shape], { kernel_shape: window, strides: window });
}

export const pooled = (graph: OnnxGraph, { pool }: LevelShape, value: string): string =>
  pool > 1 ? maxPool(graph, value, pool) : value;
