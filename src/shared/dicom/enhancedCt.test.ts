import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Volume } from '../volume/volume.ts';
import { inWords } from '../words/testing/inWords.ts';
import { assembleSeries } from './assembleSeries.ts';
import { loadVolume } from './loadVolume.ts';
import { parseSliceHeader } from './parseSliceHeader.ts';
import { encodeRle, storedWords } from './testing/compressedFixtures.ts';
import { parsed, rampVolume, smallGrid } from './testing/ctFixtures.ts';
import { type EnhancedOptions, enhancedCt, temporalPosition } from './testing/enhancedFixtures.ts';
import { noPixelCodecs } from './testing/noPixelCodecs.ts';
import type { ElementToWrite } from './writeElements.ts';

const RLE = '1.2.840.10008.1.2.5';
const volume = rampVolume(smallGrid());
const inOrder = [0, 1, 2, 3, 4, 5, 6, 7];
const load = async (bytes: Uint8Array, part = 0): Promise<Volume<Int16Array>> => {
  const series = assembleSeries(parsed(new Map([['scan', bytes]])).slices);
  return loadVolume(series[part]!, async (_, from, to) => bytes.subarray(from, to), noPixelCodecs);
};
const groupOf = (tag: number, element: ElementToWrite): ElementToWrite => ({
  tag,
  vr: 'SQ',
  value: [[element]],
});
const outcome = (options: EnhancedOptions) => parseSliceHeader(enhancedCt(volume, options));

describe('Enhanced CT', () => {
  it('is a series of its frames', async () => {
    expect(await load(enhancedCt(volume, { frames: inOrder }))).toEqual(volume);
  });

  it('is sorted by position, whatever the order of the frames', async () => {
    expect(await load(enhancedCt(volume, { frames: [3, 1, 7, 0, 2, 6, 5, 4] }))).toEqual(volume);
  });

  it('rescales each frame as its own group says', async () => {
    const frameGroups = (n: number) => [
      {
        tag: 0x00289145,
        vr: 'SQ' as const,
        value: [
          [
            { tag: 0x00281052, vr: 'DS' as const, value: String(-1024 + 10 * n) },
            { tag: 0x00281053, vr: 'DS' as const, value: '1' },
          ],
        ],
      },
    ];
    const { data } = await load(enhancedCt(volume, { frames: inOrder, frameGroups, rescaling: [] }));
    expect(Array.from(data)).toEqual(Array.from(volume.data, (hu, v) => hu + 10 * Math.floor(v / 30)));
    // The groups that all frames share say otherwise.
    expect(inWords(outcome({ frames: inOrder, frameGroups }))).toMatchObject({
      kind: 'damaged',
      reason: 'The header gives Rescale Intercept twice, with values that differ.',
    });
  });

  it.each([
    ['the second value', 'Dimension Index Values', (phase: number, k: number) => [1, phase, k], 2],
    ['two values', 'Dimension Index Values', (phase: number, k: number) => [phase >> 1, k, phase % 2], 4],
  ])('tells phases apart by %s of %s', async (_, attribute, valuesOf, phases) => {
    const frames = Array.from({ length: 8 * phases }, (_, n) => n % 8);
    const bytes = enhancedCt(volume, {
      frames,
      frameGroups: (n) => [
        groupOf(0x00209111, {
          tag: 0x00209157,
          vr: 'OB',
          value: new Uint8Array(Uint32Array.from(valuesOf(Math.floor(n / 8) + 4, (n % 8) + 1)).buffer),
        }),
      ],
    });
    const series = assembleSeries(parsed(new Map([['scan', bytes]])).slices);
    expect(series.map(({ slices }) => slices.map(({ header }) => header.identity.frameNumber))).toEqual(
      Array.from({ length: phases }, (_, phase) => inOrder.map((k) => 8 * phase + k + 1)),
    );
    for (const { warnings } of series)
      expect(warnings).toContainEqual(
        expect.objectContaining({
          code: 'series.one-of-several',
          fields: expect.objectContaining({ attribute, parts: phases }),
        }),
      );
  });

  it.each([
    ['Contrast/Bolus Agent Number', 0x00189337, 'US', [1, 2]],
    ['Contrast/Bolus Agent Administered', 0x00189342, 'CS', ['NO', 'YES']],
    ['Contrast/Bolus Agent Phase', 0x00189344, 'CS', ['ARTERIAL', 'IMMEDIATE']],
  ] as const)('tells series apart by %s', (attribute, tag, vr, values) => {
    const bytes = enhancedCt(volume, {
      frames: [...inOrder, ...inOrder],
      frameGroups: (n) => [groupOf(0x00189341, { tag, vr, value: values[n < 8 ? 0 : 1] })],
    });
    const series = assembleSeries(parsed(new Map([['scan', bytes]])).slices);
    expect(series.map(({ geometry, warnings }) => [geometry.kind, warnings])).toEqual(
      values.map((value) => [
        'regular',
        [{ code: 'series.one-of-several', fields: { parts: 2, attribute, value: String(value) } }],
      ]),
    );
  });

  it('is refused where files of an image are missing that was divided into several', () => {
    const part = (frames: number[], number: number, count: number | undefined) =>
      enhancedCt(volume, {
        frames,
        changes: { '0008,0018': `1.2.3.${number}`, '0020,9162': number, '0020,9163': count },
      });
    const reasonOf = (...files: Uint8Array[]) => {
      const named = new Map(files.map((bytes, at) => [`file-${at}`, bytes]));
      const [series] = assembleSeries(parsed(named).slices);
      return series?.geometry.kind === 'refused' ? series.geometry.reason : 'regular';
    };
    const [first, second] = [part([0, 1, 2, 3], 1, 2), part([4, 5, 6, 7], 2, 2)];
    expect(reasonOf(first, second)).toBe('regular');
    expect(reasonOf(first)).toEqual({
      code: 'series.files-of-image-missing',
      fields: { found: 1, files: 2 },
    });
    // Not every writer says how many there are.
    expect(reasonOf(part([4, 5, 6, 7], 2, undefined))).toMatchObject({ fields: { found: 1, files: 2 } });
    const uncounted = new Map([['file', part([0, 1, 2, 3], 1, undefined)]]);
    expect(assembleSeries(parsed(uncounted).slices)[0]?.warnings).toEqual([
      { code: 'series.files-of-image-uncounted', fields: { files: 1 } },
    ]);
  });

  it('does not mix frames that were computed from others with those that were not', () => {
    const frameType = (value: string): ElementToWrite => ({
      tag: 0x00189329,
      vr: 'SQ',
      value: [[{ tag: 0x00089007, vr: 'CS', value: `DERIVED\\PRIMARY\\VOLUME\\${value}` }]],
    });
    const bytes = enhancedCt(volume, {
      frames: inOrder,
      frameGroups: (n) => [frameType(n < 4 ? 'NONE' : 'MAX_IP')],
    });
    const series = assembleSeries(parsed(new Map([['scan', bytes]])).slices);
    expect(series.map(({ slices }) => slices.length)).toEqual([4, 4]);
    for (const { warnings } of series) expect(warnings).toMatchObject([{ code: 'series.continued' }]);
  });

  it('splits into heart phases, copies at the same position included', async () => {
    const frames = [...inOrder, ...inOrder];
    const bytes = enhancedCt(volume, {
      frames,
      frameGroups: (n) => [temporalPosition(n < 8 ? 1 : 2)],
    });
    const series = assembleSeries(parsed(new Map([['scan', bytes]])).slices);
    expect(series.map(({ description, slices }) => [description, slices.length])).toEqual([
      [expect.stringContaining('phase 1'), 8],
      [expect.stringContaining('phase 2'), 8],
    ]);
    expect(await load(bytes, 1)).toEqual(volume);
  });

  it('names the energy of virtual monoenergetic frames', () => {
    const energy = (keV: number): ElementToWrite => ({
      tag: 0x00189364,
      vr: 'SQ',
      value: [[{ tag: 0x0018937c, vr: 'FD', value: new Uint8Array(Float64Array.of(keV).buffer) }]],
    });
    const describe = (frames: readonly number[], energies: (n: number) => number) => {
      const bytes = enhancedCt(volume, { frames, frameGroups: (n) => [energy(energies(n))] });
      return assembleSeries(parsed(new Map([['scan', bytes]])).slices).map(({ description }) => description);
    };
    expect(describe(inOrder, () => 70)).toEqual([
      expect.stringContaining(', virtual monoenergetic 70 keV (8 slices)'),
    ]);
    expect(describe([...inOrder, ...inOrder], (n) => (n < 8 ? 40 : 70))).toEqual([
      expect.stringContaining(', virtual monoenergetic 40 keV (8 slices)'),
      expect.stringContaining(', virtual monoenergetic 70 keV (8 slices)'),
    ]);
  });

  it('reads compressed frames, with and without an offset table', async () => {
    const codeStreams = inOrder.map((k) => encodeRle(storedWords(volume, k), true));
    let at = 0;
    const offsetTable = codeStreams.map(({ length }) => {
      const offset = at;
      at += 8 + length;
      return offset;
    });
    for (const table of [[], offsetTable]) {
      const options = { frames: inOrder, transferSyntaxUid: RLE, codeStreams, offsetTable: table };
      expect(await load(enhancedCt(volume, options))).toEqual(volume);
    }
  });

  it('asks for the whole file where its groups or its frames go beyond the first bytes', () => {
    const native = enhancedCt(volume, { frames: inOrder });
    expect(parseSliceHeader(native.subarray(0, 900), native.length).kind).toBe('needsMoreBytes');
    const codeStreams = inOrder.map((k) => encodeRle(storedWords(volume, k), true));
    const compressed = enhancedCt(volume, { frames: inOrder, transferSyntaxUid: RLE, codeStreams });
    expect(parseSliceHeader(compressed.subarray(0, -9), compressed.length).kind).toBe('needsMoreBytes');
  });

  it('is damaged where frames are missing, undescribed or without position', () => {
    const whole = enhancedCt(volume, { frames: inOrder });
    expect(inWords(parseSliceHeader(whole.subarray(0, -10)))).toMatchObject({
      kind: 'damaged',
      reason: expect.stringContaining('cut short'),
    });
    expect(inWords(outcome({ frames: inOrder, changes: { '0028,0008': '9' } }))).toMatchObject({
      kind: 'damaged',
      reason: 'The Enhanced CT describes 8 of its 9 frames.',
    });
    expect(outcome({ frames: inOrder, changes: { '0028,0008': undefined } }).kind).toBe('damaged');
    const codeStreams = inOrder.slice(1).map((k) => encodeRle(storedWords(volume, k), true));
    expect(inWords(outcome({ frames: inOrder, transferSyntaxUid: RLE, codeStreams }))).toMatchObject({
      kind: 'damaged',
      reason: 'The compressed frames are cut short or contradict their table.',
    });
  });

  it('is refused where its values are no Hounsfield units', () => {
    const rescaling = [
      { tag: 0x00281052, vr: 'DS' as const, value: '0' },
      { tag: 0x00281053, vr: 'DS' as const, value: '1' },
      { tag: 0x00281054, vr: 'LO' as const, value: 'MGML' },
    ];
    expect(inWords(outcome({ frames: inOrder, rescaling }))).toMatchObject({
      kind: 'unsupported',
      reason: expect.stringContaining('MGML'),
    });
  });

  it('never throws, whatever bytes are flipped or cut', () => {
    const codeStreams = inOrder.map((k) => encodeRle(storedWords(volume, k), true));
    const files = [
      enhancedCt(volume, { frames: inOrder }),
      enhancedCt(volume, { frames: inOrder, transferSyntaxUid: RLE, codeStreams }),
    ];
    const kinds = ['slice', 'frames', 'notDicom', 'notImage', 'unsupported', 'damaged'];
    for (const whole of files) {
      const flip = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
      fc.assert(
        fc.property(fc.array(flip, { maxLength: 12 }), fc.nat(2 * whole.length), (flips, end) => {
          const bytes = whole.slice(0, Math.max(end, 140));
          for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
          expect(kinds).toContain(parseSliceHeader(bytes).kind);
        }),
        { numRuns: 500, seed: 1 },
      );
    }
  });
});
