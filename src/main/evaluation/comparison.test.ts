import { describe, expect, it } from 'vitest';
import { measureDifferences, ostiumShift } from '#shared/contract/measureDifferences.ts';
import { measured, report } from '#shared/contract/testing/values.ts';
import { UserError } from '#shared/errors.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { encodeStl } from '../interchange/stl.ts';
import { assertSameFrame, compareSurfaces, resultToCompare } from './index.ts';

describe('two surfaces', () => {
  it('a ball of 6 mm round one of 5 mm: 1 mm outside everywhere, and inside the other way', () => {
    const [large, small] = [icosphere([1, 2, 3], 6, 3), icosphere([1, 2, 3], 5, 3)];
    const outward = compareSurfaces(large, small);
    expect(outward.dice).toBeCloseTo((2 * 5 ** 3) / (5 ** 3 + 6 ** 3), 2);
    expect(outward.meanMm).toBeCloseTo(1, 1);
    expect(outward.largestMm).toBeLessThan(1.1);
    for (const value of outward.signedMm) expect(value).toBeCloseTo(1, 1);
    for (const value of compareSurfaces(small, large).signedMm) expect(value).toBeCloseTo(-1, 1);
  });

  it('has both signs where one is shifted', () => {
    const ball = icosphere([0, 0, 0], 5, 3);
    const { signedMm } = compareSurfaces(icosphere([1, 0, 0], 5, 3), ball);
    expect(Math.max(...signedMm)).toBeCloseTo(1, 1);
    expect(Math.min(...signedMm)).toBeCloseTo(-1, 1);
  });
});

describe('a result’s folder', () => {
  const written = { ...report, warnings: ['A sentence.'] };
  const files = (parts: object = {}): Map<string, Uint8Array> =>
    new Map([
      ['laa-closed.stl', encodeStl(icosphere([0, 0, 0], 5, 1))],
      ['report.json', new TextEncoder().encode(JSON.stringify({ ...written, ...parts }))],
    ]);

  it('is read, and refused where a file is missing or damaged', () => {
    const { closed, report: read } = resultToCompare(files(), 'a');
    expect(closed.triangles.length).toBe(3 * 80);
    expect(read.volumeMl).toBe(report.volumeMl);
    for (const name of ['laa-closed.stl', 'report.json']) {
      const some = files();
      some.delete(name);
      expect(() => resultToCompare(some, 'a')).toThrow(name);
    }
    expect(() => resultToCompare(new Map([...files(), ['report.json', new Uint8Array(3)]]), 'a')).toThrow(
      UserError,
    );
  });

  it('is compared with one of the same frame of reference only', () => {
    const source = (frameOfReferenceUid: string) => ({ source: { ...report.source, frameOfReferenceUid } });
    const of = (uid: string) => resultToCompare(files(source(uid)), 'a');
    expect(() => assertSameFrame(of('1.2'), of('1.2'))).not.toThrow();
    expect(() => assertSameFrame(of('1.2'), of('1.3'))).toThrow('frames of reference differ');
    expect(() => assertSameFrame(of(''), of(''))).toThrow(UserError);
  });
});

describe('measures', () => {
  it('are subtracted where both have them, and listed where one has', () => {
    const first = measured.measurements;
    const second = { ...first, volumeMl: (first.volumeMl ?? 0) + 1, depthMm: null };
    const rows = new Map(measureDifferences(first, second).map((row) => [row.key, row]));
    expect(rows.get('volumeMl')!.difference).toBeCloseTo(-1, 9);
    expect(rows.get('depthMm')).toMatchObject({ second: null, difference: null });
    expect(rows.get('ostium.areaMm2')!.difference).toBe(0);
    expect(ostiumShift(first, second)).toEqual({ centresMm: 0, planesDegrees: expect.closeTo(0, 4) });
    // As reports have it, to three decimals: its length is 0.9991.
    const tilted = {
      ...first,
      ostium: { ...first.ostium!, normal: [0.577, 0.577, 0.576] as [number, number, number] },
    };
    expect(ostiumShift(tilted, tilted)!.planesDegrees).toBe(0);
    expect(ostiumShift(first, { ...second, ostium: null })).toBeNull();
  });
});
