import { afterAll, describe, expect, it } from 'vitest';
import { webGpuForTests } from '../../../test/swiftshader.ts';
import { type CropMaker, createCropMaker } from './cropMaker.ts';
import { evaluateNamed } from './evaluateShape.ts';
import { readWords, storageBuffer } from './gpuCompute.ts';
import { renderCrop } from './renderCrop.ts';
import type { PhantomScene } from './scene.ts';
import { SURFEL_WORDS } from './surfels.ts';
import { compileTape } from './tape.ts';
import { randomScene } from './testing/testScenes.ts';
import { createTruthField } from './truthField.ts';

const gpu = await webGpuForTests();

/** A random scene whose ostium plane cuts its body, seen from inside the body. */
function cutScene(seed: number): { scene: PhantomScene; centre: [number, number, number] } {
  const scene = randomScene(seed);
  const tape = compileTape(scene);
  for (let n = 0; ; n++) {
    const point: [number, number, number] = [
      20 * Math.sin(n),
      20 * Math.sin(1.7 * n),
      20 * Math.cos(2.3 * n),
    ];
    if (evaluateNamed(tape, 'body', Float32Array.from(point))[0]! > -2) continue;
    const appendage = { ...scene.appendage, ostiumPointLpsMm: point };
    return { scene: { ...scene, appendage }, centre: [point[0] + 2, point[1] - 1, point[2] + 3] };
  }
}

const resolution = 16;
const edgeMm = 24;
const scanResolution = 16;
const acquisition = { spacingMm: [1.9, 3.1] as const, phase: [0.3, 0.9, 0.1] as const };

describe.skipIf(!gpu)('createCropMaker', () => {
  const device = gpu?.device as GPUDevice; // the suite is skipped without one
  let maker: CropMaker | undefined;
  afterAll(() => {
    maker?.free();
    gpu?.free();
  });
  const floats = async (buffer: GPUBuffer, count: number, offset = 0): Promise<Float32Array> =>
    new Float32Array(await readWords(device, buffer, offset, 4 * count));

  it('makes the crop, the surfels and the truth of the CPU', async () => {
    const seed = 2;
    maker ??= createCropMaker(device, { resolution, edgeMm, scanResolution });
    const { scene, centre } = cutScene(seed);
    const frame = { centreLpsMm: centre, edgeMm };
    const crop = maker.allocate();
    maker.makeCrop(crop, scene, centre, acquisition);

    const expectedHu = renderCrop(scene, frame, resolution, acquisition);
    const hu = await floats(crop.cropHu.buffer, resolution ** 3);
    let largest = 0;
    for (let n = 0; n < hu.length; n++) largest = Math.max(largest, Math.abs(hu[n]! - expectedHu[n]!));
    expect(largest).toBeLessThan(0.5);

    const truth = createTruthField(scene, frame, { resolution: scanResolution });
    const totals = new Uint32Array(await readWords(device, crop.totals));
    // A point on the border between two voxels may be counted by either, by rounding.
    expect(Math.abs(totals[0]! - truth.surfels.count)).toBeLessThan(0.01 * truth.surfels.count + 3);
    expect(totals[0]).toBeGreaterThan(100);
    expect(totals[1]).toBe(Math.ceil(totals[0]! / 32));
    const surfels = await floats(crop.surfels, totals[0]! * SURFEL_WORDS);
    const key = (data: Float32Array, s: number): string =>
      [0, 1, 2, 3].map((word) => Math.round(data[s * SURFEL_WORDS + word]! * 20)).join();
    const expectedKeys = new Set(
      Array.from({ length: truth.surfels.count }, (_, s) => key(truth.surfels.data, s)),
    );
    let shared = 0;
    for (let s = 0; s < totals[0]!; s++) if (expectedKeys.has(key(surfels, s))) shared++;
    expect(shared / totals[0]!).toBeGreaterThan(0.95);

    const count = 256;
    const points = storageBuffer(device, 12 * count * 2, 'points');
    const targets = storageBuffer(device, 8 * count * 2, 'targets');
    const part = (buffer: GPUBuffer, words: number, slot: number) => ({
      buffer,
      offset: 4 * words * count * slot,
      size: 4 * words * count,
    });
    const requests = [0, 1].map((slot) => ({
      crop,
      seed: 99 + slot,
      count,
      pointsNormalized: part(points, 3, slot),
      targetsMm: part(targets, 2, slot),
    }));
    maker.sampleTruth(requests);
    const drawn = await floats(points, 6 * count);
    const measured = await floats(targets, 4 * count);
    const expected = truth.distances(drawn);
    let differing = 0;
    for (let n = 0; n < measured.length; n++) {
      const difference = Math.abs(measured[n]! - expected[n]!);
      // A sign may flip on the surface itself, a foot may go to the other of two equal discs.
      if (
        difference > 0.02 &&
        Math.abs(Math.abs(measured[n]!) - Math.abs(expected[n]!)) + Math.abs(expected[n]!) > 0.04
      ) {
        differing++;
      }
    }
    expect(differing / measured.length).toBeLessThan(0.01);
    expect(drawn.slice(0, 3 * count)).not.toEqual(drawn.slice(3 * count));

    // The same again: nothing depends on how the device schedules.
    maker.makeCrop(crop, scene, centre, acquisition);
    maker.sampleTruth(requests);
    expect(await floats(crop.surfels, totals[0]! * SURFEL_WORDS)).toEqual(surfels);
    expect(await floats(points, 6 * count)).toEqual(drawn);
    expect(await floats(targets, 4 * count)).toEqual(measured);

    // Given points are measured, not replaced.
    const given = Float32Array.from({ length: 3 * count }, (_, n) => Math.sin(n));
    device.queue.writeBuffer(points, 0, given);
    maker.sampleTruth([{ ...requests[0]!, given: true }]);
    expect(await floats(points, 3 * count)).toEqual(given);
    const [first] = await floats(targets, 2 * count);
    expect(Math.abs(first! - truth.distances(given)[0]!)).toBeLessThan(0.05);
    points.destroy();
    targets.destroy();
    crop.free();
    expect(() => maker!.sampleTruth(requests)).toThrow(RangeError);
  });

  it('writes a crop into its place in a larger buffer', async () => {
    maker ??= createCropMaker(device, { resolution, edgeMm, scanResolution });
    const bytes = 4 * resolution ** 3;
    const pool = storageBuffer(device, 2 * bytes, 'pool');
    const crop = maker.allocate({ buffer: pool, offset: bytes, size: bytes });
    const { scene, centre } = cutScene(2);
    maker.makeCrop(crop, scene, centre, acquisition);
    const [first, second] = [await floats(pool, resolution ** 3), await floats(pool, resolution ** 3, bytes)];
    expect(first.every((value) => value === 0)).toBe(true);
    expect(new Set(second).size).toBeGreaterThan(500);
    crop.free();
    pool.destroy();
  });
});
