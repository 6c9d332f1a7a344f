import {
  effectAt,
  type Mutation,
  NOTHING,
  noise,
  one,
  PIXEL_DATA,
  sameElement,
  spliced,
  together,
  withFile,
} from './mutation.ts';

/** Damage to a file's bytes, wherever they lie. */
export const byteMutations: Readonly<Record<string, Mutation>> = {
  'flip bits': (place) => {
    const { bytes, random, elements } = place;
    const copy = bytes.slice();
    const pixelsAt = sameElement(elements, PIXEL_DATA)?.valueAt ?? bytes.length;
    const effects = Array.from({ length: random.chance(0.7) ? 1 : random.integer(2, 12) }, () => {
      const at = random.chance(0.7) ? random.integer(0, pixelsAt - 1) : random.integer(0, bytes.length - 1);
      copy[at]! ^= 1 << random.integer(0, 7);
      return effectAt(place, at);
    });
    return withFile(place, copy, together(effects));
  },
  cut: (place) =>
    withFile(place, place.bytes.slice(0, place.random.integer(0, place.bytes.length - 1)), NOTHING),
  'fill with one byte': (place) => {
    const { bytes, random } = place;
    const from = random.integer(0, bytes.length - 1);
    const to = Math.min(bytes.length, from + random.integer(1, 200));
    const effects = Array.from({ length: to - from }, (_, index) => effectAt(place, from + index));
    return withFile(place, bytes.slice().fill(one(random, [0, 0x20, 0xff]), from, to), together(effects));
  },
  'insert bytes': (place) => {
    const at = place.random.integer(0, place.bytes.length - 1);
    return withFile(
      place,
      spliced(place.bytes, at, at, noise(place.random, place.random.integer(1, 9))),
      'anything',
    );
  },
  'remove bytes': (place) => {
    const at = place.random.integer(0, place.bytes.length - 1);
    return withFile(
      place,
      spliced(place.bytes, at, at + place.random.integer(1, 9), new Uint8Array(0)),
      'anything',
    );
  },
};
