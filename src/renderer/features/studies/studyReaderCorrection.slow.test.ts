import { describe, expect, it } from 'vitest';
import { assembleSeries } from '#shared/dicom/assembleSeries.ts';
import { loadVolume } from '#shared/dicom/loadVolume.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { type Files, parsed, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { noPixelCodecs } from '#shared/dicom/testing/noPixelCodecs.ts';
import { evenRamp, stackFiles, tiltShift } from '#shared/dicom/testing/stackFiles.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { squeeze } from '#shared/volume/averageToGrid.ts';
import { createStudyReaderCore } from './studyReader.ts';
import { createInlineRunner, opened } from './testing/inlineStudies.ts';

describe('slices that are no lattice', () => {
  const grid = smallGrid({ sizeIjk: [6, 5, 24] });
  const tilted = stackFiles({ grid, shiftLpsMm: tiltShift(grid, 20), valueHu: evenRamp });
  const uneven = stackFiles({
    grid,
    shiftLpsMm: (k) => [0, 0, k % 2 === 0 ? 0 : 0.4],
    valueHu: evenRamp,
  });
  const onDisk = (files: Files) => async (name: string, from: number, to?: number) =>
    files.get(name)!.subarray(from, to);

  it('of a tilted gantry are loaded as the command line loads them, and said in list and source', async () => {
    const reader = createStudyReaderCore(createInlineRunner());
    const { series } = await reader.open(opened(tilted), {});
    expect(series[0]).toMatchObject({
      refusal: null,
      details: expect.stringContaining('tilt of 20.0° corrected'),
    });
    const loaded = await reader.load(series[0]!.id, {});
    const [own] = assembleSeries(parsed(tilted).slices);
    expect(loaded.volume).toEqual(await loadVolume(own!, onDisk(tilted), noPixelCodecs));
    const coarse = await loaded.coarse();
    expect(coarse).toEqual(roundedSqueeze(loaded.volume, coarse.grid.sizeIjk));
    expect(loaded.source.correction).toMatchObject({ isResampled: false, slices: { rows: 5 } });
  });

  it('of uneven steps are refused until a person asks, and then shown as they come', async () => {
    const reader = createStudyReaderCore(createInlineRunner());
    const { series } = await reader.open(opened(uneven), {});
    expect(series[0]).toMatchObject({ canResample: true, refusal: expect.anything() });
    await expect(reader.load(series[0]!.id, {})).rejects.toThrow('unevenly spaced');
    const [resampled] = reader.resample(series[0]!.id);
    expect(resampled).toMatchObject({ canResample: false, refusal: null });
    expect(resampled?.details).toContain('resampled');
    let shown = 0;
    const loaded = await reader.load(resampled!.id, {}, () => shown++);
    const own = resampleUneven(assembleSeries(parsed(uneven).slices)[0]!);
    expect(loaded.volume).toEqual(await loadVolume(own, onDisk(uneven), noPixelCodecs));
    expect(shown).toBeGreaterThan(1);
    const coarse = await loaded.coarse();
    expect(coarse).toEqual(roundedSqueeze(loaded.volume, coarse.grid.sizeIjk));
  });
});

const roundedSqueeze = (whole: Parameters<typeof squeeze>[0], sizeIjk: Vec3) => {
  const { grid, data } = squeeze(whole, sizeIjk);
  return { grid, data: Int16Array.from(data, Math.round) };
};
