import { expect, it } from 'vitest';
import { scanStudy } from '#shared/dicom/studyScan.ts';
import { ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { parseFile } from '#shared/dicom/testing/scanFiles.ts';
import { seriesList } from './seriesList.ts';

const volume = rampVolume(smallGrid({ sizeIjk: [6, 5, 24] }));

it('lists series with their fate, problems and other files, and names no patient', async () => {
  const sources = Array.from({ length: 24 }, (_, k) => ({
    sourceId: `IM${k}`,
    fileName: `IM${k}`,
    folder: '',
    parsed: parseFile(ctSlice(volume, k, k < 20 ? {} : { '0020,000e': '1.2.3', '0008,0060': 'MR' })),
  }));
  const cut = {
    sourceId: 'x',
    fileName: 'x',
    folder: 'y',
    parsed: parseFile(ctSlice(volume, 0).subarray(0, 400)),
  };
  const text = { sourceId: 'a.txt', fileName: 'a.txt', folder: '', parsed: { kind: 'notDicom' } as const };
  const list = seriesList(await scanStudy([...sources, cut, text], async () => []));
  expect(
    list.series.map(({ modality, slices, refusal, isChosen }) => [
      modality,
      slices,
      refusal !== null,
      isChosen,
    ]),
  ).toEqual([
    ['MR', 4, true, false],
    ['CT', 20, false, true],
  ]);
  expect(list.series[1]).toMatchObject({ columns: 6, rows: 5, spacingMm: [0.5, 0.75, 1.25] });
  expect([list.problems.length, list.otherFiles]).toEqual([1, 1]);
  expect(JSON.stringify(list)).not.toMatch(/Phantom\^/);
});
