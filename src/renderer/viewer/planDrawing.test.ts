import { expect, it } from 'vitest';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import { isInPlane, sectionChord } from './planDrawing.ts';
import type { PlaneFrame } from './planeFrame.ts';

const frame = (normal: Vec3, right: Vec3, down: Vec3, centreLpsMm: Vec3): PlaneFrame => ({
  normal,
  right,
  down,
  centreLpsMm,
  mmPerPixel: 1,
  widthPixels: 100,
  heightPixels: 100,
});
const axial = (z: number) => frame([0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, z]);
const coronal = (y: number) => frame([0, 1, 0], [1, 0, 0], [0, 0, -1], [0, y, 0]);

/** A circle of 10 mm radius in the plane z = 5. */
const circle = {
  plane: { pointLpsMm: [0, 0, 5] as Vec3, normal: [0, 0, 1] as Vec3 },
  rimLpsMm: Array.from({ length: 400 }, (_, step): Vec3 => {
    const angle = (2 * Math.PI * step) / 400;
    return [10 * Math.cos(angle), 10 * Math.sin(angle), 5];
  }),
};

it('knows whether a section lies in a plane', () => {
  expect(isInPlane(axial(5), circle)).toBe(true);
  expect(isInPlane(axial(5.5), circle)).toBe(false);
  expect(isInPlane(coronal(0), circle)).toBe(false);
});

it('cuts a section in the chord of its outline', () => {
  const through = (y: number): number => {
    const chord = sectionChord(coronal(y), circle);
    return chord ? distance(...chord) : 0;
  };
  expect(through(0.01)).toBeCloseTo(20, 2);
  expect(through(6.01)).toBeCloseTo(16, 1);
  expect(through(11)).toBe(0);
  expect(sectionChord(axial(5), circle)).toBeNull();
  expect(sectionChord(coronal(0), { ...circle, rimLpsMm: [] })).toBeNull();
});
