import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeStl } from '../interchange/stl.ts';
import { findBoundaryLoops } from '../mesh/topology.ts';
import type { CaseRequest, FilesInput, PrepareOptions } from './caseRequest.ts';
import { prepareCase } from './prepareCase.ts';
import { prepareCases } from './prepareCases.ts';
import {
  readCaseDescription,
  readDualFieldSamples,
  readPreparedImage,
  readPreparedSamples,
} from './readPreparedCase.ts';
import { DEFAULT_SHARES } from './splitCases.ts';
import {
  BALL_RADIUS_MM,
  ballOptions,
  ballPlane,
  ballRequest,
  findCentre,
  OSTIUM_BELOW_MM,
  rampHu,
  writeBallInputs,
} from './testing/ballInputs.ts';

let inputs: string;
let folder: string;
beforeAll(async () => {
  inputs = await writeBallInputs();
});
afterAll(() => rm(inputs, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-prepare-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const request = (segmentation?: string, more?: Partial<FilesInput>): CaseRequest =>
  ballRequest(inputs, segmentation, more);
const prepare = (one: CaseRequest, changes: Partial<PrepareOptions> = {}, signal?: AbortSignal) =>
  prepareCase(one, folder, { ...ballOptions, ...changes }, findCentre, signal ? { signal } : {});

describe('prepareCase', () => {
  // At 256 in slabs; 512 takes 5 s: some of its slices are looked at in cubeImage.test.ts.
  it('puts voxel v of n at (2v + 1)/n − 1 along L, P and S, to 1e-5', async () => {
    await prepare(request(), { resolutions: [64, 256] });
    const { cube } = (await readCaseDescription(join(folder, 'case-1')))!;
    for (const [n, step] of [
      [64, 1],
      [256, 5],
    ] as const) {
      const { valuesHu } = await readPreparedImage(join(folder, 'case-1'), n);
      let worst = 0;
      const at = (voxel: number, axis: number) => cube.centreLpsMm[axis]! + 35 * ((2 * voxel + 1) / n - 1);
      for (let z = 0; z < n; z += step) {
        for (let y = 0; y < n; y += step) {
          for (let x = 0; x < n; x += step) {
            const wanted = rampHu([at(x, 0), at(y, 1), at(z, 2)]);
            worst = Math.max(worst, Math.abs(valuesHu[(z * n + y) * n + x]! - wanted));
          }
        }
      }
      expect(worst, `${n}`).toBeLessThan(1e-5);
    }
  });

  it('writes points with exact distances, both fields, surfaces and a description', async () => {
    await prepare(request());
    const path = join(folder, 'case-1');
    expect((await readdir(path)).sort()).toEqual([
      'boundary_0.0_samples.npz',
      'boundary_in1_samples.npz',
      'boundary_out1_samples.npz',
      'case.json',
      'dual_field_samples.npz',
      'imageinput_64.npy',
      'laa-closed.stl',
      'laa-wall.stl',
    ]);
    const description = (await readCaseDescription(path))!;
    expect(description).toMatchObject({
      cube: { centreFrom: 'segmentation' },
      image: { source: 'file', resolutions: [64] },
      surface: { source: 'surface', openedBy: 'plane' },
      warnings: [],
    });
    const centre = description.cube.centreLpsMm;
    const rimRadius = Math.sqrt(BALL_RADIUS_MM ** 2 - OSTIUM_BELOW_MM ** 2);
    const inside = await readPreparedSamples(path, 'in1');
    for (let n = 0; n < inside.count; n++) {
      const [x, y, z] = [0, 1, 2].map((axis) => centre[axis]! + 35 * inside.points[3 * n + axis]!) as [
        number,
        number,
        number,
      ];
      const r = Math.hypot(x - 20, y + 30, z - 40);
      const rim = Math.hypot(Math.hypot(x - 20, y + 30) - rimRadius, z - 40 + OSTIUM_BELOW_MM);
      // The sphere's foot is on the wall where the direction from the centre points above the plane.
      const onWall = (z - 40) / r > -0.5;
      expect(Math.abs(35 * inside.occupancies[n]! - (onWall ? BALL_RADIUS_MM - r : rim))).toBeLessThan(0.5);
      expect(r).toBeLessThan(BALL_RADIUS_MM + 1e-3);
    }
    const dual = await readDualFieldSamples(path);
    expect(dual.count).toBe(400);
    expect(dual.signed.some((value) => value < 0)).toBe(true);
    dual.signed.forEach((value, n) => {
      // The wall is a part of the closed surface.
      expect(dual.unsigned[n]).toBeGreaterThan(Math.abs(value) - 1e-5);
    });
    expect(findBoundaryLoops(decodeStl(await readFile(join(path, 'laa-wall.stl'))))).toHaveLength(1);
    expect(findBoundaryLoops(decodeStl(await readFile(join(path, 'laa-closed.stl'))))).toHaveLength(0);
  });

  it('keeps a finished case, and makes it anew where its inputs, options or files changed', async () => {
    expect((await prepare(request())).isUnchanged).toBe(false);
    const file = join(folder, 'case-1', 'boundary_in1_samples.npz');
    const before = await stat(file);
    expect((await prepare(request())).isUnchanged).toBe(true);
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
    expect((await prepare(request(), { points: 100 })).isUnchanged).toBe(false);
    expect(
      (await prepare(request('sphere.stl', { centreLpsMm: [20, -30, 42] }), { points: 100 })).isUnchanged,
    ).toBe(false);
    expect((await prepare(request(), { points: 100 })).isUnchanged).toBe(false);
    await writeFile(join(folder, 'case-1', 'case.json'), '{');
    expect((await prepare(request(), { points: 100 })).isUnchanged).toBe(false);
    await rm(file);
    expect((await prepare(request(), { points: 100 })).isUnchanged).toBe(false);
    expect(await readdir(folder)).toEqual(['case-1']);
  });

  it('gives the same bytes for the same seed', async () => {
    const bytes = async (name: string) => readFile(join(folder, 'case-1', name));
    await prepare(request());
    const [points, image] = [await bytes('boundary_out1_samples.npz'), await bytes('imageinput_64.npy')];
    await rm(join(folder, 'case-1'), { recursive: true });
    await prepare(request());
    expect((await bytes('boundary_out1_samples.npz')).equals(points)).toBe(true);
    expect((await bytes('imageinput_64.npy')).equals(image)).toBe(true);
    await prepare(request(), { seed: 4 });
    expect((await bytes('boundary_out1_samples.npz')).equals(points)).toBe(false);
  });

  it('reads label maps: the appendage, opened where it touches the atrium, at its flat end, or at a plane', async () => {
    const opened = async (more: Partial<FilesInput>) => {
      await prepare(request('labels.nrrd', more), { centre: 'region' });
      return (await readCaseDescription(join(folder, 'case-1')))!;
    };
    const wallMm2 = 2 * Math.PI * BALL_RADIUS_MM * (BALL_RADIUS_MM + OSTIUM_BELOW_MM);
    const atrium = await opened({ atriumLabel: 7 });
    expect(atrium).toMatchObject({
      surface: { source: 'labels', openedBy: 'atrium' },
      cube: { centreFrom: 'region', centreLpsMm: [21, -31, 41] },
    });
    expect(Math.abs(atrium.surface.wallAreaMm2 / wallMm2 - 1)).toBeLessThan(0.1);
    expect(
      (await opened({ label: 2, ostiumPlane: { ...ballPlane, pointLpsMm: [20, -30, 37.5] } })).surface
        .openedBy,
    ).toBe('plane');
  });

  it('reads DICOM SEG', async () => {
    await prepare(request('seg.dcm', { ostiumPlane: ballPlane }));
    const description = (await readCaseDescription(join(folder, 'case-1')))!;
    // A cube of 16 mm, its upper 12 mm.
    expect(description.surface).toMatchObject({ source: 'seg', openedBy: 'plane' });
    expect(Math.abs(description.surface.closedVolumeMl / ((16 * 16 * 12) / 1000) - 1)).toBeLessThan(0.1);
  });

  it.each([
    ['far.stl', {}, 'The segmentation lies outside of the scan.'],
    ['turned.stl', {}, 'within it where its axes are turned: try --surface-space ras'],
    ['turned.stl', { surfaceSpace: 'RAS' as const, image: 'cut.nrrd' }, '"cut.nrrd" cannot be read'],
    ['empty.nrrd', {}, 'The segmentation "empty.nrrd" is empty.'],
    ['labels.nrrd', {}, '"labels.nrrd" holds several labels: 2, 7; say which is the appendage (--label).'],
    ['labels.nrrd', { label: 5 }, '"labels.nrrd" has no voxel of label 5; it holds 2, 7.'],
    ['scan.nrrd', {}, '"scan.nrrd" holds a picture rather than labels.'],
    ['missing.stl', {}, '"missing.stl" is not there.'],
    ['sphere.stl', { image: 'sphere.stl' }, '"sphere.stl" is no scan'],
  ])(
    'refuses %s in one sentence and leaves nothing behind',
    async (segmentation, { image, ...more }: Partial<FilesInput>, sentence) => {
      const asked = request(segmentation, { ...more, ...(image ? { image: join(inputs, image) } : {}) });
      await expect(prepare(asked)).rejects.toThrow(sentence);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('leaves nothing behind when it is cancelled', async () => {
    await expect(prepare(request(), {}, AbortSignal.abort())).rejects.toThrow('Cancelled');
    const controller = new AbortController();
    const running = prepareCase(request(), folder, ballOptions, findCentre, {
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage === 'Drawing points') controller.abort();
      },
    });
    await expect(running).rejects.toThrow('Cancelled');
    expect(await readdir(folder)).toEqual([]);
  });

  const hasNumPy = (() => {
    try {
      // Not imported, which takes longer than all of the test.
      const find = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("numpy") is None)';
      execFileSync('python3', ['-c', find], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  it.skipIf(!hasNumPy)(`is read by NumPy${hasNumPy ? '' : ' (skipped: NumPy is not there)'}`, async () => {
    await prepare(request(), { imageType: 'int16' });
    await prepareCases([request()], folder, {
      prepare: (one) => prepare(one, { imageType: 'int16' }),
      parallel: 1,
      shares: DEFAULT_SHARES,
      seed: 1,
    });
    const program = `
import json, numpy, sys
image = numpy.load(sys.argv[1] + "/case-1/imageinput_64.npy")
samples = numpy.load(sys.argv[1] + "/case-1/boundary_in1_samples.npz")
split = numpy.load(sys.argv[1] + "/split.npz")
print(json.dumps([str(image.dtype), image.shape, {key: [str(samples[key].dtype), samples[key].shape] for key in samples.files},
  {key: split[key].tolist() for key in split.files}, int(image[60, 3, 7]), samples["points"][5].tolist()]))`;
    const [type, shape, arrays, split, value, point] = JSON.parse(
      execFileSync('python3', ['-c', program, folder], { encoding: 'utf8' }),
    ) as [string, number[], Record<string, unknown>, Record<string, string[]>, number, number[]];
    expect([type, shape]).toEqual(['int16', [64, 64, 64]]);
    expect(arrays).toEqual({
      points: ['float64', [400, 3]],
      grid_coords: ['float64', [400, 3]],
      occupancies: ['float64', [400]],
    });
    expect(split).toEqual({ train: ['case-1'], val: [], test: [] });
    const path = join(folder, 'case-1');
    expect((await readPreparedImage(path, 64)).valuesHu[(60 * 64 + 3) * 64 + 7]).toBe(value);
    const { points } = await readPreparedSamples(path, 'in1');
    expect(Array.from(points.subarray(15, 18))).toEqual(point.map(Math.fround));
  });
});
