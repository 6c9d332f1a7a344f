import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../geometry/vec3.ts';
import {
  isOutlineUsed,
  measureOutline,
  outlineOf,
  outlineThrough,
  outlineWith,
  outlineWithout,
  whyNoOutline,
} from './readerOutline.ts';

const PLANE = { pointLpsMm: [0, 0, 7], normal: [0, 0, 1] } as const;
/** A circle of 10 mm radius, half a millimetre apart. */
const CIRCLE = Array.from({ length: 126 }, (_, at): Vec3 => {
  const angle = (2 * Math.PI * at) / 126;
  return [10 * Math.cos(angle), 10 * Math.sin(angle), 7];
});
const outline = outlineOf(10, PLANE, CIRCLE);
const moved = (index: number, to: Vec3) =>
  outlineThrough(
    outline,
    outline.pointsLpsMm.map((point, at) => (at === index ? to : point)),
  );
const areaOf = (one: typeof outline): number => measureOutline(one).measures.areaMm2;

describe('a reader’s outline', () => {
  it('is the surface’s until a point is moved, and then changes there alone', () => {
    expect(outline.pointsLpsMm).toHaveLength(10);
    const same = outlineThrough(outline, outline.pointsLpsMm);
    expect(areaOf(same)).toBeCloseTo(areaOf(outline), 6);
    // The first point lies at [10, 0]: 3 mm further out there.
    const out = moved(0, [13, 0, 9]);
    const { maxDiameter } = measureOutline(out).measures;
    expect(maxDiameter.lengthMm).toBeGreaterThan(22.9);
    expect(maxDiameter.lengthMm).toBeLessThan(23.2);
    expect(areaOf(out) - areaOf(outline)).toBeGreaterThan(10);
    // In its plane, and on the other side point by point the circle.
    expect(out.outlineLpsMm.every(([, , z]) => z === 7)).toBe(true);
    const away = out.outlineLpsMm.filter(([x]) => x < 0);
    for (const [x, y] of away) expect(Math.abs(Math.hypot(x, y) - 10)).toBeLessThan(0.02);
    expect(away.length).toBeGreaterThan(55);
  });

  it('takes a point more without changing, and is drawn anew without one', () => {
    const more = outlineWith(outline, CIRCLE[4]!);
    expect(more.pointsLpsMm[1]).toEqual(CIRCLE[4]);
    expect(more.pointsLpsMm).toHaveLength(11);
    expect(areaOf(more)).toBeCloseTo(areaOf(outline), 6);
    const last = outlineWith(outline, CIRCLE[122]!);
    expect(last.pointsLpsMm.at(-1)).toEqual(CIRCLE[122]);
    const less = outlineWithout(moved(0, [14, 0, 7]), 0);
    expect(less.pointsLpsMm).toHaveLength(9);
    expect(Math.abs(areaOf(less) / areaOf(outline) - 1)).toBeLessThan(0.05);
  });

  it('is refused where it crosses itself, is too small, or has too few points', () => {
    expect(whyNoOutline(outline)).toBeUndefined();
    expect(whyNoOutline(moved(0, [-14, 0, 7]))?.code).toBe('planning.outline-crosses-itself');
    const small = CIRCLE.map(([x, y, z]): Vec3 => [x / 8, y / 8, z]);
    expect(whyNoOutline(outlineOf(10, PLANE, small))?.code).toBe('planning.outline-too-small');
    const three = { ...outline, pointsLpsMm: outline.pointsLpsMm.slice(0, 3) };
    expect(whyNoOutline(three)?.code).toBe('planning.outline-needs-points');
  });

  it('holds while its section lies within half a millimetre and two degrees of where it was drawn', () => {
    const tilted = (degrees: number) => {
      const angle = (degrees * Math.PI) / 180;
      return { ...PLANE, normal: [Math.sin(angle), 0, Math.cos(angle)] } as const;
    };
    const at = (x: number, z: number) => ({ ...PLANE, pointLpsMm: [x, 0, z] }) as const;
    expect([PLANE, at(0, 7.4), at(3, 7), tilted(1.9)].map((now) => isOutlineUsed(outline, now))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([at(0, 7.6), at(12, 7), tilted(2.1)].map((now) => isOutlineUsed(outline, now))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
