import type { FieldNetworkSpec, NetworkSpec, VolumeNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import {
  assertWeightsFit,
  decoderWidths,
  pyramidResolutions,
  TAP_COUNT,
  voxelOutputs,
  weightOf,
} from '#shared/nudf/network/weightLayout.ts';
import {
  type Channels,
  convolution,
  convolutionBlock,
  joiningBlock,
  maxPool,
  pooled,
  scaledChannelsLast,
  unscaledConvolution,
} from './convolutionBlock.ts';
import { type OnnxGraph, onnxGraph } from './onnxGraph.ts';

/**
 * The encoder: `image` [1, 1, D, H, W] (z, y, x), already clamp(HU, ±clipHu)/clipHu → `level1`, `level2`, … in
 * [D·H·W, C], so that the channels of a voxel lie together where they are sampled. Level 0, the image, is the input.
 */
export function encoderOnnx(spec: FieldNetworkSpec, weights: WeightMap): Uint8Array {
  const graph = onnxGraph('encoder');
  const resolutions = pyramidResolutions(spec);
  let value = graph.input('image', [1, 1, spec.resolution, spec.resolution, spec.resolution]);
  spec.levels.forEach((level, levelIndex) => {
    const resolution = resolutions[levelIndex + 1]!;
    const block = (index: number) =>
      [graph, weights, `encoder.${levelIndex}.${index}`, value, spec.normGroups, resolution] as const;
    const last = level.channels.length - 1;
    for (let index = 0; index < last; index++) value = convolutionBlock(...block(index));
    const unscaled = unscaledConvolution(...block(last));
    scaledChannelsLast(graph, unscaled, `level${levelIndex + 1}`);
    const next = spec.levels[levelIndex + 1];
    if (next) value = pooled(graph, unscaled, next.pool);
  });
  return graph.encode({ network: JSON.stringify(spec) });
}

/** How the decoder's input is ordered: by channel (c·7 + tap, the network's definition) or by tap (tap·F + c). */
export type FeatureOrder = 'channel-major' | 'tap-major';

/** Reorders the rows of the decoder's first kernel [F·7, hidden] from channel-major to tap-major. */
export function tapMajorRows(kernel: Float32Array, features: number, width: number): Float32Array {
  const reordered = new Float32Array(kernel.length);
  for (let channel = 0; channel < features; channel++) {
    for (let tap = 0; tap < TAP_COUNT; tap++) {
      const from = (channel * TAP_COUNT + tap) * width;
      reordered.set(kernel.subarray(from, from + width), (tap * features + channel) * width);
    }
  }
  return reordered;
}

/** The layers of a decoder with ReLU between them and a linear last one, from the one numbered `first` on. */
export function denseLayers(
  graph: OnnxGraph,
  widths: readonly number[],
  weights: WeightMap,
  first: number,
  input: string,
): void {
  let value = input;
  for (let index = first; index + 1 < widths.length; index++) {
    const [rows, columns] = [widths[index]!, widths[index + 1]!];
    const inputs = [
      value,
      graph.floats(
        `decoder.${index}.kernel`,
        [rows, columns],
        weightOf(weights, `decoder.${index}.kernel`).data,
      ),
      graph.floats(`decoder.${index}.bias`, [columns], weightOf(weights, `decoder.${index}.bias`).data),
    ];
    value =
      index + 2 === widths.length
        ? graph.node('Gemm', inputs, {}, 'distances')
        : graph.node('Relu', [graph.node('Gemm', inputs)]);
  }
  graph.output('distances', ['points', widths.at(-1)!]);
}

/**
 * Dense layers with ReLU between them and a linear last one: `features` [P, widths[0]] → `distances` [P, last width].
 * Weights are `decoder.{index}.kernel` [in, out] and `.bias`.
 */
export function denseDecoderOnnx(
  widths: readonly number[],
  weights: WeightMap,
  order: FeatureOrder,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const graph = onnxGraph('decoder');
  const features = graph.input('features', ['points', widths[0]!]);
  const first = weightOf(weights, 'decoder.0.kernel');
  const kernel =
    order === 'tap-major' ? tapMajorRows(first.data, widths[0]! / TAP_COUNT, widths[1]!) : first.data;
  const ordered = new Map([...weights, ['decoder.0.kernel', { ...first, data: kernel }]]);
  denseLayers(graph, widths, ordered, 0, features);
  return graph.encode(metadata);
}

/** The decoder: `features` [P, F·7] → `distances` [P, outputs], see FieldNetworkSpec, in units of unitMm. */
export const decoderOnnx = (
  spec: FieldNetworkSpec,
  weights: WeightMap,
  order: FeatureOrder = 'channel-major',
): Uint8Array =>
  denseDecoderOnnx(decoderWidths(spec), weights, order, {
    network: JSON.stringify(spec),
    featureOrder: order,
  });

/** A U-Net of voxels: `image` [1, 1, D, H, W], normalised → `logits` [1, outputs, D, H, W]. */
export function regionOnnx(spec: VolumeNetworkSpec, weights: WeightMap): Uint8Array {
  const graph = onnxGraph('region');
  const size = spec.resolution;
  let value = graph.input('image', [1, 1, size, size, size]);
  const skips: Channels[] = [];
  const block = (name: string, level: number): string =>
    convolutionBlock(graph, weights, name, value, spec.normGroups, size >> level);
  spec.channels.forEach((count, level) => {
    if (level > 0) value = maxPool(graph, value, 2);
    for (const index of [0, 1]) value = block(`down.${level}.${index}`, level);
    skips.push({ value, count });
  });
  for (let level = spec.channels.length - 2; level >= 0; level--) {
    const coarse = { value, count: spec.channels[level + 1]! };
    const [name, fine] = [`up.${level}.0`, skips[level]!];
    value = joiningBlock(graph, weights, name, fine, coarse, spec.normGroups, size >> level);
    value = block(`up.${level}.1`, level);
  }
  graph.node('Identity', [convolution(graph, weights, 'head', value)], {}, 'logits');
  graph.output('logits', [1, voxelOutputs(spec), size, size, size]);
  return graph.encode({ network: JSON.stringify(spec) });
}

/** ONNX files by the name of their part: `encoder` and `decoder` for a field network, `region` or `surroundings` for a U-Net. */
export function exportOnnx(spec: NetworkSpec, weights: WeightMap): ReadonlyMap<string, Uint8Array> {
  assertWeightsFit(spec, weights);
  if (spec.kind === 'region-unet') return new Map([['region', regionOnnx(spec, weights)]]);
  if (spec.kind === 'surroundings-unet') return new Map([['surroundings', regionOnnx(spec, weights)]]);
  return new Map([
    ['encoder', encoderOnnx(spec, weights)],
    ['decoder', decoderOnnx(spec, weights)],
  ]);
}
