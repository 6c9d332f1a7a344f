import { joined } from '#shared/dicom/testing/compressedFixtures.ts';
import type { Random } from '#shared/random/random.ts';
import type { PlacedElement } from './elementsOf.ts';
import type { FuzzStudy } from './fuzzStudies.ts';

/**
 * What the damage to a file may change of its slices, where it is read at all: nothing; values, that many voxels at most;
 * or anything, as what the file now says is sound.
 */
export type Effect = { readonly voxels: number } | 'anything';

export interface Mutant {
  /** What was done, for reports. */
  readonly what: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The files that were changed, added or removed. */
  readonly changedFiles: ReadonlySet<string>;
  readonly effect: Effect;
}

export const NOTHING: Effect = { voxels: 0 };
export const VALUES: Effect = { voxels: Number.POSITIVE_INFINITY };

export const PIXEL_DATA = 0x7fe00010;
export const TRANSFER_SYNTAX = 0x00020010;
/** Attributes by which pixels become HU, slices get their places, and series and phases are told apart. */
export const MEANINGFUL = new Set([
  ...[
    TRANSFER_SYNTAX,
    PIXEL_DATA,
    0x00080005,
    0x00080008,
    0x00080016,
    0x00080018,
    0x00080032,
    0x00080033,
    0x00080060,
  ],
  ...[
    0x00100010, 0x00100020, 0x00180022, 0x00181060, 0x00181120, 0x0020000d, 0x0020000e, 0x00200012,
    0x00200013,
  ],
  ...[
    0x00200032, 0x00200037, 0x00200052, 0x00200100, 0x00204000, 0x00209241, 0x00280002, 0x00280004,
    0x00280008,
  ],
  ...[
    0x00280010, 0x00280011, 0x00280030, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280120,
    0x00280121,
  ],
  ...[0x00281052, 0x00281053, 0x00281054, 0x00283000, 0x52009229, 0x52009230, 0xfffee000],
  ...[0x00289110, 0x00289145, 0x00209113, 0x00209116],
]);

export interface Place {
  readonly study: FuzzStudy;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly elements: readonly PlacedElement[];
  readonly random: Random;
}

export type Mutation = (place: Place) => Omit<Mutant, 'what'> | undefined;

export const one = <T>(random: Random, list: readonly T[]): T => list[random.integer(0, list.length - 1)]!;

/** One file changed. */
export const withFile = (
  { study, name }: Place,
  bytes: Uint8Array,
  effect: Effect,
): Omit<Mutant, 'what'> => ({
  files: new Map([...study.files, [name, bytes]]),
  changedFiles: new Set([name]),
  effect,
});
export const spliced = (bytes: Uint8Array, from: number, to: number, between: Uint8Array): Uint8Array =>
  joined([bytes.subarray(0, from), between, bytes.subarray(to)]);
export const noise = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.integer(0, 255));

/** What a changed byte may change, by the element that it is in. */
export function effectAt(place: Place, at: number): Effect {
  const own = place.elements.findLast((element) => at >= element.at && at < element.to);
  if (own === undefined)
    return place.elements.length > 0 && at < place.elements[0]!.at ? NOTHING : 'anything';
  if (at < own.valueAt) return 'anything';
  if (own.tag === PIXEL_DATA) return isNative(place) ? { voxels: 1 } : VALUES;
  if (own.tag >>> 16 > 0xfff0 || own.tag === 0xfffee000) return 'anything';
  // The values of an open sequence are not known element by element.
  return MEANINGFUL.has(own.tag) ? 'anything' : NOTHING;
}
const isNative = ({ study }: Place): boolean =>
  [
    'explicit',
    'implicit',
    'big endian',
    'signed with padding',
    'eight bits',
    'two phases',
    'enhanced',
  ].includes(study.name);

export const together = (effects: readonly Effect[]): Effect =>
  effects.reduce(
    (all, effect) =>
      all === 'anything' || effect === 'anything' ? 'anything' : { voxels: all.voxels + effect.voxels },
    NOTHING,
  );

export const sameElement = (elements: readonly PlacedElement[], tag: number): PlacedElement | undefined =>
  elements.find((element) => element.tag === tag);
