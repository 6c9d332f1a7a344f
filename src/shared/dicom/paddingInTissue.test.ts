import { expect, it } from 'vitest';
import { OUTSIDE_HU } from '../volume/volume.ts';
import { inWords } from '../words/testing/inWords.ts';
import { assembleSeries } from './assembleSeries.ts';
import { loadVolume } from './loadVolume.ts';
import { joinRemarks } from './paddingInTissue.ts';
import { type Changes, ctFiles, parsed, smallGrid } from './testing/ctFixtures.ts';
import { noPixelCodecs } from './testing/noPixelCodecs.ts';

const COLUMNS = 6;
const grid = smallGrid();
/** Blood, with water at some pixels of each slice. The writer's words are HU + 1024. */
const scanWithWaterAt = (pixels: readonly number[]) =>
  Int16Array.from({ length: 30 * 8 }, (_, voxel) => (pixels.includes(voxel % 30) ? 0 : 350));

async function load(
  data: Int16Array,
  padding: Changes,
): Promise<{ readonly warnings: unknown; readonly data: Int16Array }> {
  const files = ctFiles({ grid, data }, () => padding);
  const [series] = assembleSeries(parsed(files).slices);
  const remarks: Parameters<typeof joinRemarks>[0][number][] = [];
  const read = async (name: string, from: number, to: number | undefined) =>
    files.get(name)!.subarray(from, to);
  const loaded = await loadVolume(series!, read, noPixelCodecs, {
    onRemark: (remark) => remarks.push(remark),
  });
  return { warnings: inWords(joinRemarks(remarks)), data: loaded.data };
}

const rim = [0, 1, COLUMNS, 2 * COLUMNS];
const amid = [2 * COLUMNS + 3, 3 * COLUMNS + 2];

it('is said where a header takes water amid the slices for padding, with the pixels of all slices', async () => {
  const { warnings, data } = await load(scanWithWaterAt([...rim, ...amid]), { '0028,0120': 1024 });
  expect(warnings).toEqual([
    'The header takes 0 HU for the outside of the scan (Pixel Padding Value), though tissue has such values: 16 pixels amid the images count as outside.',
  ]);
  // The header is obeyed all the same.
  expect(data[amid[0]!]).toBe(OUTSIDE_HU);
});

it('is said of a range that reaches into tissue', async () => {
  const { warnings } = await load(scanWithWaterAt(amid), { '0028,0120': 0, '0028,0121': 1100 });
  expect(warnings).toEqual([
    'The header takes -200 to 76 HU for the outside of the scan (Pixel Padding Value), though tissue has such values: 16 pixels amid the images count as outside.',
  ]);
});

it('is not said of padding that reaches the rim, nor of values below all tissue', async () => {
  expect((await load(scanWithWaterAt(rim), { '0028,0120': 1024 })).warnings).toEqual([]);
  const joinedToRim = [...amid, 2 * COLUMNS + 2, 2 * COLUMNS + 1];
  expect((await load(scanWithWaterAt([...rim, ...joinedToRim]), { '0028,0120': 1024 })).warnings).toEqual([]);
  const air = scanWithWaterAt(amid).map((hu) => (hu === 0 ? -1024 : hu));
  expect((await load(air, { '0028,0120': 0 })).warnings).toEqual([]);
});
