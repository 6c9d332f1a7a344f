import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { stockOps } from '#shared/nudf/network/stockOps.ts';
import { TAP_COUNT } from '#shared/nudf/network/weightLayout.ts';
import { createPyramidSampler, type PyramidLevel } from './pyramidSampler.ts';
import { largestDifference, probePoints } from './testing/agreementFixture.ts';

const OFFSET = 2.5 / 35;
const TAPS = [
  [0, 0, 0],
  [-OFFSET, 0, 0],
  [OFFSET, 0, 0],
  [0, -OFFSET, 0],
  [0, OFFSET, 0],
  [0, 0, -OFFSET],
  [0, 0, OFFSET],
] as const;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A level whose channel c holds the normalised coordinate of the voxel's centre along axis c mod 3. */
function coordinateLevel({ resolution, channels }: PyramidLevel): Float32Array {
  const data = new Float32Array(resolution ** 3 * channels);
  for (let voxel = 0; voxel < resolution ** 3; voxel++) {
    const index = [
      voxel % resolution,
      Math.floor(voxel / resolution) % resolution,
      Math.floor(voxel / resolution ** 2),
    ];
    for (let channel = 0; channel < channels; channel++) {
      data[voxel * channels + channel] = (2 * index[channel % 3]! + 1) / resolution - 1;
    }
  }
  return data;
}

/** Features [P, tap, level and channel] that a linear image must give: the coordinate itself, up to the outermost centres. */
function expectedFeatures(points: Float32Array, levels: readonly PyramidLevel[]): Float32Array {
  const rows: number[] = [];
  for (let point = 0; point < points.length; point += 3) {
    for (const tap of TAPS) {
      for (const { resolution, channels } of levels) {
        const limit = 1 - 1 / resolution;
        for (let channel = 0; channel < channels; channel++) {
          const place = points[point + (channel % 3)]! + tap[channel % 3]!;
          rows.push(Math.min(Math.max(place, -limit), limit));
        }
      }
    }
  }
  return Float32Array.from(rows);
}

/** [P, per level: c·7 + tap] → [P, tap, level and channel]. */
function tapMajor(features: Float32Array, levels: readonly PyramidLevel[]): Float32Array {
  const count = levels.reduce((sum, level) => sum + level.channels, 0);
  return features.map((_, index) => {
    const row = Math.floor(index / (count * TAP_COUNT));
    const tap = Math.floor(index / count) % TAP_COUNT;
    return features[row * count * TAP_COUNT + (index % count) * TAP_COUNT + tap]!;
  });
}

function sampleOnCpu(
  levels: readonly PyramidLevel[],
  data: readonly Float32Array[],
  points: Float32Array,
): Float32Array {
  const count = points.length / 3;
  const sampler = createPyramidSampler(levels, OFFSET, count);
  sampler.levels.forEach((level, index) => {
    level.set(data[index]!);
  });
  // In two pieces, so that `first` and `count` matter.
  const half = Math.floor(count / 2);
  const rowFloats = sampler.features.length / count;
  sampler.sample(points, half, count - half);
  const last = sampler.features.slice(0, (count - half) * rowFloats);
  sampler.sample(points, 0, half);
  const first = sampler.features.slice(0, half * rowFloats);
  return Float32Array.from([...first, ...last]);
}

async function sampleByStockOps(
  levels: readonly PyramidLevel[],
  data: readonly Float32Array[],
  points: Float32Array,
): Promise<Float32Array> {
  const features = tf.tidy(() =>
    stockOps.samplePyramid(
      levels.map(({ resolution: n, channels }, index) => tf.tensor5d(data[index]!, [1, n, n, n, channels])),
      tf.tensor3d(points, [1, points.length / 3, 3]),
      OFFSET,
    ),
  );
  const values = await features.data<'float32'>();
  features.dispose();
  return tapMajor(values, levels);
}

const LEVELS: readonly PyramidLevel[] = [
  { resolution: 16, channels: 1 },
  { resolution: 16, channels: 8 },
  { resolution: 8, channels: 6 },
  { resolution: 2, channels: 4 },
  { resolution: 1, channels: 4 },
];

describe.each([
  ['the CPU sampler', async (...args: Parameters<typeof sampleOnCpu>) => sampleOnCpu(...args)],
  ['the reference operations', sampleByStockOps],
])('pyramid sampling by %s', (_, sample) => {
  it('gives the coordinate back from an image that is linear in it, and the border beyond', async () => {
    const points = probePoints(16, 1);
    const features = await sample(LEVELS, LEVELS.map(coordinateLevel), points);
    expect(largestDifference(features, expectedFeatures(points, LEVELS))).toBeLessThan(1e-5);
  });

  it('gives a voxel’s own value at its centre', async () => {
    const level = { resolution: 4, channels: 4 };
    const data = Float32Array.from({ length: 4 ** 4 }, (_value, index) => Math.sin(index * 12.9898) * 10);
    const centres = Float32Array.from(
      Array.from({ length: 64 }, (_value, voxel) =>
        [voxel % 4, Math.floor(voxel / 4) % 4, Math.floor(voxel / 16)].map(
          (index) => (2 * index + 1) / 4 - 1,
        ),
      ).flat(),
    );
    const features = await sample([level], [data], centres);
    const atPoint = features.filter((_value, index) => index % (TAP_COUNT * 4) < 4);
    expect(largestDifference(atPoint, data)).toBeLessThan(1e-5);
  });
});

it('mixes eight neighbours the same way in both, on data without structure', async () => {
  const data = LEVELS.map(({ resolution, channels }) =>
    Float32Array.from({ length: resolution ** 3 * channels }, (_, index) => Math.sin(index * 78.233) * 3),
  );
  const points = probePoints(16, 2);
  const difference = largestDifference(
    sampleOnCpu(LEVELS, data, points),
    await sampleByStockOps(LEVELS, data, points),
  );
  expect(difference).toBeLessThan(2e-5);
});

/** A level's features by loops: places and weights in 64 bits, sums as the kernel says for fours and ones. */
function plainFeatures(level: PyramidLevel, data: Float32Array, points: Float32Array): Float32Array {
  const { resolution: n, channels } = level;
  const round = channels % 4 === 0 ? Math.fround : (value: number): number => value;
  const features: number[] = [];
  for (let point = 0; point < points.length; point += 3) {
    for (const tap of TAPS) {
      const places = [0, 1, 2].map((axis) => {
        const voxel = (points[point + axis]! + tap[axis]! + 1) * (n / 2) - 0.5;
        const inside = Math.min(Math.max(voxel, 0), n - 1);
        const lower = Math.min(Math.floor(inside), Math.max(n - 2, 0));
        const share = inside - lower;
        return [
          { voxel: lower, share: 1 - share },
          { voxel: Math.min(lower + 1, n - 1), share },
        ];
      });
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let corner = 0; corner < 8; corner++) {
          const [x, y, z] = places.map((sides, axis) => sides[(corner >> axis) & 1]!);
          const value = data[channels * (x!.voxel + n * (y!.voxel + n * z!.voxel)) + channel]!;
          sum = round(sum + round(round(x!.share * (y!.share * z!.share)) * value));
        }
        features.push(sum);
      }
    }
  }
  return Float32Array.from(features);
}

it.each(LEVELS)('has the bits of plain loops on $resolution³ voxels of $channels channels', (level) => {
  const data = Float32Array.from(
    { length: level.resolution ** 3 * level.channels },
    (_, index) => Math.sin(index * 78.233) * 3,
  );
  const points = probePoints(16, 3);
  expect(sampleOnCpu([level], [data], points)).toEqual(plainFeatures(level, data, points));
});
