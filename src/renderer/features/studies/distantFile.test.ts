import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { ctFiles, type Files, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { createStudyReaderCore } from './studyReader.ts';
import { createInlineRunner, opened } from './testing/inlineStudies.ts';
import type { LoadedSeries, OpenedFile } from './types.ts';

const ramp = rampVolume(smallGrid({ sizeIjk: [100, 100, 24] }));
/** Within the 12 bits that are written. */
const volume = { ...ramp, data: ramp.data.map((value) => value % 1000) };
const PIXEL_BYTES = 2 * 100 * 100;
const files = ctFiles(volume);
const reader = () => createStudyReaderCore(createInlineRunner());

/** The files on the other side of a connection, with what is read of them. */
function distant(all: Files, broken: ReadonlyMap<string, Error> = new Map()) {
  const ranges: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  const study = [...all].map(
    ([name, bytes]): OpenedFile => ({
      path: `study/${name}`,
      blob: {
        sizeBytes: bytes.length,
        read(from, to) {
          ranges.push({ name, from, to });
          const thrown = broken.get(name);
          return thrown === undefined
            ? Promise.resolve(new Uint8Array(bytes.subarray(from, to)))
            : Promise.reject(thrown);
        },
      },
    }),
  );
  return { study, ranges };
}
/** Without the words of a mismatch, which are slow for as many values. */
const isSame = (loaded: LoadedSeries): boolean =>
  loaded.volume.data.length === volume.data.length &&
  volume.data.every((value, at) => loaded.volume.data[at] === value);
const nth = (index: number): string => [...files.keys()][index]!;
const unreadable = (name: string): Error => new UserError(failure('files.unreadable', { fileName: name }));

it('is listed by its header alone, and only the pixels of the series that is opened are read, each once', async () => {
  const other = ctFiles(volume, undefined, 2);
  const renamed = new Map([...other].map(([name, bytes]) => [`other-${name}`, bytes]));
  const { study, ranges } = distant(new Map([...files, ...renamed]));
  const core = reader();
  const { series } = await core.open(study, {});
  expect(series).toHaveLength(2);
  expect(ranges).toHaveLength(48);
  expect(ranges.every(({ from, to }) => from === 0 && to === 16 * 1024)).toBe(true);
  ranges.length = 0;
  const [first] = series;
  expect(isSame(await core.load(first!.id, {}))).toBe(true);
  const pixels = ranges.filter(({ from }) => from > 0);
  expect(pixels.every(({ from, to }) => to - from === PIXEL_BYTES)).toBe(true);
  expect(new Set(pixels.map(({ name }) => name)).size).toBe(24);
  expect(pixels).toHaveLength(24);
  expect(new Set(ranges.map(({ name }) => name.startsWith('other-'))).size).toBe(1);
  const whole = await core.files(first!.id);
  expect(whole.map(({ size }) => size)).toEqual([...files.values()].map(({ length }) => length));
});

it('is read whole where it is an archive', async () => {
  const zip = zipSync(Object.fromEntries(files));
  const { study } = distant(new Map([['export.zip', zip]]));
  const core = reader();
  const { series } = await core.open(study, {});
  expect(isSame(await core.load(series[0]!.id, {}))).toBe(true);
});

it('is named where it cannot be read, as a dropped file is', async () => {
  const { study } = distant(files, new Map([[nth(3), unreadable(nth(3))]]));
  const { series, problems } = await reader().open(study, {});
  expect(String(inWords(problems))).toContain(nth(3));
  expect(series[0]?.refusal).not.toBeNull();
});

it('ends the reading where the connection is lost or a person cancels', async () => {
  const lost = new UserError(failure('rpc.not-connected'));
  for (const thrown of [lost, new CancelledError()] as const) {
    const { study } = distant(files, new Map([[nth(3), thrown]]));
    await expect(reader().open(study, {})).rejects.toBe(thrown);
  }
});

it('may lie beside files of the browser', async () => {
  const [first, ...rest] = opened(files);
  const { study } = distant(new Map([[nth(0), files.get(nth(0))!]]));
  const core = reader();
  expect(first?.path).toBe(study[0]?.path);
  const { series } = await core.open([...rest, ...study], {});
  expect(isSame(await core.load(series[0]!.id, {}))).toBe(true);
});
