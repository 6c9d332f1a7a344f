/** A wheel's notch moves at least this far, px; touch pads send many smaller steps. */
const NOTCH_PIXELS = 60;
const PIXELS_PER_STEP = 30;

/**
 * Counts steps from wheel events: each notch of a wheel is one (fast wheels send several at once), the small steps of
 * a touch pad add up to one. Positive downwards.
 */
export function createWheelCounter(): (delta: number, isInPixels: boolean) => number {
  let pending = 0;
  return (delta, isInPixels) => {
    if (delta === 0) return 0;
    if (!isInPixels || Math.abs(delta) >= NOTCH_PIXELS) {
      pending = 0;
      return Math.sign(delta) * (isInPixels ? Math.max(1, Math.round(Math.abs(delta) / 120)) : 1);
    }
    if (Math.sign(delta) !== Math.sign(pending)) pending = 0;
    pending += delta;
    const steps = Math.trunc(pending / PIXELS_PER_STEP);
    pending -= steps * PIXELS_PER_STEP;
    return steps;
  };
}
