import {
  type FamilySpec,
  familyChannels,
  familyDecoderWidths,
  familyResolutions,
} from '#shared/nudf/family/familySpec.ts';
import { foldedNorm } from '#shared/nudf/family/familyWeights.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { channelsLast, convolution, maxPool } from '../network/onnx/convolutionBlock.ts';
import { denseDecoderOnnx } from '../network/onnx/exportOnnx.ts';
import { onnxGraph } from '../network/onnx/onnxGraph.ts';

/** The encoder: `image` [1, 1, D, H, W] in HU → `level1`, `level2`, … in [D·H·W, C]. */
export function familyEncoderOnnx(spec: FamilySpec, weights: WeightMap): Uint8Array {
  const graph = onnxGraph('encoder');
  const channels = familyChannels(spec);
  const resolutions = familyResolutions(spec);
  let value = graph.input('image', [1, 1, spec.resolution, spec.resolution, spec.resolution]);
  spec.levels.forEach((level, levelIndex) => {
    if (level.pool > 1) value = maxPool(graph, value, level.pool);
    level.channels.forEach((_, index) => {
      value = graph.node('Relu', [convolution(graph, weights, `encoder.${levelIndex}.${index}`, value)]);
    });
    const count = channels[levelIndex + 1]!;
    const { factor, shift } = foldedNorm(weights, levelIndex);
    const [name, size] = [`level${levelIndex + 1}`, resolutions[levelIndex + 1]!];
    const diagonal = new Float32Array(count * count);
    for (let channel = 0; channel < count; channel++) diagonal[channel * (count + 1)] = factor[channel]!;
    channelsLast(
      graph,
      {
        value,
        channels: count,
        resolution: size,
        shift: graph.floats(`${name}.shift`, [count], shift),
      },
      graph.floats(`${name}.diagonal`, [count, count], diagonal),
      name,
    );
    graph.output(name, [size ** 3, count]);
    if (levelIndex + 1 === spec.levels.length) return;
    const shape = [1, count, 1, 1, 1];
    const scaled = graph.node('Mul', [value, graph.floats(`norm.${levelIndex}.factor`, shape, factor)]);
    value = graph.node('Add', [scaled, graph.floats(`norm.${levelIndex}.shift`, shape, shift)]);
  });
  return graph.encode({ network: JSON.stringify(spec) });
}

/** The decoder: `features` [P, F·7], ordered by tap (tap·F + c) → `distances` [P, outputs] in units of unitMm. */
export const familyDecoderOnnx = (spec: FamilySpec, weights: WeightMap): Uint8Array =>
  denseDecoderOnnx(familyDecoderWidths(spec), weights, 'tap-major', { network: JSON.stringify(spec) });
