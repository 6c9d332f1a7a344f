import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RenderScan } from '#main/phantom/phantomFolder.ts';
import { renderCt } from '#main/phantom/renderCt.ts';
import { SAMPLE_SCAN, type SampleScan, sampleStudy } from '#main/services/sampleStudy.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { temporaryFolder } from './testing/application.ts';

/** A scan of a few large voxels, for what is tested here is not the picture. */
const small: SampleScan = { seed: 140, spacing: { inPlaneMm: 4, sliceMm: 5 }, sizeIjk: [24, 24, 12] };

describe('the sample study', () => {
  let folder: string;
  let rendered: number;
  const render: RenderScan = async (scene, grid, options) => {
    rendered++;
    return renderCt(scene, grid, options);
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
    rendered = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is a series of DICOM files whose patient is a phantom by name', async () => {
    const fractions: number[] = [];
    const files = await sampleStudy(folder, render, { onProgress: (p) => fractions.push(p.fraction) }, small);
    expect(files.map(({ name }) => name)).toContain('slice-0012.dcm');
    expect(files).toHaveLength(12);
    for (const { bytes } of files) {
      const text = Buffer.from(bytes).toString('latin1');
      expect(text.slice(128, 132)).toBe('DICM');
      expect(text).toContain('Phantom^');
      expect(text).toContain('a phantom, not a patient');
    }
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBe(1);
  });

  it('is made once, and again where it is not whole', async () => {
    const first = await sampleStudy(folder, render, {}, small);
    expect(await sampleStudy(folder, render, {}, small)).toEqual(first);
    expect(rendered).toBe(1);
    const [kept] = await readdir(join(folder, 'samples'));
    await rm(join(folder, 'samples', kept!, 'slice-0003.dcm'));
    expect(await sampleStudy(folder, render, {}, small)).toEqual(first);
    expect(rendered).toBe(2);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const controller = new AbortController();
    const making = sampleStudy(
      folder,
      render,
      {
        signal: controller.signal,
        onProgress: ({ stage }) => stage === 'Writing slices' && controller.abort(),
      },
      small,
    );
    await expect(making).rejects.toThrow(CancelledError);
    expect(await readdir(join(folder, 'samples'))).toEqual([]);
  });

  it('says so where it cannot be kept', async () => {
    await writeFile(join(folder, 'samples'), '');
    await expect(sampleStudy(folder, render, {}, small)).rejects.toThrow(UserError);
  });

  it('is small enough to be sent', () => {
    const [columns, rows, slices] = SAMPLE_SCAN.sizeIjk;
    expect(2 * columns * rows * slices).toBeLessThan(30e6);
  });
});
