import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { asDeviceFailure, DeviceFailure } from '#shared/nudf/engine/fallbackEngine.ts';
import type { TensorflowHost } from '#shared/nudf/engine/tensorflowEngine.ts';
import { sentWeights } from '#shared/nudf/engine/viewerTasks.ts';
import type { FieldNetworkSpec, RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { stockOps } from '#shared/nudf/network/stockOps.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { createViewerNetworks } from './viewerNetworks.ts';

const FIELD: FieldNetworkSpec = {
  kind: 'nudf-dual',
  resolution: 8,
  edgeMm: 70,
  clipHu: 1000,
  levels: [{ pool: 2, channels: [4] }],
  normGroups: 2,
  offsetMm: 2.5,
  hidden: [8],
  unitMm: 5,
};
const REGION: RegionNetworkSpec = {
  kind: 'region-unet',
  resolution: 8,
  clipHu: 1000,
  channels: [4, 8],
  normGroups: 4,
};
const job = { signal: new AbortController().signal, onProgress: () => {} };

beforeAll(() => tf.setBackend('cpu'));

/** TensorFlow.js' plain backend in place of a graphics processor, opened once for each name. */
function graphics(guard: TensorflowHost['guard'] = (work) => work()) {
  const opened: string[] = [];
  const freed: string[] = [];
  const networks = createViewerNetworks(async () => {
    const name = `device ${opened.length + 1}`;
    opened.push(name);
    const host: TensorflowHost = {
      id: 'webgpu',
      device: name,
      backendName: 'cpu',
      ops: stockOps,
      chunkPoints: 100,
      chunksAtOnce: 2,
      guard,
    };
    return { host, free: () => void freed.push(name) };
  });
  return { networks, opened, freed };
}

it('computes both networks, and frees all of it when it is reset', async () => {
  const { networks, opened, freed } = graphics();
  await networks.reset({}, job);
  expect(opened).toEqual([]);
  const before = tf.memory().numTensors;
  const field = await networks.openField(
    { spec: FIELD, weights: sentWeights(initializeWeights(FIELD, 1)) },
    job,
  );
  const region = await networks.openRegion(
    { spec: REGION, weights: sentWeights(initializeWeights(REGION, 1)) },
    job,
  );
  const blockHu = new Float32Array(8 ** 3);
  const crop = await networks.encode({ network: field, cropHu: blockHu }, job);
  const { signedMm } = await networks.evaluate({ crop, pointsNormalized: new Float32Array(6) }, job);
  expect([signedMm.length, (await networks.detect({ network: region, blockHu }, job)).length]).toEqual([
    2,
    8 ** 3,
  ]);
  expect(opened).toEqual(['device 1']);
  await networks.reset({}, job);
  expect([tf.memory().numTensors, freed]).toEqual([before, ['device 1']]);
  await expect(networks.evaluate({ crop, pointsNormalized: new Float32Array(3) }, job)).rejects.toThrow(
    /Nothing is open/,
  );
});

it('names a device that fails, and opens another one after a reset', async () => {
  const problems = ['Buffer: out of memory', 'lost', 'refused'];
  let problem: string | undefined;
  const { networks, opened, freed } = graphics(async (work) => {
    if (problem === 'refused') throw new DeviceFailure('failed');
    if (problem === 'lost') throw new DeviceFailure('lost');
    if (problem !== undefined) throw asDeviceFailure(new Error(problem));
    return work();
  });
  const weights = sentWeights(initializeWeights(FIELD, 1));
  const network = await networks.openField({ spec: FIELD, weights }, job);
  const encode = () => networks.encode({ network, cropHu: new Float32Array(8 ** 3) }, job);
  const outcomes: unknown[] = [];
  for (problem of problems) outcomes.push(await encode().catch((thrown: unknown) => thrown));
  expect(outcomes).toMatchObject([
    { failure: failure('engine.gpu-memory') },
    { failure: failure('engine.gpu-lost', { message: '' }) },
    { problem: 'failed' },
  ]);
  problem = undefined;
  await networks.reset({}, job);
  await networks.openField({ spec: FIELD, weights }, job);
  expect([opened, freed]).toEqual([['device 1', 'device 2'], ['device 1']]);
  await networks.reset({}, job);
});
