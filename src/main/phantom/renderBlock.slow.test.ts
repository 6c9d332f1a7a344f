import { afterAll, describe, expect, it } from 'vitest';
import { type GridLps, LPS_AXES, voxelCount, voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import { webGpuForTests } from '../../../test/swiftshader.ts';
import { readWords, storageBuffer } from './gpuCompute.ts';
import { renderBlock } from './renderBlock.ts';
import { createBlockMaker } from './renderBlockGpu.ts';
import { LABELS, type PhantomScene } from './scene.ts';
import { surroundingDistances } from './surroundingDistances.ts';
import { emptyScene, randomScene } from './testing/testScenes.ts';

const gpu = await webGpuForTests();

/** Half a sphere of 300 HU: all of it is painted, what lies above the plane through its centre is appendage. */
const half: PhantomScene = {
  ...emptyScene(),
  shapes: [
    {
      name: 'body',
      shape: {
        kind: 'ellipsoid',
        centreLpsMm: [1, 2, 3],
        radiiMm: [20, 20, 20],
        axes: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    },
  ],
  tissues: [{ name: 'body', shape: 'body', label: LABELS.leftAtrium, hu: { baseHu: 300 } }],
  appendage: { ...emptyScene().appendage, ostiumPointLpsMm: [1, 2, 3], ostiumNormal: [0, 0.6, 0.8] },
};
const grid = (size: number, inPlane: number, across: number): GridLps => ({
  sizeIjk: [size, size, size],
  originLpsMm: [(-(size - 1) / 2) * inPlane, (-(size - 1) / 2) * inPlane, (-(size - 1) / 2) * across],
  spacingMm: [inPlane, inPlane, across],
  directions: LPS_AXES,
});

describe('renderBlock', () => {
  it('keeps the volume of what it shows, on coarse anisotropic voxels', () => {
    const coarse = grid(20, 4.1, 5.3);
    const { hu, appendage } = renderBlock(half, coarse);
    const sphere = (4 / 3) * Math.PI * 20 ** 3;
    const shown = hu.reduce((sum, value) => sum + (value + 1000) / 1300, 0) * voxelVolumeMm3(coarse);
    const lumen = appendage.reduce((sum, value) => sum + value, 0) * voxelVolumeMm3(coarse);
    expect(shown / sphere).toBeCloseTo(1, 1);
    expect(lumen / (sphere / 2)).toBeCloseTo(1, 1);
    expect(Math.max(...appendage)).toBe(1);
    expect(Math.min(...appendage)).toBe(0);
  });

  it('adds noise and padding when asked to', () => {
    const scene: PhantomScene = {
      ...emptyScene(),
      backgroundHu: 0,
      shapes: half.shapes,
      acquisition: {
        ...emptyScene().acquisition,
        fieldOfView: { centreLpsMm: [0, 0, 0], radiusMm: 30, paddingHu: -2000 },
      },
    };
    const { hu } = renderBlock(scene, grid(20, 4, 4), { noiseSdHu: 25 });
    const inside = Array.from(hu).filter((value) => value > -1500);
    const sd = Math.sqrt(inside.reduce((sum, value) => sum + value * value, 0) / inside.length);
    expect(sd).toBeGreaterThan(24);
    expect(sd).toBeLessThan(26);
    expect(hu[0]).toBe(-2000);
    expect(inside.length / hu.length).toBeCloseTo((Math.PI * 30 ** 2) / 80 ** 2, 1);
  });
});

describe.skipIf(!gpu)('createBlockMaker', () => {
  const device = gpu?.device as GPUDevice; // the suite is skipped without one
  afterAll(() => gpu?.free());

  it('gives the block of the CPU', async () => {
    const drawn = randomScene(3);
    const scene = { ...drawn, appendage: { ...drawn.appendage, ostiumPointLpsMm: [5, 5, 5] as const } };
    const coarse = grid(14, 5.1, 6.2);
    const expected = renderBlock(scene, coarse, { noiseSdHu: 12 });
    const bytes = 4 * voxelCount(coarse);
    const [hu, appendage] = [storageBuffer(device, bytes, 'hu'), storageBuffer(device, bytes, 'appendage')];
    const maker = createBlockMaker(device);
    const whole = (buffer: GPUBuffer) => ({ buffer, offset: 0, size: buffer.size });
    maker.makeBlock(scene, coarse, { hu: whole(hu), appendage: whole(appendage) }, { noiseSdHu: 12 });
    const actualHu = new Float32Array(await readWords(device, hu, 0, bytes));
    const actualLumen = new Float32Array(await readWords(device, appendage, 0, bytes));
    let [huError, lumenError] = [0, 0];
    for (let n = 0; n < actualHu.length; n++) {
      huError = Math.max(huError, Math.abs(actualHu[n]! - expected.hu[n]!));
      lumenError = Math.max(lumenError, Math.abs(actualLumen[n]! - expected.appendage[n]!));
    }
    expect(huError).toBeLessThan(0.5);
    expect(lumenError).toBeLessThan(1e-3);
    expect(new Set(actualHu).size).toBeGreaterThan(500);
    expect(Math.max(...expected.appendage)).toBeGreaterThan(0.3);
    hu.destroy();
    appendage.destroy();

    // The surroundings on the same device: one of one shape, one of two, and one that is not there.
    const structures = ['leftAtrium', 'leftSuperiorVein', 'circumflex'] as const;
    const [first, second] = scene.shapes.map(({ name }) => name);
    const surrounded = {
      ...scene,
      surroundings: { leftAtrium: [first!], leftSuperiorVein: [second!, first!] },
    };
    const distances = storageBuffer(device, 3 * bytes, 'distances');
    const image = storageBuffer(device, bytes, 'hu');
    const into = { hu: whole(image), distances: whole(distances) };
    maker.makeSurroundings(surrounded, coarse, structures, into, { noiseSdHu: 12 });
    expect(new Float32Array(await readWords(device, image, 0, bytes))).toEqual(actualHu);
    const actual = new Float32Array(await readWords(device, distances, 0, 3 * bytes));
    const wanted = surroundingDistances(surrounded, coarse, structures);
    let distanceError = 0;
    for (let n = 0; n < wanted.length; n++) {
      // Beyond FAR_MM both answer with a bound, each with its own.
      if (Math.abs(wanted[n]!) < 16)
        distanceError = Math.max(distanceError, Math.abs(actual[n]! - wanted[n]!));
    }
    expect(distanceError).toBeLessThan(1e-3);
    expect(actual[2]).toBe(1000);
    expect(new Set(actual).size).toBeGreaterThan(500);
    for (const buffer of [distances, image]) buffer.destroy();
    maker.free();
  });
});
