import { describe, expect, it } from 'vitest';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { noPixelCodecs } from '#shared/dicom/pixelCodecs.ts';
import { ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { createStudyTasks } from './createStudyTasks.ts';
import type { StudySlice } from './studyTasks.ts';

const volume = rampVolume(smallGrid());
const bytes = new Uint8Array(ctSlice(volume, 2));
const parsed = parseSliceHeader(bytes);
const tasks = createStudyTasks(noPixelCodecs);
const sliceIn = (blob: Blob): StudySlice => {
  if (parsed.kind !== 'slice') throw new Error(parsed.kind);
  return { name: 'slice-0003', blob, header: parsed.header };
};
const unreadable = (): Blob => {
  const blob = new Blob([bytes]);
  // What a browser does where a file was moved after it was dropped.
  return Object.assign(blob, {
    slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
  });
};

describe('study tasks', () => {
  it('decode slices, and squeeze them for the coarse copy', async () => {
    const decoded = await tasks.decode([sliceIn(new Blob([bytes]))], [6, 5, 8], [3, 5, 8]);
    if (decoded.kind === 'failed') throw new Error(decoded.reason.code);
    expect(decoded.slices[0]?.valuesHu).toEqual(volume.data.slice(60, 90));
    expect(Array.from(decoded.slices[0]!.squeezed.subarray(0, 3))).toEqual([-5, 15, 35]);
  });

  it('say which file cannot be read, and never by more than its name', async () => {
    const cut = await tasks.decode([sliceIn(new Blob([bytes.subarray(0, -2)]))], [6, 5, 8], [6, 5, 8]);
    expect(inWords(cut)).toEqual({
      kind: 'failed',
      reason: 'The file slice-0003 cannot be read: its pixel data is incomplete.',
    });
    const gone = { kind: 'failed', reason: 'The file slice-0003 could not be read.' };
    expect(inWords(await tasks.decode([sliceIn(unreadable())], [6, 5, 8], [6, 5, 8]))).toEqual(gone);
    expect(inWords(await tasks.thumbnail(sliceIn(unreadable())))).toEqual(gone);
    expect(inWords(await tasks.readHeaders([{ name: 'slice-0003', blob: unreadable() }]))).toMatchObject([
      { kind: 'damaged', reason: 'The file could not be read.' },
    ]);
  });

  it('take programs that are ZIP files inside for no archive', async () => {
    const jar = new Blob([Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)]);
    const kinds = await tasks.readHeaders([
      { name: 'viewer.jar', blob: jar },
      { name: 'export.zip', blob: jar },
      { name: 'export', blob: jar },
    ]);
    expect(kinds.map(({ kind }) => kind)).toEqual(['notDicom', 'archive', 'archive']);
  });
});
