import { encode } from 'fast-png';
import { expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { logoProblem } from './letterhead.ts';

const png = (width: number, height: number): Uint8Array =>
  encode({ width, height, channels: 1, data: new Uint8Array(width * height) });

/** A JPEG's beginning: a comment, then the frame header. */
const jpeg = (width: number, height: number): Uint8Array =>
  Uint8Array.of(
    ...[0xff, 0xd8, 0xff, 0xfe, 0, 4, 0x41, 0x42, 0xff, 0xc2, 0, 11, 8],
    ...[height >> 8, height & 255, width >> 8, width & 255],
    ...[1, 1, 0x11, 0, 0, 0],
  );

it('takes PNG and JPEG of a usual size, and says in one sentence what is wrong with others', () => {
  const of = (bytes: Uint8Array) => logoProblem(bytes, 'logo.svg');
  expect([of(png(300, 80)), of(jpeg(300, 80))]).toEqual([null, null]);
  expect(of(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toEqual(
    failure('report.logo-format', { fileName: 'logo.svg' }),
  );
  const tooLarge = failure('report.logo-too-large', { fileName: 'logo.svg', megabytes: 1, pixels: 4000 });
  expect([of(png(4001, 1)), of(jpeg(80, 5000))]).toEqual([tooLarge, tooLarge]);
  const thin = failure('report.logo-proportions', { fileName: 'logo.svg', times: 16 });
  expect([of(png(1700, 100)), of(jpeg(10, 200))]).toEqual([thin, thin]);
  expect([of(png(1600, 100)), of(png(1, 1)), of(jpeg(10, 160))]).toEqual([null, null, null]);
  const heavy = new Uint8Array(2 ** 20 + 1);
  heavy.set(png(2, 2));
  expect(of(heavy)).toEqual(tooLarge);
  const damaged = failure('report.logo-damaged', { fileName: 'logo.svg' });
  expect([of(png(3, 3).subarray(0, 20)), of(jpeg(0, 9)), of(jpeg(3, 3).subarray(0, 12))]).toEqual([
    damaged,
    damaged,
    damaged,
  ]);
});
