import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeStl } from '../interchange/stl.ts';
import { buildScene } from '../phantom/anatomy/index.ts';
import { createTruthField } from '../phantom/truthField.ts';
import { DEFAULT_SURFACE_RESOLUTION } from './caseRequest.ts';
import { prepareCase } from './prepareCase.ts';
import { CUBE_EDGE_MM } from './preparedCase.ts';
import { readCaseDescription, readDualFieldSamples, readPreparedImage } from './readPreparedCase.ts';
import { surfaceDistances } from './sampling/lumenSurfaces.ts';

const SEED = 5;

// Slow: a phantom's surface is drawn and its cube scanned.
describe('a prepared phantom', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-phantom-'));
    await prepareCase(
      { name: 'phantom', input: { kind: 'phantom', seed: SEED } },
      folder,
      {
        resolutions: [64],
        imageType: 'int16',
        precision: 'float32',
        points: 8,
        dualFieldPoints: 800,
        seed: 1,
        centre: 'segmentation',
        surfaceResolution: DEFAULT_SURFACE_RESOLUTION,
        programVersion: '0.1.0',
      },
      () => Promise.reject(new Error('The centre is known.')),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has the distances of its analytic truth, and surfaces within 0.05 mm of it but at the rim', async () => {
    const path = join(folder, 'phantom');
    const { cube } = (await readCaseDescription(path))!;
    const { points, signed, unsigned } = await readDualFieldSamples(path);
    const frame = { centreLpsMm: cube.centreLpsMm, edgeMm: CUBE_EDGE_MM };
    const truth = createTruthField(buildScene(SEED), frame).distances(points);
    const errors = (field: 0 | 1, values: Float32Array | Float64Array) =>
      Array.from(values, (value, n) => Math.abs(35 * value - truth[2 * n + field]!)).sort((a, b) => a - b);
    const mesh = async (name: string) => decodeStl(await readFile(join(path, name)));
    const ofMeshes = surfaceDistances({
      wall: await mesh('laa-wall.stl'),
      closed: await mesh('laa-closed.stl'),
    }).measure(
      Float64Array.from(points, (value, at) => cube.centreLpsMm[at % 3]! + 35 * value),
      true,
    );
    for (const measured of [ofMeshes.signedMm!, ofMeshes.unsignedMm]) {
      const sorted = errors(
        measured === ofMeshes.signedMm ? 0 : 1,
        measured.map((mm) => mm / 35),
      );
      expect(sorted[Math.floor(0.85 * sorted.length)]).toBeLessThan(0.05);
    }
    for (const sorted of [errors(0, signed), errors(1, unsigned)]) {
      expect(sorted.at(-1)).toBeLessThan(0.001);
    }
  });

  it('shows blood inside of the lumen', async () => {
    const path = join(folder, 'phantom');
    const { valuesHu } = await readPreparedImage(path, 64);
    const { points, signed } = await readDualFieldSamples(path);
    let [sum, count] = [0, 0];
    signed.forEach((value, n) => {
      if (35 * value > -3) return;
      const [x, y, z] = [0, 1, 2].map((axis) => Math.floor(((points[3 * n + axis]! + 1) / 2) * 64));
      sum += valuesHu[x! + 64 * (y! + 64 * z!)]!;
      count++;
    });
    expect(count).toBeGreaterThan(0);
    expect(sum / count).toBeGreaterThan(80);
  });
});
