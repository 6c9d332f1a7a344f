import { describe, expect, it } from 'vitest';
import { createRandom } from '#shared/random/random.ts';
import { words } from '#shared/words/words.ts';
import { valueWarnings, whyNotHounsfield } from './scanValues.ts';

/** Lung, fat, muscle, blood and some bone with noise, as a scan has them. */
const scan = (change = (hu: number): number => hu): { data: Int16Array } => {
  const random = createRandom(3);
  const tissues = [-850, -850, -850, -90, 45, 45, 110, 380, 380, 900];
  return {
    data: Int16Array.from({ length: 40_000 }, () =>
      Math.round(change(tissues[random.integer(0, tissues.length - 1)]! + random.normal(0, 25))),
    ),
  };
};
const inWindow =
  (low: number, high: number) =>
  (hu: number): number =>
    Math.min(high, Math.max(low, hu));
const toByte =
  (low: number, high: number) =>
  (hu: number): number =>
    Math.round((255 * (inWindow(low, high)(hu) - low)) / (high - low));

describe('whyNotHounsfield', () => {
  it('says nothing of a scan, rounded to 16 HU or not, nor of values without noise', () => {
    expect(whyNotHounsfield(scan())).toBeUndefined();
    expect(whyNotHounsfield(scan((hu) => 16 * Math.round(hu / 16)))).toBeUndefined();
    expect(whyNotHounsfield({ data: new Int16Array(1000).fill(300) })).toBeUndefined();
  });

  it.each([
    ['a window of soft tissue', toByte(-160, 240)],
    ['a wide window', toByte(-150, 650)],
    ['nearly all of the range', toByte(-1000, 1000)],
    ['a window put back to Hounsfield units', (hu: number) => toByte(-150, 650)(hu) * 3.137 - 150],
  ])('recognises 8 bits of %s', (_, change) => {
    expect(whyNotHounsfield(scan(change))?.code).toBe('measure.values-eight-bit');
  });

  it('recognises values that a window cut off, with all of its steps', () => {
    expect(whyNotHounsfield(scan(inWindow(-150, 650)))).toEqual({
      code: 'measure.values-windowed',
      fields: { lowest: -150, highest: 650 },
    });
    expect(whyNotHounsfield(scan(inWindow(-1024, 300)))?.code).toBe('measure.values-windowed');
  });
});

describe('warnings of the values', () => {
  const saturated = (voxels: number): { data: Int16Array } => ({
    data: Int16Array.from({ length: 10_000 }, (_, voxel) => (voxel < voxels ? 32767 : 40)),
  });

  it('are none for some metal, and name what no CT measures', () => {
    expect(valueWarnings(saturated(5))).toEqual([]);
    expect(valueWarnings(saturated(1234)).map(words().sentence)).toEqual([
      expect.stringContaining('12.3 % of the voxels lie beyond the range of Hounsfield units'),
    ]);
  });
});
