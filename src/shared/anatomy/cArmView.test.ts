import { describe, expect, it } from 'vitest';
import { cross, distance, dot, normalize, type Vec3 } from '../geometry/vec3.ts';
import { createRandom } from '../random/random.ts';
import {
  beamDirectionLps,
  beamFrame,
  commonViews,
  offPerpendicularDegrees,
  perpendicularBetaDegrees,
  perpendicularViews,
  turnedView,
  viewInWords,
  viewOfBeam,
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

  it('are told from the direction of their beam, and give it back', () => {
    const random = createRandom(13);
    for (let trial = 0; trial < 200; trial++) {
      const view = { alphaDegrees: random.uniform(-179.9, 179.9), betaDegrees: random.uniform(-89.9, 89.9) };
      const { along, right, down } = beamFrame(view);
      const back = viewOfBeam(along, right);
      expect(back.alphaDegrees).toBeCloseTo(view.alphaDegrees, 6);
      expect(back.betaDegrees).toBeCloseTo(view.betaDegrees, 6);
      // A picture of the patient, not of a mirror: seen along the beam, which goes into it.
      expect(dot(cross(right, down), along)).toBeCloseTo(1, 9);
      expect(right[2]).toBe(0);
      const direction = random.direction();
      expect(distance(beamDirectionLps(viewOfBeam(direction, [1, 0, 0])), direction)).toBeLessThan(1e-9);
    }
  });

  it('look from the left at LAO and from the head at cranial', () => {
    // The detector stands where the beam comes from in the picture: against `along`.
    expect(viewOfBeam([-1, 0, 0], [0, 1, 0])).toEqual({
      alphaDegrees: 90,
      betaDegrees: expect.closeTo(0),
    });
    expect(viewOfBeam([1, 0, 0], [0, -1, 0]).alphaDegrees).toBeCloseTo(-90, 9);
    expect(viewOfBeam(normalize([0, 1, -1]), [1, 0, 0]).betaDegrees).toBeCloseTo(45, 9);
    // Along the patient every rotation would do: the picture's own tells it.
    expect(viewOfBeam([0, 0, -1], beamFrame({ alphaDegrees: 25, betaDegrees: 90 }).right)).toEqual({
      alphaDegrees: expect.closeTo(25, 9),
      betaDegrees: expect.closeTo(90, 9),
    });
  });

  it('stop where plans do not look, and turn back from beyond', () => {
    expect(turnedView({ alphaDegrees: 50, betaDegrees: -30 }, 20, -20)).toEqual({
      alphaDegrees: 60,
      betaDegrees: -40,
    });
    expect(turnedView({ alphaDegrees: 0, betaDegrees: 70 }, 5, 5).betaDegrees).toBe(70);
    expect(turnedView({ alphaDegrees: 0, betaDegrees: 70 }, 5, -5).betaDegrees).toBe(65);
  });
});
