import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { registerAuricleKernels } from '#shared/nudf/kernels/index.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { createRandom } from '#shared/random/random.ts';
import { webGpuForTests } from '../../../test/swiftshader.ts';
import { TURNS } from '../nudf/region/recognition.ts';
import { ZOOM_EDGE_MM } from '../nudf/region/regionBlocks.ts';
import { appendageBounds } from '../phantom/anatomy/index.ts';
import { renderBlock } from '../phantom/renderBlock.ts';
import { LABELS, type PhantomScene } from '../phantom/scene.ts';
import { blockExample, drawBlock } from './blockExample.ts';
import { findable, insideMask } from './blockImages.ts';
import type { ExampleSource } from './exampleSource.ts';
import type { RegionRecipe } from './recipe.ts';
import { createRegionTask } from './regionTask.ts';
import { fingerScene } from './testing/fingerScene.ts';
import { trainLoop } from './trainLoop.ts';

const gpu = await webGpuForTests();
if (gpu) registerAuricleKernels();

const recipe: RegionRecipe = {
  kind: 'region',
  id: 'tiny',
  seed: 6,
  // As many channels on both levels: software graphics compiles each shape of a convolution for half a second.
  network: { kind: 'region-unet', resolution: 8, clipHu: 1000, channels: [4, 4], normGroups: 4 },
  steps: 6,
  optimizer: { learningRate: 3e-2, finalShare: 0.1, warmupSteps: 1, weightDecay: 0, clipNorm: 1 },
  intensity: { gainSd: 0.1, biasSd: 0.03 },
  poolSize: 2,
  newPerStep: 1,
  batchSize: 1,
  checkpointEverySteps: 100,
  reportEverySteps: 1,
  zoomShare: 0.5,
  zoomShiftMm: 10,
  loss: { crossEntropyWeight: 1, diceWeight: 1 },
};

const examples: ExampleSource = {
  example: async (index) => blockExample(recipe, index, fingerScene),
  free: async () => {},
};

describe('drawBlock', () => {
  const appendage: Vec3 = [12, -7, 130];
  const drawn = Array.from({ length: 300 }, (_, n) => drawBlock(appendage, recipe, createRandom(n)));

  it('always shows the appendage, in whole scans and zoomed cubes', () => {
    for (const { scan, grid } of drawn) {
      for (const axis of [0, 1, 2] as const) {
        expect(appendage[axis] - scan.minLpsMm[axis]).toBeGreaterThan(21);
        expect(scan.maxLpsMm[axis] - appendage[axis]).toBeGreaterThan(21);
        const low = grid.originLpsMm[axis];
        const high = low + grid.spacingMm[axis] * (grid.sizeIjk[axis] - 1);
        expect(appendage[axis]).toBeGreaterThan(low);
        expect(appendage[axis]).toBeLessThan(high);
      }
    }
  });

  it('shows none of it in the share of scans that are to end before it', () => {
    const without = { ...recipe, absentShare: 1 };
    for (let n = 0; n < 200; n++) {
      const { scan } = drawBlock(appendage, without, createRandom(n));
      const outside = Math.max(
        ...([0, 1, 2] as const).flatMap((axis) => [
          scan.minLpsMm[axis] - appendage[axis],
          appendage[axis] - scan.maxLpsMm[axis],
        ]),
      );
      expect(outside).toBeGreaterThanOrEqual(32 - 1e-9);
    }
  });

  it('draws the same blocks as ever where no scan is to end before it', () => {
    const same = drawBlock(appendage, { ...recipe, absentShare: undefined }, createRandom(3));
    expect(same).toEqual(drawn[3]);
  });

  it('turns scans in the ways in which a header can be wrong, in the share that is asked for', () => {
    const scene = fingerScene(1);
    const at = appendageBounds(scene).centreLpsMm;
    const turnedToo = { ...recipe, turnedShare: 0.5 };
    const blocks = Array.from({ length: 200 }, (_, n) =>
      drawBlock(at, turnedToo, createRandom(n).fork('block')),
    );
    const turned = blocks.filter(({ turn }) => turn !== undefined);
    expect(turned.length).toBeGreaterThan(70);
    expect(turned.length).toBeLessThan(130);
    expect(new Set(turned.map(({ turn }) => turn))).toEqual(new Set(Object.keys(TURNS)));

    // The patient lies mirrored in it: its voxels are those of the scan, counted from the other side.
    const { grid, scan } = turned.find(({ turn }) => turn === 'mirrored')!;
    const n = grid.sizeIjk[0];
    const mirrored = renderBlock(scene, grid);
    const straight = renderBlock(scene, {
      ...grid,
      originLpsMm: ijkToLps(grid, [n - 1, 0, 0]),
      directions: LPS_AXES,
    });
    const backwards = straight.hu.map((_, v) => straight.hu[v - (v % n) + n - 1 - (v % n)]!);
    expect(Math.max(...mirrored.hu.map((hu, v) => Math.abs(hu - backwards[v]!)))).toBeLessThan(0.01);
    expect(mirrored.hu).not.toEqual(straight.hu);
    expect(grid.originLpsMm[0]).toBeLessThan(scan.maxLpsMm[0]);
    expect(new Set(mirrored.hu).size).toBeGreaterThan(1);
  });

  it("puts fat in the appendage's place in the share of upright scans that is asked for", () => {
    const fingerOfAppendage = (seed: number): PhantomScene => {
      const scene = fingerScene(seed);
      return { ...scene, tissues: scene.tissues.map((tissue) => ({ ...tissue, label: LABELS.appendage })) };
    };
    const of = (more: Partial<RegionRecipe>, n = 0) =>
      blockExample({ ...recipe, ...more }, n, fingerOfAppendage);
    const [whole, removed] = [of({ zoomShare: 1 }), of({ zoomShare: 1, removedShare: 1 })];
    expect(whole.block.isRemoved).toBeUndefined();
    expect(removed.block).toEqual({ ...whole.block, isRemoved: true });
    const painted = ({ plan }: typeof whole) => [...plan.paint.params];
    expect(painted(whole)).not.toContain(-80);
    expect(painted(removed)).toContain(-80);
    // Nothing is to be found in a turned scan anyway.
    expect(of({ turnedShare: 1, removedShare: 1 }).block.isRemoved).toBeUndefined();
    const some = Array.from({ length: 60 }, (_, n) => of({ removedShare: 0.5 }, n).block.isRemoved === true);
    expect(some.filter(Boolean).length).toBeGreaterThan(15);
    expect(some.filter(Boolean).length).toBeLessThan(45);
  });

  it('zooms for the share of blocks that the recipe asks for', () => {
    const zoomed = drawn.filter(({ grid }) => Math.abs(grid.spacingMm[0] * 8 - ZOOM_EDGE_MM) < 1e-9);
    expect(zoomed.length).toBeGreaterThan(120);
    expect(zoomed.length).toBeLessThan(180);
  });
});

describe.skipIf(!gpu)('training the region network', () => {
  afterAll(() => gpu?.free());

  it('has nothing to find in a scan that lies the wrong way round, and air outside of it', async () => {
    const at: Vec3 = [0, 0, 0];
    const of = (turnedShare: number) =>
      drawBlock(at, { ...recipe, zoomShare: 1, turnedShare }, createRandom(4));
    const [straight, turned] = [of(0), of(1)];
    const removed = { ...straight, isRemoved: true };
    expect(await findable([straight, turned, removed]).data()).toEqual(Float32Array.of(1, 0, 0));
    const n = recipe.network.resolution;
    const inside = await insideMask([turned], n).data();
    for (const [axis, stride] of [1, n, n * n].entries()) {
      const position = ijkToLps(turned.grid, [0, 0, 0])[axis]!;
      const isIn = position > turned.scan.minLpsMm[axis]! && position < turned.scan.maxLpsMm[axis]!;
      // The row through the block's middle along this axis.
      const middle = (n / 2) * (1 + n + n * n) - (n / 2) * stride;
      expect(inside[middle]).toBe(isIn ? 1 : 0);
    }
  });

  it('lowers its loss on what it sees, repeats bit for bit and leaks nothing', async () => {
    const run = async (initialWeights?: WeightMap, steps = recipe.steps) => {
      const task = createRegionTask(recipe, gpu!, examples);
      try {
        return await trainLoop({ ...recipe, steps }, task, {
          resumeFrom: null,
          initialWeights,
          recipeSha256: 'x',
          onReport: () => {},
          onCheckpoint: async () => {},
        });
      } finally {
        task.free();
      }
    };
    const before = tf.memory().numTensors;
    const first = await run();
    expect(tf.memory().numTensors).toBe(before);
    const losses = first.history.map((report) => report.losses.total!);
    expect(Math.min(...losses.slice(-3))).toBeLessThan(losses[0]!);
    expect(await run()).toEqual(first);
    // The first step of a training that begins with what was learned sees what the first one saw, and knows more of it.
    const [begun] = (await run(first.weights, 1)).history;
    expect(begun!.losses.total).toBeLessThan(losses[0]!);
    const [, ...rest] = first.weights;
    await expect(run(new Map(rest))).rejects.toThrow(/lack/);
  });
});
