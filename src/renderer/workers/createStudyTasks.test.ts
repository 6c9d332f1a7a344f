import { deflateSync } from 'fflate';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { changed, ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { noPixelCodecs } from '#shared/dicom/testing/noPixelCodecs.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
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
  return { name: 'slice-0003', content: { blob, fromByte: 0 }, header: parsed.header };
};
const decode = (...blobs: Blob[]) => handlers.decode({ slices: blobs.map(sliceIn) }, job);
const gone = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
/** What a browser makes of a file that was moved after it was dropped; Node would read its bytes where it is joined. */
const unreadable = Object.defineProperties(new Blob([bytes]), {
  size: { value: bytes.length + 1 },
  slice: { value: () => Object.assign(new Blob(), { arrayBuffer: gone }) },
  arrayBuffer: { value: gone },
});

/** Planes from the last to the first. */
const memoryFor = (planes: number) => ({
  data: new Int16Array(new SharedArrayBuffer(2 * 30 * planes)),
  voxelsPerPlane: 30,
  planes: Array.from({ length: planes }, (_, index) => planes - 1 - index),
});

afterEach(() => void vi.restoreAllMocks());

describe('study tasks', () => {
  it('inflate a deflated file once, when its header is read', async () => {
    const { meta, dataSet } = ctSliceElements(volume, 2, defaultCtSeriesMetadata(1, volume.grid));
    const head = writeDicomFile(changed(meta, { '0002,0010': '1.2.840.10008.1.2.1.99' }), []);
    // Past preamble, prefix and group length.
    const elements = writeDicomFile([], dataSet).subarray(132 + 12);
    const deflated = new Blob([new Uint8Array(head), new Uint8Array(deflateSync(elements))]);
    const files = [{ name: 'slice-0003', blob: deflated }];
    const { headers, decoded: inPlanes } = await handlers.readHeaders({ files, into: memoryFor(1) }, job);
    expect(inPlanes).toEqual([undefined]);
    const [read] = headers;
    if (read?.kind !== 'inflated' || read.parsed.kind !== 'slice') throw new Error(JSON.stringify(read));
    const content = { blob: read.blob, fromByte: 0 };
    const slice = { name: 'slice-0003', content, header: read.parsed.header };
    const decoded = await handlers.decode({ slices: [slice] }, job);
    expect(decoded).toMatchObject({ kind: 'decoded', slices: [volume.data.slice(60, 90)] });
  });

  it('decode slices, read together or one by one, and move them to the main thread without a copy', async () => {
    const decoded = await decode(new Blob([bytes]), new Blob([bytes]));
    if (decoded.kind === 'failed') throw new Error(decoded.reason.code);
    expect(decoded.slices).toEqual([volume.data.slice(60, 90), volume.data.slice(60, 90)]);
    const buffers = studyTasks.services.study.decode.transferResult?.(decoded);
    expect(buffers).toEqual(decoded.slices.map(({ buffer }) => buffer));
    const failed = await decode(new Blob([bytes]), unreadable);
    expect(studyTasks.services.study.decode.transferResult?.(failed)).toEqual([]);
  });

  it('write slices into memory that is shared', async () => {
    const data = new Int16Array(new SharedArrayBuffer(2 * 90));
    const slices = [sliceIn(new Blob([bytes])), sliceIn(new Blob([bytes]))];
    const decoded = await handlers.decode(
      { slices, into: { data, voxelsPerPlane: 30, planes: [2, 0] } },
      job,
    );
    expect(decoded).toEqual({ kind: 'decoded', slices: [], remarks: [] });
    const own = volume.data.subarray(60, 90);
    expect([...data]).toEqual([...own, ...new Int16Array(30), ...own]);
  });

  it('decode slices of one size while their headers are read, each to its plane', async () => {
    const other = rampVolume(smallGrid({ sizeIjk: [5, 5, 3] }));
    const contents = [
      new Blob(['nothing to see']),
      new Blob([bytes]),
      new Blob([ctSlice(other, 0) as Uint8Array<ArrayBuffer>]),
      // Larger than what is read whole.
      new Blob([bytes, new Uint8Array(4 * 2 ** 20)]),
      new Blob([bytes.subarray(0, -2)]),
      new Blob([ctSlice(volume, 3) as Uint8Array<ArrayBuffer>]),
    ];
    const files = contents.map((blob, index) => ({ name: `file-${index}`, blob }));
    const into = memoryFor(6);
    const { headers, decoded } = await handlers.readHeaders({ files, into }, job);
    const { headers: alone } = await handlers.readHeaders({ files }, job);
    expect(headers).toEqual(alone);
    expect(headers.map(({ kind }) => kind)).toEqual([
      ...['notDicom', 'slice', 'slice', 'slice', 'damaged', 'slice'],
    ]);
    expect(decoded.map((remarks) => remarks?.length)).toEqual([
      ...[undefined, 0, undefined, undefined, undefined, 0],
    ]);
    const expected = new Int16Array(6 * 30);
    expected.set(volume.data.subarray(60, 90), 4 * 30);
    expected.set(volume.data.subarray(90, 120), 0);
    expect(into.data).toEqual(
      new Int16Array(new SharedArrayBuffer(2 * 6 * 30)).map((_, at) => expected[at]!),
    );
  });

  it('say what is to be known of the values of slices that are decoded so', async () => {
    const blank = new Blob([
      ctSlice(volume, 2, { '7fe0,0010': new Uint8Array(60) }) as Uint8Array<ArrayBuffer>,
    ]);
    const files = [new Blob([bytes]), blank].map((blob) => ({ name: 'slice-0003', blob }));
    const { decoded } = await handlers.readHeaders({ files, into: memoryFor(2) }, job);
    expect(inWords(decoded)).toEqual([[], [expect.stringContaining('the same value everywhere')]]);
  });

  it.each([
    ['became shorter', [-2, 0]],
    ['became shorter, and the next one as much longer', [-2, 2]],
    ['became longer', [2, 0]],
  ])(
    'read files again where one %s and the browser gave bytes of its neighbours',
    async (_, [one, other]) => {
      const slices = [0, 1, 2, 3].map((k) => ctSlice(volume, k) as Uint8Array<ArrayBuffer>);
      const files = slices.map((slice, k) => ({ name: `slice-${k}`, blob: new Blob([slice]) }));
      const asNow = (k: number, change = 0): Uint8Array<ArrayBuffer> =>
        change < 0 ? slices[k]!.slice(0, change) : new Uint8Array([...slices[k]!, ...Array(change).fill(0)]);
      const streamed = new Blob([slices[0]!, asNow(1, one), asNow(2, other), slices[3]!]);
      vi.spyOn(Blob.prototype, 'stream').mockImplementationOnce(() => streamed.stream());
      const { headers, decoded } = await handlers.readHeaders({ files, into: memoryFor(4) }, job);
      expect(headers).toEqual((await handlers.readHeaders({ files }, job)).headers);
      expect(decoded).toEqual(Array(4).fill(undefined));
    },
  );

  it('read the files beside one that is gone', async () => {
    const files = [unreadable, new Blob([bytes])].map((blob) => ({ name: 'slice-0003', blob }));
    const { headers } = await handlers.readHeaders({ files }, job);
    expect(headers.map(({ kind }) => kind)).toEqual(['damaged', 'slice']);
  });

  it('take a file that is gone before its size was asked for no empty one', async () => {
    // Chromium asks for it late; an empty part of the file is read without looking at it.
    const lost = Object.defineProperties(new Blob(), { arrayBuffer: { value: gone } });
    const files = [lost, new Blob(), new Blob([bytes])].map((blob) => ({ name: 'other', blob }));
    for (const into of [undefined, memoryFor(3)]) {
      const { headers } = await handlers.readHeaders({ files, ...(into && { into }) }, job);
      expect(headers.map(({ kind }) => kind)).toEqual(['damaged', 'notDicom', 'slice']);
    }
  });

  it('say which file cannot be read, by its name only', async () => {
    const cut = await decode(new Blob([bytes.subarray(0, -2)]));
    expect(inWords(cut)).toEqual({
      kind: 'failed',
      reason: 'The file slice-0003 cannot be read: its pixel data is incomplete.',
    });
    const isGone = { kind: 'failed', reason: 'The file slice-0003 cannot be read.' };
    expect(inWords(await decode(unreadable))).toEqual(isGone);
    expect(inWords(await handlers.thumbnail(sliceIn(unreadable), job))).toEqual(isGone);
    const files = [{ name: 'slice-0003', blob: unreadable }];
    const { headers } = await handlers.readHeaders({ files }, job);
    expect(inWords(headers)).toMatchObject([{ kind: 'damaged', reason: 'The file could not be read.' }]);
  });

  it('do not treat programs that are ZIP files inside as archives', async () => {
    const jar = new Blob([Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)]);
    const files = ['viewer.jar', 'export.zip', 'export'].map((name) => ({ name, blob: jar }));
    const { headers } = await handlers.readHeaders({ files }, job);
    expect(headers.map(({ kind }) => kind)).toEqual(['notDicom', 'archive', 'archive']);
  });
});
