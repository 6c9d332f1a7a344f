import { afterAll, describe, expect, it } from 'vitest';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { webGpuForTests } from '../../../test/swiftshader.ts';
import { renderCtBox, type VoxelBox } from './renderCt.ts';
import type { CtAcquisition } from './scene.ts';
import { renderCtBoxGpu } from './testing/renderCtBoxGpu.ts';
import { randomScene } from './testing/testScenes.ts';

const gpu = await webGpuForTests();

const motion: CtAcquisition['motion'] = {
  centreLpsMm: [3, -4, 2],
  radiusMm: 25,
  shiftsLpsMm: [
    [0, 0, 0],
    [2.5, -1, 3],
  ],
};

describe.skipIf(!gpu)('the CT chain on the GPU', () => {
  afterAll(() => gpu?.free());

  it.each([
    [1, 1.4, 2.4],
    [3, 1.1, 0.6],
  ])('gives the HU of the CPU (scene %i, %f × %f mm)', async (seed, inPlane, across) => {
    const grid: GridLps = {
      sizeIjk: [80, 80, 60],
      originLpsMm: [-35.2, -33.1, -30.3],
      spacingMm: [inPlane, inPlane, across],
      directions: LPS_AXES,
    };
    const box: VoxelBox = { from: [11, 17, 5], to: [30, 37, 14] };
    const still = randomScene(seed);
    const acquisition = seed === 1 ? { ...still.acquisition, motion } : still.acquisition;
    const scene = { ...still, acquisition };
    const expected = renderCtBox(scene, grid, box);
    const actual = await renderCtBoxGpu(gpu!.device, scene, grid, box);
    const differences = Array.from(expected, (value, n) => Math.abs(value - actual[n]!)).sort(
      (a, b) => b - a,
    );
    expect(actual.length).toBe(expected.length);
    expect(differences[0]).toBeLessThan(0.5);
    expect(new Set(expected).size).toBeGreaterThan(1000);
  });
});
