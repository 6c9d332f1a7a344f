import type { OnnxGraph } from '../../nudf/network/onnx/onnxGraph.ts';
import { CONVOLUTION } from './encoderGraph.ts';

const TAPS = 27;
/** From here on a filter's gradient is faster as 27 matrix products than as one convolution (measured, two cores). */
const FEWEST_VOXELS_FOR_PRODUCTS = 16 ** 3;

/** The gradient of a filter [out, in, 3, 3, 3] from a convolution's input x and the gradient dz of its output. */
export function filterGradient(
  graph: OnnxGraph,
  items: number,
  size: number,
  [input, output]: readonly [number, number],
  x: string,
  dz: string,
  name: string,
): void {
  const swap = { perm: [1, 0, 2, 3, 4] };
  const [byInput, byOutput] = [x, dz].map((value) =>
    items === 1 ? value : graph.node('Transpose', [value], swap),
  );
  if (size ** 3 < FEWEST_VOXELS_FOR_PRODUCTS) {
    // Correlating each channel of x with each channel of dz, the batch taken as channels.
    const edge = [size, size, size];
    const rows = graph.integers(`rows_${input}_${items}_${size}`, [input, items, ...edge]);
    const columns = graph.integers(`rows_${output}_${items}_${size}`, [output, items, ...edge]);
    const correlated = graph.node(
      'Conv',
      [graph.node('Reshape', [byInput!, rows]), graph.node('Reshape', [byOutput!, columns])],
      { kernel_shape: edge, pads: CONVOLUTION.pads },
    );
    graph.node('Transpose', [correlated], swap, name);
    return;
  }
  const pads = graph.integers('pad_voxels', [0, 0, 1, 1, 1, 0, 0, 1, 1, 1]);
  const padded = graph.node('Pad', [byInput!, pads]);
  const axes = graph.integers('zyx', [2, 3, 4]);
  const columns = items * size ** 3;
  const rows = graph.node('Reshape', [
    byOutput!,
    graph.integers(`flat_${output}_${columns}`, [output, columns]),
  ]);
  const flat = graph.integers(`flat_${input}_${columns}`, [input, columns]);
  const shifted = Array.from({ length: TAPS }, (_, tap) => {
    const first = [Math.floor(tap / 9), Math.floor(tap / 3) % 3, tap % 3];
    const slice = graph.node('Slice', [
      padded,
      graph.integers(`tap_${tap}`, first),
      graph.integers(
        `tap_end_${tap}_${size}`,
        first.map((at) => at + size),
      ),
      axes,
    ]);
    return graph.node('Reshape', [slice, flat]);
  });
  const transB = { transB: 1 };
  const product =
    input === 1
      ? // One channel: all taps are one product.
        graph.node('Gemm', [rows, graph.node('Concat', shifted, { axis: 0 })], transB)
      : graph.node(
          'Concat',
          shifted.map((slice) =>
            graph.node('Unsqueeze', [
              graph.node('Gemm', [rows, slice], transB),
              graph.integers('last_axis', [2]),
            ]),
          ),
          { axis: 2 },
        );
  graph.node(
    'Reshape',
    [product, graph.integers(`kernel_${output}_${input}`, [output, input, 3, 3, 3])],
    {},
    name,
  );
}

/** The gradient of a convolution's input: dz through the filter turned round. */
export function inputGradient(graph: OnnxGraph, kernel: string, dz: string): string {
  const swapped = graph.node('Transpose', [kernel], { perm: [1, 0, 2, 3, 4] });
  const turned = graph.node('Slice', [
    swapped,
    graph.integers('from_end', [2, 2, 2]),
    graph.integers('past_begin', [-4, -4, -4]),
    graph.integers('zyx', [2, 3, 4]),
    graph.integers('backwards', [-1, -1, -1]),
  ]);
  return graph.node('Conv', [dz, turned], CONVOLUTION);
}
