import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { renderCt } from '../phantom/renderCt.ts';
import { randomScene } from '../phantom/testing/testScenes.ts';
import { renderCtThreads } from './renderCtThreads.ts';

const grid: GridLps = {
  sizeIjk: [20, 20, 40],
  originLpsMm: [-30, -30, -40],
  spacingMm: [3, 3, 2],
  directions: LPS_AXES,
};
const folder = mkdtempSync(join(tmpdir(), 'render-'));
const file = join(folder, 'renderCt.worker.mjs');

describe('renderCtThreads', () => {
  beforeAll(async () => {
    await build({
      entryPoints: [join(import.meta.dirname, 'renderCt.worker.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: file,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the numbers of one thread, and tells how far it is', async () => {
    const scene = randomScene(6);
    const shares: number[] = [];
    const image = await renderCtThreads(scene, grid, { threads: 2, file, onProgress: (s) => shares.push(s) });
    expect(image).toEqual(renderCt(scene, grid));
    // More than one for each of the five slabs: a person sees progress before the first is done.
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1);
  });

  it('rejects when cancelled', async () => {
    const controller = new AbortController();
    const rendering = renderCtThreads(randomScene(6), grid, { threads: 2, file, signal: controller.signal });
    controller.abort();
    await expect(rendering).rejects.toThrow(CancelledError);
  });

  it('works in its own thread where no worker was built', async () => {
    const scene = randomScene(7);
    const small = { ...grid, sizeIjk: [6, 6, 6] } as const;
    expect(await renderCtThreads(scene, small)).toEqual(renderCt(scene, small));
  });
});
