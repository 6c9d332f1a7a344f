import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRle } from './rle.ts';
import { encodeRle } from './testing/compressedFixtures.ts';

const header = (count: number, ...starts: number[]): number[] => [
  ...new Uint8Array(Uint32Array.from([count, ...starts, ...Array(15 - starts.length).fill(0)]).buffer),
];

describe('decodeRle', () => {
  it('unpacks runs and literals, as in PS3.5 annex G', () => {
    // Literal of 3, no-op, run of 4.
    const packed = [2, 10, 20, 30, 128, 256 - 3, 7];
    const encoded = Uint8Array.from([...header(1, 64), ...packed]);
    expect(Array.from(decodeRle(encoded, 7, 8)!)).toEqual([10, 20, 30, 7, 7, 7, 7]);
  });

  it('puts the most significant bytes first', () => {
    const encoded = Uint8Array.from([...header(2, 64, 67), 1, 0x12, 0x34, 1, 0x56, 0x78]);
    expect(Array.from(decodeRle(encoded, 2, 16)!)).toEqual([0x56, 0x12, 0x78, 0x34]);
  });

  it('gives back whatever was encoded', () => {
    const words = fc.array(fc.oneof(fc.constantFrom(0, 7), fc.nat(0xffff)), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(words, fc.boolean(), (values, runs) => {
        const stored = new Uint8Array(Uint16Array.from(values).buffer);
        expect(decodeRle(encodeRle(stored, runs), values.length, 16)).toEqual(stored);
      }),
      { seed: 1 },
    );
  });

  it('refuses what is too short, has wrong segments or another depth', () => {
    const sound = encodeRle(new Uint8Array(60).fill(3), true);
    expect(decodeRle(sound, 30, 16)).toBeDefined();
    expect(decodeRle(sound, 31 * 128, 16)).toBeUndefined();
    expect(decodeRle(sound.subarray(0, 64), 30, 16)).toBeUndefined();
    expect(decodeRle(sound.subarray(0, 20), 30, 16)).toBeUndefined();
    expect(decodeRle(sound, 30, 8)).toBeUndefined();
    expect(decodeRle(Uint8Array.from([...header(1, 9999), 0, 0]), 1, 8)).toBeUndefined();
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(64), (tail, start) => {
        const encoded = Uint8Array.from([...header(2, start, start + 9), ...tail]);
        const decoded = decodeRle(encoded, 20, 16);
        expect([undefined, 40]).toContain(decoded?.length);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
