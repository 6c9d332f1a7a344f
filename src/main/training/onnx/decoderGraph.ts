import type { OnnxGraph } from '../../nudf/network/onnx/onnxGraph.ts';
import { gradientOf } from './encoderGraph.ts';

/** The decoder's layers in a graph: what each of them saw, and what comes out. */
export interface DecoderLayers {
  readonly widths: readonly number[];
  readonly kernels: readonly string[];
  /** What each layer saw, the features first. */
  readonly inputs: readonly string[];
  readonly predicted: string;
}

/** `features` [points, widths[0]] through dense layers with ReLU between them and a linear last one. */
export function decoderForward(graph: OnnxGraph, widths: readonly number[]): DecoderLayers {
  const layers = widths.length - 1;
  const kernels = widths
    .slice(1)
    .map((to, index) => graph.input(`decoder.${index}.kernel`, [to, widths[index]!]));
  const biases = widths.slice(1).map((to, index) => graph.input(`decoder.${index}.bias`, [to]));
  const inputs = [graph.input('features', ['points', widths[0]!])];
  for (let index = 0; index < layers; index++) {
    const linear = graph.node('Gemm', [inputs[index]!, kernels[index]!, biases[index]!], { transB: 1 });
    inputs.push(index + 1 < layers ? graph.node('Relu', [linear]) : linear);
  }
  return { widths, kernels, inputs: inputs.slice(0, -1), predicted: inputs[layers]! };
}

/** From the gradient of what comes out to those of the layers' weights and of the features. */
export function decoderBackward(
  graph: OnnxGraph,
  { widths, kernels, inputs }: DecoderLayers,
  ofPredicted: string,
): void {
  let gradient = ofPredicted;
  for (let index = inputs.length - 1; index >= 0; index--) {
    const [from, to] = [widths[index]!, widths[index + 1]!];
    const [kernelGradient, biasGradient] = ['kernel', 'bias'].map((name) =>
      gradientOf(`decoder.${index}.${name}`),
    );
    graph.node('Gemm', [gradient, inputs[index]!], { transA: 1 }, kernelGradient);
    graph.output(kernelGradient!, [to, from]);
    graph.node('ReduceSum', [gradient, graph.integers('rows', [0])], { keepdims: 0 }, biasGradient);
    graph.output(biasGradient!, [to]);
    const back = graph.node(
      'Gemm',
      [gradient, kernels[index]!],
      {},
      index === 0 ? gradientOf('features') : undefined,
    );
    if (index > 0) {
      const isOn = graph.node('Greater', [inputs[index]!, graph.scalar(0)]);
      gradient = graph.node('Where', [isOn, back, graph.scalar(0)]);
    }
  }
  graph.output(gradientOf('features'), ['points', widths[0]!]);
}
