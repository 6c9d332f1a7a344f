import type { SliceFile } from './imageSeries.ts';
import { PHASE_ATTRIBUTES } from './phaseAttributes.ts';
import { positionAlong, SAME_POSITION_MM, sliceNormal } from './stackGeometry.ts';

const placeOf = ({ header }: SliceFile): string =>
  header.plane.positionLpsMm.map((value) => value.toFixed(2)).join(' ');

const phaseOf = (slice: SliceFile): string => PHASE_ATTRIBUTES.map(({ of }) => of(slice)).join('\n');

/** Equal for copies: slices at one place with the same pixels. Their UIDs prove nothing, neither equal nor different. */
const copyKey = (slice: SliceFile): string | undefined =>
  slice.pixelDigest === undefined ? undefined : `${slice.pixelDigest} ${placeOf(slice)}`;

export interface WithoutCopies {
  readonly kept: readonly SliceFile[];
  /** How many copies of a slice were left out. */
  readonly copiesOf: (slice: SliceFile) => number;
}

/**
 * Leaves out slices that repeat another one at the same place, pixel for pixel. Where pixels have not been compared,
 * nothing is left out.
 *
 * @param ofOnePhase leave out only those that nothing else tells apart either
 */
export function withoutCopies(slices: readonly SliceFile[], ofOnePhase = false): WithoutCopies {
  const originals = new Map<string, SliceFile>();
  const counts = new Map<SliceFile, number>();
  const kept = slices.filter((slice) => {
    const key = copyKey(slice);
    if (key === undefined) return true;
    const whole = ofOnePhase ? `${key}\n${phaseOf(slice)}` : key;
    const original = originals.get(whole);
    if (original === undefined) originals.set(whole, slice);
    else counts.set(original, (counts.get(original) ?? 0) + 1);
    return original === undefined;
  });
  return { kept, copiesOf: (slice) => counts.get(slice) ?? 0 };
}

export function hasCopy(slices: readonly SliceFile[], slice: SliceFile): boolean {
  const key = copyKey(slice);
  return key !== undefined && slices.some((other) => copyKey(other) === key);
}

/** The slices of both parts that share positions, where all of the smaller part may be copies from the other. */
export function copiesToCheck(part: readonly SliceFile[], other: readonly SliceFile[]): SliceFile[] {
  if (part.length === 0 || part.length > other.length / 2) return [];
  const normal = sliceNormal(other[0]!.header.plane);
  const pairs = part.map((slice) => ({
    slice,
    twin: other.find(
      (candidate) =>
        Math.abs(positionAlong(normal, candidate) - positionAlong(normal, slice)) <= SAME_POSITION_MM,
    ),
  }));
  return pairs.flatMap(({ slice, twin }) => (twin === undefined ? [] : [slice, twin]));
}
