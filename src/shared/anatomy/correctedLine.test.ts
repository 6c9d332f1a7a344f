import { describe, expect, it } from 'vitest';
import { add, distance, lerp, type Vec3 } from '../geometry/vec3.ts';
import { icosphere } from '../mesh/testing/primitives.ts';
import { createRandom } from '../random/random.ts';
import { describeLine, polylineLength } from './centreLine.ts';
import { correctedLine, describeCorrected, handlesOf, outsideLumen } from './correctedLine.ts';
import { curveThrough } from './throughPoints.ts';

const OSTIUM = { pointLpsMm: [0, 0, 0] as Vec3, normal: [0, 0, 1] as Vec3 };

/** A line that bends and winds, 1 mm apart, from the ostium on. */
function windingLine(seed: number): Vec3[] {
  const random = createRandom(seed);
  const [turn, wind] = [random.uniform(10, 40), random.uniform(-3, 3)];
  const raw = Array.from({ length: 41 }, (_, at): Vec3 => {
    const angle = at / turn;
    return [turn * (1 - Math.cos(angle)), wind * Math.sin(at / 7), turn * Math.sin(angle) + 0.2 * at];
  });
  return [...describeLine(raw, 0).pointsLpsMm];
}

describe('a corrected centre line', () => {
  it('is the computed one, point by point, where all of the reader’s points lie on it', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const computed = windingLine(seed);
      const random = createRandom(1000 + seed);
      // Points anywhere on it, as a double click sets them, written to the thousandth as files have them.
      const between = Array.from({ length: 12 }, () => random.uniform(1, computed.length - 1))
        .sort((a, b) => a - b)
        .map((at) =>
          lerp(computed[Math.floor(at)]!, computed[Math.floor(at) + 1] ?? computed.at(-1)!, at % 1),
        );
      const rounded = [...between, computed.at(-1)!].map(
        ([x, y, z]): Vec3 => [
          Math.round(1000 * x) / 1000,
          Math.round(1000 * y) / 1000,
          Math.round(1000 * z) / 1000,
        ],
      );
      for (const points of [handlesOf(computed), computed, rounded]) {
        const line = correctedLine(computed, points, OSTIUM);
        expect(line.isCorrected).toBe(false);
        expect(line.pointsLpsMm).toBe(computed);
      }
    }
  });

  it('goes through the points that were moved, and is as computed where nobody moved any', () => {
    const computed = windingLine(7);
    const handles = handlesOf(computed);
    const moved = handles.map((point, at) => (at === 2 ? add(point, [0, 1.5, 0]) : point));
    const { pointsLpsMm, isCorrected, movedLpsMm } = correctedLine(computed, moved, OSTIUM);
    expect(isCorrected).toBe(true);
    expect(Math.min(...pointsLpsMm.map((point) => distance(point, moved[2]!)))).toBe(0);
    // Two points on: the last piece that the spline makes ends there.
    const from = pointsLpsMm.findIndex((point) => distance(point, handles[4]!) < 1e-9);
    expect(from).toBeGreaterThan(0);
    for (const point of pointsLpsMm.slice(from)) expect(computed).toContainEqual(point);
    expect(pointsLpsMm.at(-1)).toEqual(computed.at(-1));
    expect(movedLpsMm.length).toBeGreaterThan(10);
    // Smooth: no corner of more than 40° between steps of about a millimetre.
    for (let at = 2; at < pointsLpsMm.length; at++) {
      const [a, b, c] = pointsLpsMm.slice(at - 2, at + 1) as [Vec3, Vec3, Vec3];
      expect(distance(a, c)).toBeGreaterThan(0.93 * (distance(a, b) + distance(b, c)));
    }
  });

  it('begins at the ostium’s centre whatever the plane leaves behind, and ends where the reader put the tip', () => {
    const computed = windingLine(3);
    const handles = handlesOf(computed);
    const behind: Vec3[] = [[2, 2, -8], [1, 1, -3], ...handles];
    expect(correctedLine(computed, behind, OSTIUM).pointsLpsMm).toBe(computed);
    const shorter = correctedLine(computed, handles.slice(0, -1), OSTIUM);
    expect(shorter.isCorrected).toBe(true);
    const described = describeCorrected(describeLine(computed, 2), shorter);
    expect(described.depthMm).toBeLessThan(polylineLength(computed) - 3);
    expect(described.tipSpurMm).toBe(0);
    expect(described.tipLpsMm).toEqual(handles.at(-2));
  });

  it('is told to leave the lumen by its moved points alone', () => {
    const ball = icosphere([0, 0, 10], 12, 3);
    const computed = Array.from({ length: 23 }, (_, z): Vec3 => [0, 0, z]);
    const pulled = (mm: number) => {
      const points = handlesOf(computed).map((point, at): Vec3 => (at === 1 ? [mm, 0, point[2]] : point));
      return outsideLumen(ball, correctedLine(computed, points, OSTIUM));
    };
    // Its first point and its tip lie on the surface or beyond, as computed.
    expect(pulled(0)).toBeUndefined();
    expect(pulled(8)).toBeUndefined();
    expect(pulled(14)?.[0]).toBeGreaterThan(11);
  });
});

describe('a closed curve through points', () => {
  it('keeps what was not moved, across its beginning too', () => {
    const circle = Array.from(
      { length: 90 },
      (_, at): Vec3 => [10 * Math.cos((at * Math.PI) / 45), 10 * Math.sin((at * Math.PI) / 45), 0],
    );
    const handles = Array.from({ length: 15 }, (_, at) => circle[6 * at]!);
    const same = curveThrough(handles, circle, true);
    expect(same.movedLpsMm).toEqual([]);
    expect(same.pointsLpsMm).toHaveLength(90);
    const pulled = handles.map((point, at): Vec3 => (at === 0 ? [12, 0, 0] : point));
    const { pointsLpsMm } = curveThrough(pulled, circle, true);
    expect(Math.max(...pointsLpsMm.map(([x]) => x))).toBeCloseTo(12, 6);
    // Opposite of it nothing changed.
    for (const point of circle.slice(20, 70)) expect(pointsLpsMm).toContainEqual(point);
  });
});
