import { describe, expect, it } from 'vitest';
import { distance, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { aimPlane, discOutline, discRadiusMm, discSection, movePlane, tiltPlane } from './ostium.ts';
import { heightAbovePlane, type PlaneFrame, planeDirections, planeFrame } from './planeFrame.ts';

const PLANE = { pointLpsMm: [10, 20, 30], normal: [0, -1, 0] } as const;
const axialThrough = (z: number): PlaneFrame =>
  planeFrame(
    planeDirections('axial', [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
    [0, 0, z],
    [0, 0, 0],
    { mmPerPixel: 1, widthPixels: 100, heightPixels: 100 },
  );

describe('the disc', () => {
  it('reaches beyond the rim', () => {
    expect(discRadiusMm(PLANE, Float32Array.from([10, 20, 50, 10, 20, 25]))).toBeCloseTo(24, 6);
    expect(discRadiusMm(PLANE, null)).toBe(12);
  });

  it('has its outline on the plane', () => {
    for (const point of discOutline({ ...PLANE, normal: normalize([1, 2, 3]) }, 15)) {
      expect(distance(point, PLANE.pointLpsMm)).toBeCloseTo(15, 9);
      expect(dot(subtract(point, PLANE.pointLpsMm), normalize([1, 2, 3]))).toBeCloseTo(0, 9);
    }
  });

  it('is cut by a plane in the chord at that height', () => {
    const chord = discSection(axialThrough(36), PLANE, 10)!;
    expect(chord.map(([x]) => x).sort((a, b) => a - b)).toEqual([
      expect.closeTo(2, 9),
      expect.closeTo(18, 9),
    ]);
    for (const [, y, z] of chord) {
      expect(y).toBeCloseTo(20, 9);
      expect(z).toBeCloseTo(36, 9);
    }
  });

  it('is cut by an oblique disc too: both ends on plane, pane and circle', () => {
    const plane = { pointLpsMm: [10, 20, 30], normal: normalize([0.4, -0.5, 0.7]) } as const;
    const frame = axialThrough(33);
    for (const end of discSection(frame, plane, 14)!) {
      expect(heightAbovePlane(frame, end)).toBeCloseTo(0, 9);
      expect(dot(subtract(end, plane.pointLpsMm), plane.normal)).toBeCloseTo(0, 9);
      expect(distance(end, plane.pointLpsMm)).toBeCloseTo(14, 9);
    }
  });

  it('is not cut where it is too far away or parallel', () => {
    expect(discSection(axialThrough(41), PLANE, 10)).toBeNull();
    expect(discSection(axialThrough(30), { ...PLANE, normal: [0, 0, 1] }, 10)).toBeNull();
  });
});

describe('changing the plane', () => {
  it('moves along the normal only', () => {
    expect(movePlane(PLANE, [5, -3, 2]).pointLpsMm).toEqual([10, 17, 30]);
  });

  it("tilts with the end that is dragged, about the pane's normal", () => {
    const end: Vec3 = [20, 20, 30];
    const to: Vec3 = [20, 30, 30];
    const { normal, pointLpsMm } = tiltPlane(PLANE, [0, 0, 1], end, to);
    expect(pointLpsMm).toEqual(PLANE.pointLpsMm);
    expect(normal[0]).toBeCloseTo(Math.SQRT1_2, 9);
    expect(normal[1]).toBeCloseTo(-Math.SQRT1_2, 9);
    // The dragged end lies on the tilted plane.
    expect(dot(normal, subtract(to, pointLpsMm))).toBeCloseTo(0, 9);
  });

  it('aims at a tip, and stays where the tip has no direction', () => {
    expect(aimPlane(PLANE, [10, 20, 45]).normal).toEqual([0, 0, 1]);
    expect(aimPlane(PLANE, [10, 20, 30])).toEqual(PLANE);
  });
});
