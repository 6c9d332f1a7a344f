import type * as tf from '@tensorflow/tfjs-core';
import { gpuColumnSum } from '#shared/nudf/kernels/columnSum.ts';
import { gpuGroupNormRelu, gpuGroupNormReluGradient } from '#shared/nudf/kernels/groupNorm.ts';
import { gpuMatMul } from '#shared/nudf/kernels/matMul.ts';
import { gpuMaxPool3d, gpuMaxPool3dGradient } from '#shared/nudf/kernels/maxPool3d.ts';
import { gpuSampleGradient, gpuSamplePyramid } from '#shared/nudf/kernels/samplePyramid.ts';
import type { WebGpu } from '../../src/shared/nudf/engine/webgpuBackend.ts';
import { agreement, dispose, measure, readValues, report, testTensor, testValue } from './measure.ts';

async function benchNorm(gpu: WebGpu, batch: number, size: number, channels: number): Promise<void> {
  const { backend } = gpu;
  const shape = [batch, size, size, size, channels];
  const bytes = batch * size ** 3 * channels * 4;
  const [x, dy] = [testTensor(backend, shape, 1), testTensor(backend, shape, 3)];
  const [scale, offset] = [testTensor(backend, [channels], 4), testTensor(backend, [channels], 5)];
  const name = `${batch}×${size}³×${channels}`;
  report(
    `group norm ${name} forward`,
    await measure(gpu, () => gpuGroupNormRelu(backend, x, scale, offset, 8)),
    0,
    3 * bytes,
  );
  const [y, statistics] = gpuGroupNormRelu(backend, x, scale, offset, 8);
  report(
    `group norm ${name} gradients`,
    await measure(gpu, () => gpuGroupNormReluGradient(backend, x, dy, statistics, scale, offset, 8)),
    0,
    5 * bytes,
  );
  report(`column sum ${name}`, await measure(gpu, () => [gpuColumnSum(backend, dy)]), 0, bytes);
  report(`max pool 2³ ${name}`, await measure(gpu, () => [gpuMaxPool3d(backend, x, 2)]), 0, 1.125 * bytes);
  const pooled = gpuMaxPool3d(backend, dy, 2);
  report(
    `max pool 2³ ${name} gradient`,
    await measure(gpu, () => [gpuMaxPool3dGradient(backend, x, pooled, 2)]),
    0,
    2.125 * bytes,
  );
  dispose(gpu, x, dy, scale, offset, y, statistics, pooled);
}

async function benchSampling(gpu: WebGpu, batch: number, size: number, points: number): Promise<void> {
  const { backend } = gpu;
  const sizes = [
    [size, 1],
    [size, 16],
    [size / 2, 32],
    [size / 4, 64],
    [size / 8, 128],
    [size / 16, 128],
  ] as const;
  const levels = sizes.map(([n, channels], i) => testTensor(backend, [batch, n, n, n, channels], i + 1));
  const positions = testTensor(backend, [batch, points, 3], 9);
  const columns = sizes.reduce((sum, [, channels]) => sum + 7 * channels, 0);
  report(
    `sample pyramid ${batch}×${points} points, ${columns} features`,
    await measure(gpu, () => [gpuSamplePyramid(backend, positions, levels, 0.07)]),
    0,
    batch * points * columns * 4,
  );
  const dy = testTensor(backend, [batch, points, columns], 8);
  let column = 0;
  for (const [n, channels] of sizes) {
    const sampling = { batch, depth: n, height: n, width: n, channels, points, column, columns };
    if (channels > 1) {
      report(
        `sample gradient ${batch}×${n}³×${channels}`,
        await measure(gpu, () => [gpuSampleGradient(backend, positions, dy, sampling, 0.07)]),
        0,
        batch * n ** 3 * channels * 16 + batch * points * channels * 28,
      );
    }
    column += 7 * channels;
  }
  dispose(gpu, positions, dy, ...levels);
}

async function benchProducts(
  gpu: WebGpu,
  rows: number,
  input: number,
  output: number,
  stock: tf.KernelFunc,
): Promise<void> {
  const { backend } = gpu;
  const x = testTensor(backend, [rows, input], 1);
  const w = testTensor(backend, [input, output], 2);
  const g = testTensor(backend, [rows, output], 3);
  const bias = testTensor(backend, [output], 4);
  const flops = 2 * rows * input * output;
  const variants = [
    { name: 'forward', a: x, b: w, transposeA: false, transposeB: false, added: bias, relu: false },
    { name: 'input gradient', a: g, b: w, transposeA: false, transposeB: true },
    { name: 'kernel gradient', a: x, b: g, transposeA: true, transposeB: false },
  ];
  let expected = testValue(4, 1);
  for (let k = 0; k < input; k++)
    expected += testValue(1, (rows - 1) * input + k) * testValue(2, k * output + 1);
  for (const { name, a, b, ...options } of variants) {
    let note = '';
    if (name === 'forward') {
      const product = gpuMatMul(backend, a, b, options);
      const [value] = await readValues(gpu, product, (rows - 1) * output + 1, 1);
      note = agreement(value!, expected, input);
      dispose(gpu, product);
    }
    const own = await measure(gpu, () => [gpuMatMul(backend, a, b, options)]);
    report(`dense ${rows}×${input}→${output} ${name}`, own, flops, 0, note);
    const expand = (t: tf.TensorInfo): tf.TensorInfo => ({ ...t, shape: [1, ...t.shape] });
    const { transposeA, transposeB } = options;
    const timing = await measure(
      gpu,
      () => [
        stock({
          inputs: { a: expand(a), b: expand(b) },
          attrs: { transposeA, transposeB },
          backend,
        }) as tf.TensorInfo,
      ],
      40,
    );
    report('  stock', timing, flops, 0, `ours ${(timing.ms / own.ms).toFixed(1)} times as fast`);
  }
  dispose(gpu, x, w, g, bias);
}

export async function benchFused(gpu: WebGpu, small: boolean, stockMatMul: tf.KernelFunc): Promise<void> {
  const norms: [number, number, number][] = small
    ? [[1, 8, 16]]
    : [
        [4, 128, 16],
        [4, 64, 32],
        [4, 32, 64],
        [4, 16, 128],
      ];
  for (const [batch, size, channels] of norms) await benchNorm(gpu, batch, size, channels);
  await benchSampling(gpu, small ? 1 : 4, small ? 16 : 128, small ? 100 : 8192);
  const rows = small ? 256 : 32768;
  for (const [input, output] of [
    [2583, 256],
    [256, 256],
    [256, 2],
  ] as const) {
    await benchProducts(gpu, rows, input, output, stockMatMul);
  }
}
