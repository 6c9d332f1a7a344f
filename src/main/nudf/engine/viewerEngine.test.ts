import { expect, it } from 'vitest';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { ViewerNetworks } from '#shared/nudf/engine/viewerTasks.ts';
import { randomWeights, SMALL_FIELD, SMALL_REGION } from './testing/agreementFixture.ts';
import { createViewerFieldEngine, createViewerRegionEngine } from './viewerEngine.ts';

const BLOCK = new Float32Array(16 ** 3);

/** A page that computes x + y and keeps account of what it is asked. */
function page(replaced: Partial<ViewerNetworks> = {}) {
  const asked: string[] = [];
  const networks: ViewerNetworks = {
    reset: async () => ({}),
    openField: async () => 1,
    openRegion: async () => 2,
    encode: async ({ network }) => 10 + network,
    async evaluate({ crop, pointsNormalized }) {
      asked.push(`evaluate ${pointsNormalized.length / 3} in ${crop}`);
      const signedMm = Float32Array.from(
        { length: pointsNormalized.length / 3 },
        (_, point) => pointsNormalized[3 * point]! + pointsNormalized[3 * point + 1]!,
      );
      return { signedMm, unsignedMm: signedMm.map(Math.abs) };
    },
    detect: async ({ blockHu }) => blockHu.map(() => 0.5),
    async freeCrop({ crop }) {
      asked.push(`free ${crop}`);
      return {};
    },
    ...replaced,
  };
  return { networks, asked };
}
const fieldOn = ({ networks }: ReturnType<typeof page>) =>
  createViewerFieldEngine(networks, 'Some GPU', SMALL_FIELD, randomWeights(SMALL_FIELD, 1));

it('has the page compute, in few calls, and frees the crop there', async () => {
  const viewer = page();
  const crop = await (await fieldOn(viewer)).encode(BLOCK);
  const points = Float32Array.from({ length: 3 * 40_000 }, (_, index) => index % 7);
  const { signedMm } = await crop.evaluate(points);
  for (const point of [0, 1, 32_767, 32_768, 39_999])
    expect(signedMm[point], String(point)).toBe(points[3 * point]! + points[3 * point + 1]!);
  crop.free();
  expect(viewer.asked).toEqual(['evaluate 32768 in 11', 'evaluate 7232 in 11', 'free 11']);
});

it('keeps what it sends, for another engine may need it', async () => {
  const block = BLOCK.slice();
  const moving: Partial<ViewerNetworks> = {
    async encode({ cropHu }) {
      structuredClone(cropHu, { transfer: [cropHu.buffer] });
      return 3;
    },
  };
  await (await fieldOn(page(moving))).encode(block);
  expect(block.length).toBe(16 ** 3);
});

it.each([
  ['a lack of memory', new UserError(failure('engine.gpu-memory')), 'memory'],
  ['a lost device', new UserError(failure('engine.gpu-lost', { message: '' })), 'lost'],
  ['a lost page', new UserError(failure('rpc.connection-lost')), 'lost'],
  ['a page that is closed', new CancelledError(), 'lost'],
  ['anything else', new Error('There is no such tensor.'), 'failed'],
])('makes %s a failure of the device', async (_, thrown, problem) => {
  const failing = () => Promise.reject(thrown);
  await expect(
    fieldOn(page({ encode: failing })).then((engine) => engine.encode(BLOCK)),
  ).rejects.toMatchObject({ name: 'DeviceFailure', problem });
  await expect(fieldOn(page({ openField: failing }))).rejects.toMatchObject({ problem });
  const crop = await (await fieldOn(page({ evaluate: failing }))).encode(BLOCK);
  await expect(crop.evaluate(new Float32Array(3))).rejects.toMatchObject({ problem });
});

it('refuses answers of another length', async () => {
  const short = page({
    detect: async () => new Float32Array(5),
    evaluate: async () => ({ signedMm: new Float32Array(1), unsignedMm: new Float32Array(2) }),
  });
  const crop = await (await fieldOn(short)).encode(BLOCK);
  await expect(crop.evaluate(new Float32Array(6))).rejects.toMatchObject({ problem: 'failed' });
  const region = await createViewerRegionEngine(
    short.networks,
    'Some GPU',
    SMALL_REGION,
    randomWeights(SMALL_REGION, 1),
  );
  await expect(region.detect(BLOCK)).rejects.toMatchObject({ problem: 'failed' });
});

it('passes a cancel on', async () => {
  const controller = new AbortController();
  const waiting: Partial<ViewerNetworks> = {
    encode: (_, options) =>
      new Promise((_resolve, reject) => {
        options?.signal?.addEventListener('abort', () => reject(new CancelledError()));
      }),
  };
  const encoding = (await fieldOn(page(waiting))).encode(BLOCK, controller.signal);
  controller.abort();
  await expect(encoding).rejects.toBeInstanceOf(CancelledError);
});
