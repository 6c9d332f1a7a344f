import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../geometry/vec3.ts';
import { signedVolumeMm3 } from '../mesh/measures.ts';
import { sliceMesh } from '../mesh/sliceMesh.ts';
import { bodyMesh, deviceBody, distanceToBody } from './deviceBody.ts';
import { cup, lobeAndDisc } from './testing/devices.ts';

describe('the body of a device', () => {
  it('has the proportions of its shape', () => {
    // 24 mm: length 14, shoulder 4 from the face, face and end 12 mm wide.
    const { outline, radiusMm } = deviceBody(cup, 24);
    expect(outline[0]).toEqual([-4, 0]);
    expect(outline.at(-1)).toEqual([10, 0]);
    expect(outline[1]?.[1]).toBeCloseTo(6, 9);
    expect(outline.at(-2)?.[1]).toBeCloseTo(6, 9);
    expect(Math.max(...outline.map(([, radius]) => radius))).toBe(radiusMm);
    expect(radiusMm).toBe(12);
  });

  it('is a closed outward surface of its volume', () => {
    const place = { centreLpsMm: [30, -20, 10] as Vec3, axis: [0.6, 0, 0.8] as Vec3 };
    const around = 256;
    // A prism of as many sides as the circle is drawn with.
    const share = (around / (2 * Math.PI)) * Math.sin((2 * Math.PI) / around);
    const volume = share * Math.PI * (12 ** 2 * 8 + 3 ** 2 * 5 + 15 ** 2 * 2);
    expect(signedVolumeMm3(bodyMesh(deviceBody(lobeAndDisc, 24), place, around))).toBeCloseTo(volume, 0);
  });

  it('is cut by a plane in its own outline', () => {
    const mesh = bodyMesh(deviceBody(lobeAndDisc, 24), { centreLpsMm: [0, 0, 0], axis: [0, 0, 1] });
    const radiiAt = (z: number): number[] =>
      sliceMesh(mesh, [0, 0, z], [0, 0, 1]).flatMap(({ pointsLpsMm }) =>
        pointsLpsMm.map(([x, y]) => Math.hypot(x, y)),
      );
    for (const [z, radius] of [
      [0, 12],
      [-6, 3],
      [-10, 15],
    ] as const) {
      const radii = radiiAt(z);
      expect(Math.max(...radii)).toBeCloseTo(radius, 3);
      expect(Math.min(...radii)).toBeGreaterThan(radius * Math.cos(Math.PI / 64) - 1e-3);
    }
    expect(radiiAt(5)).toEqual([]);
  });

  it('knows how far a point lies from it', () => {
    const body = deviceBody(lobeAndDisc, 24);
    const place = { centreLpsMm: [0, 0, 100] as Vec3, axis: [0, 0, 1] as Vec3 };
    expect(distanceToBody(body, place, [20, 0, 100])).toBeCloseTo(8, 9);
    expect(distanceToBody(body, place, [0, 15, 108])).toBeCloseTo(5, 9);
    expect(distanceToBody(body, place, [0, 5, 93])).toBeCloseTo(2, 9);
    expect(distanceToBody(body, place, [0, 10, 89])).toBe(0);
    expect(distanceToBody(body, place, [1, 1, 101])).toBe(0);
  });
});
