import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { TAP_COUNT, weightOf } from '#shared/nudf/network/weightLayout.ts';
import { denseLayers, tapMajorRows } from './exportOnnx.ts';
import { onnxGraph } from './onnxGraph.ts';

/*
 * The decoder's first layer in two parts. Being linear, it commutes with trilinear sampling: coarse levels, which have
 * far fewer voxels than there are points, are multiplied by its weights voxel by voxel, and the products are sampled.
 * Worked example, FIELD_128: the levels of 16³ and 8³ voxels hold 256 of 369 features. Their 4,608 voxels take 1.1
 * billion multiplications once; each point then takes 0.33 million in place of 0.79.
 */

/** A level that is sampled, the raw image first. */
interface SampledLevel {
  readonly resolution: number;
  readonly channels: number;
}

/** Levels of more voxels along an edge would take more memory than they save time: 235 MB for 32³. */
const MOST_VOXELS = 16;
/** With fewer channels sampling the products costs more than multiplying the samples. */
const LEAST_CHANNELS = 64;
/** Floats that the sampler reads at a time. */
const WIDTH_STEP = 4;

/** How many levels, counted from the coarsest, are projected before a decoder of these widths (F·7, hidden…, outputs). */
export function projectedLevelCount(levels: readonly SampledLevel[], widths: readonly number[]): number {
  if (widths.length < 3 || widths[1]! % WIDTH_STEP !== 0) return 0;
  const finer = levels.findLastIndex(
    ({ resolution, channels }) => resolution > MOST_VOXELS || channels < LEAST_CHANNELS,
  );
  return levels.length - 1 - finer;
}

/**
 * What is computed once a crop: each projected level `level{n}` [voxels, channels] → `projection{n}` [voxels, 7·hidden],
 * tap by tap. The last one adds the layer's bias at tap p, so that it counts once: trilinear weights add up to 1.
 */
export function projectionOnnx(
  levels: readonly SampledLevel[],
  count: number,
  width: number,
  weights: WeightMap,
): Uint8Array {
  const graph = onnxGraph('projection');
  const kernel = weightOf(weights, 'decoder.0.kernel').data;
  let row = 0;
  levels.forEach(({ resolution, channels }, level) => {
    const rows = channels * TAP_COUNT;
    if (level >= levels.length - count) {
      const bias = new Float32Array(TAP_COUNT * width);
      if (level === levels.length - 1) bias.set(weightOf(weights, 'decoder.0.bias').data);
      const [voxels, products] = [resolution ** 3, TAP_COUNT * width];
      // The rows of channel c are c·7 + tap: as they lie, a matrix [channels, 7·width].
      graph.node(
        'Gemm',
        [
          graph.input(`level${level}`, [voxels, channels]),
          graph.floats(
            `kernel${level}`,
            [channels, products],
            kernel.subarray(row * width, (row + rows) * width),
          ),
          graph.floats(`bias${level}`, [products], bias),
        ],
        {},
        `projection${level}`,
      );
      graph.output(`projection${level}`, [voxels, products]);
    }
    row += rows;
  });
  return graph.encode();
}

/**
 * The decoder after it: `features` [P, F·7] of the other levels, ordered by tap, and `sums` [P, hidden], the sampled
 * products → `distances` [P, outputs].
 * @param features F, the features at one place of the levels that are not projected
 */
export function projectedDecoderOnnx(
  features: number,
  widths: readonly number[],
  weights: WeightMap,
): Uint8Array {
  const graph = onnxGraph('decoder');
  const [rows, width] = [features * TAP_COUNT, widths[1]!];
  const kernel = weightOf(weights, 'decoder.0.kernel').data.subarray(0, rows * width);
  const first = graph.node('Gemm', [
    graph.input('features', ['points', rows]),
    graph.floats('decoder.0.kernel', [rows, width], tapMajorRows(kernel, features, width)),
    graph.input('sums', ['points', width]),
  ]);
  denseLayers(graph, widths, weights, 1, graph.node('Relu', [first]));
  return graph.encode();
}
