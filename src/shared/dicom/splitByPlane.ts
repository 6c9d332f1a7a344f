import { type Failure, failure } from '../failures/failure.ts';
import { dot, perAxis } from '../geometry/vec3.ts';
import type { SliceFile } from './imageSeries.ts';
import { arePlanesEqual, differenceOverFieldMm } from './planeDifference.ts';
import type { SlicePlane } from './sliceHeader.ts';
import type { SeriesPart } from './splitByPhase.ts';
import {
  positionAlong,
  SAME_POSITION_MM,
  sliceNormal,
  sortAlongNormal,
  stackGeometry,
} from './stackGeometry.ts';

/** Planes whose pixels lie this near to each other all over the field belong to one volume. */
export const SAME_FIELD_MM = 0.2;

/** Splits the slices of one series by kind of image, frame of reference, matrix, pixel size and orientation. */
export function splitByPlane(slices: readonly SliceFile[]): SeriesPart[] {
  const groups = joinInterleaved(inFrames(byPlane(slices)));
  return groups.map(({ slices: group, notes }) => ({
    slices: group,
    label: groups.length > 1 ? planeLabel(group[0]!) + typeLabel(group[0]!, groups) : '',
    notes: [...notes, ...notesOfTypes(group, groups), ...notesOfOthers(group, groups)],
  }));
}

const PARALLEL_COSINE = 0.99;
const LEAST_SLICES = 3;
/** Of many planes that differ a little a few are enough to find one in the middle. */
const MOST_CANDIDATES = 64;

/** Before it is known whether the series has other parts. */
type Group = Omit<SeriesPart, 'label'>;

const isScout = ({ header }: SliceFile): boolean => header.labels.imageType.includes('LOCALIZER');

/** Frames that were computed from several others (PS3.3 C.8.16.1.4 and its terms for volumes). */
const COMPUTED =
  /^(MAX_IP|MIN_IP|MAXIMUM|MINIMUM|MEAN|MEDIAN|STD_DEVIATION|SUBTRACTION|ADDITION|MULTIPLICATION|DIVISION|VOLUME_RENDER|SURFACE_RENDER)$/;

const computationOf = ({ header: { labels } }: SliceFile): string =>
  labels.imageType.slice(3, 4).filter((value) => COMPUTED.test(value))[0] ?? '';

const kindOf = (slice: SliceFile): string =>
  [slice.header.labels.modality, ...slice.header.labels.imageType.slice(0, 3), computationOf(slice)].join(
    '\\',
  );

const matrixOf = ({ header: { plane } }: SliceFile): string => `${plane.columns}×${plane.rows}`;

function groupsBy(
  slices: readonly SliceFile[],
  belong: (a: SliceFile, b: SliceFile) => boolean,
): SliceFile[][] {
  const groups: SliceFile[][] = [];
  for (const slice of slices) {
    const group = groups.find((candidate) => belong(candidate[0]!, slice));
    if (group === undefined) groups.push([slice]);
    else group.push(slice);
  }
  return groups;
}

function byPlane(slices: readonly SliceFile[]): Group[] {
  const alike = groupsBy(slices, (a, b) => kindOf(a) === kindOf(b) && matrixOf(a) === matrixOf(b));
  return alike.flatMap((group) => {
    const exact = exactPlanes(group);
    if (exact.length === 1) return [{ slices: group, notes: [] }];
    return nearPlanes(exact).map((near) => ({ slices: near, notes: noteOfDifference(near) }));
  });
}

/** Joins planes that are near the most frequent one, then those near the most frequent one of the others, and so on. */
function nearPlanes(exact: readonly SliceFile[][]): SliceFile[][] {
  let rest = [...exact].sort((a, b) => b.length - a.length);
  const joined: SliceFile[][] = [];
  while (rest.length > 0) {
    const centre = centralPlane(rest);
    const isNear = (group: SliceFile[]): boolean =>
      differenceOverFieldMm(centre, group[0]!.header.plane) <= SAME_FIELD_MM;
    joined.push(rest.filter(isNear).flat());
    rest = rest.filter((group) => !isNear(group));
  }
  return joined;
}

/** The plane with the most slices near it: of planes that jitter, one in the middle. */
function centralPlane(exact: readonly SliceFile[][]): SlicePlane {
  const candidates = exact.slice(0, MOST_CANDIDATES).map((group) => group[0]!.header.plane);
  const near = (plane: SlicePlane): number =>
    exact.reduce((sum, group) => {
      const differenceMm = differenceOverFieldMm(plane, group[0]!.header.plane);
      return sum + (differenceMm <= SAME_FIELD_MM ? group.length : 0);
    }, 0);
  return candidates.reduce((best, plane) => (near(plane) > near(best) ? plane : best));
}

/** Slices whose planes differ by rounding at most. */
export const exactPlanes = (slices: readonly SliceFile[]): SliceFile[][] =>
  groupsBy(slices, (a, b) => arePlanesEqual(a.header.plane, b.header.plane));

function noteOfDifference(slices: readonly SliceFile[]): SeriesPart['notes'] {
  const first = slices[0]!.header.plane;
  const mostMm = Math.max(...slices.map((slice) => differenceOverFieldMm(first, slice.header.plane)));
  return arePlanesAllEqual(slices) ? [] : [failure('series.planes-differ', { mostMm })];
}

const arePlanesAllEqual = (slices: readonly SliceFile[]): boolean =>
  slices.every((slice) => arePlanesEqual(slices[0]!.header.plane, slice.header.plane));

const frameOf = ({ header }: SliceFile): string => header.identity.frameOfReferenceUid;

/** A frame of reference for a few slices each says nothing; several for many slices are several examinations. */
function inFrames(groups: readonly Group[]): Group[] {
  return groups.flatMap(({ slices, notes }) => {
    const frames = groupsBy(slices, (a, b) => frameOf(a) === frameOf(b));
    // A missing one contradicts no other.
    if (frames.length === 1 || frames.filter(([first]) => frameOf(first!) !== '').length === 1)
      return [{ slices, notes }];
    if (slices.length >= LEAST_SLICES && frames.every((frame) => frame.length < LEAST_SLICES)) {
      return [
        { slices, notes: [...notes, failure('series.frames-of-reference', { frames: frames.length })] },
      ];
    }
    return frames.map((frame) => ({ slices: frame, notes }));
  });
}

/** Joins groups whose slices alternate and make one regular stack: their differences are of no account. */
function joinInterleaved(groups: readonly Group[]): Group[] {
  const joined: Group[] = [];
  for (const group of [...groups].sort((a, b) => b.slices.length - a.slices.length)) {
    const at = joined.findIndex((other) => canJoin(other, group));
    if (at < 0) joined.push(group);
    else {
      const slices = [...joined[at]!.slices, ...group.slices];
      joined[at] = {
        slices,
        notes: [...joined[at]!.notes, ...group.notes, noteOfJoining(joined[at]!, group)],
      };
    }
  }
  // In the order in which they were found.
  const order = new Map(groups.flatMap(({ slices }, index) => slices.map((slice) => [slice, index])));
  return joined.sort((a, b) => order.get(a.slices[0]!)! - order.get(b.slices[0]!)!);
}

const noteOfJoining = (a: Group, b: Group): Failure =>
  failure(doAlternate(a.slices, b.slices) ? 'series.alternating-joined' : 'series.kinds-joined');

function canJoin(a: Group, b: Group): boolean {
  const [first, second] = [a.slices[0]!, b.slices[0]!];
  return (
    !isScout(first) &&
    !isScout(second) &&
    first.header.labels.modality === second.header.labels.modality &&
    matrixOf(first) === matrixOf(second) &&
    differenceOverFieldMm(first.header.plane, second.header.plane) <= SAME_FIELD_MM &&
    (doAlternate(a.slices, b.slices) || isContinuation(a.slices, b.slices)) &&
    stackGeometry(sortAlongNormal([...a.slices, ...b.slices])).kind === 'regular'
  );
}

/**
 * Whether slices lie wholly above or below others that differ from them in the words of Image Type alone: an archive
 * that compresses some of them calls these derived.
 */
function isContinuation(a: readonly SliceFile[], b: readonly SliceFile[]): boolean {
  const [first, second] = [a[0]!, b[0]!];
  if (computationOf(first) !== computationOf(second) || frameOf(first) !== frameOf(second)) return false;
  const normal = sliceNormal(first.header.plane);
  if (dot(normal, sliceNormal(second.header.plane)) < PARALLEL_COSINE) return false;
  const [own, others] = [a, b].map((slices) => slices.map((slice) => positionAlong(normal, slice)));
  return Math.min(...own!) > Math.max(...others!) || Math.max(...own!) < Math.min(...others!);
}

/** Whether many slices of either lie between slices of the other. */
function doAlternate(a: readonly SliceFile[], b: readonly SliceFile[]): boolean {
  const normal = sliceNormal(a[0]!.header.plane);
  if (Math.abs(dot(normal, sliceNormal(b[0]!.header.plane))) < PARALLEL_COSINE) return false;
  const places = [a, b]
    .flatMap((slices, index) => slices.map((slice) => ({ index, at: positionAlong(normal, slice) })))
    .sort((p, q) => p.at - q.at);
  const steps = places.slice(1).map((place, index) => ({ from: places[index]!, to: place }));
  if (steps.some(({ from, to }) => to.at - from.at <= SAME_POSITION_MM)) return false;
  const changes = steps.filter(({ from, to }) => from.index !== to.index).length;
  return changes >= Math.min(a.length, b.length) && changes >= LEAST_SLICES;
}

/** What other slices of the series a volume may lack. */
function notesOfOthers(slices: readonly SliceFile[], groups: readonly Group[]): SeriesPart['notes'] {
  const others = groups.filter((other) => other.slices !== slices && !isScout(other.slices[0]!));
  if (others.some((other) => doAlternate(slices, other.slices))) return [failure('series.slices-between')];
  return others.some((other) => isContinued(slices, other.slices)) ? [failure('series.continued')] : [];
}

/** Whether slices lie above or below others of their orientation, at no more than twice their distance. */
function isContinued(a: readonly SliceFile[], b: readonly SliceFile[]): boolean {
  const normal = sliceNormal(a[0]!.header.plane);
  if (a.length < 2 || Math.abs(dot(normal, sliceNormal(b[0]!.header.plane))) < PARALLEL_COSINE) return false;
  const [own, others] = [a, b].map((slices) => slices.map((slice) => positionAlong(normal, slice)));
  const [least, most] = [Math.min(...own!), Math.max(...own!)];
  const stepMm = (most - least) / (a.length - 1);
  const gapMm = Math.max(least - Math.max(...others!), Math.min(...others!) - most);
  return gapMm > SAME_POSITION_MM && gapMm <= 2 * stepMm;
}

/** The orientation in a radiologist's word, by the axis nearest to the normal. */
export function orientationName(slice: SliceFile): 'axial' | 'coronal' | 'sagittal' | 'oblique' {
  const normal = sliceNormal(slice.header.plane);
  const [x, y, z] = perAxis((axis) => Math.abs(normal[axis]));
  if (z > 0.9) return 'axial';
  if (y > 0.9) return 'coronal';
  return x > 0.9 ? 'sagittal' : 'oblique';
}

const typeOf = ({ header: { labels } }: SliceFile): string => labels.imageType.slice(0, 3).join(' ');

/** What tells a part from others of its orientation and matrix, where that is the kind of image; else ''. */
function typeLabel(slice: SliceFile, groups: readonly Group[]): string {
  const alike = groups.filter(({ slices }) => planeLabel(slices[0]!) === planeLabel(slice));
  const types = new Set(alike.map(({ slices }) => typeOf(slices[0]!)));
  return types.size > 1 ? `, ${typeOf(slice).toLowerCase() || 'without image type'}` : '';
}

/** Images of other kinds in the same place: copies that were changed, say. */
function notesOfTypes(slices: readonly SliceFile[], groups: readonly Group[]): SeriesPart['notes'] {
  const [own] = slices;
  const normal = sliceNormal(own!.header.plane);
  const isHere = (other: SliceFile): boolean =>
    Math.abs(positionAlong(normal, own!) - positionAlong(normal, other)) <= SAME_POSITION_MM;
  const types = new Set(
    groups
      .filter((group) => planeLabel(group.slices[0]!) === planeLabel(own!) && group.slices.some(isHere))
      .map((group) => typeOf(group.slices[0]!)),
  );
  return types.size > 1
    ? [
        failure('series.one-of-several', {
          parts: types.size,
          attribute: 'Image Type',
          value: typeOf(own!),
        }),
      ]
    : [];
}

function planeLabel(slice: SliceFile): string {
  const { plane, labels } = slice.header;
  const kind = labels.imageType.includes('LOCALIZER') ? 'localiser' : orientationName(slice);
  return `${kind} ${plane.columns}×${plane.rows}`;
}
