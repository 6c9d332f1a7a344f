import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { GROUP_NORM_EPSILON } from '#shared/nudf/network/networkOps.ts';
import type { FieldNetworkSpec, RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights, TAP_COUNT } from '#shared/nudf/network/weightLayout.ts';
import { pooled } from './convolutionBlock.ts';
import { decoderOnnx, encoderOnnx, exportOnnx, regionOnnx } from './exportOnnx.ts';
import { onnxGraph } from './onnxGraph.ts';
import { encodeProtobuf, protobufMessage } from './protobufWriter.ts';

const spec: FieldNetworkSpec = {
  kind: 'nudf-dual',
  resolution: 8,
  edgeMm: 70,
  clipHu: 1000,
  levels: [
    { pool: 1, channels: [4] },
    { pool: 4, channels: [4, 8] },
  ],
  normGroups: 2,
  offsetMm: 2.5,
  hidden: [6],
  unitMm: 5,
};
const FEATURES = 1 + 4 + 8;

describe('the protobuf writer', () => {
  it('writes the examples of the format’s specification', () => {
    expect([...encodeProtobuf(protobufMessage().integer(1, 150))]).toEqual([0x08, 0x96, 0x01]);
    expect([...encodeProtobuf(protobufMessage().text(2, 'testing'))]).toEqual([
      0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
    const nested = protobufMessage().message(3, protobufMessage().integer(1, 150));
    expect([...encodeProtobuf(nested)]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
    expect([...encodeProtobuf(protobufMessage().integer(1, -1))]).toEqual([
      0x08,
      ...Array.from({ length: 9 }, () => 0xff),
      0x01,
    ]);
    expect([...encodeProtobuf(protobufMessage().float(16, 1))]).toEqual([0x85, 0x01, 0, 0, 0x80, 0x3f]);
  });
});

describe('the exported graphs', () => {
  it('give each level in its shape, the channels last', async () => {
    const session = await InferenceSession.create(
      exportOnnx(spec, initializeWeights(spec, 1)).get('encoder')!,
    );
    const image = new Tensor('float32', new Float32Array(512).fill(0.5), [1, 1, 8, 8, 8]);
    const levels = await session.run({ image });
    expect(levels.level1!.dims).toEqual([512, 4]);
    expect(levels.level2!.dims).toEqual([8, 8]);
    await session.release();
  });

  it('normalise millions of voxels as exactly as a few', async () => {
    const size = 96;
    const single = {
      ...spec,
      resolution: size,
      levels: [{ pool: 1 as const, channels: [4] }],
      normGroups: 1,
    };
    const weights = new Map(initializeWeights(single, 1));
    // The kernel's middle tap alone: channel c is (c + 1)·image.
    const kernel = new Float32Array(27 * 4);
    kernel.set([1, 2, 3, 4], 13 * 4);
    weights.set('encoder.0.0.kernel', { shape: [3, 3, 3, 1, 4], data: kernel });
    const image = Float32Array.from({ length: size ** 3 }, (_, index) => Math.fround(0.3 + Math.sin(index)));
    const session = await InferenceSession.create(encoderOnnx(single, weights));
    const input = new Tensor('float32', image, [1, 1, size, size, size]);
    const level = (await session.run({ image: input })).level1!.data as Float32Array;
    await session.release();
    const channels = [1, 2, 3, 4];
    const moment = (of: (value: number) => number): number =>
      image.reduce((sum, value) => sum + channels.reduce((part, c) => part + of(c * value), 0), 0) /
      (4 * image.length);
    const mean = moment((value) => value);
    const deviation = Math.sqrt(moment((value) => (value - mean) ** 2) + GROUP_NORM_EPSILON);
    const largest = level.reduce((worst, value, index) => {
      const exact = ((index % 4) + 1) * image[index >> 2]!;
      return Math.max(worst, Math.abs(value - Math.max(0, (exact - mean) / deviation)));
    }, 0);
    expect(largest).toBeLessThan(5e-6);
  });

  it('stay finite where all voxels are the same', async () => {
    const session = await InferenceSession.create(encoderOnnx(spec, initializeWeights(spec, 3)));
    const image = new Tensor('float32', new Float32Array(512).fill(-1), [1, 1, 8, 8, 8]);
    const levels = await session.run({ image });
    await session.release();
    for (const { data } of Object.values(levels)) {
      expect((data as Float32Array).every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    ['positive', [2, 0.5], true],
    ['partly negative', [2, -0.5], false],
  ])('pool scaled voxels by %s factors', async (_, factors, isIncreasing) => {
    const graph = onnxGraph('pooled');
    const unscaled = {
      value: graph.input('value', [1, 2, 2, 2, 2]),
      channels: 2,
      resolution: 2,
      factor: graph.floats('factor', [1, 2, 1], Float32Array.from(factors)),
      shift: graph.floats('shift', [1, 2, 1], Float32Array.of(1, 4)),
      isIncreasing,
    };
    graph.node('Identity', [pooled(graph, unscaled, 2)], {}, 'pooled');
    graph.output('pooled', [1, 2, 1, 1, 1]);
    const session = await InferenceSession.create(graph.encode());
    const voxels = [3, 1, -2, 0, 1, 1, 1, 1, 5, -6, 2, 2, 2, 2, 2, 2];
    const value = new Tensor('float32', Float32Array.from(voxels), [1, 2, 2, 2, 2]);
    const { data } = (await session.run({ value })).pooled!;
    await session.release();
    // 2 · 3 + 1; of the second channel 0.5 · 5 + 4, or −0.5 · −6 + 4.
    expect([...(data as Float32Array)]).toEqual([7, isIncreasing ? 6.5 : 7]);
  });

  it('decode the same from features in either order', async () => {
    const weights = initializeWeights(spec, 2);
    const tapMajor = Float32Array.from({ length: 2 * FEATURES * TAP_COUNT }, (_, index) => Math.sin(index));
    const channelMajor = tapMajor.map((_, index) => {
      const row = Math.floor(index / (FEATURES * TAP_COUNT));
      const [channel, tap] = [Math.floor(index / TAP_COUNT) % FEATURES, index % TAP_COUNT];
      return tapMajor[row * FEATURES * TAP_COUNT + tap * FEATURES + channel]!;
    });
    const decode = async (bytes: Uint8Array, features: Float32Array): Promise<number[]> => {
      const session = await InferenceSession.create(bytes);
      const { distances } = await session.run({
        features: new Tensor('float32', features, [2, FEATURES * TAP_COUNT]),
      });
      await session.release();
      expect(distances!.dims).toEqual([2, 2]);
      return [...(distances!.data as Float32Array)];
    };
    const expected = await decode(exportOnnx(spec, weights).get('decoder')!, channelMajor);
    const actual = await decode(decoderOnnx(spec, weights, 'tap-major'), tapMajor);
    expect(Math.abs(expected[0]!)).toBeGreaterThan(1e-3);
    actual.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 5);
    });
  });

  it('give one logit a voxel for the region', async () => {
    const region: RegionNetworkSpec = {
      kind: 'region-unet',
      resolution: 4,
      clipHu: 1000,
      channels: [4, 4],
      normGroups: 2,
    };
    const session = await InferenceSession.create(regionOnnx(region, initializeWeights(region, 1)));
    const { logits } = await session.run({
      image: new Tensor('float32', new Float32Array(64), [1, 1, 4, 4, 4]),
    });
    expect(logits!.dims).toEqual([1, 1, 4, 4, 4]);
    await session.release();
  });

  it('are refused for weights of another network', () => {
    const weights = initializeWeights({ ...spec, hidden: [5] }, 1);
    expect(() => exportOnnx(spec, weights)).toThrow(UserError);
  });
});
