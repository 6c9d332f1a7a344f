import { describe, expect, it } from 'vitest';
import { cubeGridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import type { RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { borderBlur, clearerTurn, lookAt, regionConfidence } from './recognition.ts';

const N = 32;
const grid = cubeGridLps([0, 0, 0], 140, N);

/** A scan in which a ball shines left of, in front of and above the middle. */
const scan = { grid, data: new Float32Array(voxelCount(grid)) };
const ballAt = [22, 10, 22];
scan.data.forEach((_, voxel) => {
  const at = [voxel % N, Math.floor(voxel / N) % N, Math.floor(voxel / N ** 2)];
  scan.data[voxel] = Math.hypot(...at.map((value, axis) => value - ballAt[axis]!)) < 6 ? 300 : 0;
});

/** Marks what shines, sharply in one octant (the reversed axes as a number) and blurred in all others. */
const sharpIn = (octant: number): RegionEngine => ({
  id: 'onnx',
  device: 'test',
  detect: async (block) => {
    const bright = block.findIndex((value) => value > 150);
    const at = [bright % N, Math.floor(bright / N) % N, Math.floor(bright / N ** 2)];
    const from = (at[0]! < N / 2 ? 1 : 0) + (at[1]! > N / 2 ? 2 : 0) + (at[2]! < N / 2 ? 4 : 0);
    return block.map((value, voxel) => (value > 150 ? (from === octant || voxel % 4 > 0 ? 1 : 0.6) : 0));
  },
  free: async () => {},
});

describe('recognition of an appendage', () => {
  it('trusts a sharp border more than a blurred one, and nothing not at all', () => {
    const sharp = { sureVoxels: 626, unsureVoxels: 55 };
    const blurred = { sureVoxels: 932, unsureVoxels: 234 };
    const nothing = { sureVoxels: 0, unsureVoxels: 0 };
    expect(borderBlur(sharp)).toBeLessThan(1);
    expect(borderBlur(blurred)).toBeGreaterThan(2);
    expect(regionConfidence(sharp)).toBeGreaterThan(0.95);
    expect(regionConfidence(blurred)).toBeLessThan(0.5);
    expect(regionConfidence(nothing)).toBeLessThan(0.05);
  });

  it.each([
    [0, undefined],
    [1, 'mirrored'],
    [4, 'upsideDown'],
    [5, 'feetFirst'],
    [3, 'prone'],
    [2, 'frontToBack'],
  ])('finds the turn that is sharper (octant %i: %s)', async (octant, turn) => {
    const engine = sharpIn(octant);
    const found = await lookAt(scan, [0, 0, 0], engine, N);
    const clearer = await clearerTurn(scan, [0, 0, 0], found, engine, N);
    expect(clearer?.turn).toBe(turn);
  });

  it('does not call a turn clear that is only less blurred than the scan as it is', async () => {
    // Of what shines, so many voxels are unsure: as it is (bright voxel left of the middle) and mirrored.
    const engine = (asItIs: number, mirrored: number): RegionEngine => ({
      ...sharpIn(0),
      detect: async (block) => {
        const bright = block.findIndex((value) => value > 150);
        const isAsItIs = bright % N > N / 2;
        const isUpright = Math.floor(bright / N) % N < N / 2 && Math.floor(bright / N ** 2) > N / 2;
        const unsure = isUpright ? (isAsItIs ? asItIs : mirrored) : 999;
        let seen = 0;
        return block.map((value) => (value > 150 ? (seen++ < unsure ? 0.6 : 1) : 0));
      },
    });
    for (const [mirrored, isClear] of [
      [40, true],
      [150, false],
    ] as const) {
      const with300 = engine(300, mirrored);
      const found = await lookAt(scan, [0, 0, 0], with300, N);
      expect(await clearerTurn(scan, [0, 0, 0], found, with300, N)).toEqual({ turn: 'mirrored', isClear });
    }
  });
});
