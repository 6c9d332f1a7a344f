import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJpegLossless } from './jpegLossless.ts';
import { CodeStreamCut } from './pixelCodecs.ts';
import { encodeJpegLossless, type LosslessOptions } from './testing/encodeJpegLossless.ts';

const COLUMNS = 19;
const ROWS = 13;
/** Noise over the whole range of `bits`, flat and steep parts; the low `pointTransform` bits are zero. */
function picture({ bits = 16, pointTransform = 0 }: LosslessOptions): Uint16Array {
  const most = 2 ** bits - 1;
  return Uint16Array.from({ length: COLUMNS * ROWS }, (_, v) => {
    const value = v % 7 === 0 ? most : v % 5 === 0 ? 0 : (v * 2654435761) >>> (32 - bits);
    return (value >> pointTransform) << pointTransform;
  });
}
const encoded = (options: LosslessOptions): Uint8Array =>
  encodeJpegLossless(picture(options), COLUMNS, ROWS, options);
const expectExact = (options: LosslessOptions, bytes = encoded(options)): void =>
  expect(decodeJpegLossless(bytes, ROWS).values).toEqual(picture(options));

describe('decodeJpegLossless', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('decodes predictor %i at every depth', (predictor) => {
    for (const bits of [2, 8, 10, 12, 13, 15, 16]) expectExact({ predictor, bits });
  });

  it.each([
    ['a point transform', { pointTransform: 3, bits: 12, predictor: 4 }],
    ['restarts after each row', { restartRows: 1, predictor: 7 }],
    ['restarts after some rows', { restartRows: 3, predictor: 2, bits: 12 }],
    ['codes of up to 16 bits', { codes: 'long' }],
    ['another table', { table: 2 }],
    ['fill bytes before markers', { fill: 3, restartRows: 2 }],
    ['rows that are given after the scan', { rowsAfterScan: true }],
    ['segments that mean nothing', { chatty: true }],
    ['half a closing marker', { end: 'half' }],
    ['no closing marker', { end: 'none' }],
  ] satisfies [string, LosslessOptions][])('decodes %s', (_, options) => {
    expectExact(options);
  });

  it('reads differences of 32768, which have no bits of their own', () => {
    const values = Uint16Array.from({ length: 12 }, (_, v) => (v % 2 === 0 ? 0 : 32768));
    const bytes = encodeJpegLossless(values, 4, 3, { predictor: 1 });
    expect(decodeJpegLossless(bytes, 3).values).toEqual(values);
  });

  it('does not mind what follows the image', () => {
    for (const tail of [[0], [0x20, 0x20], [0xff, 0xd9], [0xff, 0xff, 0x55, 1, 2, 3]]) {
      expectExact({}, Uint8Array.from([...encoded({}), ...tail]));
      expectExact({}, Uint8Array.from([...encoded({ end: 'none' }), ...tail]));
    }
  });

  it('says where the image ends early, with or without its closing marker', () => {
    const whole = encoded({ codes: 'long' });
    for (const missing of [4, 9, 60, 200]) {
      const cut = whole.subarray(0, -missing);
      expect(() => decodeJpegLossless(cut, ROWS)).toThrow(CodeStreamCut);
      expect(() => decodeJpegLossless(Uint8Array.from([...cut, 0xff, 0xd9]), ROWS)).toThrow(CodeStreamCut);
    }
    const restarts = encoded({ restartRows: 1 });
    const at = restarts.findIndex((byte, n) => byte === 0xff && restarts[n + 1] === 0xd4);
    expect(() =>
      decodeJpegLossless(Uint8Array.from([...restarts.subarray(0, at), 0xff, 0xd9]), ROWS),
    ).toThrow(CodeStreamCut);
  });

  it('throws nothing but range errors, whatever bytes are flipped', () => {
    const whole = encoded({ restartRows: 4, codes: 'long' });
    const flip = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 6 }), (flips) => {
        const bytes = whole.slice();
        for (const [at, value] of flips) bytes[at] = value;
        // The matrix is checked against the header before; here it would only cost memory.
        bytes.set(whole.subarray(0, 21), 0);
        try {
          expect(decodeJpegLossless(bytes, ROWS).values).toHaveLength(ROWS * COLUMNS);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
