import { distinctFailures, type Failure, failure, sameFailure } from '../failures/failure.ts';
import type { ImageSeries, LostFile, OtherImage, SeriesGeometry, SliceFile } from './imageSeries.ts';
import { MONOENERGETIC, type PhaseAttribute } from './phaseAttributes.ts';
import { phaseContradictions } from './phaseContradictions.ts';
import { othersOfNumber } from './othersOfNumber.ts';
import type { IdentifiedSeries } from './identifiedSeries.ts';
import { identifySeries } from './seriesIdentity.ts';
import {
  concatenationNotes,
  countNotes,
  depthNotes,
  reconstructionNotes,
  studyNotes,
} from './sliceContradictions.ts';
import { copiesToCheck, hasCopy, withoutCopies } from './sliceCopies.ts';
import type { PixelFormat } from './sliceHeader.ts';
import { positionGroups, type SeriesPart, splitByPhase } from './splitByPhase.ts';
import { exactPlanes, splitByPlane } from './splitByPlane.ts';
import { geometryNotes, sortAlongNormal, stackGeometry } from './stackGeometry.ts';

/** What a scan found beside slices. */
export interface FoundBeside {
  /** Files and folders that could not be read; a series that may have lost slices with them is refused. */
  readonly lost?: readonly LostFile[];
  /** Images that are filed in a series but are no slices of it. */
  readonly others?: readonly OtherImage[];
}

/**
 * Sorts slices into series and checks that each is one regular stack (docs/clinical.md, "Regular stacks"). Nothing is
 * repaired silently: what was dropped is in `warnings`, what cannot be trusted is in `geometry` as a refusal.
 *
 * @param slices all slices found, in any order
 * @returns the series in a fixed order: by series number, then UID, then part
 */
export function assembleSeries(slices: readonly SliceFile[], beside: FoundBeside = {}): ImageSeries[] {
  const { lost = [], others = [] } = beside;
  const ordered = [...slices].sort((a, b) => compareText(a.sourceId, b.sourceId));
  const identified = identifySeries(ordered);
  const knownUids = new Set(identified.map(({ seriesInstanceUid }) => seriesInstanceUid));
  const partsOfUid = new Map<string, number>();
  const series = identified.flatMap((one) => {
    const uid = one.seriesInstanceUid;
    const context: SeriesContext = {
      lost: lost.filter(
        (file) =>
          mayBelong(file, one, identified.length === 1) ||
          (one.isOfSingles === true && !knownUids.has(file.seriesInstanceUid) && isSingle(file, one)),
      ),
      others: others.filter(({ seriesInstanceUid }) => seriesInstanceUid === uid && uid !== ''),
      firstPart: partsOfUid.get(uid) ?? 0,
    };
    const parts = assembleOne(one, context);
    partsOfUid.set(uid, context.firstPart + parts.length);
    return parts;
  });
  const noteMaps = [othersOfNumber(series), phaseContradictions(series)];
  const numberOf = (one: ImageSeries): number => Number(one.slices[0]?.header.labels.seriesNumber) || 0;
  const warned = series.map((one) => {
    const notes = noteMaps.flatMap((noteOf) => noteOf.get(one) ?? []);
    return notes.length === 0 ? one : { ...one, warnings: [...one.warnings, ...notes] };
  });
  return warned.sort(
    (a, b) => numberOf(a) - numberOf(b) || compareText(a.seriesInstanceUid, b.seriesInstanceUid),
  );
}

/**
 * The slices whose pixels have to be compared (`SliceFile.pixelDigest`): those that share a position with another one
 * and that no attribute tells apart, and few ones that lie where slices of another part are.
 */
export function slicesToCompare(series: readonly ImageSeries[]): SliceFile[] {
  const wanted = new Set<SliceFile>();
  for (const one of series) {
    if (one.geometry.kind !== 'refused') continue;
    for (const group of positionGroups(one.slices)) {
      if (group.length > 1) for (const slice of group) wanted.add(slice);
    }
    for (const other of series) {
      if (other === one || other.seriesInstanceUid !== one.seriesInstanceUid) continue;
      for (const slice of copiesToCheck(one.slices, other.slices)) wanted.add(slice);
    }
  }
  return [...wanted];
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface SeriesContext {
  readonly lost: readonly LostFile[];
  readonly others: readonly OtherImage[];
  /** The number of parts that the series' UID has had before. */
  readonly firstPart: number;
}

/** A file whose series is not known may have been a slice of what lies beside it, a folder anything. */
function mayBelong(
  file: LostFile,
  { seriesInstanceUid, slices }: IdentifiedSeries,
  isOnly: boolean,
): boolean {
  if (file.kind === 'unlisted') return true;
  if (file.seriesInstanceUid !== '') return file.seriesInstanceUid === seriesInstanceUid;
  const isBeside = file.folder !== undefined && slices.some(({ folder }) => folder === file.folder);
  // Links in other folders lead anywhere.
  const isFile = file.kind === 'damaged' && file.reason.code !== 'studies.link-broken';
  return isBeside || (isOnly && isFile);
}

/** Whether a file of no other series lies beside slices that each name a series of their own. */
const isSingle = ({ seriesInstanceUid, folder }: LostFile, { slices }: IdentifiedSeries): boolean =>
  seriesInstanceUid !== '' && slices.some((slice) => slice.folder === folder);

interface AssembledPart extends SeriesPart {
  readonly copies: number;
  readonly geometry: SeriesGeometry;
}

function assembleOne(one: IdentifiedSeries, { lost, others, firstPart }: SeriesContext): ImageSeries[] {
  const check = (slices: readonly SliceFile[]): SeriesGeometry =>
    checkGeometry(slices, one.contradiction, lost);
  const found = assembleParts(one.slices, check);
  const leftovers = new Set(leftoverCopies(found));
  const parts =
    leftovers.size === 0
      ? found
      : assembleParts(
          one.slices.filter((slice) => !leftovers.has(slice)),
          check,
        );
  const uid = one.seriesInstanceUid;
  const counted = countNotes(one.slices);
  const isUnnamed = unnamedSlices(parts.flatMap(({ slices }) => slices));
  return parts.map((part, index) => {
    const remarks = part.slices.flatMap((slice) => slice.header.remarks);
    const copies = part.copies + [...leftovers].filter((slice) => hasCopy(part.slices, slice)).length;
    const copiesNote = copies === 0 ? [] : [failure('series.copies-left-out', { copies })];
    return {
      id: index + firstPart === 0 ? uid : `${uid}#${index + firstPart + 1}`,
      seriesInstanceUid: uid,
      description: describe(part),
      slices: part.slices,
      geometry: part.geometry,
      warnings: distinctFailures([
        ...copiesNote,
        ...one.notes,
        ...unnamedNotes(part.slices.filter(isUnnamed).length),
        ...studyNotes(part.slices),
        ...counted,
        ...concatenationNotes(part.slices),
        ...reconstructionNotes(part.slices),
        ...depthNotes(part.slices),
        ...airNotes(part.slices),
        ...part.notes,
        ...geometryNotes(part.slices, part.geometry),
        ...leftOut(others),
        ...remarks,
      ]),
    };
  });
}

function assembleParts(
  members: readonly SliceFile[],
  check: (slices: readonly SliceFile[]) => SeriesGeometry,
): AssembledPart[] {
  return splitByPlane(members).flatMap((plane) => {
    const distinct = withoutCopies(plane.slices, true);
    return splitByPhase(distinct.kept, [exactPlane(plane)]).map((phase) => {
      const { kept, copiesOf } = withoutCopies(phase.slices);
      const slices = sortAlongNormal(kept);
      return {
        slices,
        label: [plane.label, phase.label].filter((word) => word !== '').join(', '),
        notes: [...plane.notes, ...phase.notes],
        copies: kept.reduce((sum, slice) => sum + copiesOf(slice) + distinct.copiesOf(slice), 0),
        geometry: check(slices),
      };
    });
  });
}

/** The slices of parts that are no volume, where all of them are copies of slices in parts that are. */
function leftoverCopies(parts: readonly AssembledPart[]): SliceFile[] {
  const sound = parts.filter(({ geometry }) => geometry.kind === 'regular').map(({ slices }) => slices);
  return parts
    .filter(({ geometry }) => geometry.kind === 'refused')
    .filter(({ slices }) => slices.every((slice) => sound.some((others) => hasCopy(others, slice))))
    .flatMap(({ slices }) => slices);
}

/** Which of the slices have no SOP Instance UID, or one that another file has too: copies are left out by now. */
function unnamedSlices(slices: readonly SliceFile[]): (slice: SliceFile) => boolean {
  const filesOf = new Map<string, Set<string>>();
  for (const { sourceId, header } of slices) {
    const { sopInstanceUid } = header.identity;
    filesOf.set(sopInstanceUid, (filesOf.get(sopInstanceUid) ?? new Set()).add(sourceId));
  }
  return ({ header: { identity } }) =>
    identity.sopInstanceUid === '' || filesOf.get(identity.sopInstanceUid)!.size > 1;
}

const unnamedNotes = (slices: number): Failure[] =>
  slices === 0 ? [] : [failure('series.instances-unnamed', { slices })];

/** Tells apart what was joined although it is not quite parallel, or of quite the same pixel size. */
function exactPlane({ slices }: SeriesPart): PhaseAttribute {
  const groups = exactPlanes(slices);
  const indexOf = new Map(groups.flatMap((group, index) => group.map((slice) => [slice, index + 1])));
  const of = (slice: SliceFile): string => String(indexOf.get(slice) ?? 1);
  return { name: 'Image Orientation (Patient)', label: 'plane', of, shown: of };
}

/** Lung and air are round every heart; values that end above are no Hounsfield units, or were cut off. */
const AIR_HU = -500;

/** Whether values cannot be as low as air is: a lost intercept, or grey values of a display in place of HU. */
function airNotes(slices: readonly SliceFile[]): Failure[] {
  const leastHu = Math.max(...slices.map(({ header }) => leastHuOf(header.pixels)));
  return leastHu > AIR_HU ? [failure('series.holds-no-air', { leastHu })] : [];
}

/** The least value that the bits of a slice can hold. */
function leastHuOf({ bitsStored, signed, slope, intercept }: PixelFormat): number {
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  return intercept + Math.min(slope * least, slope * (least + 2 ** bitsStored - 1));
}

/** Images that are no slices, each reason once. */
function leftOut(others: readonly OtherImage[]): Failure[] {
  return distinctFailures(others.map(({ reason }) => reason)).map((reason) => {
    const files = others.filter((other) => sameFailure(other.reason, reason));
    return failure('series.images-left-out', {
      images: files.length,
      fileName: files[0]!.fileName,
      reason,
    });
  });
}

function checkGeometry(
  slices: readonly SliceFile[],
  contradiction: Failure | undefined,
  lost: readonly LostFile[],
): SeriesGeometry {
  const { labels } = slices[0]!.header;
  if (labels.modality !== 'CT') {
    return { kind: 'refused', reason: failure('series.not-ct', { modality: labels.modality }) };
  }
  if (labels.imageType.includes('LOCALIZER')) {
    return { kind: 'refused', reason: failure('series.localiser') };
  }
  if (contradiction !== undefined) return { kind: 'refused', reason: contradiction };
  const missing = missingPart(slices);
  if (missing !== undefined) return { kind: 'refused', reason: missing };
  const geometry = stackGeometry(slices);
  const [first] = lost;
  // What lies beside a series may be none of its slices; what is wrong with its own is surer then. A damaged file
  // beside a gap is the slice that is missing there.
  const isSure = lost.some(({ seriesInstanceUid }) => seriesInstanceUid !== '');
  const explainsGap =
    first?.kind === 'damaged' &&
    geometry.kind === 'refused' &&
    geometry.reason.code === 'series.slices-missing';
  if (first === undefined || (!isSure && !explainsGap && geometry.kind === 'refused')) return geometry;
  return { kind: 'refused', reason: whyLost(first, lost.length - 1) };
}

/** Whether files are missing of an image that was divided into several. */
function missingPart(slices: readonly SliceFile[]): Failure | undefined {
  const parts = slices.flatMap(({ header }) => header.identity.partOfImage ?? []);
  if (parts.length === 0) return undefined;
  const numbers = new Set(parts.map(({ number }) => number));
  const count = Math.max(...parts.map((part) => part.count ?? part.number));
  return numbers.size < count
    ? failure('series.files-of-image-missing', { found: numbers.size, files: count })
    : undefined;
}

function whyLost(first: LostFile, others: number): Failure {
  if (first.kind === 'unlisted') return first.reason;
  return failure('series.files-lost', {
    fileName: first.fileName,
    others,
    fate: first.kind === 'damaged' ? 'damaged' : 'unreadable',
    reason: first.reason,
  });
}

function describe({ label, slices }: SeriesPart): string {
  const { labels } = slices[0]!.header;
  const name =
    labels.seriesDescription || labels.protocolName || `series ${labels.seriesNumber || 'without number'}`;
  const energy = energyName(slices[0]!);
  const isNamed = energy === '' || label.includes(MONOENERGETIC.label);
  const what = [label, isNamed ? '' : energy]
    .filter((word) => word !== '')
    .map((word) => `, ${word}`)
    .join('');
  return `${name}${what} (${slices.length === 1 ? 'one slice' : `${slices.length} slices`})`;
}

/** Virtual monoenergetic images say so in the fourth value of their type, some also their energy; else ''. */
function energyName(slice: SliceFile): string {
  const energy = MONOENERGETIC.shown(slice);
  const isMonoenergetic = energy !== '' || slice.header.labels.imageType[3] === 'VMI';
  return isMonoenergetic ? `${MONOENERGETIC.label} ${energy}`.trim() : '';
}
