import { describe, expect, it } from 'vitest';
import { NO_MARKS } from '../contract/readerMarks.ts';
import { dot, length, normalize, subtract, type Vec3 } from '../geometry/vec3.ts';
import { createRandom } from '../random/random.ts';
import { appendageAxis, planeThroughLandmarks, reportedLandmarks } from './landmarkPlane.ts';

const straight = (from: number, to: number): Vec3[] =>
  Array.from({ length: to - from + 1 }, (_, at): Vec3 => [0, 0, from + at]);

describe('the plane through the landmarks', () => {
  it('holds both to a millionth of a millimetre, and no plane that does is more perpendicular to the axis', () => {
    const random = createRandom(13);
    const vector = (size: number): Vec3 => [
      random.uniform(-size, size),
      random.uniform(-size, size),
      random.uniform(-size, size),
    ];
    let planes = 0;
    for (let trial = 0; trial < 500; trial++) {
      const [ridge, circumflex, axis] = [vector(200), vector(200), vector(1)];
      const plane = planeThroughLandmarks({ ridge, circumflex }, axis);
      if (!plane) continue;
      planes++;
      const { ridgeFromPlaneMm, circumflexFromPlaneMm } = reportedLandmarks(
        { ...NO_MARKS, landmarks: { ridge, circumflex } },
        plane,
      );
      expect(Math.abs(ridgeFromPlaneMm!)).toBeLessThan(1e-6);
      expect(Math.abs(circumflexFromPlaneMm!)).toBeLessThan(1e-6);
      expect(length(plane.normal)).toBeCloseTo(1, 12);
      // Distal, and the axis' shadow on all normals that the line between the landmarks allows.
      const across = normalize(subtract(circumflex, ridge));
      const best = Math.sqrt(1 - dot(normalize(axis), across) ** 2);
      expect(dot(plane.normal, normalize(axis))).toBeCloseTo(best, 9);
    }
    expect(planes).toBeGreaterThan(400);
  });

  it('is none for landmarks that name no line, and for an axis along it', () => {
    const ridge: Vec3 = [0, 0, 0];
    expect(planeThroughLandmarks({ ridge, circumflex: [4.9, 0, 0] }, [0, 0, 1])).toBeNull();
    expect(planeThroughLandmarks({ ridge, circumflex: [20, 0, 0] }, [1, 0.01, 0])).toBeNull();
  });

  it('has the axis of the centre line beside the landmarks, wherever on it they are', () => {
    const bent: Vec3[] = [
      ...straight(0, 20),
      ...Array.from({ length: 20 }, (_, at): Vec3 => [at + 1, 0, 20]),
    ];
    const at = (z: number) => ({ ridge: [-10, 0, z] as Vec3, circumflex: [10, 0, z] as Vec3 });
    expect(appendageAxis(at(-3), bent, [0, 0, 0])).toEqual([0, 0, 1]);
    expect(appendageAxis(at(8), bent, [0, 0, 0])).toEqual([0, 0, 1]);
    const corner = appendageAxis(at(15), bent, [0, 0, 0]);
    expect(corner[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(appendageAxis({ ridge: [18, 0, 10], circumflex: [22, 0, 30] }, bent, [0, 0, 0])).toEqual([
      1, 0, 0,
    ]);
    // Without a line: towards the appendage.
    expect(appendageAxis(at(0), [], [0, 0, 7])).toEqual([0, 0, 1]);
  });
});

describe('distances of landmarks', () => {
  it('are those of what is set, from the plane as it is', () => {
    const landmarks = { ridge: [0, 0, 1.5] as Vec3, circumflex: null };
    const plane = { pointLpsMm: [5, 5, 0] as Vec3, normal: [0, 0, 1] as Vec3 };
    expect(reportedLandmarks({ ...NO_MARKS, landmarks }, plane)).toEqual({
      ridgeLpsMm: [0, 0, 1.5],
      circumflexLpsMm: null,
      apartMm: null,
      ridgeFromPlaneMm: 1.5,
      circumflexFromPlaneMm: null,
    });
    const both = { ridge: [0, 0, 0] as Vec3, circumflex: [3, 4, 0] as Vec3 };
    expect(reportedLandmarks({ ...NO_MARKS, landmarks: both }, null)).toMatchObject({
      apartMm: 5,
      ridgeFromPlaneMm: null,
    });
  });
});
