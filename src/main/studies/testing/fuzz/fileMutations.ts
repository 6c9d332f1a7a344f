import { joined } from '#shared/dicom/testing/compressedFixtures.ts';
import { elementsOf, type PlacedElement } from './elementsOf.ts';
import {
  type Mutation,
  NOTHING,
  noise,
  one,
  PIXEL_DATA,
  sameElement,
  spliced,
  withFile,
} from './mutation.ts';

/** Files joined, mixed, copied and removed. */
export const fileMutations: Readonly<Record<string, Mutation>> = {
  concatenate: (place) => {
    const { bytes, random, study } = place;
    const tail = random.chance(0.5)
      ? noise(random, random.integer(1, 300))
      : one(random, [...study.files.values()]);
    return withFile(place, joined([bytes, tail]), NOTHING);
  },
  'end with another file': (place) => {
    const other = one(place.random, [...place.study.files.values()]);
    const at = place.random.integer(0, Math.min(place.bytes.length, other.length));
    return withFile(place, joined([place.bytes.subarray(0, at), other.subarray(at)]), 'anything');
  },
  'swap an attribute between files': (place) => {
    const { bytes, random, study, name, elements } = place;
    const others = [...study.files].filter(([otherName]) => otherName !== name);
    if (others.length === 0) return undefined;
    const [otherName, otherBytes] = one(random, others);
    const [own, tag] = [
      elements,
      one(random, [0x00080018, 0x00200013, 0x00200032, 0x00181060, PIXEL_DATA, 0x0020000e]),
    ];
    const [mine, theirs] = [sameElement(own, tag), sameElement(elementsOf(otherBytes), tag)];
    if (mine === undefined || theirs === undefined) return undefined;
    const swap = (into: Uint8Array, at: PlacedElement, from: Uint8Array, of: PlacedElement): Uint8Array =>
      spliced(into, at.at, at.to, from.subarray(of.at, of.to));
    return {
      files: new Map([
        ...study.files,
        [name, swap(bytes, mine, otherBytes, theirs)],
        [otherName, swap(otherBytes, theirs, bytes, mine)],
      ]),
      changedFiles: new Set([name, otherName]),
      effect: 'anything',
    };
  },
  'add a copy': ({ study, name, bytes, random }) => ({
    files: new Map([...study.files, [random.chance(0.5) ? `${name}.copy` : 'IM9999', bytes]]),
    changedFiles: new Set([name, `${name}.copy`, 'IM9999']),
    effect: NOTHING,
  }),
  'remove a file': ({ study, name }) => ({
    files: new Map([...study.files].filter(([other]) => other !== name)),
    changedFiles: new Set([name]),
    effect: NOTHING,
  }),
};
