import type { Vec3 } from '#shared/geometry/vec3.ts';

const LETTERS = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
] as const;

/** Below this share of the direction (about 15°) an axis gets no letter. */
const SMALLEST_PART = 0.26;

/**
 * The patient's side that a direction points to, its strongest part first: [1, 0, 0] → "L", a direction halfway
 * between left and anterior → "LA".
 */
export function orientationLetters(directionLps: Vec3): string {
  return [0, 1, 2]
    .map((axis) => ({ axis, size: directionLps[axis]! }))
    .filter(({ size }) => Math.abs(size) > SMALLEST_PART)
    .sort((a, b) => Math.abs(b.size) - Math.abs(a.size) || a.axis - b.axis)
    .map(({ axis, size }) => LETTERS[axis]![size > 0 ? 0 : 1])
    .join('');
}

/** A position along an axis without its unit: "S 32.4", "I 5.0"; oblique axes keep their letters. */
export function lettersAndPosition(directionLps: Vec3, position: number): string {
  const direction: Vec3 =
    position < 0 ? [-directionLps[0], -directionLps[1], -directionLps[2]] : directionLps;
  return `${orientationLetters(direction)} ${Math.abs(position).toFixed(1)}`;
}

/** A position along an axis as radiologists write it: "S 32.4 mm". */
export const positionInWords = (directionLps: Vec3, positionMm: number): string =>
  `${lettersAndPosition(directionLps, positionMm)} mm`;
