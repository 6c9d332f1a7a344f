import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSlice } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { type SliceHeader, storedRange } from '#shared/dicom/sliceHeader.ts';
import { encapsulatedSlice, encodeRle, storedWords } from '#shared/dicom/testing/compressedFixtures.ts';
import { type Changes, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { encodeJpegLossless } from '#shared/dicom/testing/encodeJpegLossless.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { words } from '#shared/words/words.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import { encodeWithLibrary, LIBRARIES } from './testing/encodeWithLibrary.ts';
import { twelveBitJpeg } from './testing/twelveBitJpeg.ts';

const COLUMNS = 40;
const ROWS = 24;
const K = 1;

/** Smooth with edges and noise, within 12 bits: what codecs find in CT. */
const volume: Volume<Int16Array> = {
  grid: smallGrid({ sizeIjk: [COLUMNS, ROWS, 3] }),
  data: Int16Array.from({ length: COLUMNS * ROWS * 3 }, (_, v) => {
    const i = v % COLUMNS;
    return (i > 12 && i < 30 ? 350 : -900) + ((v * 7919) % 61) + 2 * i;
  }),
};
const expectedHu = volume.data.subarray(K * COLUMNS * ROWS, (K + 1) * COLUMNS * ROWS);

const headerOf = (bytes: Uint8Array): SliceHeader => {
  const parsed = parseSliceHeader(bytes);
  if (parsed.kind !== 'slice') throw new Error(JSON.stringify(parsed));
  return parsed.header;
};
async function decode(bytes: Uint8Array) {
  const header = headerOf(bytes);
  const { from, to } = storedRange(header);
  return decodeSlice(bytes.subarray(from, to), header, pixelCodecs, createHounsfieldTables());
}
async function huOf(transferSyntaxUid: string, fragments: readonly Uint8Array[], changes: Changes = {}) {
  const slice = await decode(encapsulatedSlice(volume, K, transferSyntaxUid, fragments, changes));
  if (slice.kind !== 'decoded') throw new Error(slice.reason.code);
  return slice.valuesHu;
}
const largestDifference = (a: Int16Array): number =>
  a.reduce((worst, value, v) => Math.max(worst, Math.abs(value - expectedHu[v]!)), 0);

const JPEG = '1.2.840.10008.1.2.4';
const encode = (library: (typeof LIBRARIES)[keyof typeof LIBRARIES], options = {}): Promise<Uint8Array> =>
  encodeWithLibrary(library, { columns: COLUMNS, rows: ROWS, stored: storedWords(volume, K), ...options });

const EIGHT_BITS = {
  '0028,0100': 8,
  '0028,0101': 8,
  '0028,0102': 7,
  '0028,1053': '8',
  '0028,1052': '-1000',
};

const twelveBit = twelveBitJpeg();
const TWELVE_BIT_SIZE = { '0028,0010': twelveBit.rows, '0028,0011': twelveBit.columns };

async function codeStreamOf(
  codec: keyof typeof LIBRARIES | 'rle' | 'jpegLossless' | 'jpeg12',
): Promise<Uint8Array> {
  const stored = storedWords(volume, K);
  if (codec === 'jpeg12') return twelveBit.codeStream;
  if (codec === 'rle') return encodeRle(stored, true);
  if (codec === 'jpegLossless') return encodeJpegLossless(new Uint16Array(stored.buffer), COLUMNS, ROWS);
  if (codec !== 'jpeg') return encode(LIBRARIES[codec]);
  const grey = Uint8Array.from(expectedHu, (hu) => Math.max(0, Math.min(255, (hu + 1000) / 8)));
  return encode(LIBRARIES.jpeg, { bits: 8, stored: grey });
}

describe('compressed slices', () => {
  it.each([
    [`${JPEG}.80`, 'jpegLs'],
    [`${JPEG}.90`, 'jpeg2000'],
    [`${JPEG}.201`, 'htj2k'],
    [`${JPEG}.202`, 'htj2k'],
  ] as const)('decodes %s exactly', async (uid, codec) => {
    const codeStream = await encode(LIBRARIES[codec]);
    expect(await huOf(uid, [codeStream])).toEqual(expectedHu);
    const half = 2 * Math.floor(codeStream.length / 4);
    expect(await huOf(uid, [codeStream.subarray(0, half), codeStream.subarray(half)])).toEqual(expectedHu);
  });

  it.each([
    ['signed', { isSigned: true }],
    ['unsigned, read as signed by the header', { isSigned: false }],
  ])('decodes signed values whose code stream is %s', async (_, { isSigned }) => {
    const stored = new Uint8Array(Int16Array.from(expectedHu).buffer);
    const changes = { '0028,0103': 1, '0028,0101': 16, '0028,0102': 15, '0028,1052': '0' };
    for (const codec of ['jpeg2000', 'htj2k'] as const) {
      const codeStream = await encode(LIBRARIES[codec], { isSigned, stored });
      const uid = codec === 'htj2k' ? `${JPEG}.201` : `${JPEG}.90`;
      expect(await huOf(uid, [codeStream], changes), codec).toEqual(expectedHu);
    }
    const jpegLs = await encode(LIBRARIES.jpegLs, { stored });
    expect(await huOf(`${JPEG}.80`, [jpegLs], changes)).toEqual(expectedHu);
  });

  it('decodes 12 bit code streams', async () => {
    for (const [codec, uid] of [
      ['jpegLs', `${JPEG}.80`],
      ['jpeg2000', `${JPEG}.90`],
      ['htj2k', `${JPEG}.201`],
    ] as const) {
      const codeStream = await encode(LIBRARIES[codec], { bits: 12 });
      expect(await huOf(uid, [codeStream]), codec).toEqual(expectedHu);
    }
  });

  it('decodes near-lossless and lossy images, and says that they are', async () => {
    const nearLossless = await encode(LIBRARIES.jpegLs, { lossless: false });
    const values = await huOf(`${JPEG}.81`, [nearLossless]);
    expect(largestDifference(values)).toBeGreaterThan(0);
    expect(largestDifference(values)).toBeLessThanOrEqual(3);
    const file = encapsulatedSlice(volume, K, `${JPEG}.81`, [nearLossless]);
    expect(inWords(headerOf(file).remarks)).toEqual([
      'The images were compressed with loss: their values are not exact.',
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('decodes lossless JPEG of predictor %i exactly', async (predictor) => {
    const stored = storedWords(volume, K);
    const words = new Uint16Array(stored.buffer);
    const codeStream = encodeJpegLossless(words, COLUMNS, ROWS, { predictor });
    expect(await huOf(`${JPEG}.57`, [codeStream])).toEqual(expectedHu);
    if (predictor === 1) expect(await huOf(`${JPEG}.70`, [codeStream])).toEqual(expectedHu);
  });

  it('decodes run-length encoded slices, with and without runs', async () => {
    for (const runs of [true, false]) {
      const encoded = encodeRle(storedWords(volume, K), runs);
      expect(await huOf('1.2.840.10008.1.2.5', [encoded])).toEqual(expectedHu);
    }
  });

  it('decodes 8 bit baseline JPEG to within its loss', async () => {
    const jpeg = await codeStreamOf('jpeg');
    for (const uid of [`${JPEG}.50`, `${JPEG}.51`]) {
      expect(largestDifference(await huOf(uid, [jpeg], EIGHT_BITS))).toBeLessThan(160);
      // Files that allocate 16 bits for 8.
      const wide = { ...EIGHT_BITS, '0028,0100': 16 };
      expect(largestDifference(await huOf(uid, [jpeg], wide))).toBeLessThan(160);
    }
  });
});

describe('damaged compressed slices', () => {
  const reasonOf = async (bytes: Uint8Array): Promise<string> => {
    const parsed = parseSliceHeader(bytes);
    if (parsed.kind !== 'slice') return 'reason' in parsed ? words().sentence(parsed.reason) : parsed.kind;
    const slice = await decode(bytes);
    return slice.kind === 'failed' ? words().clause(slice.reason) : 'decoded';
  };
  const file = async (fragment: (codeStream: Uint8Array) => Uint8Array, changes: Changes = {}) =>
    encapsulatedSlice(volume, K, `${JPEG}.80`, [fragment(await encode(LIBRARIES.jpegLs))], changes);

  it('are detected: a cut file, a cut code stream, foreign content', async () => {
    const whole = await file((codeStream) => codeStream);
    expect(await reasonOf(whole.subarray(0, -40))).toMatch(
      /^The file is cut short: only \d\d % of its pixel/,
    );
    expect(await reasonOf(await file((codeStream) => codeStream.subarray(0, -30)))).toBe(
      'its compressed pixel data ends early',
    );
    expect(await reasonOf(await file(() => new Uint8Array(80)))).toBe('its compressed pixel data is damaged');
    expect(await reasonOf(await file((codeStream) => codeStream, { '0028,0010': 23 }))).toBe(
      'its compressed image is 40 by 24 where the header says 40 by 23',
    );
    const swapped = encapsulatedSlice(volume, K, `${JPEG}.70`, [await encode(LIBRARIES.jpegLs)]);
    expect(await reasonOf(swapped)).toBe('its compression is not the one that the header names');
  });

  it.each([
    ['jpegLs', `${JPEG}.80`],
    ['jpeg2000', `${JPEG}.90`],
    ['htj2k', `${JPEG}.201`],
    ['rle', '1.2.840.10008.1.2.5'],
    ['jpegLossless', `${JPEG}.70`],
    ['jpeg', `${JPEG}.50`],
    ['jpeg12', `${JPEG}.51`],
  ] as const)('never throw or hang, whatever bytes of %s are flipped', async (codec, uid) => {
    const codeStream = await codeStreamOf(codec);
    const changes = codec === 'jpeg' ? EIGHT_BITS : codec === 'jpeg12' ? TWELVE_BIT_SIZE : {};
    const whole = encapsulatedSlice(volume, K, uid, [codeStream], changes);
    const intact = await huOf(uid, [codeStream], changes);
    const pixelsAt = headerOf(whole).pixels.dataOffset;
    const flip = fc.tuple(fc.integer({ min: pixelsAt, max: whole.length - 1 }), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.array(flip, { minLength: 1, maxLength: 8 }),
        fc.nat(whole.length),
        async (flips, end) => {
          const bytes = whole.slice(0, end % 3 === 0 ? end : whole.length);
          for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
          expect(await reasonOf(bytes)).toEqual(expect.any(String));
        },
      ),
      { seed: 1, numRuns: 60 },
    );
    // The decoder still works after all that.
    expect(await huOf(uid, [codeStream], changes)).toEqual(intact);
  });
});
