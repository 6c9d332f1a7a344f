/** One knot of a transfer function: colour and opacity (of 1 mm) at a HU value, 0 to 1. */
export interface TransferKnot {
  readonly hu: number;
  readonly rgb: readonly [number, number, number];
  readonly opacity: number;
}

/**
 * Contrast-filled heart: lung, fat and muscle transparent, the chambers red to cream, bone pale. The steep part lies between
 * myocardium (80–165 HU) and the contrast of the left heart (from about 250 HU on weakly filled scans).
 */
export const CARDIAC_CT: readonly TransferKnot[] = [
  { hu: -200, rgb: [0.2, 0.1, 0.1], opacity: 0 },
  { hu: 140, rgb: [0.45, 0.14, 0.12], opacity: 0 },
  { hu: 200, rgb: [0.66, 0.22, 0.16], opacity: 0.05 },
  { hu: 300, rgb: [0.86, 0.42, 0.28], opacity: 0.22 },
  { hu: 450, rgb: [0.95, 0.7, 0.52], opacity: 0.4 },
  { hu: 700, rgb: [0.98, 0.9, 0.8], opacity: 0.6 },
  { hu: 1300, rgb: [1, 0.98, 0.94], opacity: 0.8 },
];

/** The HU range that a byte of the rendering copy spans. */
export const RENDERED_HU = { low: -200, high: 1300 } as const;

/** The byte, 0 to 255, that stands for a HU value in the rendering copy. */
export const byteOfHu = (hu: number): number =>
  Math.min(255, Math.max(0, ((hu - RENDERED_HU.low) * 255) / (RENDERED_HU.high - RENDERED_HU.low)));
