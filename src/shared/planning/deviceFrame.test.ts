import { describe, expect, it } from 'vitest';
import type { LumenProfile } from '../contract/planning.ts';
import { dot, length, subtract } from '../geometry/vec3.ts';
import { depthNearest, directionInWords, lineFrame, placeOf, tiltOf } from './deviceFrame.ts';
import { pose, straight } from './testing/devices.ts';

const RADIANS = Math.PI / 180;

describe('the pose of a device', () => {
  /** A quarter of a circle of 20 mm radius from the head's direction to the left. */
  const bent: LumenProfile = {
    ...straight(1),
    centreLineLpsMm: Array.from({ length: 91 }, (_, at): [number, number, number] => [
      20 - 20 * Math.cos(at * RADIANS),
      0,
      20 * Math.sin(at * RADIANS),
    ]),
  };

  it('leans the axis by its two angles, and is found again from the axis', () => {
    const { axis } = placeOf(straight(40), [0, 0, 1], pose({ tiltDegrees: [20, 0] }));
    const frame = lineFrame(straight(40), [0, 0, 1], 12);
    expect(dot(axis, frame.along)).toBeCloseTo(Math.cos(20 * RADIANS), 9);
    expect(dot(axis, frame.first)).toBeCloseTo(Math.sin(20 * RADIANS), 9);
    for (const tiltDegrees of [
      [12.5, -7],
      [-45, 45],
      [0, 0],
    ] as const) {
      const leaning = placeOf(bent, [0, 0, 1], pose({ depthMm: 15, tiltDegrees: [...tiltDegrees] }));
      expect(tiltOf(lineFrame(bent, [0, 0, 1], 15), leaning.axis)).toEqual(tiltDegrees);
    }
    // An axis that leans too far is held at the limit.
    expect(tiltOf(frame, frame.second)[1]).toBe(45);
  });

  it('carries its directions along a bend without a twist or a jump', () => {
    let before = lineFrame(bent, [0, 0, 1], 0);
    for (let depthMm = 0.5; depthMm < 31; depthMm += 0.5) {
      const frame = lineFrame(bent, [0, 0, 1], depthMm);
      expect(length(subtract(frame.first, before.first))).toBeLessThan(0.06);
      expect(dot(frame.first, frame.along)).toBeCloseTo(0, 9);
      expect(dot(frame.second, frame.along)).toBeCloseTo(0, 9);
      before = frame;
    }
  });

  it('follows the nearest place of the line', () => {
    expect(depthNearest(straight(40), [5, -3, 17.26])).toBe(17.3);
    expect(depthNearest(straight(40), [0, 0, -9])).toBe(0);
    expect(depthNearest(straight(40), [0, 0, 90])).toBe(40);
  });

  it('names its directions by the patient’s sides', () => {
    const frame = lineFrame(straight(40), [0.8, -0.6, 0], 12);
    expect(directionInWords([0.2, -0.9, 0.1])).toBe('anterior');
    expect(['anterior', 'posterior', 'left', 'right']).toContain(directionInWords(frame.second));
  });
});
