import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../geometry/vec3.ts';
import { measureOstium } from './ostiumMeasures.ts';
import { measureSection } from './sectionOutline.ts';

const plane = { pointLpsMm: [0, 0, 5] as Vec3, normal: [0, 0, 1] as Vec3 };
const circle = (radiusMm: number, points = 180): Vec3[] =>
  Array.from({ length: points }, (_, step): Vec3 => {
    const angle = (2 * Math.PI * step) / points;
    return [radiusMm * Math.cos(angle), radiusMm * Math.sin(angle), 5];
  });

/** A circle of 10 mm radius with a crack along +x that reaches `toMm`, `widthMm` wide; counter-clockwise. */
function cracked(toMm: number, widthMm: number): Vec3[] {
  const half = widthMm / 2;
  const round = circle(10).filter(([x, y]) => x < 0 || Math.abs(y) > half);
  const upper = round.filter(([, y]) => y > 0);
  const lower = round.filter(([, y]) => y <= 0);
  const along = Array.from({ length: Math.ceil(2 * (toMm - 10)) }, (_, step) => 10 + step / 2);
  return [
    ...upper,
    ...lower,
    ...along.map((x): Vec3 => [x, -half, 5]),
    [toMm, 0, 5],
    ...along.reverse().map((x): Vec3 => [x, half, 5]),
  ];
}

describe('measureSection', () => {
  it.each([
    ['a circle', circle(9)],
    ['an ellipse of 24 × 12 mm', circle(1).map(([x, y, z]): Vec3 => [12 * x, 6 * y, z])],
    ['a bean', circle(10).map(([x, y, z]): Vec3 => [x, y - 0.03 * x * x, z])],
    ['a section thinner than any circle that is rolled', circle(1.2)],
    [
      'a square with sharp corners',
      circle(10).map(([x, y, z]): Vec3 => {
        const scale = 10 / Math.max(Math.abs(x), Math.abs(y));
        return [x * scale, y * scale, z];
      }),
    ],
  ])('leaves %s as it is', (_, rim) => {
    const section = measureSection(rim, plane);
    expect(section.rimLpsMm).toBe(rim);
    expect(section.longestSpurMm).toBe(0);
    const raw = measureOstium(rim, plane);
    const { perimeterMm, perimeterDerivedDiameterMm, ...sizes } = section.measures;
    expect(raw).toMatchObject(sizes);
    expect(perimeterDerivedDiameterMm).toBe(perimeterMm / Math.PI);
    expect(section.rawPerimeterMm).toBe(raw.perimeterMm);
    expect(Math.abs(perimeterMm / raw.perimeterMm - 1)).toBeLessThan(0.02);
  });

  it('measures a circle with a crack in the wall as the circle', () => {
    const rim = cracked(16, 1);
    const raw = measureOstium(rim, plane);
    const { measures, longestSpurMm } = measureSection(rim, plane);
    // With the crack: 26 mm long, and P/π 3.5 mm above the circle's.
    expect(raw.maxDiameter.lengthMm).toBeGreaterThan(25);
    expect(raw.perimeterDerivedDiameterMm).toBeGreaterThan(23);
    expect(longestSpurMm).toBeGreaterThan(5);
    expect(longestSpurMm).toBeLessThan(6.5);
    expect(measures.maxDiameter.lengthMm).toBeCloseTo(20, 0);
    expect(measures.perimeterDerivedDiameterMm).toBeCloseTo(20, 0);
    expect(measures.areaMm2 / (100 * Math.PI)).toBeCloseTo(1, 1);
  });

  it('does not count the steps of voxels for the perimeter', () => {
    const steps = circle(10, 400).map(([x, y, z]): Vec3 => [Math.round(2 * x) / 2, Math.round(2 * y) / 2, z]);
    const { measures, rawPerimeterMm } = measureSection(steps, plane);
    expect(rawPerimeterMm / (20 * Math.PI)).toBeGreaterThan(1.1);
    expect(measures.perimeterMm / (20 * Math.PI)).toBeCloseTo(1, 1.7);
  });

  it('keeps a lobe that is wider than 3 mm', () => {
    const rim = cracked(16, 5);
    const { longestSpurMm, measures } = measureSection(rim, plane);
    expect(longestSpurMm).toBe(0);
    expect(measures.maxDiameter.lengthMm).toBeGreaterThan(25);
  });
});
