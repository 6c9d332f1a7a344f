import { describe, expect, it } from 'vitest';
import { dot, type Vec3 } from '../geometry/vec3.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';
import { landingZone } from './landingZone.ts';

/** An elliptic tube along z from 0 to the height, its half axes growing by `flare` each mm; closed by fans. */
function ellipticTube(halfMm: readonly [number, number], heightMm: number, flare = 0): TriangleMesh {
  const around = 256;
  const positions: number[] = [];
  const triangles: number[] = [];
  const rings = heightMm + 1;
  for (let z = 0; z < rings; z++) {
    for (let step = 0; step < around; step++) {
      const angle = (2 * Math.PI * step) / around;
      const grown = 1 + flare * z;
      positions.push(halfMm[0] * grown * Math.cos(angle), halfMm[1] * grown * Math.sin(angle), z);
      const next = (step + 1) % around;
      const [a, b] = [(z - 1) * around, z * around];
      if (z > 0) triangles.push(a + step, a + next, b + step, a + next, b + next, b + step);
    }
  }
  positions.push(0, 0, 0, 0, 0, heightMm);
  for (let step = 0; step < around; step++) {
    const next = (step + 1) % around;
    const top = heightMm * around;
    triangles.push(rings * around, next, step, rings * around + 1, top + step, top + next);
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

const ostium = { pointLpsMm: [0, 0, 0] as Vec3, normal: [0, 0, 1] as Vec3 };
const straight = (depthMm: number) => ({
  pointsLpsMm: Array.from({ length: depthMm + 1 }, (_, z): Vec3 => [0, 0, z]),
  depthMm,
});

describe('landingZone', () => {
  it('measures the section at its distance: an ellipse that has grown by then', () => {
    for (const distanceMm of [10, 12]) {
      const zone = landingZone(ellipticTube([9, 6], 30, 0.02), straight(30), ostium, distanceMm);
      const grown = 1 + 0.02 * distanceMm;
      expect(zone?.measures.maxDiameter.lengthMm).toBeCloseTo(18 * grown, 2);
      expect(zone?.measures.minDiameter.lengthMm).toBeCloseTo(12 * grown, 2);
      expect(zone?.measures.areaMm2).toBeCloseTo(Math.PI * 54 * grown ** 2, 0);
      expect(zone?.measures.centreLpsMm[2]).toBeCloseTo(distanceMm, 6);
      expect(zone?.plane.normal[2]).toBeCloseTo(1, 9);
    }
  });

  it('is perpendicular to the line where the line leaves the tube’s axis', () => {
    const [sin, cos] = [Math.sin(0.4), Math.cos(0.4)];
    const line = {
      pointsLpsMm: Array.from({ length: 21 }, (_, mm): Vec3 => [mm * sin, 0, mm * cos]),
      depthMm: 20,
    };
    const zone = landingZone(ellipticTube([9, 6], 40), line, ostium, 12);
    expect(dot(zone?.plane.normal ?? [0, 0, 0], [sin, 0, cos])).toBeCloseTo(1, 9);
    // The long axis lies in the direction that the plane is tilted in.
    expect(zone?.measures.maxDiameter.lengthMm).toBeCloseTo(18 / cos, 1);
    expect(zone?.measures.minDiameter.lengthMm).toBeCloseTo(12, 1);
  });

  it('does not follow the line’s first millimetres', () => {
    const { pointsLpsMm, depthMm } = straight(30);
    const bent = pointsLpsMm.map(([, , z]): Vec3 => [Math.max(0, 5 - z) ** 2 / 5, 0, z]);
    const zone = landingZone(ellipticTube([9, 6], 30), { pointsLpsMm: bent, depthMm }, ostium, 12);
    expect(zone?.plane.normal[2]).toBeCloseTo(1, 9);
  });

  it('takes the piece that the line goes through, not a lobe beside', () => {
    const [tube, lobe] = [ellipticTube([5, 5], 30), ellipticTube([4, 4], 30)];
    const beside = lobe.positionsLpsMm.map((value, at) => value + (at % 3 === 0 ? 20 : 0));
    const both: TriangleMesh = {
      positionsLpsMm: Float32Array.from([...beside, ...tube.positionsLpsMm]),
      triangles: Uint32Array.from([
        ...lobe.triangles,
        ...tube.triangles.map((vertex) => vertex + beside.length / 3),
      ]),
    };
    expect(landingZone(both, straight(30), ostium, 10)?.measures.areaMm2).toBeCloseTo(Math.PI * 25, 0);
  });

  it('is not there where the lumen is less deep, or where the section would run out through the ostium', () => {
    expect(landingZone(ellipticTube([9, 6], 9), straight(9), ostium, 10)).toBeUndefined();
    const [sin, cos] = [Math.sin(1.1), Math.cos(1.1)];
    const steep = {
      pointsLpsMm: Array.from({ length: 21 }, (_, mm): Vec3 => [mm * sin - 8, 0, mm * cos]),
      depthMm: 20,
    };
    expect(landingZone(ellipticTube([14, 9], 40), steep, ostium, 10)).toBeUndefined();
  });
});
