import { expect, it } from 'vitest';
import { outsideDistanceMm, signedDistanceMm } from './signedDistance.ts';

const SIZE = [13, 11, 9] as const;
const SPACING_MM = [0.7, 0.6, 1.1] as const;
/** Two blobs, one of them hollow, so that lines have targets alone, some and none. */
const mask = Uint8Array.from({ length: 13 * 11 * 9 }, (_, voxel) => {
  const [i, j, k] = [voxel % 13, Math.floor(voxel / 13) % 11, Math.floor(voxel / 143)];
  const fromMiddle = Math.hypot(i - 3, j - 3, k - 3);
  return (fromMiddle < 3.2 && fromMiddle > 1.1) || Math.hypot(i - 9, j - 8, k - 6) < 1.5 ? 1 : 0;
});

/** By looking at all pairs of voxels. */
const exact = Float64Array.from(mask, (own, voxel) => {
  const place = (at: number) => [at % 13, Math.floor(at / 13) % 11, Math.floor(at / 143)] as const;
  const [i, j, k] = place(voxel);
  let least = Infinity;
  mask.forEach((other, at) => {
    if (other === own) return;
    const [a, b, c] = place(at);
    least = Math.min(
      least,
      Math.hypot((a - i) * SPACING_MM[0], (b - j) * SPACING_MM[1], (c - k) * SPACING_MM[2]),
    );
  });
  return own === 1 ? -least : least;
});

it('is the distance to the nearest voxel of the other kind', () => {
  const found = signedDistanceMm(mask, SIZE, SPACING_MM);
  exact.forEach((value, voxel) => void expect(found[voxel]).toBeCloseTo(value, 5));
});

it.each([0.75, 1.5, 2.5])('up to a bound of %f mm is the same to the bit, and beyond it larger', (mostMm) => {
  const whole = signedDistanceMm(mask, SIZE, SPACING_MM);
  const bounded = signedDistanceMm(mask, SIZE, SPACING_MM, mostMm);
  const outside = outsideDistanceMm(mask, SIZE, SPACING_MM, mostMm);
  whole.forEach((value, voxel) => {
    const found = bounded[voxel]!;
    expect(Math.sign(found)).toBe(Math.sign(value));
    if (Math.abs(value) <= mostMm) expect(found).toBe(value);
    else expect(Math.abs(found)).toBeGreaterThan(mostMm);
    expect(outside[voxel]).toBe(Math.max(0, found));
  });
});
