import type { SliceFile } from './imageSeries.ts';
import {
  positionAlong,
  SAME_POSITION_MM,
  sliceNormal,
  sortAlongNormal,
  stackGeometry,
} from './stackGeometry.ts';

/** Directions whose components differ by no more than this are the same. */
const SAME_DIRECTION = 1e-4 + 1e-9;
const SAME_SPACING_MM = 1e-4;

/** Slices that were told apart from others of their series, and by what ('' where the series is whole). */
export interface SeriesPart {
  readonly slices: readonly SliceFile[];
  readonly label: string;
}

/** Splits the slices of one series by kind of image, frame of reference, matrix, pixel size and orientation. */
export function splitByPlane(slices: readonly SliceFile[]): SeriesPart[] {
  const groups: SliceFile[][] = [];
  for (const slice of slices) {
    const group = groups.find((candidate) => samePlane(candidate[0]!, slice));
    if (group === undefined) groups.push([slice]);
    else group.push(slice);
  }
  return groups.map((group) => ({ slices: group, label: groups.length > 1 ? planeLabel(group[0]!) : '' }));
}

const kindOf = (slice: SliceFile): string =>
  [slice.header.labels.modality, ...slice.header.labels.imageType.slice(0, 3)].join('\\');

function samePlane(a: SliceFile, b: SliceFile): boolean {
  const [p, q] = [a.header.plane, b.header.plane];
  return (
    kindOf(a) === kindOf(b) &&
    a.header.identity.frameOfReferenceUid === b.header.identity.frameOfReferenceUid &&
    p.rows === q.rows &&
    p.columns === q.columns &&
    Math.abs(p.rowSpacingMm - q.rowSpacingMm) <= SAME_SPACING_MM &&
    Math.abs(p.columnSpacingMm - q.columnSpacingMm) <= SAME_SPACING_MM &&
    p.alongRow.every((value, axis) => Math.abs(value - q.alongRow[axis]!) <= SAME_DIRECTION) &&
    p.alongColumn.every((value, axis) => Math.abs(value - q.alongColumn[axis]!) <= SAME_DIRECTION)
  );
}

/** The orientation in a radiologist's word, by the axis nearest to the normal. */
export function orientationName(slice: SliceFile): 'axial' | 'coronal' | 'sagittal' | 'oblique' {
  const [x, y, z] = sliceNormal(slice.header.plane).map(Math.abs) as [number, number, number];
  if (z > 0.9) return 'axial';
  if (y > 0.9) return 'coronal';
  return x > 0.9 ? 'sagittal' : 'oblique';
}

function planeLabel(slice: SliceFile): string {
  const { plane, labels } = slice.header;
  const kind = labels.imageType.includes('LOCALIZER') ? 'localiser' : orientationName(slice);
  return `${kind} ${plane.columns}×${plane.rows}`;
}

/** Attributes by which one series may hold several heart phases or acquisitions, the most telling first. */
const PHASE_ATTRIBUTES: readonly { readonly name: string; readonly of: (slice: SliceFile) => string }[] = [
  { name: 'phase %', of: (slice) => text(slice.header.acquisition.cardiacPhasePercent) },
  { name: 'phase', of: (slice) => text(slice.header.acquisition.temporalPosition) },
  { name: 'acquisition', of: (slice) => text(slice.header.acquisition.acquisitionNumber) },
  { name: 'trigger time', of: (slice) => text(slice.header.acquisition.triggerTimeMs) },
  { name: 'acquired at', of: (slice) => slice.header.acquisition.acquisitionTime },
  { name: 'kernel', of: (slice) => slice.header.labels.convolutionKernel },
  { name: 'description', of: (slice) => slice.header.labels.seriesDescription },
];

const text = (value: number | undefined): string => (value === undefined ? '' : String(value));

/**
 * Splits slices of one orientation into heart phases or acquisitions, where positions repeat or the steps are uneven.
 * Slices that cannot be told apart stay together; {@link stackGeometry} then refuses them.
 */
export function splitByPhase(slices: readonly SliceFile[]): SeriesPart[] {
  const whole: SeriesPart[] = [{ slices, label: '' }];
  const repeats = positionGroups(slices);
  if (repeats.some((group) => group.length > 1)) {
    for (const attribute of PHASE_ATTRIBUTES) {
      const separates = repeats.every((group) => new Set(group.map(attribute.of)).size === group.length);
      const parts = partsBy(slices, attribute);
      // An attribute with a value of its own for every slice separates everything and explains nothing.
      if (separates && parts.length * 3 <= slices.length) return parts;
    }
    return splitByOccurrence(repeats) ?? whole;
  }
  const sorted = sortAlongNormal(slices);
  if (slices.length < 6 || stackGeometry(sorted).kind === 'regular') return whole;
  for (const attribute of PHASE_ATTRIBUTES) {
    const parts = partsBy(slices, attribute);
    if (parts.length > 1 && parts.length * 3 <= slices.length && areInterleavedVolumes(parts)) return parts;
  }
  return whole;
}

function partsBy(slices: readonly SliceFile[], attribute: (typeof PHASE_ATTRIBUTES)[number]): SeriesPart[] {
  const byValue = new Map<string, SliceFile[]>();
  for (const slice of slices) {
    const value = attribute.of(slice);
    const part = byValue.get(value);
    if (part === undefined) byValue.set(value, [slice]);
    else part.push(slice);
  }
  const numeric = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : 1);
  return [...byValue.entries()]
    .sort(([a], [b]) => numeric(a, b))
    .map(([value, part]) => ({ slices: part, label: `${attribute.name} ${value || 'not given'}` }));
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

/** Several images at every position and no attribute to tell them by: the n-th of each, by instance number, is phase n. */
function splitByOccurrence(groups: readonly SliceFile[][]): SeriesPart[] | undefined {
  const phases = groups[0]?.length ?? 0;
  if (phases < 2 || groups.some((group) => group.length !== phases)) return undefined;
  const numbers = groups.flat().map((slice) => slice.header.acquisition.instanceNumber);
  if (new Set(numbers).size !== numbers.length) return undefined;
  return Array.from({ length: phases }, (_, phase) => ({
    slices: groups.map((group) => group[phase]!),
    label: `set ${phase + 1} of ${phases}`,
  }));
}

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
