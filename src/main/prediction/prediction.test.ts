import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { CancelledError } from '#shared/errors.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { distance } from '#shared/geometry/vec3.ts';
import { FIELD_128, REGION_64 } from '#shared/nudf/network/networkSpec.ts';
import { writeNpy } from '../arrays/numpy/npy.ts';
import { readPointCloud } from '../interchange/pointCloud.ts';
import type { FieldModel } from '../models/modelRegistry.ts';
import { writeCtSeries } from '../phantom/dicomWriter.ts';
import type { OpenNetworks } from '../pipeline/networks.ts';
import { fakeEngine } from '../pipeline/testing/fakeEngine.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';
import { cloudFiles } from './cloudFiles.ts';
import { experimentCheckpoint } from './experimentCheckpoint.ts';
import { predictCloud } from './predictCloud.ts';
import { predictionSources } from './predictionSource.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-predict-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function preparedCase(name: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'imageinput_16.npy'), writeNpy(new Int16Array(16 ** 3), [16, 16, 16]));
}

/** A heat map with the appendage in the middle of whatever is looked at. */
const inTheMiddle = async (): Promise<Float32Array> => {
  const n = REGION_64.resolution;
  const isMiddle = (voxel: number): boolean => Math.abs(voxel - (n - 1) / 2) < 4;
  return Float32Array.from({ length: n ** 3 }, (_, index) =>
    [index % n, Math.floor(index / n) % n, Math.floor(index / n ** 2)].every(isMiddle) ? 1 : 0,
  );
};

async function networks(held: Set<string>, field?: FieldFunction): Promise<OpenNetworks> {
  const device = fakeEngine({ held, ...(field ? { field } : {}) });
  const engine = await device.fieldEngine(FIELD_128, new Map());
  const regionEngine = { ...(await device.regionEngine(REGION_64, new Map())), detect: inTheMiddle };
  const region = { engine: regionEngine, spec: REGION_64 };
  return {
    region,
    field: { engine, spec: { resolution: 16, edgeMm: 70 } },
    // Only its networks are used.
    models: {} as OpenNetworks['models'],
    remarks: () => [],
    free: async () => undefined,
  };
}

const OPTIONS = { batchPoints: 4000, points: 1500, seed: 7 };

describe('predictCloud', () => {
  it('makes the cloud of a case that another program prepared, the same for the same seed', async () => {
    await preparedCase('case-a');
    const [source] = await predictionSources(join(folder, 'case-a'));
    const held = new Set<string>();
    const nets = await networks(held);
    const cloud = await predictCloud(source!, nets, OPTIONS);
    expect([...held].filter((part) => part.includes('crop'))).toEqual([]);
    expect(cloud).toMatchObject({ name: 'case-a', isPlaceKnown: false });
    expect(cloud.pointsNormalized).toHaveLength(3 * 1500);
    // A ball of 12 mm.
    for (let at = 0; at < cloud.pointsLpsMm.length; at += 3) {
      const [x, y, z] = cloud.pointsLpsMm.subarray(at, at + 3);
      expect(Math.abs(Math.hypot(x!, y!, z!) - 12)).toBeLessThan(0.05);
      expect(cloud.pointsNormalized[at]! * 35).toBeCloseTo(x!, 4);
    }
    expect(await predictCloud(source!, nets, OPTIONS)).toMatchObject({
      pointsNormalized: cloud.pointsNormalized,
    });

    const model = { manifest: { id: 'm', kind: 'family', sha256: 'ab', trainedOn: 'x' } } as FieldModel;
    const files = cloudFiles(cloud, model, { seed: 7, programVersion: '0' });
    const text = await readPointCloud(
      new TextEncoder().encode(String(files.get('dense_point_cloud.txt'))),
      'dense_point_cloud.txt',
    );
    expect(text).toHaveLength(3 * 1500);
    expect(text[4]).toBeCloseTo(cloud.pointsNormalized[4]!, 5);
    const ply = files.get('dense_point_cloud_lps.ply') as Uint8Array;
    expect(await readPointCloud(ply, 'a.ply')).toEqual(cloud.pointsLpsMm);
    expect(JSON.parse(String(files.get('cloud.json')))).toMatchObject({ points: 1500, seed: 7 });
  });

  it('makes the cloud of a scan in LPS mm, round the appendage that is found in it, with the warnings of its series', async () => {
    const grid = cubeGridLps([10, -20, 30], 72, 24);
    const volume = { grid, data: new Int16Array(24 ** 3).fill(300) };
    await writeCtSeries({ volume, metadata: defaultCtSeriesMetadata(1, grid) }, join(folder, 'ct'));
    const [source] = await predictionSources(join(folder, 'ct'));
    const held = new Set<string>();
    const cloud = await predictCloud(source!, await networks(held), OPTIONS);
    expect([...held].filter((part) => part.includes('crop'))).toEqual([]);
    expect(cloud).toMatchObject({ name: 'ct', isPlaceKnown: true });
    expect(cloud.warnings.map(({ code }) => code)).toContain('series.coverage-short');
    expect(distance(cloud.frame.centreLpsMm, [10, -20, 30])).toBeLessThan(2);
    for (let at = 0; at < cloud.pointsLpsMm.length; at += 3) {
      const [x, y, z] = cloud.pointsLpsMm.subarray(at, at + 3);
      const [a, b, c] = cloud.frame.centreLpsMm;
      expect(Math.abs(Math.hypot(x! - a, y! - b, z! - c) - 12)).toBeLessThan(0.05);
    }
  });

  it('says where a network finds no surface, and stops when it is cancelled', async () => {
    await preparedCase('case-a');
    const [source] = await predictionSources(join(folder, 'case-a'));
    const far: FieldFunction = async (points) => {
      const values = new Float32Array(points.length / 3).fill(20);
      return { signedMm: values, unsignedMm: values };
    };
    const held = new Set<string>();
    await expect(predictCloud(source!, await networks(held, far), OPTIONS)).rejects.toThrow(
      /finds no surface in "case-a"/,
    );
    const controller = new AbortController();
    const work = predictCloud(source!, await networks(held), {
      ...OPTIONS,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(work).rejects.toThrow(CancelledError);
    expect([...held].filter((part) => part.includes('crop'))).toEqual([]);
  });
});

it('finds a case, all cases, or a scan in a folder', async () => {
  await preparedCase('a');
  await preparedCase('b');
  expect(await predictionSources(folder)).toMatchObject([{ name: 'a' }, { name: 'b', kind: 'prepared' }]);
  await mkdir(join(folder, 'scan'));
  expect(await predictionSources(join(folder, 'scan'))).toMatchObject([{ name: 'scan', kind: 'dicom' }]);
});

it('finds the checkpoint of an epoch, or the last', async () => {
  await mkdir(join(folder, 'checkpoints'));
  for (const epoch of [9, 10, 260]) {
    await writeFile(join(folder, 'checkpoints', `checkpoint_epoch_${epoch}.tar`), '');
  }
  await writeFile(join(folder, 'settings.json'), '{"alignCorners": false}');
  expect(await experimentCheckpoint(folder)).toMatchObject({ epoch: 260, alignCorners: false });
  expect((await experimentCheckpoint(folder, 9)).file).toMatch(/checkpoint_epoch_9\.tar$/);
  await expect(experimentCheckpoint(folder, 11)).rejects.toThrow(
    /no checkpoint of epoch 11; its last is 260/,
  );
  await expect(experimentCheckpoint(join(folder, 'none'))).rejects.toThrow(/has no checkpoint/);
});
