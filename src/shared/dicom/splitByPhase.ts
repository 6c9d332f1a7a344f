import { type Failure, failure } from '../failures/failure.ts';
import type { SliceFile } from './imageSeries.ts';
import {
  HEART_PHASE_ATTRIBUTES,
  ORDERED_ATTRIBUTES,
  type OrderedAttribute,
  OTHER_PHASE_ATTRIBUTES,
  PHASE_ATTRIBUTES,
  type PhaseAttribute,
} from './phaseAttributes.ts';
import { phaseChanges } from './phaseChanges.ts';
import {
  positionAlong,
  SAME_POSITION_MM,
  sliceNormal,
  sortAlongNormal,
  stackGeometry,
} from './stackGeometry.ts';

/** Slices that were told apart from others of their series. */
export interface SeriesPart {
  readonly slices: readonly SliceFile[];
  /** What sets them apart, '' where the series is whole. */
  readonly label: string;
  /** How that is known, and whatever else a user should know of it. */
  readonly notes: readonly Failure[];
}

/** Parts with fewer slices are leftovers rather than phases. */
const LEAST_SLICES = 3;

/**
 * Splits slices of one orientation into heart phases or acquisitions, where positions repeat or the steps are uneven.
 * Slices that cannot be told apart stay together; {@link stackGeometry} then refuses them.
 *
 * @param more attributes that tell slices apart where those of the standard do not
 */
export function splitByPhase(
  slices: readonly SliceFile[],
  more: readonly PhaseAttribute[] = [],
): SeriesPart[] {
  return split(slices, more).map((part) => {
    const changes = phaseChanges(part.slices);
    return changes.length === 0 ? part : { ...part, notes: [...part.notes, ...changes] };
  });
}

function split(slices: readonly SliceFile[], more: readonly PhaseAttribute[]): SeriesPart[] {
  const whole: SeriesPart[] = [{ slices, label: '', notes: [] }];
  const attributes = [...PHASE_ATTRIBUTES, ...more];
  const repeats = positionGroups(slices);
  if (repeats.some((group) => group.length > 1)) {
    const separating = (combination: readonly PhaseAttribute[]): SeriesPart[] | undefined => {
      const value = (slice: SliceFile): string => combinedValue(combination, slice);
      const separates = repeats.every((group) => new Set(group.map(value)).size === group.length);
      const parts = separates ? partsBy(slices, combination) : undefined;
      if (parts === undefined || areFragments(parts, repeats)) return undefined;
      return combination.some(({ of }) => areExchanged(parts, of, repeats)) ? undefined : parts;
    };
    const singles = attributes.map((attribute) => ({
      name: attribute.name,
      parts: separating([attribute]),
    }));
    const parts =
      firstSplit(singles.map((single) => single.parts)) ??
      firstSplit(OTHER_PHASE_ATTRIBUTES.map((attribute) => [attribute]).map(separating)) ??
      firstSplit(pairs(attributes).map(separating)) ??
      splitByOrder(repeats);
    if (parts === undefined) return whole;
    const others = singles.map((single) => ({
      name: single.name,
      sets: single.parts?.map(({ slices: set }) => set),
    }));
    return withContinuations(withChanges(withOtherTellings(parts, others, repeats), repeats));
  }
  const sorted = sortAlongNormal(slices);
  if (slices.length < 2 * LEAST_SLICES) return whole;
  const isRegular = stackGeometry(sorted).kind === 'regular';
  // Two phases half a step apart make one regular stack, too.
  for (const attribute of isRegular ? HEART_PHASE_ATTRIBUTES : attributes) {
    const parts = partsBy(slices, [attribute]);
    if (parts !== undefined && areInterleavedVolumes(parts)) return parts;
  }
  if (!isRegular) return whole;
  // What heart phases the slices name is said of every part.
  return phaseChanges(slices).length > 0 ? whole : [{ slices, label: '', notes: alternation(slices) }];
}

/** An attribute between whose values the slices of one volume alternate: they may be two acquisitions. */
function alternation(slices: readonly SliceFile[]): Failure[] {
  for (const attribute of PHASE_ATTRIBUTES) {
    const parts = partsBy(slices, [attribute]);
    if (parts === undefined || !areInterleavedVolumes(parts)) continue;
    return [failure('series.sets-joined', { attribute: attribute.name, parts: parts.length })];
  }
  return [];
}

/** Says of the parts where another attribute, or an order, tells as many whole sets apart in another way. */
function withOtherTellings(
  parts: readonly SeriesPart[],
  byAttribute: readonly { readonly name: string; readonly sets: (readonly SliceFile[])[] | undefined }[],
  groups: readonly SliceFile[][],
): SeriesPart[] {
  const partOf = new Map(parts.flatMap((part) => part.slices.map((slice) => [slice, part])));
  const isWhole = (set: readonly SliceFile[]): boolean => set.length * 3 >= groups.length * 2;
  const isOfSeveral = (set: readonly SliceFile[]): boolean =>
    new Set(set.map((slice) => partOf.get(slice))).size > 1;
  const isEven = groups.every((group) => group.length === parts.length);
  const byOrder = ORDERED_ATTRIBUTES.map((attribute) => ({
    name: attribute.name,
    sets: isEven ? orderedSets(groups, parts.length, { ...attribute, isArbitrary: true }) : undefined,
  }));
  const other = [...byAttribute, ...byOrder].find(
    ({ sets = [] }) => sets.length === parts.length && sets.every(isWhole) && sets.some(isOfSeveral),
  );
  if (other === undefined) return [...parts];
  const note = failure('series.told-otherwise', { attribute: other.name });
  return parts.map((part) => ({ ...part, notes: [...part.notes, note] }));
}

/**
 * Says of a part where within it another one ends and yet another begins: values that are counted on from slab to slab
 * may be the second phase's below and the first one's above.
 */
function withChanges(parts: readonly SeriesPart[], groups: readonly SliceFile[][]): SeriesPart[] {
  const placeOf = new Map(groups.flatMap((group, at) => group.map((slice) => [slice, at])));
  const ends = parts.map(({ slices }) => {
    const places = slices.map((slice) => placeOf.get(slice) ?? 0);
    return { first: Math.min(...places), last: Math.max(...places) };
  });
  const changes = ends
    .map(({ last }) => last)
    .filter((last) => ends.some(({ first }) => first > last && first <= last + LEAST_SLICES));
  return parts.map((part, index) => {
    const { first, last } = ends[index]!;
    const isChanged = changes.some((place) => first <= place && place < last);
    return isChanged ? { ...part, notes: [...part.notes, failure('series.sets-change')] } : part;
  });
}

/** Says of each part where others of the series go on above or below it: stations of a scan that overlap a little. */
function withContinuations(parts: readonly SeriesPart[]): SeriesPart[] {
  const normal = sliceNormal(parts[0]!.slices[0]!.header.plane);
  const ranges = parts.map(({ slices }) => {
    const positions = slices.map((slice) => positionAlong(normal, slice));
    return { from: Math.min(...positions), to: Math.max(...positions) };
  });
  return parts.map((part, index) => {
    const { from, to } = ranges[index]!;
    const stepMm = (to - from) / Math.max(1, part.slices.length - 1);
    const restMm = Math.max(...ranges.map((other) => Math.max(from - other.from, other.to - to)));
    const isWhole = restMm <= 2 * stepMm;
    return isWhole ? part : { ...part, notes: [...part.notes, failure('series.set-continued', { restMm })] };
  });
}

/**
 * Whether every part lacks many of the positions between its ends: times that vary from slice to slice cut phases into
 * such sets.
 */
function areFragments(parts: readonly SeriesPart[], groups: readonly SliceFile[][]): boolean {
  const placeOf = new Map(groups.flatMap((group, at) => group.map((slice) => [slice, at])));
  return parts.every(({ slices }) => {
    const places = slices.map((slice) => placeOf.get(slice) ?? 0);
    const span = Math.max(...places) - Math.min(...places) + 1;
    return slices.length * 3 < span * 2;
  });
}

/**
 * Whether a value is the higher one at some places and the lower one at others, amid them, where the values beside it
 * never meet: times of two phases that vary a little and overlap (350 and 351 ms, then 351 and 352 ms) would make one
 * volume of both. One change from slab to slab is said by {@link withChanges}.
 */
function areExchanged(
  parts: readonly SeriesPart[],
  of: (slice: SliceFile) => string,
  groups: readonly SliceFile[][],
): boolean {
  const placeOf = new Map(groups.flatMap((group, at) => group.map((slice) => [slice, at])));
  const sets = parts
    .map(({ slices }) => ({
      value: Number.parseFloat(of(slices[0]!)),
      places: new Set(slices.map((slice) => placeOf.get(slice) ?? 0)),
    }))
    .filter(({ value }) => !Number.isNaN(value));
  type Places = (typeof sets)[number];
  const meet = (a: Places, b: Places): boolean => [...a.places].some((place) => b.places.has(place));
  const isApart = (a: Places, b: Places): boolean => Math.max(...a.places) < Math.min(...b.places);
  return sets.some((middle) => {
    const beside = sets.filter((one) => one !== middle && meet(one, middle));
    const above = beside.filter(({ value }) => value > middle.value);
    return beside
      .filter(({ value }) => value < middle.value)
      .some((low) => above.some((high) => !meet(low, high) && !isApart(low, high) && !isApart(high, low)));
  });
}

/** The first split without leftovers, else the first. */
function firstSplit(splits: readonly (SeriesPart[] | undefined)[]): SeriesPart[] | undefined {
  const found = splits.filter((split) => split !== undefined);
  return found.find((parts) => parts.every((part) => part.slices.length >= LEAST_SLICES)) ?? found[0];
}

const pairs = <T>(list: readonly T[]): [T, T][] =>
  list.flatMap((first, index) => list.slice(index + 1).map((second): [T, T] => [first, second]));

const combinedValue = (combination: readonly PhaseAttribute[], slice: SliceFile): string =>
  combination.map((attribute) => attribute.of(slice)).join('\n');

/** The parts by the values of attributes; undefined where they explain nothing. */
function partsBy(
  slices: readonly SliceFile[],
  combination: readonly PhaseAttribute[],
): SeriesPart[] | undefined {
  const byValue = new Map<string, SliceFile[]>();
  for (const slice of slices) {
    const value = combinedValue(combination, slice);
    const part = byValue.get(value);
    if (part === undefined) byValue.set(value, [slice]);
    else part.push(slice);
  }
  // An attribute with a value of its own for every slice separates everything and explains nothing.
  if (byValue.size < 2 || byValue.size * LEAST_SLICES > slices.length) return undefined;
  const numeric = (a: string, b: string): number =>
    Number.parseFloat(a) - Number.parseFloat(b) || (a < b ? -1 : 1);
  return [...byValue.entries()]
    .sort(([a], [b]) => numeric(a, b))
    .map(([, part]) => {
      const told = combination.map((attribute) => {
        const value = attribute.shown(part[0]!);
        return { name: attribute.name, value, text: `${attribute.label} ${value || 'not given'}` };
      });
      return {
        slices: part,
        label: told.map(({ text }) => text).join(', '),
        notes: told.map(({ name, value }) =>
          failure('series.one-of-several', { parts: byValue.size, attribute: name, value }),
        ),
      };
    });
}

/** The slices by position along the normal. */
export function positionGroups(slices: readonly SliceFile[]): SliceFile[][] {
  const first = slices[0];
  if (first === undefined) return [];
  const normal = sliceNormal(first.header.plane);
  const groups: SliceFile[][] = [];
  for (const slice of sortAlongNormal(slices)) {
    const current = groups.at(-1);
    if (
      current !== undefined &&
      positionAlong(normal, slice) - positionAlong(normal, current[0]!) <= SAME_POSITION_MM
    ) {
      current.push(slice);
    } else groups.push([slice]);
  }
  return groups;
}

/**
 * As many images at every position, whose numbers or times are ordered: phase after phase, or, by times, all phases of a
 * position before those of the next. The n-th of each position is phase n then. Any other order proves nothing.
 */
function splitByOrder(groups: readonly SliceFile[][]): SeriesPart[] | undefined {
  const phases = groups[0]?.length ?? 0;
  if (phases < 2 || groups.length < LEAST_SLICES || groups.some((group) => group.length !== phases)) {
    return undefined;
  }
  for (const attribute of ORDERED_ATTRIBUTES) {
    const sets = orderedSets(groups, phases, attribute);
    if (sets === undefined) continue;
    return sets.map((slices, index) => ({
      slices,
      label: `set ${index + 1} of ${phases} by ${attribute.label}`,
      notes: [failure('series.one-by-order', { parts: phases, place: index + 1, attribute: attribute.name })],
    }));
  }
  return undefined;
}

function orderedSets(
  groups: readonly SliceFile[][],
  phases: number,
  { of, isArbitrary = false }: OrderedAttribute,
): SliceFile[][] | undefined {
  const values = groups.map((group) => group.map(of));
  if (values.flat().some((value) => value === undefined || Number.isNaN(value))) return undefined;
  const sorted = groups.map((group) => [...group].sort((a, b) => of(a)! - of(b)!));
  const sets = Array.from({ length: phases }, (_, phase) => sorted.map((group) => group[phase]!));
  const isPhaseAfterPhase = areApart(sets.map((set) => set.map((slice) => of(slice)!)));
  const byPosition = sorted.map((group) => group.map((slice) => of(slice)!));
  const isPositionAfterPosition = areApart(byPosition) || areApart([...byPosition].reverse());
  if (isPhaseAfterPhase) return sets;
  return isPositionAfterPosition && !isArbitrary && byPosition.every(areDistinct) ? sets : undefined;
}

/** Whether each list lies wholly above the one before. */
const areApart = (lists: readonly (readonly number[])[]): boolean =>
  lists.every((list, index) => index === 0 || Math.min(...list) > Math.max(...lists[index - 1]!));

const areDistinct = (list: readonly number[]): boolean => new Set(list).size === list.length;

/**
 * Whether each part is a sound volume of its own and they cover the same region. Parts that merely follow each other
 * are one scan in steps, and splitting them would hide a missing slice between them.
 */
function areInterleavedVolumes(parts: readonly SeriesPart[]): boolean {
  const normal = sliceNormal(parts[0]!.slices[0]!.header.plane);
  const ranges = parts.map(({ slices }) => {
    const positions = slices.map((slice) => positionAlong(normal, slice));
    return { from: Math.min(...positions), to: Math.max(...positions) };
  });
  const from = Math.max(...ranges.map((range) => range.from));
  const to = Math.min(...ranges.map((range) => range.to));
  const shortest = Math.min(...ranges.map((range) => range.to - range.from));
  if (to - from < shortest / 2) return false;
  return parts.every((part) => stackGeometry(sortAlongNormal(part.slices)).kind === 'regular');
}
