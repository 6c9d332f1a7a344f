import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { noPixelCodecs } from '#shared/dicom/pixelCodecs.ts';
import { changed, ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { createStudyTasks } from './createStudyTasks.ts';
import { type StudySlice, studyTasks } from './studyTasks.ts';

const volume = rampVolume(smallGrid());
const bytes = new Uint8Array(ctSlice(volume, 2));
const parsed = parseSliceHeader(bytes);
const handlers = createStudyTasks(noPixelCodecs);
const job = { signal: new AbortController().signal, onProgress: () => {} };

const sliceIn = (blob: Blob): StudySlice => {
  if (parsed.kind !== 'slice') throw new Error(parsed.kind);
  return { name: 'slice-0003', blob, fromByte: 0, header: parsed.header };
};
const decode = (blob: Blob, coarseIjk: Vec3 = [6, 5, 8]) =>
  handlers.decode({ slices: [sliceIn(blob)], sizeIjk: [6, 5, 8], coarseIjk }, job);
const unreadable = (): Blob => {
  const blob = new Blob([bytes]);
  // What a browser does where a file was moved after it was dropped.
  return Object.assign(blob, {
    slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
  });
};

describe('study tasks', () => {
  it('inflate a deflated file once, when its header is read', async () => {
    const { meta, dataSet } = ctSliceElements(volume, 2, defaultCtSeriesMetadata(1, volume.grid));
    const head = writeDicomFile(changed(meta, { '0002,0010': '1.2.840.10008.1.2.1.99' }), []);
    // Past preamble, prefix and group length.
    const elements = writeDicomFile([], dataSet).subarray(132 + 12);
    const deflated = new Blob([new Uint8Array(head), new Uint8Array(deflateSync(elements))]);
    const [read] = await handlers.readHeaders([{ name: 'slice-0003', blob: deflated }], job);
    if (read?.kind !== 'inflated' || read.parsed.kind !== 'slice') throw new Error(JSON.stringify(read));
    const slice = { name: 'slice-0003', blob: read.blob, fromByte: 0, header: read.parsed.header };
    const decoded = await handlers.decode({ slices: [slice], sizeIjk: [6, 5, 8], coarseIjk: [6, 5, 8] }, job);
    expect(decoded).toMatchObject({ kind: 'decoded', slices: [{ valuesHu: volume.data.slice(60, 90) }] });
  });

  it('decode slices, and squeeze them for the coarse copy', async () => {
    const decoded = await decode(new Blob([bytes]), [3, 5, 8]);
    if (decoded.kind === 'failed') throw new Error(decoded.reason.code);
    expect(decoded.slices[0]?.valuesHu).toEqual(volume.data.slice(60, 90));
    expect(Array.from(decoded.slices[0]!.squeezed.subarray(0, 3))).toEqual([-5, 15, 35]);
  });

  it('move decoded slices to the main thread without a copy', async () => {
    const decoded = await decode(new Blob([bytes]), [3, 5, 8]);
    if (decoded.kind === 'failed') throw new Error(decoded.reason.code);
    const buffers = studyTasks.services.study.decode.transferResult?.(decoded);
    const [slice] = decoded.slices;
    expect(buffers).toEqual([slice?.valuesHu.buffer, slice?.squeezed.buffer]);
    const failed = await decode(unreadable());
    expect(studyTasks.services.study.decode.transferResult?.(failed)).toEqual([]);
  });

  it('say which file cannot be read, by its name only', async () => {
    const cut = await decode(new Blob([bytes.subarray(0, -2)]));
    expect(inWords(cut)).toEqual({
      kind: 'failed',
      reason: 'The file slice-0003 cannot be read: its pixel data is incomplete.',
    });
    const gone = { kind: 'failed', reason: 'The file slice-0003 cannot be read.' };
    expect(inWords(await decode(unreadable()))).toEqual(gone);
    expect(inWords(await handlers.thumbnail(sliceIn(unreadable()), job))).toEqual(gone);
    expect(
      inWords(await handlers.readHeaders([{ name: 'slice-0003', blob: unreadable() }], job)),
    ).toMatchObject([{ kind: 'damaged', reason: 'The file could not be read.' }]);
  });

  it('do not treat programs that are ZIP files inside as archives', async () => {
    const jar = new Blob([Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)]);
    const kinds = await handlers.readHeaders(
      [
        { name: 'viewer.jar', blob: jar },
        { name: 'export.zip', blob: jar },
        { name: 'export', blob: jar },
      ],
      job,
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(['notDicom', 'archive', 'archive']);
  });
});
