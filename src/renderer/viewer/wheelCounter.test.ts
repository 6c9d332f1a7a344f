import { describe, expect, it } from 'vitest';
import { createWheelCounter } from './wheelCounter.ts';

describe('the wheel', () => {
  it('moves a step for each notch, several for a fast one', () => {
    const wheel = createWheelCounter();
    expect([100, -120, 360].map((delta) => wheel(delta, true))).toEqual([1, -1, 3]);
    expect(wheel(3, false)).toBe(1);
  });

  it('adds up the small steps of a touch pad, and starts again when they change direction', () => {
    const wheel = createWheelCounter();
    expect([12, 12, 12, -12, -12, -12].map((delta) => wheel(delta, true))).toEqual([0, 0, 1, -0, -0, -1]);
  });
});
