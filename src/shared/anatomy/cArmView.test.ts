import { describe, expect, it } from 'vitest';
import { dot, normalize, type Vec3 } from '../geometry/vec3.ts';
import {
  beamDirectionLps,
  commonViews,
  offPerpendicularDegrees,
  perpendicularBetaDegrees,
  perpendicularViews,
  viewInWords,
  workingView,
} from './cArmView.ts';

describe('C-arm views', () => {
  it('are perpendicular to the axis for every α', () => {
    for (const axis of [
      normalize([0.7, -0.5, 0.5]),
      normalize([-0.2, 0.9, 0.1]),
      normalize([0.3, 0.1, -0.9]),
    ]) {
      const views = perpendicularViews(axis);
      expect(views).toHaveLength(25);
      for (const view of views) expect(Math.abs(dot(beamDirectionLps(view), axis))).toBeLessThan(1e-12);
    }
  });

  it('solves cases that can be seen: an axis along the patient, to the left, and oblique', () => {
    expect(perpendicularBetaDegrees([0, 0, 1], 30)).toBeCloseTo(0, 9);
    // To the left: a frontal beam is perpendicular to it; from the side (α = 90°) none is.
    expect(perpendicularBetaDegrees([1, 0, 0], 0)).toBe(0);
    expect(Math.abs(perpendicularBetaDegrees([1, 0, 0], 30))).toBe(90);
    // Forward and up by 45°: the frontal beam must tilt by 45°.
    expect(perpendicularBetaDegrees(normalize([0, -1, 1]), 0)).toBeCloseTo(-45, 9);
  });

  it('proposes a reachable view near RAO 30 caudal 20, or none', () => {
    const axis: Vec3 = normalize([0.6, -0.6, 0.5]);
    const view = workingView(axis)!;
    expect(Math.abs(view.betaDegrees)).toBeLessThanOrEqual(40);
    expect(Math.abs(dot(beamDirectionLps(view), axis))).toBeLessThan(1e-12);
    // An axis straight down the frontal beam, tilted out of reach for every α within ±60°.
    const unreachable = perpendicularViews(normalize([0, -1, 0.01]), 1).filter(
      (v) => Math.abs(v.betaDegrees) <= 40,
    );
    expect(unreachable).toHaveLength(0);
    expect(workingView(normalize([0, -1, 0.01]))).toBeUndefined();
  });

  it('says how far a view is from perpendicular', () => {
    // From the front, an axis that points forward is seen end on, and one along the patient in its full length.
    expect(offPerpendicularDegrees([0, -2, 0], { alphaDegrees: 0, betaDegrees: 0 })).toBeCloseTo(90, 6);
    expect(offPerpendicularDegrees([0, 0, 1], { alphaDegrees: 0, betaDegrees: 0 })).toBeCloseTo(0, 6);
    // Tilted to caudal by 20°, the beam lacks 20°.
    const views = commonViews([0, 0, 1]);
    expect(views.map((view) => [viewInWords(view), Math.round(view.offDegrees)])).toEqual([
      ['RAO 30° / CRA 20°', 20],
      ['RAO 30° / 0°', 0],
      ['RAO 30° / CAU 20°', 20],
      ['AP', 0],
      ['LAO 30° / 0°', 0],
    ]);
  });
});
