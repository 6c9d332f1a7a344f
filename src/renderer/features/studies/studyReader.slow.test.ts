import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  changed,
  ctFiles,
  ctSlice,
  type Files,
  rampVolume,
  smallGrid,
} from '#shared/dicom/testing/ctFixtures.ts';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { squeeze } from '#shared/volume/averageToGrid.ts';
import { OUTSIDE_HU } from '#shared/volume/volume.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import type { TaskRunner } from '../../workers/studyTasks.ts';
import { createStudyReaderCore, type StudyReaderCore } from './studyReader.ts';
import { createInlineRunner, opened } from './testing/inlineStudies.ts';

const volume = rampVolume(smallGrid({ sizeIjk: [6, 5, 24] }));
const SLICE = 30;

const zipped = (files: Files, folder = 'DICOM/A'): { path: string; blob: Blob } => {
  const archive = zipSync(
    Object.fromEntries([...files].map(([name, bytes]) => [`${folder}/${name}`, bytes])),
  );
  return { path: 'export.zip', blob: new Blob([archive as Uint8Array<ArrayBuffer>]) };
};
const text = opened(new Map([['notes.txt', new TextEncoder().encode('nothing to see')]]));
/** A data set that only names other files: what DICOMDIR is. */
const directory = opened(
  new Map([
    [
      'DICOMDIR',
      writeDicomFile(
        [
          { tag: 0x00020002, vr: 'UI', value: '1.2.840.10008.1.3.10' },
          { tag: 0x00020010, vr: 'UI', value: '1.2.840.10008.1.2.1' },
        ],
        changed([], { '0008,0005': 'ISO_IR 100' }),
      ),
    ],
  ]),
);

let runner = createInlineRunner();
let reader: StudyReaderCore;
beforeEach(() => {
  runner = createInlineRunner();
  reader = createStudyReaderCore(runner, 0);
});
const failure = async (work: Promise<unknown>): Promise<string> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(UserError);
  return (thrown as UserError).message;
};

describe('open', () => {
  it('lists a series with its patient, and counts what is not an image but not the index', async () => {
    const study = await reader.open([...text, ...opened(ctFiles(volume)), ...directory], {});
    expect(study).toMatchObject({ skippedFiles: 1, problems: [] });
    expect(study.series).toHaveLength(1);
    expect(study.series[0]).toMatchObject({
      sliceCount: 24,
      isPreselected: true,
      refusal: null,
      spacingMm: [0.5, 0.75, 1.25],
      patient: { name: 'Phantom, Seed 1', id: 'AURICLE-PHANTOM-1', studyDate: '2000-01-01' },
    });
    expect(study.series[0]?.description).toBe('Synthetic CTA heart, arterial phase (phantom)');
  });

  it('finds files without extensions by their content, also when folders repeat names', async () => {
    const files = [...ctFiles(volume)];
    const study = await reader.open(
      [...opened(new Map(files.slice(0, 12)), 'a/x'), ...opened(new Map(files.slice(12)), 'a/y')],
      {},
    );
    expect(study.series.map(({ sliceCount }) => sliceCount)).toEqual([24]);
  });

  it('says in one sentence that there is nothing, or nothing that can be read', async () => {
    expect(await failure(reader.open([], {}))).toBe('There are no files in what was opened.');
    expect(await failure(reader.open(text, {}))).toBe(
      'There is no CT in what was opened (one file of other kinds).',
    );
    expect(await failure(reader.open(directory, {}))).toBe(
      'There is no CT in what was opened, only a disc’s index (DICOMDIR): open the whole disc or folder.',
    );
    const colour = opened(ctFiles(volume, () => ({ '0028,0002': 3 })));
    expect(await failure(reader.open(colour, {}))).toBe(
      'There is no CT that can be read. In 24 files, slice-0001 among them: the image is in colour, not CT values.',
    );
  });

  it('keeps what was open where opening another study fails', async () => {
    const { series } = await reader.open(opened(ctFiles(volume)), {});
    await failure(reader.open(text, {}));
    expect(await reader.thumbnail(series[0]!.id)).toMatchObject({ width: 6, height: 5 });
  });

  it('tells copies from contradictions by their pixels', async () => {
    const copy = opened(new Map([['again', ctSlice(volume, 2, { '0008,0018': '1.2.3' })]]));
    const study = await reader.open([...opened(ctFiles(volume)), ...copy], {});
    expect(study.series[0]).toMatchObject({ refusal: null, sliceCount: 24 });
    expect(inWords(study.series[0]?.warnings)).toContain('One identical copy of a slice was left out.');
    const other = { '0008,0018': '1.2.3', '7fe0,0010': new Uint8Array(60) };
    const contradiction = opened(new Map([['again', ctSlice(volume, 2, other)]]));
    const refused = await reader.open([...opened(ctFiles(volume)), ...contradiction], {});
    expect(inWords(refused.series[0]?.refusal)).toContain('different images');
  });

  it('stops when cancelled; of two studies the later one stays', async () => {
    await expect(reader.open(text, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    const first = reader.open(opened(ctFiles(volume)), {});
    const second = reader.open(opened(ctFiles(volume, undefined, 2)), {});
    const [, { series }] = await Promise.all([expect(first).rejects.toThrow(CancelledError), second]);
    expect(series[0]?.patient.id).toBe('AURICLE-PHANTOM-2');
    await reader.thumbnail(series[0]!.id);
  });

  it('reports progress to the end', async () => {
    const fractions: number[] = [];
    const files = ctFiles(rampVolume(smallGrid({ sizeIjk: [6, 5, 40] })));
    await reader.open(opened(files), { onProgress: ({ fraction }) => fractions.push(fraction) });
    expect(fractions).toEqual([0.5, 1]);
  });
});

describe('ZIP files', () => {
  it('are read like folders', async () => {
    const { series } = await reader.open([zipped(ctFiles(volume))], {});
    const { volume: loaded } = await reader.load(series[0]!.id, {});
    expect(loaded).toEqual(volume);
  });

  it('are found by their content where they have no extension, and left closed within one another', async () => {
    const inner = zipped(ctFiles(volume));
    const outer = zipped(
      new Map([['inner.zip', new Uint8Array(await inner.blob.arrayBuffer())], ...ctFiles(volume)]),
    );
    const study = await reader.open([{ path: 'export', blob: outer.blob }], {});
    expect(study.series).toHaveLength(1);
    expect(inWords(study.problems)).toEqual([
      'A ZIP file within a ZIP file was not opened: unpack it first.',
    ]);
  });

  it('that are cut short are refused whole', async () => {
    const { blob } = zipped(ctFiles(volume));
    const cut = { path: 'cut.zip', blob: blob.slice(0, blob.size - 50) };
    expect(await failure(reader.open([cut], {}))).toContain('The ZIP file is damaged or incomplete');
  });

  it('with a damaged file lose that file, and the series is refused', async () => {
    const { blob } = zipped(ctFiles(volume));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    // The seed of the fourth local file's data.
    const target = indexOfNth(bytes, [0x50, 0x4b, 3, 4], 3);
    bytes.fill(0xff, target + 80, target + 90);
    const study = await reader.open([{ path: 'a.zip', blob: new Blob([bytes]) }], {});
    expect(inWords(study.series[0]?.refusal)).toContain('damaged within its ZIP file');
  });

  it('that unpack to an implausible amount are left closed', async () => {
    const size = 80 * 2 ** 20;
    // Compressed by the platform, which takes a tenth of fflate's second, and stored as what it is.
    const zeros = new Blob([new Uint8Array(size)]).stream();
    const packed = new Response(zeros.pipeThrough(new CompressionStream('deflate-raw')));
    const bytes = zipSync({ bomb: new Uint8Array(await packed.arrayBuffer()) }, { level: 0 });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const entry = indexOfNth(bytes, [0x50, 0x4b, 1, 2], 0);
    for (const [method, unpacked] of [
      [8, 22],
      [entry + 10, entry + 24],
    ] as const) {
      view.setUint16(method, 8, true);
      view.setUint32(unpacked, size, true);
    }
    const bomb = { path: 'bomb.zip', blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) };
    expect(await failure(reader.open([bomb], {}))).toContain('implausible amount');
  });

  it('with a password are refused by name', async () => {
    const { blob } = zipped(ctFiles(volume));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const entry = indexOfNth(bytes, [0x50, 0x4b, 1, 2], 0);
    bytes[entry + 8]! |= 1;
    expect(await failure(reader.open([{ path: 'a.zip', blob: new Blob([bytes]) }], {}))).toContain(
      'password',
    );
  });
});

function indexOfNth(bytes: Uint8Array, pattern: readonly number[], nth: number): number {
  let found = -1;
  for (let count = 0; count <= nth; count++) {
    do found++;
    while (!pattern.every((value, index) => bytes[found + index] === value));
  }
  return found;
}

describe('load', () => {
  it('fills one volume, the middle slice first, and reports every slice once', async () => {
    // Memory that is shared may hold more than has been reported.
    const other = createStudyReaderCore(createInlineRunner(false), 0);
    const { series } = await other.open(opened(ctFiles(volume)), {});
    const firstShown: number[] = [];
    const { volume: loaded } = await other.load(series[0]!.id, {}, ({ data }) => {
      if (firstShown.length === 0) firstShown.push(...data);
    });
    // Slices that have not arrived are outside of the scan; one task has the middle one alone.
    const arrived = volume.data.slice(12 * SLICE, 13 * SLICE);
    const expected = new Int16Array(volume.data.length).fill(OUTSIDE_HU);
    expected.set(arrived, 12 * SLICE);
    expect(firstShown).toEqual([...expected]);
    expect(loaded).toEqual(volume);
  });

  it('is shown once it has taken a while: what nobody fills yet is empty then, what is being filled is waited for', async () => {
    const long = rampVolume(smallGrid({ sizeIjk: [6, 5, 200] }));
    const gates: (() => void)[] = [];
    const gated: TaskRunner = {
      ...runner,
      tasks: {
        ...runner.tasks,
        async decode(...call) {
          await new Promise<void>((open) => gates.push(open));
          return runner.tasks.decode(...call);
        },
      },
    };
    const slow = createStudyReaderCore(gated, 1);
    const { series } = await slow.open(opened(ctFiles(long)), {});
    // What was decoded with its headers; afterwards it is decoded anew.
    await slow.load(series[0]!.id, {});
    const shown: Int16Array[] = [];
    const loading = slow.load(series[0]!.id, {}, ({ data }) => shown.push(data.slice()));
    await vi.waitFor(() => expect(gates).toHaveLength(4));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shown).toEqual([]);
    for (const open of gates.splice(0)) open();
    await vi.waitFor(() => expect(shown.length).toBeGreaterThan(0));
    // The middle slice and three parts of 32.
    const expected = long.data.slice().fill(OUTSIDE_HU, 96 * SLICE);
    expected.set(long.data.subarray(100 * SLICE, 101 * SLICE), 100 * SLICE);
    expect(shown[0]).toEqual(expected);
    const opening = setInterval(() => {
      for (const open of gates.splice(0)) open();
    }, 1);
    expect((await loading).volume).toEqual(long);
    clearInterval(opening);
  });

  it.each([true, false])('fills the same volume where memory is shared: %s', async (sharesMemory) => {
    const other = createStudyReaderCore(createInlineRunner(sharesMemory), 0);
    const { series } = await other.open(opened(ctFiles(volume)), {});
    const { volume: loaded, coarse } = await other.load(series[0]!.id, {});
    expect(loaded.data.buffer instanceof SharedArrayBuffer).toBe(sharesMemory);
    expect(loaded).toEqual(volume);
    expect(await coarse()).toEqual(expect.objectContaining({ data: expect.any(Int16Array) }));
  });

  it.each([
    ['in the order of their names', [...Array(24).keys()], 0],
    ['in the opposite order', [...Array(24).keys()].reverse(), 0],
    ['in no order', [...Array(24).keys()].map((k) => (7 * k) % 24), 2],
  ])(
    'has slices %s once their headers are read, and decodes them where they are loaded later',
    async (_, order, copies) => {
      const numbered = [...ctFiles(volume).values()].map((bytes, k) => [`IM${order[k]}`, bytes] as const);
      const { series } = await reader.open([...text, ...opened(new Map(numbered), 'study/A')], {});
      expect((await reader.load(series[0]!.id, {})).volume).toEqual(volume);
      const done = runner.names.filter((name) => name === 'copyPlanes' || name === 'decode');
      expect(done).toEqual(Array(copies).fill('copyPlanes'));
      expect((await reader.load(series[0]!.id, {})).volume).toEqual(volume);
      expect(runner.names).toContain('decode');
    },
  );

  it('says which slice cannot be decoded, wherever that was found', async () => {
    const files = opened(ctFiles(volume, (k) => (k === 5 ? { '0028,0101': 8, '0028,0102': 7 } : {})));
    const { series } = await reader.open(files, {});
    expect(await failure(reader.load(series[0]!.id, {}))).toMatch(/slice-0006 cannot be read: .* bits/);
  });

  it('makes the coarse copy that squeezing the whole scan makes', async () => {
    const { series } = await reader.open(opened(ctFiles(volume)), {});
    const loaded = await reader.load(series[0]!.id, {});
    const coarse = await loaded.coarse();
    const whole = squeeze(volume, [3, 4, 24]);
    expect(coarse.grid).toEqual(whole.grid);
    expect(Array.from(coarse.data)).toEqual(Array.from(whole.data, Math.round));
  });

  it('says what the reports need of the source', async () => {
    const other = opened(
      ctFiles(volume, () => ({ '0008,103e': 'Lung thin' }), 2),
      'other',
    );
    const { series } = await reader.open([...opened(ctFiles(volume)), ...other, ...text], {});
    const preselected = series.find(({ isPreselected }) => isPreselected)!;
    const { source } = await reader.load(preselected.id, {});
    expect(source).toMatchObject({
      seriesInstanceUid: preselected.seriesInstanceUid,
      sizeIjk: [6, 5, 24],
      spacingMm: [0.5, 0.75, 1.25],
      slices: 24,
      skippedFiles: 1,
    });
    expect(source.otherSeries).toHaveLength(1);
  });

  it('refuses refused series and series that are not open', async () => {
    const files = ctFiles(volume);
    files.delete('slice-0006');
    const { series } = await reader.open(opened(files), {});
    expect(await failure(reader.load(series[0]!.id, {}))).toContain('One slice is missing');
    reader.close();
    expect(await failure(reader.load(series[0]!.id, {}))).toBe('The series is no longer open.');
  });

  it('stops when cancelled between slices', async () => {
    const { series } = await reader.open(opened(ctFiles(volume)), {});
    await reader.load(series[0]!.id, {});
    const stop = new AbortController();
    let calls = 0;
    const loading = reader.load(series[0]!.id, { signal: stop.signal }, () => {
      calls++;
      stop.abort();
    });
    await expect(loading).rejects.toThrow(CancelledError);
    expect(calls).toBe(1);
  });
});

describe('close', () => {
  it('ends what is under way, and another study can be opened after it', async () => {
    const { series } = await reader.open(opened(ctFiles(volume)), {});
    const loading = reader.load(series[0]!.id, {});
    const opening = reader.open(opened(ctFiles(volume)), {});
    const drawing = reader.thumbnail(series[0]!.id);
    reader.close();
    await Promise.all(
      [loading, opening, drawing].map((work) => expect(work).rejects.toThrow(CancelledError)),
    );
    await reader.open(opened(ctFiles(volume)), {});
    expect((await reader.load(series[0]!.id, {})).volume).toEqual(volume);
  });
});

describe('thumbnail', () => {
  it('is a grey picture of the middle slice in soft-tissue window, in true proportions', async () => {
    const bright = rampVolume(smallGrid({ sizeIjk: [200, 200, 3], spacingMm: [1, 0.5, 1] }));
    bright.data.fill(90);
    const { series } = await reader.open(opened(ctFiles(bright)), {});
    const { width, height, rgba } = await reader.thumbnail(series[0]!.id);
    expect([width, height]).toEqual([128, 64]);
    expect(Array.from(rgba.subarray(0, 4))).toEqual([159, 159, 159, 255]);
  });
});
