import { expect, it } from 'vitest';
import { beginsOtherwise, codeStreamInfo } from './codeStream.ts';
import { joined } from './testing/compressedFixtures.ts';

/** SOC and SIZ of an image of 12 × 10 values of 16 bits. */
const HEADER =
  'ff4fff51002940000000000c0000000a00000000000000000000000c0000000a000000000000000000010f0101ff52';
const header = (changes: Readonly<Record<number, number>> = {}): Uint8Array =>
  Uint8Array.from(HEADER.match(/../g)!, (byte, at) => changes[at] ?? Number.parseInt(byte, 16));

it('reads what a JPEG 2000 stream says of its image', () => {
  expect(codeStreamInfo('htj2k', header())).toMatchObject({ rows: 10, columns: 12, components: 1, bits: 16 });
});

it('takes a thinned-out component for damage: its decoder never ends', () => {
  expect(codeStreamInfo('htj2k', header({ 44: 0x4a }))).toBeUndefined();
  expect(codeStreamInfo('jpeg2000', header({ 43: 2 }))).toBeUndefined();
});

it('tells a stream of the other family from a damaged one', () => {
  expect(beginsOtherwise('jpegLossless', header())).toBe(true);
  expect(beginsOtherwise('jpeg2000', Uint8Array.of(0xff, 0xd8, 0xff, 0xc3))).toBe(true);
  expect(beginsOtherwise('jpeg2000', header())).toBe(false);
});

it('tells streams that were compressed with loss, whatever the transfer syntax says', () => {
  const coding = (transformation: number): Uint8Array =>
    Uint8Array.of(0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, transformation);
  const jpeg2000 = (transformation: number): Uint8Array =>
    joined([header().subarray(0, -2), coding(transformation)]);
  expect([0, 1].map((kind) => codeStreamInfo('jpeg2000', jpeg2000(kind))?.lossy)).toEqual([true, false]);
  const jpegLs = (near: number): Uint8Array =>
    Uint8Array.of(
      ...[0xff, 0xd8, 0xff, 0xf7, 0, 11, 12, 0, 10, 0, 12, 1, 1, 0x11, 0],
      // Parameters of its own stand between.
      ...[0xff, 0xf8, 0, 3, 1],
      ...[0xff, 0xda, 0, 8, 1, 1, 0, near, 0, 0],
    );
  expect([0, 2].map((near) => codeStreamInfo('jpegLs', jpegLs(near))?.lossy)).toEqual([false, true]);
});
