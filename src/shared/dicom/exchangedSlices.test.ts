import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { createRandom } from '../random/random.ts';
import type { Volume } from '../volume/volume.ts';
import { exchangedSlices } from './exchangedSlices.ts';
import { smallGrid } from './testing/ctFixtures.ts';

const SIZE = 256;
const AREA = SIZE * SIZE;

/** Anatomy that changes from slice to slice, with noise. */
function stack(
  planes: number,
  huOf: (i: number, j: number, k: number) => number,
  noiseHu: number,
): Volume<Int16Array> {
  const random = createRandom(7);
  const data = new Int16Array(AREA * planes);
  for (let at = 0; at < data.length; at++) {
    const k = Math.floor(at / AREA);
    data[at] = huOf(at % SIZE, Math.floor(at / SIZE) % SIZE, k) + random.uniform(-noiseHu, noiseHu);
  }
  return { grid: smallGrid({ sizeIjk: [SIZE, SIZE, planes] }), data };
}
const body = (i: number, j: number, k: number): number =>
  Math.hypot(i - 90 - 2 * k, j - 90 + k) < 60 ? 40 + 100 * Math.sin((i + 3 * k) / 20) : -1000;
const sound = stack(20, body, 40);
const plane = (volume: Volume<Int16Array>, k: number): Int16Array =>
  volume.data.slice(k * AREA, (k + 1) * AREA);
function withPlanes(changes: readonly (readonly [k: number, from: number])[]): Volume<Int16Array> {
  const data = sound.data.slice();
  for (const [k, from] of changes) data.set(plane(sound, from), k * AREA);
  return { ...sound, data };
}
const warningOf = (slices: number) => [failure('series.slices-exchanged', { slices })];

describe('exchanged slices', () => {
  it.each([
    [
      'neighbours',
      [
        [6, 7],
        [7, 6],
      ],
      2,
    ],
    [
      'slices far from each other',
      [
        [4, 13],
        [13, 4],
      ],
      2,
    ],
    ['one that came from elsewhere', [[4, 13]], 1],
  ] as const)('are said: %s', (_, changes, slices) => {
    expect(exchangedSlices(withPlanes(changes))).toEqual(warningOf(slices));
  });

  it.each([
    ['in order', sound],
    ['noise alone', stack(20, () => 0, 400)],
    ['noise in which few differences are edges', stack(40, () => 0, 70)],
    ['a step between two slabs', stack(20, (i, j, k) => body(i + (k > 9 ? 8 : 0), j, k), 40)],
    [
      'metal within one slice',
      stack(20, (i, j, k) => (k === 8 && j === 90 && i > 60 && i < 120 ? 3000 : body(i, j, k)), 40),
    ],
    ['blank slices', stack(20, () => -1000, 0)],
    ['too small to tell', { ...sound, grid: smallGrid({ sizeIjk: [64, 64, 9] }) }],
  ])('are not said of stacks that have none: %s', (_, volume) => {
    expect(exchangedSlices(volume)).toEqual([]);
  });

  // Half a step apart, without a word in the headers: one regular stack.
  it.each([
    ['two heart phases', (i: number, j: number, k: number) => body(i + (k % 2) * 6, j, k)],
    [
      'a small heart that moves in a still chest',
      (i: number, j: number, k: number) => {
        if (Math.hypot(i - 110 - (k % 2) * 4, j - 110) < 8) return 350;
        return Math.hypot(i - 128, j - 128) < 100 ? 40 : -900;
      },
    ],
    ['two kinds of values', (i: number, j: number, k: number) => body(i, j, k) + (k % 2) * 200],
  ])('are told from %s in turn', (_, huOf) => {
    expect(exchangedSlices(stack(20, huOf, 60))).toEqual([failure('series.slices-alternate')]);
  });
});
