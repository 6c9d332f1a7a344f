import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { type GridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import type { RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { detectRegion } from './detectRegion.ts';
import { strongestBlob } from './heatmap.ts';
import { boundingBoxLps, boxGridLps, cubeBox, scanWindows, WINDOW_HEIGHT_MM } from './regionBlocks.ts';

/** An engine whose probability is the brightness: the "appendage" is whatever shines. */
const brightnessEngine: RegionEngine = {
  id: 'onnx',
  device: 'test',
  detect: async (block) => block.map((value) => Math.max(0, value)),
  free: async () => {},
};

/** A scan that shines as a Gaussian ball round a target. */
const ballAt =
  (target: Vec3, sdMm: number) =>
  (grid: GridLps): Float32Array => {
    const [nI, nJ, nK] = grid.sizeIjk;
    const data = new Float32Array(nI * nJ * nK);
    for (let k = 0; k < nK; k++)
      for (let j = 0; j < nJ; j++)
        for (let i = 0; i < nI; i++)
          data[i + nI * (j + nJ * k)] = Math.exp(
            -0.5 * (distance(ijkToLps(grid, [i, j, k]), target) / sdMm) ** 2,
          );
    return data;
  };

const scan = (sizeIjk: Vec3, spacingMm: Vec3): GridLps => ({
  sizeIjk,
  spacingMm,
  originLpsMm: [-100, -150, -400],
  directions: LPS_AXES,
});

describe('region blocks', () => {
  it('covers exactly the voxels of a flipped grid', () => {
    const grid: GridLps = {
      sizeIjk: [10, 20, 30],
      spacingMm: [1, 2, 3],
      originLpsMm: [0, 0, 0],
      directions: [
        [-1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
      ],
    };
    expect(boundingBoxLps(grid)).toEqual({ minLpsMm: [-9.5, -1.5, -1], maxLpsMm: [0.5, 88.5, 39] });
  });

  it('puts voxel centres half a voxel inside the box', () => {
    const grid = boxGridLps({ minLpsMm: [0, 10, 20], maxLpsMm: [64, 138, 52] }, 64);
    expect(grid.spacingMm).toEqual([1, 2, 0.5]);
    expect(grid.originLpsMm).toEqual([0.5, 11, 20.25]);
  });

  it('windows a long scan without leaving a gap', () => {
    const long = { minLpsMm: [0, 0, -500] as Vec3, maxLpsMm: [300, 300, 600] as Vec3 };
    const windows = scanWindows(long);
    expect(windows[0]!.minLpsMm[2]).toBe(-500);
    expect(windows.at(-1)!.maxLpsMm[2]).toBeCloseTo(600);
    for (let index = 1; index < windows.length; index++) {
      const overlap = windows[index - 1]!.maxLpsMm[2] - windows[index]!.minLpsMm[2];
      expect(overlap).toBeGreaterThanOrEqual(WINDOW_HEIGHT_MM / 2 - 1e-9);
    }
    expect(scanWindows(cubeBox([0, 0, 0], 200))).toHaveLength(1);
  });
});

describe('strongestBlob', () => {
  it('prefers the larger of two blobs and gives its weighted centre', () => {
    const grid = boxGridLps(cubeBox([0, 0, 0], 8), 8);
    const map = new Float32Array(512);
    map[0] = 1;
    const at = (i: number, j: number, k: number): number => i + 8 * (j + 8 * k);
    map[at(5, 5, 5)] = 0.9;
    map[at(6, 5, 5)] = 0.9;
    const blob = strongestBlob(map, grid);
    expect(blob!.centreLpsMm[0]).toBeCloseTo(2);
    expect(blob!.centreLpsMm[1]).toBeCloseTo(1.5);
    expect(blob!.volumeMl).toBeCloseTo(0.0018);
  });

  it('finds nothing in an empty map', () => {
    expect(strongestBlob(new Float32Array(64), boxGridLps(cubeBox([0, 0, 0], 8), 4))).toBeNull();
  });
});

describe('detectRegion', () => {
  const target: Vec3 = [31, 47, 118];

  it('homes in on the target in a long anisotropic scan', async () => {
    const grid = scan([300, 300, 260], [1, 1, 3]);
    const result = await detectRegion(grid, ballAt(target, 12), brightnessEngine, 32);
    expect(distance(result.centreLpsMm, target)).toBeLessThan(1.5);
    // A border as blurred as a Gaussian's is no appendage's.
    expect(result.confidence).toBeLessThan(0.1);
    const detect = async (block: Float32Array) => block.map((value) => (value > 0.5 ? 1 : 0));
    const sharp = await detectRegion(grid, ballAt(target, 12), { ...brightnessEngine, detect }, 32);
    expect(sharp.confidence).toBeGreaterThan(0.9);
  });

  it('looks once more than at the whole, and again only while the find lies beside the middle of its cube', async () => {
    const grid = scan([100, 100, 100], [2, 2, 2]);
    const inside: Vec3 = [10, -40, -300];
    expect((await detectRegion(grid, ballAt(inside, 12), brightnessEngine, 32)).passes).toBe(2);
    // Always 12 voxels of 32 beside the first: 52 mm in cubes of 140 mm.
    const detect = async (block: Float32Array) => block.map((_, index) => (index % 32 === 28 ? 1 : 0));
    expect((await detectRegion(grid, ballAt(inside, 12), { ...brightnessEngine, detect }, 32)).passes).toBe(
      5,
    );
  });

  it('refuses a scan that shows nothing', async () => {
    const grid = scan([100, 100, 100], [2, 2, 2]);
    const dark = (block: GridLps): Float32Array => new Float32Array(block.sizeIjk[0] ** 3).fill(0.01);
    await expect(detectRegion(grid, dark, brightnessEngine, 16)).rejects.toThrow(UserError);
  });

  describe('in a scan that is stored the wrong way round', () => {
    const grid = scan([100, 100, 100], [2, 2, 2]);
    const body: Vec3 = [30, -60, -300];
    /** A bright body with a dim one 30 mm left or right of it. */
    const bodyWith = (dimToTheLeftMm: number) => (of: GridLps) => {
      const dim = ballAt([body[0] + dimToTheLeftMm, body[1], body[2]], 10)(of);
      return ballAt(body, 12)(of).map((value, at) => value + 0.4 * dim[at]!);
    };
    const meanI = (block: Float32Array, low: number, high: number): number => {
      const n = Math.round(Math.cbrt(block.length));
      const within = [...block.keys()].filter((at) => block[at]! > low && block[at]! <= high);
      return within.reduce((sum, at) => sum + (at % n), 0) / within.length;
    };
    /** Knows the bright body by its dim neighbour, which lies to its left. */
    const knowsItsLeft: RegionEngine = {
      ...brightnessEngine,
      detect: async (block) => {
        const isKnown = meanI(block, 0.1, 0.4) > meanI(block, 0.5, 2);
        return block.map((value) => (value > 0.5 && isKnown ? 1 : 0));
      },
    };

    it('finds what lies as it should', async () => {
      const { centreLpsMm } = await detectRegion(grid, bodyWith(30), knowsItsLeft, 32);
      expect(distance(centreLpsMm, body)).toBeLessThan(2);
    });

    it('names the way in which the appendage would be seen', async () => {
      await expect(detectRegion(grid, bodyWith(-30), knowsItsLeft, 32)).rejects.toMatchObject({
        failure: { code: 'pipeline.seen-turned', fields: { turn: 'mirrored' } },
      });
    });

    it('says that nothing is there where no turn shows it', async () => {
      const detect = async (block: Float32Array) => block.map(() => 0);
      await expect(
        detectRegion(grid, bodyWith(-30), { ...brightnessEngine, detect }, 32),
      ).rejects.toMatchObject({ failure: { code: 'pipeline.no-region' } });
    });
  });

  it('stops when cancelled', async () => {
    const grid = scan([100, 100, 100], [2, 2, 2]);
    const signal = AbortSignal.abort();
    await expect(detectRegion(grid, ballAt(target, 12), brightnessEngine, 16, { signal })).rejects.toThrow(
      'Cancelled',
    );
  });
});
