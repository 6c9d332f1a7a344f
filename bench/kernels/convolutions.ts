import type * as tf from '@tensorflow/tfjs-core';
import {
  type ConvPlan,
  gpuConv3d,
  gpuConv3dFilterGradient,
  gpuConv3dInputGradient,
} from '#shared/nudf/kernels/conv3d.ts';
import type { GemmTile } from '#shared/nudf/kernels/gemmShader.ts';
import { choosePlan, chooseSplit, tileName } from '#shared/nudf/kernels/gemmTiles.ts';
import type { WebGpu } from '../../src/shared/nudf/engine/webgpuBackend.ts';
import { agreement, dispose, measure, readValues, report, testTensor, testValue } from './measure.ts';

type Shape = readonly [batch: number, size: number, input: number, output: number];

/** The convolutions of the field network (batch 4) and of the region network (batch 8). */
export const CONV_SHAPES: readonly Shape[] = [
  [4, 128, 1, 16],
  [4, 64, 16, 32],
  [4, 64, 32, 32],
  [4, 32, 32, 64],
  [4, 32, 64, 64],
  [4, 16, 64, 128],
  [4, 16, 128, 128],
  [4, 8, 128, 128],
  [8, 64, 1, 16],
  [8, 64, 16, 16],
  [8, 64, 48, 16],
  [8, 32, 96, 32],
];

/** Value of the convolution at one voxel and output channel, from the formula. */
function expectedAt([, size, input, output]: Shape, voxel: number, channel: number): number {
  const [x, y, z] = [voxel % size, Math.floor(voxel / size) % size, Math.floor(voxel / size ** 2) % size];
  let sum = 0;
  for (let t = 0; t < 27; t++) {
    const [dz, dy, dx] = [Math.floor(t / 9) - 1, (Math.floor(t / 3) % 3) - 1, (t % 3) - 1];
    if ([x + dx, y + dy, z + dz].some((v) => v < 0 || v >= size)) continue;
    const from = voxel + (dz * size + dy) * size + dx;
    for (let c = 0; c < input; c++) {
      sum += testValue(1, from * input + c) * testValue(2, (t * input + c) * output + channel);
    }
  }
  return sum;
}

/** The filter's gradient at the central tap, input channel 0, output channel 1. */
function expectedFilterGradient([batch, size, input, output]: Shape): number {
  let sum = 0;
  for (let v = 0; v < batch * size ** 3; v++) sum += testValue(1, v * input) * testValue(3, v * output + 1);
  return sum;
}

const planName = (plan: ConvPlan, depth: number): string =>
  `${tileName(plan.tile)} /${Math.ceil(depth / plan.splitDepth)}`;

type Stock = tf.KernelFunc;

export async function benchConv3d(gpu: WebGpu, shape: Shape, stock: readonly Stock[]): Promise<void> {
  const { backend } = gpu;
  const [batch, size, input, output] = shape;
  const voxels = batch * size ** 3;
  const flops = 2 * voxels * 27 * input * output;
  const bytes = voxels * (input + output) * 4;
  const x = testTensor(backend, [batch, size, size, size, input], 1);
  const filter = testTensor(backend, [3, 3, 3, input, output], 2);
  const dy = testTensor(backend, [batch, size, size, size, output], 3);
  const name = `conv ${batch}×${size}³ ${input}→${output}`;

  const voxel = voxels - size * size - 1;
  const y = gpuConv3d(backend, x, filter);
  const [value] = await readValues(gpu, y, voxel * output + 1, 1);
  dispose(gpu, y);
  const forward = await measure(gpu, () => [gpuConv3d(backend, x, filter)]);
  report(
    `${name} forward ${input === 1 ? 'direct' : planName(choosePlan(voxels, output, 27 * input), 27 * input)}`,
    forward,
    flops,
    bytes,
    agreement(value!, expectedAt(shape, voxel, 1), 27 * input),
  );

  if (input > 1) {
    const backward = await measure(gpu, () => [gpuConv3dInputGradient(backend, dy, filter)]);
    report(
      `${name} input gradient ${planName(choosePlan(voxels, input, 27 * output), 27 * output)}`,
      backward,
      flops,
      bytes,
    );
  }

  const plan = chooseSplit(27 * input, output, voxels);
  const gradient = gpuConv3dFilterGradient(backend, x, dy);
  const [weight] = await readValues(gpu, gradient, 13 * input * output + 1, 1);
  dispose(gpu, gradient);
  const filterTiming = await measure(gpu, () => [gpuConv3dFilterGradient(backend, x, dy)]);
  report(
    `${name} filter gradient ${input === 1 ? 'direct' : planName(plan, voxels)}`,
    filterTiming,
    flops,
    bytes,
    agreement(weight!, expectedFilterGradient(shape), voxels),
  );

  if (stock.length && size <= 32) {
    const attrs = {
      strides: [1, 1, 1],
      dilations: [1, 1, 1],
      pad: 'same',
      dataFormat: 'NDHWC',
      filterShape: [3, 3, 3, input, output],
      inputShape: x.shape,
    };
    const own = [forward, undefined, filterTiming];
    for (const [n, inputs] of [
      { x, filter },
      { dy, filter },
      { x, dy },
    ].entries()) {
      const timing = await measure(
        gpu,
        () => [
          stock[n]!({
            inputs: inputs as unknown as tf.NamedTensorInfoMap,
            attrs: attrs as unknown as tf.NamedAttrMap,
            backend,
          }) as tf.TensorInfo,
        ],
        1,
      );
      const ratio = own[n] ? `ours ${(timing.ms / own[n].ms).toFixed(0)} times as fast` : '';
      report(`  stock ${['forward', 'input gradient', 'filter gradient'][n]}`, timing, flops, bytes, ratio);
    }
  }
  dispose(gpu, x, filter, dy);
}

const tile = (
  rows: number,
  columns: number,
  depth: number,
  threadRows: 4 | 8,
  threadColumns: 4 | 8,
): GemmTile => ({
  rows,
  columns,
  depth,
  threadRows,
  threadColumns,
});

const TILES: readonly [Shape, readonly GemmTile[]][] = [
  [
    [4, 128, 1, 16],
    [
      tile(256, 16, 16, 8, 4),
      tile(128, 16, 16, 8, 4),
      tile(256, 16, 32, 8, 4),
      tile(256, 16, 16, 8, 8),
      tile(256, 16, 16, 4, 4),
    ],
  ],
  [
    [4, 64, 32, 32],
    [
      tile(256, 32, 16, 8, 8),
      tile(128, 32, 16, 8, 4),
      tile(128, 32, 16, 8, 8),
      tile(256, 32, 8, 8, 8),
      tile(256, 32, 16, 8, 4),
      tile(128, 32, 32, 8, 8),
    ],
  ],
  [
    [4, 32, 64, 64],
    [
      tile(128, 64, 16, 8, 8),
      tile(128, 64, 8, 8, 8),
      tile(64, 64, 16, 8, 8),
      tile(64, 64, 16, 8, 4),
      tile(128, 64, 16, 8, 4),
      tile(256, 64, 8, 8, 8),
    ],
  ],
  [
    [4, 16, 128, 128],
    [
      tile(128, 128, 16, 8, 8),
      tile(128, 128, 8, 8, 8),
      tile(128, 64, 16, 8, 8),
      tile(64, 64, 16, 8, 8),
      tile(64, 64, 16, 8, 4),
      tile(64, 32, 16, 4, 4),
      tile(32, 32, 16, 4, 4),
    ],
  ],
  [
    [4, 8, 128, 128],
    [tile(64, 64, 16, 8, 4), tile(64, 32, 16, 4, 4), tile(32, 32, 16, 4, 4), tile(32, 32, 32, 4, 4)],
  ],
];

/** Other tiles than the chosen ones, forward and filter gradient. */
export async function benchTiles(gpu: WebGpu, small: boolean): Promise<void> {
  const { backend } = gpu;
  for (const [shape, tiles] of TILES) {
    const [batch, size, input, output] = small ? ([1, 4, shape[2], shape[3]] as const) : shape;
    const voxels = batch * size ** 3;
    const flops = 2 * voxels * 27 * input * output;
    const x = testTensor(backend, [batch, size, size, size, input], 1);
    const filter = testTensor(backend, [3, 3, 3, input, output], 2);
    const dy = testTensor(backend, [batch, size, size, size, output], 3);
    for (const t of tiles) {
      const name = `tile ${tileName(t)}: ${batch}×${size}³ ${input}→${output}`;
      report(
        `${name} forward`,
        await measure(gpu, () => [gpuConv3d(backend, x, filter, undefined, { tile: t })], 40),
        flops,
        0,
      );
      const rowTiles = Math.ceil((27 * input) / t.rows) * Math.ceil(output / t.columns);
      const threads = (t.rows / t.threadRows) * (t.columns / t.threadColumns);
      const splits = Math.max(1, Math.min(Math.ceil(270_000 / threads / rowTiles), Math.floor(voxels / 256)));
      const splitDepth = Math.ceil(voxels / splits / t.depth) * t.depth;
      report(
        `${name} filter gradient /${splits}`,
        await measure(
          gpu,
          () => [gpuConv3dFilterGradient(backend, x, dy, { split: { tile: t, splitDepth } })],
          40,
        ),
        flops,
        0,
      );
    }
    dispose(gpu, x, filter, dy);
  }
}
