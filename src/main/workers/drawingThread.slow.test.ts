import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cubeGridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { drawHere, type ResultDrawing, type SurfaceToDraw } from '../pipeline/resultDrawing.ts';
import { readPlanes } from '../preview/previewImage.ts';
import { drawInThread } from './drawingThread.ts';

const grid = cubeGridLps([0, 0, 0], 50, 25);
const volume = { grid, data: Int16Array.from({ length: voxelCount(grid) }, (_, v) => (v * 37) % 400) };
const closed = icosphere([1, 2, 3], 9, 2);
const surface: SurfaceToDraw = {
  surface: { closed, wall: undefined, ostium: undefined },
  planes: readPlanes(volume, closed),
  mask: { grid },
};
const texts = { title: 'A ball', numbers: [{ label: 'Volume', value: '3.0 mL' }], warnings: ['Mind it.'] };
const folder = mkdtempSync(join(tmpdir(), 'drawing-'));
const file = join(folder, 'drawing.worker.mjs');

async function filesOf(drawing: ResultDrawing): Promise<Uint8Array[]> {
  try {
    drawing.begin(surface);
    const picture = drawing.picture(texts);
    return [new Uint8Array(await drawing.mask()), new Uint8Array(await picture)];
  } finally {
    await drawing.free();
  }
}

describe('drawInThread', () => {
  beforeAll(async () => {
    await build({
      entryPoints: [join(import.meta.dirname, 'drawing.worker.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: file,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the bytes that are drawn here', async () => {
    const here = await filesOf(drawHere());
    expect(await filesOf(drawInThread(file, 2))).toEqual(here);
    expect(await filesOf(drawInThread(undefined))).toEqual(here);
  });

  it('says that the thread could not work where mask and picture are asked for', async () => {
    const drawing = drawInThread(join(folder, 'missing.mjs'), 2);
    drawing.begin(surface);
    await expect(drawing.picture(texts)).rejects.toThrow();
    await expect(drawing.mask()).rejects.toThrow();
    await drawing.free();
  });
});
