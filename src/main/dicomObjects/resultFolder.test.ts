import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readResultFolder } from './resultFolder.ts';
import { EXAMPLE_MASK, MADE_AT, writeExampleFolders } from './testing/exampleResult.ts';

describe('readResultFolder', () => {
  let folder: string;
  let scan: string;
  let result: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auricle-result-'));
    ({ scan, result } = writeExampleFolders(folder));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('finds the series and takes over its patient, its files in order and the time of the result', async () => {
    const { mask, context, wall, previewPng } = await readResultFolder(scan, result);
    expect(mask.data).toEqual(EXAMPLE_MASK);
    expect(wall).toBeNull();
    expect(previewPng?.length).toBeGreaterThan(0);
    expect(context.madeAt).toEqual(MADE_AT);
    expect(context.source.attributes).toMatchObject({ PatientName: 'Doe^Jane', SeriesNumber: '7' });
    expect(context.source.instances).toHaveLength(7);
    expect(new Set(context.source.instances.map(({ sopInstanceUid }) => sopInstanceUid)).size).toBe(7);
  });

  it('refuses what is no result, and a result of another scan, by name', async () => {
    await expect(readResultFolder(scan, folder)).rejects.toThrow('"report.json" is missing or damaged');
    rmSync(join(scan, '3.dcm'));
    await expect(readResultFolder(scan, result)).rejects.toThrow('was not made from any series of this scan');
    writeFileSync(join(result, 'report.json'), '{}');
    await expect(readResultFolder(scan, result)).rejects.toThrow('"report.json" is missing or damaged');
  });
});
