import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctSlice, rampVolume } from '#shared/dicom/testing/ctFixtures.ts';
import { readResultFolder } from './resultFolder.ts';
import { EXAMPLE_GRID, EXAMPLE_MASK, MADE_AT, writeExampleFolders } from './testing/exampleResult.ts';

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

  it('finds the phase that the result was made from, and refuses one that does not say which', async () => {
    const { source } = JSON.parse(readFileSync(join(result, 'report.json'), 'utf8'));
    const volume = rampVolume(EXAMPLE_GRID);
    const later = { ...volume, data: volume.data.map((hu) => hu + 7) };
    for (let k = 0; k < EXAMPLE_GRID.sizeIjk[2]; k++) {
      for (const [phase, data] of [volume, later].entries()) {
        const changes = { '0008,0018': `2.25.9${phase}${k}`, '0020,9241': phase === 0 ? '40' : '75' };
        writeFileSync(join(scan, phase === 0 ? `${k}.dcm` : `later-${k}.dcm`), ctSlice(data, k, changes));
      }
    }
    const written = (firstSopInstanceUid?: string): void => {
      const content = JSON.parse(readFileSync(join(result, 'report.json'), 'utf8'));
      content.source = { ...source, firstSopInstanceUid };
      writeFileSync(join(result, 'report.json'), JSON.stringify(content));
    };
    written('2.25.910');
    const { context } = await readResultFolder(scan, result);
    expect(context.source.instances[3]?.sopInstanceUid).toBe('2.25.913');
    written();
    await expect(readResultFolder(scan, result)).rejects.toThrow('The scan has 2 phases in the place of the');
  });

  it('refuses what is no result, and a result of another scan, by name', async () => {
    await expect(readResultFolder(scan, folder)).rejects.toThrow('"report.json" is missing or damaged');
    rmSync(join(scan, '3.dcm'));
    await expect(readResultFolder(scan, result)).rejects.toThrow('was not made from any series of this scan');
    writeFileSync(join(result, 'report.json'), '{}');
    await expect(readResultFolder(scan, result)).rejects.toThrow('"report.json" is missing or damaged');
  });
});
