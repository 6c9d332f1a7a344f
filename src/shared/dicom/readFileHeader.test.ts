import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { decodeSlice } from './decodeSlice.ts';
import { createHounsfieldTables } from './hounsfield.ts';
import { readFileHeader } from './readFileHeader.ts';
import { storedRange } from './sliceHeader.ts';
import { encapsulatedSlice, encodeRle, joined, storedWords } from './testing/compressedFixtures.ts';
import { ctSlice, rampVolume, smallGrid } from './testing/ctFixtures.ts';
import { noPixelCodecs } from './testing/noPixelCodecs.ts';
import { ascii, rawElement } from './testing/rawElements.ts';
import { writeDicomFile } from './writeElements.ts';

const volume = rampVolume(smallGrid());

/** Reads a file's header and counts what was read for it. */
async function read(bytes: Uint8Array) {
  let upTo = 0;
  const parsed = await readFileHeader({
    name: 'file.dcm',
    size: bytes.length,
    read: (from, to) => {
      upTo = Math.max(upTo, to);
      return bytes.subarray(from, to);
    },
  });
  return { parsed, upTo };
}

it('reads the first bytes of a slice', async () => {
  const large = rampVolume(smallGrid({ sizeIjk: [256, 256, 1] }));
  const { parsed, upTo } = await read(ctSlice(large, 0));
  expect([parsed.kind, upTo]).toEqual(['slice', 16384]);
});

it('knows a large document by its first bytes', async () => {
  const head = writeDicomFile(
    [{ tag: 0x00020002, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.104.1' }],
    [
      { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.104.1' },
      { tag: 0x00080060, vr: 'CS', value: 'DOC' },
      { tag: 0x0020000e, vr: 'UI', value: '1.2.3' },
    ],
  );
  const { parsed, upTo } = await read(
    joined([head, rawElement(0x00420011, 'OB', new Uint8Array(5 * 2 ** 20))]),
  );
  expect(parsed).toMatchObject({ kind: 'notImage', seriesInstanceUid: '1.2.3' });
  expect(upTo).toBe(16384);
});

it('reads on where a code stream begins at the end of what was read', async () => {
  // Lossy JPEG of 10 bits, which is refused by name: only its frame header says so.
  const tenBits = Uint8Array.from([0xff, 0xd8, 0xff, 0xc1, 0, 11, 10, 0, 5, 0, 6, 1, 1, 0x11, 0, 0xff, 0xd9]);
  const padded = (length: number): Uint8Array =>
    encapsulatedSlice(volume, 0, '1.2.840.10008.1.2.4.51', [tenBits, new Uint8Array(4000)], {
      '0009,0010': ' '.repeat(length),
    });
  // Behind the header: two fragments, the offset table and the delimiter. Ten bytes of it are in the first step.
  const header = padded(0).length - (18 + 4000 + 4 * 8);
  const { parsed } = await read(padded(16384 - 10 - header));
  expect(parsed).toMatchObject({ kind: 'unsupported', reason: { code: 'dicom.lossy-jpeg-bits' } });
});

describe('two objects in one file', () => {
  const [first, second] = [ctSlice(volume, 0), ctSlice(volume, 1)];
  const padding = rawElement(0xfffcfffc, 'OB', new Uint8Array(1000));
  const otherSeries = ctSlice(volume, 1, { '0020,000e': '1.2.3.4' });
  const report = writeDicomFile(
    [{ tag: 0x00020002, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.88.11' }],
    [
      { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.88.11' },
      { tag: 0x00080060, vr: 'CS', value: 'SR' },
      { tag: 0x0020000e, vr: 'UI', value: '1.2.3' },
    ],
  );
  const kindOf = async (...parts: Uint8Array[]) => (await read(joined(parts))).parsed;

  it.each([
    ['behind a slice', [first, second]],
    ['behind padding', [first, padding, second]],
    ['behind a report', [report, second]],
  ])('refuse the series where the second is an image: %s', async (_, parts) => {
    expect(await kindOf(...parts)).toEqual({
      kind: 'damaged',
      reason: failure('dicom.image-behind'),
      seriesInstanceUid: expect.stringMatching(/^2\.25\./),
    });
  });

  it.each([
    ['a report', report],
    ['a slice of another series', otherSeries],
  ])('are told of where the second is %s', async (_, other) => {
    const parsed = await kindOf(first, other);
    expect(parsed).toMatchObject({
      kind: 'slice',
      header: { remarks: [failure('dicom.object-behind', { fileName: 'file.dcm' })] },
    });
  });

  it('are not seen in padding, a prefix alone, or two reports', async () => {
    const prefix = joined([new Uint8Array(128), ascii('DICM'), new Uint8Array(40)]);
    for (const parts of [[first, padding], [first, prefix], [first]])
      expect(await kindOf(...parts)).toMatchObject({ kind: 'slice', header: { remarks: [] } });
    expect(await kindOf(report, report)).toMatchObject({ kind: 'notImage', seriesInstanceUid: '1.2.3' });
  });

  it('are told of when a compressed slice is decoded, whose end shows only then', async () => {
    const stored = encodeRle(storedWords(volume, 0), true);
    const compressed = encapsulatedSlice(volume, 0, '1.2.840.10008.1.2.5', [stored]);
    const decoded = async (...parts: Uint8Array[]) => {
      const bytes = joined(parts);
      const { parsed } = await read(bytes);
      if (parsed.kind !== 'slice') throw new Error(parsed.kind);
      const { from, to } = storedRange(parsed.header);
      const tables = createHounsfieldTables();
      return decodeSlice(bytes.subarray(from, to), parsed.header, noPixelCodecs, tables);
    };
    const valuesHu = volume.data.slice(0, 30);
    expect(await decoded(compressed)).toEqual({ kind: 'decoded', valuesHu, remarks: [] });
    expect(await decoded(compressed, otherSeries)).toEqual({
      kind: 'decoded',
      valuesHu,
      remarks: [failure('dicom.object-behind-pixels')],
    });
    expect(await decoded(compressed, second)).toEqual({
      kind: 'failed',
      reason: failure('dicom.image-behind'),
    });
  });
});
