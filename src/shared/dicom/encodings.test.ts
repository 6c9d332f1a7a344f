import fc from 'fast-check';
import { deflateSync, zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { inWords } from '../words/testing/inWords.ts';
import { assembleSeries } from './assembleSeries.ts';
import { textDecoder } from './characterSet.ts';
import { decodeSlice } from './decodeSlice.ts';
import { findFileEncoding } from './fileEncoding.ts';
import { createHounsfieldTables } from './hounsfield.ts';
import { inflateBounded } from './inflateBounded.ts';
import { loadVolume } from './loadVolume.ts';
import { parseSliceHeader } from './parseSliceHeader.ts';
import { type SliceHeader, storedRange } from './sliceHeader.ts';
import type { ReadBytes } from './sliceReader.ts';
import { joined } from './testing/compressedFixtures.ts';
import {
  bigEndianDataSet,
  type Changes,
  changed,
  parsed,
  rampVolume,
  smallGrid,
} from './testing/ctFixtures.ts';
import { enhancedCt, temporalPosition } from './testing/enhancedFixtures.ts';
import { noPixelCodecs } from './testing/noPixelCodecs.ts';
import { BIG_ENDIAN, rawElement } from './testing/rawElements.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from './writeCtSlice.ts';
import { writeDicomFile } from './writeElements.ts';

const volume = rampVolume(smallGrid());
const { meta, dataSet } = ctSliceElements(volume, 2, defaultCtSeriesMetadata(1, volume.grid));
const expectedHu = volume.data.slice(60, 90);
const metaOf = (transferSyntaxUid: string): Uint8Array =>
  writeDicomFile(changed(meta, { '0002,0010': transferSyntaxUid }), []);
const explicit = writeDicomFile([], dataSet).subarray(132 + 12);
const headerOf = (bytes: Uint8Array): SliceHeader => {
  const result = parseSliceHeader(bytes);
  if (result.kind !== 'slice') throw new Error(JSON.stringify(result));
  return result.header;
};
const decode = async (bytes: Uint8Array) => {
  const header = headerOf(bytes);
  const { from, to } = storedRange(header);
  return decodeSlice(bytes.subarray(from, to), header, noPixelCodecs, createHounsfieldTables());
};

describe('encodings of the whole data set', () => {
  const deflated = joined([metaOf('1.2.840.10008.1.2.1.99'), deflateSync(explicit)]);
  const bigEndian = joined([metaOf('1.2.840.10008.1.2.2'), bigEndianDataSet(dataSet)]);

  it.each([
    ['deflated', deflated],
    ['big-endian', bigEndian],
    ['big-endian without meta group', bigEndianDataSet(dataSet)],
  ])('reads a %s file like any other', async (_, bytes) => {
    const plain = headerOf(writeDicomFile(meta, dataSet));
    const { identity, plane } = headerOf(bytes);
    expect([identity, plane]).toEqual([plain.identity, plain.plane]);
    expect(await decode(bytes)).toEqual({ kind: 'decoded', remarks: [], valuesHu: expectedHu });
  });

  it('detects truncation', () => {
    expect(parseSliceHeader(deflated.subarray(0, -20)).kind).toBe('damaged');
    expect(parseSliceHeader(deflated.subarray(0, -20), deflated.length).kind).toBe('needsMoreBytes');
    expect(inWords(parseSliceHeader(bigEndian.subarray(0, -20)))).toMatchObject({
      reason: expect.stringContaining('cut short'),
    });
  });

  it('never throws on deflated files, whatever bytes are flipped or cut', () => {
    const kinds = ['slice', 'frames', 'notDicom', 'notImage', 'unsupported', 'damaged'];
    const flip = fc.tuple(fc.nat(deflated.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(flip, { maxLength: 8 }), fc.nat(2 * deflated.length), (flips, end) => {
        const bytes = deflated.slice(0, Math.max(end, 140));
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
        expect(kinds).toContain(parseSliceHeader(bytes).kind);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('8 bits in big-endian words', () => {
  // An odd number of values: the last shares its word with padding.
  const odd = rampVolume(smallGrid({ sizeIjk: [5, 5, 3] }));
  const { dataSet: elements } = ctSliceElements(odd, 1, defaultCtSeriesMetadata(1, odd.grid));
  const values = Uint8Array.from({ length: 50 }, (_, v) => 3 * v);
  const eightBits = { '0028,0100': 8, '0028,0101': 8, '0028,0102': 7, '0028,1052': '0' };
  const ofBytes = (count: number) =>
    joined([
      metaOf('1.2.840.10008.1.2.2'),
      bigEndianDataSet(changed(elements, { ...eightBits, '7fe0,0010': values.slice(0, count) })),
    ]);

  it('are swapped', async () => {
    expect(await decode(ofBytes(26))).toEqual({
      kind: 'decoded',
      remarks: [],
      valuesHu: Int16Array.from(values.subarray(0, 25)),
    });
  });

  it('are swapped where a frame begins within a word', async () => {
    const bytes = ofBytes(50);
    const first = headerOf(ofBytes(26));
    const second = { ...first, pixels: { ...first.pixels, dataOffset: first.pixels.dataOffset + 25 } };
    const { from, to } = storedRange(second);
    const slice = await decodeSlice(
      bytes.subarray(from, to),
      second,
      noPixelCodecs,
      createHounsfieldTables(),
    );
    expect(slice).toEqual({ kind: 'decoded', remarks: [], valuesHu: Int16Array.from(values.subarray(25)) });
  });

  it('stand as they are in bytes', async () => {
    const inBytes = rawElement(0x7fe00010, 'OB', values.subarray(0, 26), BIG_ENDIAN);
    const head = bigEndianDataSet(changed(elements, { ...eightBits, '7fe0,0010': undefined }));
    const file = joined([metaOf('1.2.840.10008.1.2.2'), head, inBytes]);
    expect(await decode(file)).toEqual({
      kind: 'decoded',
      remarks: [],
      valuesHu: Int16Array.from(values.subarray(0, 25)),
    });
  });
});

describe('bits where the header says that there are none', () => {
  const count = volume.grid.sizeIjk[0] * volume.grid.sizeIjk[1];
  const file = (words: (v: number) => number, changes: Changes): Uint8Array => {
    const bytes = new Uint8Array(Uint16Array.from({ length: count }, (_, v) => words(v)).buffer);
    const all = { '0028,0103': 0, '0028,1052': '0', '7fe0,0010': bytes, ...changes };
    return writeDicomFile(meta, changed(dataSet, all));
  };

  it.each([
    ['12 bits as they are, said to be shifted', 12, 15, (v: number) => 1000 + v],
    ['12 bits, said to be 8', 8, 7, (v: number) => 1000 + v],
  ] as const)('are refused: %s', async (_, bitsStored, highBit, words) => {
    const slice = await decode(file(words, { '0028,0101': bitsStored, '0028,0102': highBit }));
    expect(slice).toEqual({ kind: 'failed', reason: failure('dicom.bits-stray', { bitsStored, highBit }) });
  });

  it.each([
    ['values that are shifted', 12, 15, (v: number) => v << 4],
    ['10 bits', 10, 9, (v: number) => v],
    ['overlays above 12 bits', 12, 11, (v: number) => 0xf000 | v],
  ] as const)('are no reason to refuse %s', async (what, bitsStored, highBit, words) => {
    const slice = await decode(file(words, { '0028,0101': bitsStored, '0028,0102': highBit }));
    expect(slice).toEqual({
      kind: 'decoded',
      remarks: what.startsWith('overlays') ? [failure('dicom.bits-above', { bitsStored })] : [],
      valuesHu: Int16Array.from({ length: count }, (__, v) => v),
    });
  });

  it.each([0, 1, 2])('are found in any single word of a file that is longer by %i words', async (words) => {
    // The description moves the pixels by pairs of bytes.
    const description = { '0008,103e': 'ab'.repeat(words), '0028,0101': 12, '0028,0102': 11 };
    for (let odd = 0; odd < count; odd++) {
      const slice = await decode(file((v) => (v === odd ? 0x8000 | v : v), description));
      expect(slice).toMatchObject({ remarks: [failure('dicom.bits-above', { bitsStored: 12 })] });
    }
  });

  it('are the sign of values below zero', async () => {
    const signed = { '0028,0101': 11, '0028,0102': 10, '0028,0103': 1 };
    const slice = await decode(file((v) => -v & 0xffff, signed));
    expect(slice).toEqual({
      kind: 'decoded',
      remarks: [],
      valuesHu: Int16Array.from({ length: count }, (_, v) => -v),
    });
  });
});

describe('deflated multi-frame files', () => {
  const frames = Array.from({ length: 40 }, (_, n) => n % 8);
  const frameGroups = (n: number) => [temporalPosition(Math.floor(n / 8))];
  const whole = enhancedCt(volume, { frames, frameGroups, transferSyntaxUid: '1.2.840.10008.1.2.1.99' });
  const encoding = findFileEncoding(whole);
  const offset = encoding.kind === 'dicom' ? encoding.dataSetOffset : 0;
  const deflatedFrames = joined([whole.subarray(0, offset), deflateSync(whole.subarray(offset))]);

  it('are inflated once for all frames', async () => {
    const phases = assembleSeries(parsed(new Map([['scan', deflatedFrames]])).slices);
    expect(phases).toHaveLength(5);
    let reads = 0;
    const read: ReadBytes = async (_, from, to) => {
      reads++;
      return deflatedFrames.subarray(from, to);
    };
    expect(await loadVolume(phases[3]!, read, noPixelCodecs)).toEqual(volume);
    expect(reads).toBe(1);
  });

  it('may be larger than any single slice', async () => {
    // 9 × 2048 × 1024 values of zero: 38 MB, where the largest slice has 34.
    const columns = 2048;
    const rows = 1024;
    const large = enhancedCt(volume, {
      frames: Array.from({ length: 9 }, (_, n) => n),
      transferSyntaxUid: '1.2.840.10008.1.2.1.99',
      changes: { '0028,0010': rows, '0028,0011': columns, '7fe0,0010': new Uint8Array(18 * rows * columns) },
    });
    const file = joined([large.subarray(0, offset), deflateSync(large.subarray(offset), { level: 1 })]);
    const { slices } = parsed(new Map([['scan', file]]));
    expect(slices).toHaveLength(9);
    expect(slices[0]?.header.storage).toMatchObject({
      kind: 'deflated',
      inflatedBytes: large.length - offset,
    });
  });

  it('are damaged where the stream ends within a frame', () => {
    expect(inWords(parseSliceHeader(deflatedFrames.subarray(0, -30)))).toMatchObject({ kind: 'damaged' });
  });
});

describe('inflateBounded', () => {
  it('reads data in the wrapping of zlib, which DICOM does not want', () => {
    expect(inflateBounded(zlibSync(explicit), 10_000).bytes).toEqual(explicit);
    const stored = deflateSync(explicit, { level: 0 });
    expect(inflateBounded(stored, 10_000).bytes).toEqual(explicit);
  });

  it('stops at its limit, however much there is', () => {
    const bomb = deflateSync(new Uint8Array(2 ** 22), { level: 9 });
    expect(bomb.length).toBeLessThan(8000);
    expect(inflateBounded(bomb, 1000)).toEqual({ bytes: new Uint8Array(1000), complete: false });
    expect(inflateBounded(bomb, 2 ** 22)).toMatchObject({ complete: true });
  });
  it('returns what came before the damage', () => {
    const whole = deflateSync(explicit);
    const { bytes, complete } = inflateBounded(whole.subarray(0, -5), 10_000);
    expect(complete).toBe(false);
    expect(bytes).toEqual(explicit.subarray(0, bytes.length));
  });
});

describe('textDecoder', () => {
  it.each([
    ['ISO_IR 192', [0x4d, 0xc3, 0xbc, 0x6c, 0x6c, 0x65, 0x72], 'Müller'],
    ['ISO_IR 100', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72], 'Müller'],
    ['ISO_IR 144', [0xb8, 0xd2, 0xd0, 0xdd], 'Иван'],
    ['ISO 2022 IR 6\\ISO 2022 IR 144', [0xb8, 0xd2], 'Ив'],
    ['GB18030', [0xcd, 0xf5], '王'],
    ['ISO 2022 IR 6\\ISO 2022 IR 87', [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x1b, 0x28, 0x42], '山'],
    ['\\ISO 2022 IR 149', [0x1b, 0x24, 0x29, 0x43, 0xb1, 0xe8], '김'],
    ['', [0x4d, 0xfc], 'Mü'],
    ['NO SUCH SET', [0x41], 'A'],
  ])('reads %s', (characterSet, bytes, expected) => {
    expect(textDecoder(characterSet)(Uint8Array.from(bytes))).toBe(expected);
  });
});
