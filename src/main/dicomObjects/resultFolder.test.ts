import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseElements } from '#shared/dicom/dataElements.ts';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { ctSlice, rampVolume } from '#shared/dicom/testing/ctFixtures.ts';
import { enhancedCt, temporalPosition } from '#shared/dicom/testing/enhancedFixtures.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { labelsInSlices } from '../interchange/gzipSlices.ts';
import { sourceImageReferences } from './objectContext.ts';
import { readResultFolder } from './resultFolder.ts';
import { writeSegmentation } from './segmentation.ts';
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

  it('finds the frames of the phase in an Enhanced CT of two, in any order, and refers to these', async () => {
    for (const name of readdirSync(scan)) rmSync(join(scan, name));
    const [, , slices] = EXAMPLE_GRID.sizeIjk;
    // Phase 1 from the last slice to the first in the odd frames, phase 2 upwards in the even ones.
    const frames = Array.from({ length: slices }, (_, k) => [slices - 1 - k, k]).flat();
    const file = enhancedCt(rampVolume(EXAMPLE_GRID), {
      frames,
      frameGroups: (n) => [temporalPosition(1 + (n % 2))],
    });
    writeFileSync(join(scan, 'enhanced.dcm'), file);
    const content = JSON.parse(readFileSync(join(result, 'report.json'), 'utf8'));
    const { firstSopInstanceUid: _, ...source } = content.source;
    const resultOf = async (first: object) => {
      writeFileSync(
        join(result, 'report.json'),
        JSON.stringify({ ...content, source: { ...source, ...first } }),
      );
      return readResultFolder(scan, result);
    };
    await expect(resultOf({})).rejects.toThrow('The scan has 2 phases in the place of the');
    const encoding = findFileEncoding(file);
    if (encoding.kind !== 'dicom') throw new Error(encoding.kind);
    const { elements } = parseElements(file, encoding.dataSetOffset, { explicitVr: true, bigEndian: false });
    const firstSopInstanceUid = elements.text('x00080018');
    const second = await resultOf({ firstSopInstanceUid, firstFrameNumber: 2 });
    const evenFrames = Array.from({ length: slices }, (_, k) => 2 * k + 2);
    expect(second.context.source.instances.map(({ frameNumber }) => frameNumber)).toEqual(evenFrames);
    const { context, mask } = await resultOf({ firstSopInstanceUid, firstFrameNumber: 2 * slices - 1 });
    expect(sourceImageReferences(context)).toEqual([
      {
        ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1',
        ReferencedSOPInstanceUID: firstSopInstanceUid,
        ReferencedFrameNumber: evenFrames.map((frame) => frame - 1),
      },
    ]);
    const { bytes } = writeSegmentation(labelsInSlices(mask), context);
    const written = findFileEncoding(bytes);
    if (written.kind !== 'dicom') throw new Error(written.kind);
    const groups = parseElements(bytes, written.dataSetOffset, { explicitVr: true, bigEndian: false })
      .elements.items('x52009230')
      .map((group) => {
        const [image] = group.items('x00089124')[0]!.items('x00082112');
        return [Number(image!.text('x00081160')), group.items('x00209113')[0]!.decimals('x00200032')[2]];
      });
    // The segmentation's frames are the slices 1 to 4, which are these frames of the file.
    const heights = [1, 2, 3, 4].map((k) => expect.closeTo(ijkToLps(EXAMPLE_GRID, [0, 0, k])[2], 6));
    expect(groups).toEqual([1, 2, 3, 4].map((k, at) => [2 * (slices - 1 - k) + 1, heights[at]]));
    expect(readDicomSegmentation(bytes, 'seg').grid.sizeIjk[2]).toBe(4);
  });

  it('refuses what is no result, and a result of another scan, by name', async () => {
    await expect(readResultFolder(scan, folder)).rejects.toThrow('"report.json" is missing or damaged');
    rmSync(join(scan, '3.dcm'));
    await expect(readResultFolder(scan, result)).rejects.toThrow('was not made from any series of this scan');
    writeFileSync(join(result, 'report.json'), '{}');
    await expect(readResultFolder(scan, result)).rejects.toThrow('"report.json" is missing or damaged');
  });
});
