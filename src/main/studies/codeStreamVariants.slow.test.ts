import { describe, expect, it } from 'vitest';
import { decodeSlice } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { storedRange } from '#shared/dicom/sliceHeader.ts';
import { encapsulatedSlice, encodeRle, joined } from '#shared/dicom/testing/compressedFixtures.ts';
import { type Changes, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { encodeJpegLossless } from '#shared/dicom/testing/encodeJpegLossless.ts';
import { words } from '#shared/words/words.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import { encodeWithLibrary, LIBRARIES } from './testing/encodeWithLibrary.ts';
import { twelveBitJpeg } from './testing/twelveBitJpeg.ts';

const COLUMNS = 32;
const ROWS = 32;
const COUNT = COLUMNS * ROWS;
/** Only its headers are used. */
const volume = rampVolume(smallGrid({ sizeIjk: [COLUMNS, ROWS, 3] }));
const JPEG = '1.2.840.10008.1.2.4';
const SYNTAX = { jpegLs: `${JPEG}.80`, jpeg2000: `${JPEG}.90`, htj2k: `${JPEG}.201`, jpeg: `${JPEG}.50` };

const asWords = (values: ArrayLike<number>): Uint8Array =>
  new Uint8Array(Uint16Array.from(values, (value) => value & 0xffff).buffer);
/** From the least to the greatest value of a depth. */
const range = (bits: number, isSigned: boolean): number[] => {
  const least = isSigned ? -(2 ** (bits - 1)) : 0;
  return Array.from({ length: COUNT }, (_, v) => least + Math.round(((2 ** bits - 1) * v) / (COUNT - 1)));
};
const encode = (codec: keyof typeof LIBRARIES, values: ArrayLike<number>, bits: number, isSigned = false) =>
  encodeWithLibrary(LIBRARIES[codec], {
    columns: COLUMNS,
    rows: ROWS,
    stored: bits > 8 ? asWords(values) : Uint8Array.from(values),
    bits,
    isSigned,
  });
/** A header whose HU are the stored values, an eighth of them from 16 bits on, so that all are within the scale. */
const format = (bitsStored: number, isSigned: boolean, highBit = bitsStored - 1): Changes => ({
  '0028,0101': bitsStored,
  '0028,0102': highBit,
  '0028,0103': isSigned ? 1 : 0,
  '0028,1052': '0',
  '0028,1053': '0.125',
});
const scaled = (values: ArrayLike<number>): Int16Array =>
  Int16Array.from(values, (value) => Math.max(-2048, Math.round(value / 8)));

/** HU, or why there are none. */
async function read(syntax: string, codeStream: Uint8Array, changes: Changes): Promise<Int16Array | string> {
  const bytes = encapsulatedSlice(volume, 1, syntax, [codeStream], changes);
  const parsed = parseSliceHeader(bytes);
  if (parsed.kind !== 'slice') return 'reason' in parsed ? words().sentence(parsed.reason) : parsed.kind;
  const { from, to } = storedRange(parsed.header);
  const slice = await decodeSlice(
    bytes.subarray(from, to),
    parsed.header,
    pixelCodecs,
    createHounsfieldTables(),
  );
  return slice.kind === 'decoded' ? slice.valuesHu : words().clause(slice.reason);
}

describe.each(['jpeg2000', 'htj2k'] as const)('sign and depth of %s', (codec) => {
  it.each([10, 12, 13, 16])(
    'are those of a stream of %i bits, whatever bits the header stores',
    async (bits) => {
      for (const isSigned of [false, true]) {
        const values = range(bits, isSigned);
        const codeStream = await encode(codec, values, bits, isSigned);
        for (const bitsStored of [10, 12, 13, 16]) {
          const hu = await read(SYNTAX[codec], codeStream, format(bitsStored, isSigned));
          expect(hu, `${bitsStored} bits stored, ${isSigned ? 'signed' : 'unsigned'}`).toEqual(
            scaled(values),
          );
        }
      }
    },
  );

  it.each([12, 13, 16])(
    'are two’s complements of %i bits where the header alone has a sign',
    async (bits) => {
      const values = range(bits, true);
      const codeStream = await encode(
        codec,
        values.map((value) => value & (2 ** bits - 1)),
        bits,
      );
      for (const bitsStored of [12, 13, 16]) {
        expect(await read(SYNTAX[codec], codeStream, format(bitsStored, true))).toEqual(scaled(values));
      }
    },
  );

  it('are refused where the stream alone has a sign, and uses it', async () => {
    const positive = range(12, false).map((value) => value >> 1);
    const sound = await encode(codec, positive, 12, true);
    expect(await read(SYNTAX[codec], sound, format(12, false))).toEqual(scaled(positive));
    for (const bits of [12, 16]) {
      const negative = await encode(codec, range(bits, true), bits, true);
      expect(await read(SYNTAX[codec], negative, format(12, false))).toBe(
        'its compressed image has values below zero where the header says that there are none',
      );
    }
  });
});

describe('depth of the other codecs', () => {
  it.each([10, 12, 16])('JPEG-LS of %i bits is read whole, whatever bits the header stores', async (bits) => {
    const values = range(bits, false);
    const codeStream = await encode('jpegLs', values, bits);
    for (const bitsStored of [10, 12, 16]) {
      const hu = await read(SYNTAX.jpegLs, codeStream, format(bitsStored, false));
      expect(hu, `${bitsStored} bits stored`).toEqual(scaled(values));
    }
  });

  it('JPEG-LS and lossless JPEG get their sign from the header', async () => {
    const values = range(12, true);
    const unsigned = values.map((value) => value & 0xfff);
    expect(await read(SYNTAX.jpegLs, await encode('jpegLs', unsigned, 12), format(12, true))).toEqual(
      scaled(values),
    );
    const lossless = encodeJpegLossless(unsigned, COLUMNS, ROWS, { bits: 12 });
    expect(await read(`${JPEG}.70`, lossless, format(12, true))).toEqual(scaled(values));
  });
});

describe('High Bit above Bits Stored', () => {
  it.each([12, 13, 15])('never shifts what was compressed: High Bit %i', async (highBit) => {
    const values = range(12, false);
    const expected = scaled(values);
    const header = format(12, false, highBit);
    for (const codec of ['jpegLs', 'jpeg2000', 'htj2k'] as const) {
      expect(await read(SYNTAX[codec], await encode(codec, values, 12), header), codec).toEqual(expected);
    }
    const lossless = encodeJpegLossless(values, COLUMNS, ROWS, { bits: 12 });
    expect(await read(`${JPEG}.70`, lossless, header)).toEqual(expected);
    expect(await read('1.2.840.10008.1.2.5', encodeRle(asWords(values), true), header)).toEqual(expected);
  });
});

/** A box of a JP2 file. */
const box = (type: string, value: Uint8Array, length = value.length + 8): Uint8Array => {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint32(0, length);
  head.set(
    Uint8Array.from(type, (letter) => letter.charCodeAt(0)),
    4,
  );
  return joined([head, value]);
};
const longBox = (type: string, value: Uint8Array): Uint8Array => {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(value.length + 16));
  return box(type, joined([length, value]), 1);
};
const jp2 = (codeStreamBox: Uint8Array): Uint8Array =>
  joined([
    box('jP  ', Uint8Array.of(13, 10, 0x87, 10)),
    box('ftyp', new Uint8Array(12)),
    box('jp2h', box('ihdr', new Uint8Array(14))),
    codeStreamBox,
  ]);

describe('what is around a code stream', () => {
  const values = range(12, false);
  const header = format(12, false);
  const expected = scaled(values);

  it.each(['jpeg2000', 'htj2k'] as const)('takes %s out of a JP2 file', async (codec) => {
    const codeStream = await encode(codec, values, 12);
    for (const wrapped of [
      jp2(box('jp2c', codeStream)),
      jp2(box('jp2c', codeStream, 0)),
      jp2(longBox('jp2c', codeStream)),
      joined([jp2(box('jp2c', codeStream)), box('xml ', new Uint8Array(10))]),
    ]) {
      expect(await read(SYNTAX[codec], wrapped, header)).toEqual(expected);
    }
  });

  it('reads either kind of JPEG 2000 under the name of the other', async () => {
    expect(await read(SYNTAX.htj2k, await encode('jpeg2000', values, 12), header)).toEqual(expected);
    expect(await read(SYNTAX.jpeg2000, await encode('htj2k', values, 12), header)).toEqual(expected);
  });

  const twelveBit = twelveBitJpeg();
  const bytesOf = async (codec: keyof typeof SYNTAX | 'jpegLossless' | 'jpeg12'): Promise<Uint8Array> => {
    if (codec === 'jpeg12') return twelveBit.codeStream;
    if (codec === 'jpegLossless') return encodeJpegLossless(values, COLUMNS, ROWS, { bits: 12 });
    if (codec !== 'jpeg') return encode(codec, values, 12);
    return encode(
      'jpeg',
      values.map((value) => value >> 4),
      8,
    );
  };
  const syntaxOf = (codec: keyof typeof SYNTAX | 'jpegLossless' | 'jpeg12'): string =>
    codec === 'jpegLossless' ? `${JPEG}.70` : codec === 'jpeg12' ? `${JPEG}.51` : SYNTAX[codec];
  const headerOf = (codec: string): Changes => {
    if (codec === 'jpeg12') return { '0028,0010': twelveBit.rows, '0028,0011': twelveBit.columns };
    return codec === 'jpeg' ? { ...format(8, false), '0028,0100': 8 } : header;
  };

  it.each(['jpeg', 'jpeg12', 'jpegLossless', 'jpegLs', 'jpeg2000', 'htj2k'] as const)(
    '%s is read with anything after its closing marker, with half of it, or none',
    async (codec) => {
      const whole = await bytesOf(codec);
      const intact = await read(syntaxOf(codec), whole, headerOf(codec));
      expect(intact).toBeInstanceOf(Int16Array);
      const end = whole.lastIndexOf(0xd9) - 1;
      expect([whole[end], whole[end + 1]]).toEqual([0xff, 0xd9]);
      const open = whole.subarray(0, end);
      for (const tail of [
        [0xff, 0xd9, 0x20, 0x20],
        [0xff, 0xd9, 0xff, 0xff],
        [0xff, 0xd9, 0, 0xff, 0xd8, 0x31, 0x32],
        [0xff],
        [],
        [0, 0],
      ]) {
        const hu = await read(syntaxOf(codec), joined([open, Uint8Array.from(tail)]), headerOf(codec));
        expect(String(hu) === String(intact), `tail ${tail}: ${String(hu).slice(0, 60)}`).toBe(true);
      }
    },
  );

  it.each(['jpeg', 'jpeg12', 'jpegLossless', 'jpegLs', 'jpeg2000', 'htj2k'] as const)(
    '%s that ends early is refused, and that is the reason',
    async (codec) => {
      const whole = await bytesOf(codec);
      for (const part of [0.6, 0.8]) {
        const cut = whole.subarray(0, Math.floor(whole.length * part));
        expect(await read(syntaxOf(codec), cut, headerOf(codec))).toBe(
          'its compressed pixel data ends early',
        );
      }
    },
  );
});
