import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { report } from '#shared/contract/testing/values.ts';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { defaultCtSeriesMetadata, syntheticUids } from '#shared/dicom/writeCtSlice.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { EXAMPLE_GRID, writeExampleFolders } from '../dicomObjects/testing/exampleResult.ts';
import { savedWorkObjects } from './savedWorkObjects.ts';
import { archive, table } from './testing/exampleSavedWork.ts';

const CROP = { ...EXAMPLE_GRID, sizeIjk: [4, 3, 2], originLpsMm: ijkToLps(EXAMPLE_GRID, [5, 6, 3]) } as const;
const LABELS = Uint8Array.from({ length: 24 }, (_, voxel) => (voxel % 5 === 0 ? 1 : 0));
const seriesInstanceUid = syntheticUids(defaultCtSeriesMetadata(1, EXAMPLE_GRID), EXAMPLE_GRID).series;
const ofScan = {
  cropGrid: { ...CROP, sizeIjk: [...CROP.sizeIjk] as [number, number, number] },
  report: { ...report, source: { ...report.source, seriesInstanceUid } },
};

describe('objects of saved work', () => {
  let folder: string;
  let scan: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'auricle-saved-objects-'));
    ({ scan } = writeExampleFolders(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const opened = (parts: Parameters<typeof archive>[0] = ofScan) =>
    savedWorkObjects(
      { name: 'case.session', archive: archive(parts, LABELS), savedAt: '2026-01-02T03:04:05.678Z' },
      scan,
      { tables: [table], savedWork: [] },
    );

  it('have the reader’s labels, verdict, outlines, drawings and device', async () => {
    const { make } = await opened();
    const [seg] = await make('dicom-seg');
    const mask = readDicomSegmentation(seg!.bytes, 'seg').mask(1);
    expect(mask.reduce((sum, value) => sum + value, 0)).toBe(LABELS.filter((value) => value === 1).length);
    const [sr] = await make('dicom-sr', seg);
    const text = Buffer.from(sr!.bytes).toString('utf8');
    for (const said of [
      'Dr Roe',
      'Correct outline at 10.0 mm',
      'Angle of the ridge',
      table.name,
      seg!.sopInstanceUid,
      'Doe^Jane',
    ])
      expect(text).toContain(said);
    // π · 9² as drawn, where the surface has π · 7.5².
    expect(text).toMatch(/25[34]\.\d/);
  });

  it('are the same of the same work, and name the surface as it is', async () => {
    const [one, other] = [await opened(), await opened()];
    expect((await one.make('dicom-sr'))[0]?.bytes).toEqual((await other.make('dicom-sr'))[0]?.bytes);
    expect(one.closed.triangles.length).toBeGreaterThan(0);
    expect(one.context).toMatchObject({ review: 'accepted', madeAt: new Date('2026-01-02T03:04:05.678Z') });
  });

  it('are refused of another scan, and of work whose surface had not followed', async () => {
    await expect(opened({ ...ofScan, report })).rejects.toThrow(/case\.session/);
    await expect(opened({ ...ofScan, isStale: true })).rejects.toThrow(/had followed/);
  });
});
