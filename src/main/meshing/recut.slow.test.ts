import { describe, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { addScaled, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { words } from '#shared/words/words.ts';
import { recutAppendage } from './index.ts';
import { bentTubeMesh } from './shapes.ts';
import { cylinderMesh } from './testing/cylinderMesh.ts';

/** Closed, outward, one rim; the rim in the plane. */
function expectSound(result: MeasuredAppendage, plane: OstiumPlane): void {
  expect(result.mesh).toMatchObject({
    watertight: true,
    outwardNormals: true,
    manifold: true,
    components: 1,
    wallBoundaryLoops: 1,
    degenerateFaces: 0,
  });
  expect(meshTopology(result.closed).unusedVertices).toBe(0);
  const rim = result.rimLpsMm!;
  let most = 0;
  for (let at = 0; at < rim.length; at += 3) {
    const point: Vec3 = [rim[at]!, rim[at + 1]!, rim[at + 2]!];
    most = Math.max(most, Math.abs(dot(subtract(point, plane.pointLpsMm), plane.normal)));
  }
  expect(most).toBeLessThan(1e-3);
}

const planeAt = (pointLpsMm: Vec3, towards: Vec3): OstiumPlane => ({
  pointLpsMm,
  normal: normalize(towards),
});

describe('a sphere cut at a plane', () => {
  const sphere = icosphere([10, -40, 120], 12, 4);
  /** For a small part of it, whose chords count for more. */
  const fineSphere = icosphere([10, -40, 120], 12, 5);
  it.each([-8, -3, 0, 4, 9])('%s mm from its centre', (height) => {
    const normal = normalize([0.3, -0.5, 0.8]);
    const plane = planeAt(addScaled([10, -40, 120], normal, height), normal);
    const result = recutAppendage(height > 8 ? fineSphere : sphere, plane, false);
    expectSound(result, plane);
    expect(result.ostiumPlane!.pointLpsMm).toEqual(plane.pointLpsMm);
    expect(dot(result.ostiumPlane!.normal, plane.normal)).toBeCloseTo(1, 12);
    const [rimRadius, rest] = [Math.sqrt(144 - height ** 2), 12 - height];
    const { ostium, volumeMl, surfaceAreaMm2, depthMm } = result.measurements;
    expect(volumeMl! / ((Math.PI * rest ** 2 * (36 - rest)) / 3000)).toBeCloseTo(1, 2);
    expect(surfaceAreaMm2! / (2 * Math.PI * 12 * rest)).toBeCloseTo(1, 2);
    expect(ostium!.areaMm2 / (Math.PI * rimRadius ** 2)).toBeCloseTo(1, 2);
    expect(ostium!.maxDiameterMm / (2 * rimRadius)).toBeCloseTo(1, 2);
    expect(ostium!.minDiameterMm / (2 * rimRadius)).toBeCloseTo(1, 2);
    // A flat segment's farthest point is not its top.
    if (rest > rimRadius + 2) expect(Math.abs(depthMm! - rest)).toBeLessThan(1);
    expect(result.mesh.selfIntersections).toBe(0);
    expect(result.mesh.genus).toBe(0);
    // Cut near its lower end it widens beyond the ostium; what is left 9 mm above the middle is small and thin.
    const said: Record<number, RegExp[]> = {
      '-8': [/^Landing zone at 10 mm, .*wider than the ostium/, /^Landing zone at 12 mm, /],
      9: [/^A volume of [01]\.\d mL is unusual/, /^A spur thinner than 3 mm/],
    };
    expect(result.warnings.map(words().sentence)).toEqual(
      (said[height] ?? []).map((words) => expect.stringMatching(words)),
    );
  });

  it('withholds what the scan cuts', () => {
    const { measurements } = recutAppendage(sphere, planeAt([10, -40, 120], [0, 0, 1]), true);
    expect(measurements).toMatchObject({ volumeMl: null, depthMm: null, surfaceAreaMm2: null });
    expect(measurements.ostium!.areaMm2 / (Math.PI * 144)).toBeCloseTo(1, 2);
  });

  it('refuses a plane beyond it and one that leaves too little', () => {
    expect(() => recutAppendage(sphere, planeAt([10, -40, 133], [0, 0, 1]), false)).toThrow(UserError);
    expect(() => recutAppendage(sphere, planeAt([10, -40, 131], [0, 0, 1]), false)).toThrow(/0\.1 mL/);
  });

  it('has no ostium where the plane does not reach a round end', () => {
    const result = recutAppendage(sphere, planeAt([10, -40, 100], [0, 0, 1]), false);
    expect(result).toMatchObject({ wall: null, ostiumPlane: null, rimLpsMm: null });
    expect(result.measurements.ostium).toBeNull();
    expect(result.warnings).toHaveLength(1);
  });
});

describe('a cylinder of 8 mm radius and 30 mm length', () => {
  const cylinder = cylinderMesh(8, 30, 40, 64);
  it('cut obliquely has an elliptical ostium', () => {
    const tilt = Math.PI / 6;
    const plane = planeAt([0, 0, 15], [Math.sin(tilt), 0, Math.cos(tilt)]);
    const result = recutAppendage(cylinder, plane, false);
    expectSound(result, plane);
    const { ostium, volumeMl } = result.measurements;
    expect(ostium!.areaMm2 / ((Math.PI * 64) / Math.cos(tilt))).toBeCloseTo(1, 2);
    expect(ostium!.maxDiameterMm / (16 / Math.cos(tilt))).toBeCloseTo(1, 2);
    expect(ostium!.minDiameterMm / 16).toBeCloseTo(1, 2);
    expect(volumeMl! / ((Math.PI * 64 * 15) / 1000)).toBeCloseTo(1, 2);
  });

  it('keeps its measures when it is cut again where its end is', () => {
    const plane = planeAt([0, 0, 0], [0, 0, 1]);
    const result = recutAppendage(cylinder, plane, false);
    expectSound(result, plane);
    expect(result.measurements.ostium!.areaMm2 / (Math.PI * 64)).toBeCloseTo(1, 2);
    expect(result.measurements.volumeMl! / ((Math.PI * 64 * 30) / 1000)).toBeCloseTo(1, 2);
    const again = recutAppendage(result.closed, plane, false);
    expect(again.measurements.volumeMl! / result.measurements.volumeMl!).toBeCloseTo(1, 3);
    expect(again.warnings).toEqual([]);
  });

  it.each([2, 5, 10, 20])('is continued straight to a plane tilted by %s° through its end', (degrees) => {
    const tilt = (degrees * Math.PI) / 180;
    const plane = planeAt([0, 0, 0], [Math.sin(tilt), 0, Math.cos(tilt)]);
    const result = recutAppendage(cylinder, plane, false);
    expectSound(result, plane);
    // Half of the ellipse is cut, half continued along the plane's normal and so narrower by the cosine squared.
    const ideal = (Math.PI * 64 * (1 / Math.cos(tilt) + Math.cos(tilt))) / 2;
    expect(result.measurements.ostium!.areaMm2 / ideal).toBeCloseTo(1, 1);
  });

  it('keeps its own end where the plane lies outside', () => {
    const result = recutAppendage(cylinder, planeAt([0, 0, -5], [0.1, 0, 1]), false);
    expect(result.measurements.ostium!.areaMm2 / (Math.PI * 64)).toBeCloseTo(1, 2);
    expect(dot(result.ostiumPlane!.normal, [0, 0, 1])).toBeCloseTo(1, 4);
    expect(result.warnings.map(words().sentence).join(' ')).toContain('outside');
  });
});

describe('a tube bent by 200°', () => {
  const tube = bentTubeMesh(16, 6, (200 * Math.PI) / 180, 100, 48);
  it('is divided at the contour round the plane’s point only: its end stays', () => {
    const plane = planeAt([0, 0, 4], [0, 0, 1]);
    const result = recutAppendage(tube, plane, false);
    expectSound(result, plane);
    // Pappus, less the wedge up to z = 4: its line is 16·asin(4/16) long in the mean.
    const before = 16 * Math.asin(4 / 16);
    const whole = (16 * 200 * Math.PI) / 180;
    const ideal = (Math.PI * 36 * (whole - before)) / 1000;
    expect(result.measurements.volumeMl! / ideal).toBeCloseTo(1, 1);
    expect(result.measurements.depthMm!).toBeGreaterThan(40);
    expect(result.mesh.selfIntersections).toBe(0);
  });
});

describe('random planes', () => {
  const check = (name: string, mesh: TriangleMesh, centre: Vec3, reachMm: number): void => {
    it(name, () => {
      const random = createRandom(11);
      let cuts = 0;
      for (let round = 0; round < 40; round++) {
        const plane = planeAt(
          addScaled(centre, random.direction(), random.uniform(0, reachMm)),
          random.direction(),
        );
        try {
          const result = recutAppendage(mesh, plane, false);
          if (!result.ostiumPlane) continue;
          expectSound(result, result.ostiumPlane);
          cuts++;
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as Error).message).not.toContain('cleanly');
        }
      }
      expect(cuts).toBeGreaterThan(18);
    });
  };
  check('through a sphere', icosphere([0, 0, 0], 8, 3), [0, 0, 0], 7);
  check('through a cylinder', cylinderMesh(6, 22, 18, 28), [0, 0, 11], 9);
  check('through a bent tube', bentTubeMesh(9, 3.5, 3.5, 36, 18), [8, 0, 4.5], 8);
  check('through a torus, which has a handle', torus([0, 0, 0], 8, 3.5, 36, 18), [0, 0, 0], 8);
});
