import { expect, it } from 'vitest';
import { beginsOtherwise, codeStreamInfo } from './codeStream.ts';

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
