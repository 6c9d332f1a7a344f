import { convolution, maxPool } from '../network/onnx/convolutionBlock.ts';
import { tapMajorRows } from '../network/onnx/exportOnnx.ts';
import { onnxGraph } from '../network/onnx/onnxGraph.ts';
import { type WeightMap, weightOf } from '../network/weightLayout.ts';
import {
  FAMILY_TAPS,
  type FamilySpec,
  familyChannels,
  familyDecoderWidths,
  familyResolutions,
} from './familySpec.ts';
import { foldedNorm } from './familyWeights.ts';

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
export function familyDecoderOnnx(spec: FamilySpec, weights: WeightMap): Uint8Array {
  const graph = onnxGraph('decoder');
  const widths = familyDecoderWidths(spec);
  let value = graph.input('features', ['points', widths[0]!]);
  for (let index = 0; index + 1 < widths.length; index++) {
    const [input, output] = [widths[index]!, widths[index + 1]!];
    const raw = weightOf(weights, `decoder.${index}.kernel`).data;
    const kernel = index === 0 ? tapMajorRows(raw, input / FAMILY_TAPS, output) : raw;
    const bias = weightOf(weights, `decoder.${index}.bias`).data;
    const inputs = [
      value,
      graph.floats(`decoder.${index}.kernel`, [input, output], kernel),
      graph.floats(`decoder.${index}.bias`, [output], bias),
    ];
    const isLast = index + 2 === widths.length;
    value = isLast
      ? graph.node('Gemm', inputs, {}, 'distances')
      : graph.node('Relu', [graph.node('Gemm', inputs)]);
  }
  graph.output('distances', ['points', spec.outputs]);
  return graph.encode({ network: JSON.stringify(spec) });
}
