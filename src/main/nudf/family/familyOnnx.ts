import {
  type FamilySpec,
  familyChannels,
  familyDecoderWidths,
  familyResolutions,
} from '#shared/nudf/family/familySpec.ts';
import { foldedNorm } from '#shared/nudf/family/familyWeights.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { convolution, maxPool } from '../network/onnx/convolutionBlock.ts';
import { denseDecoderOnnx } from '../network/onnx/exportOnnx.ts';
import { onnxGraph } from '../network/onnx/onnxGraph.ts';

/** The encoder: `image` [1, 1, D, H, W] in HU → `level1`, `level2`, … in [1, D, H, W, C]. */
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
    const scaled = graph.node('Mul', [
      value,
      graph.floats(`norm.${levelIndex}.factor`, [1, count, 1, 1, 1], factor),
    ]);
    value = graph.node('Add', [scaled, graph.floats(`norm.${levelIndex}.shift`, [1, count, 1, 1, 1], shift)]);
    const name = `level${levelIndex + 1}`;
    const size = resolutions[levelIndex + 1]!;
    graph.node('Transpose', [value], { perm: [0, 2, 3, 4, 1] }, name);
    graph.output(name, [1, size, size, size, count]);
  });
  return graph.encode({ network: JSON.stringify(spec) });
}

/** The decoder: `features` [P, F·7], ordered by tap (tap·F + c) → `distances` [P, outputs] in units of unitMm. */
export const familyDecoderOnnx = (spec: FamilySpec, weights: WeightMap): Uint8Array =>
  denseDecoderOnnx(familyDecoderWidths(spec), weights, 'tap-major', { network: JSON.stringify(spec) });
