import { distinctFailures, type Failure, failure, sameFailure } from '../failures/failure.ts';
import { length, subtract, type Vec3 } from '../geometry/vec3.ts';
import { withoutUndefined } from '../withoutUndefined.ts';
import { assembleSeries, slicesToCompare } from './assembleSeries.ts';
import { countPatients } from './countPatients.ts';
import type { ImageSeries, LostFile, OtherImage, SliceFile } from './imageSeries.ts';
import type { ImageMatrix, ParsedFile } from './sliceHeader.ts';

/** A file that was recognised but gives no slice, or something that could not be reached. */
export interface ScanProblem {
  readonly fileName: string;
  readonly kind: 'notImage' | 'unsupported' | 'damaged' | 'unlisted';
  readonly reason: Failure;
}

export interface StudyScan {
  readonly series: readonly ImageSeries[];
  /** Files that are not DICOM. */
  readonly skippedNonDicom: number;
  readonly problems: readonly ScanProblem[];
}

export interface ParsedSource {
  /** What the caller reads the file by (a path, a key); never shown. */
  readonly sourceId: string;
  /** Base name, for messages. */
  readonly fileName: string;
  /** What holds the file, where the caller knows; never shown. */
  readonly folder?: string;
  /**
   * `unlisted`: a folder that could not be read; whatever is in it is not known. `special`: a pipe, a socket or a
   * device, which is never opened.
   */
  readonly parsed: ParsedFile | { readonly kind: 'unlisted' | 'special'; readonly reason: Failure };
}

/**
 * Sorts parsed files into series.
 *
 * @param digestPixels called for slices at the same position that only their pixels can tell apart; gives a digest of
 *   their HU, all at once so that the caller can bound and cancel its reads
 */
export async function scanStudy(
  sources: readonly ParsedSource[],
  digestPixels: (slices: readonly SliceFile[]) => Promise<readonly string[]>,
): Promise<StudyScan> {
  const slices: SliceFile[] = [];
  const lost: LostFile[] = [];
  const others: OtherImage[] = [];
  const problems: ScanProblem[] = [];
  let skippedNonDicom = 0;
  const isSliceName = sliceNames(sources);
  const lose = (
    source: ParsedSource,
    kind: LostFile['kind'],
    reason: Failure,
    seriesInstanceUid = '',
  ): void => {
    const { fileName, folder } = source;
    lost.push({ kind, fileName, reason, seriesInstanceUid, ...withoutUndefined({ folder }) });
    problems.push({ fileName, kind, reason });
  };
  const leaveOut = (fileName: string, reason: Failure, seriesInstanceUid: string): void => {
    others.push({ fileName, reason, seriesInstanceUid });
    problems.push({ fileName, kind: 'notImage', reason });
  };
  const unplaced: UnplacedImage[] = [];
  const pictures: Picture[] = [];
  for (const source of sources) {
    const { sourceId, fileName, folder, parsed } = source;
    const place = { sourceId, fileName, ...withoutUndefined({ folder }) };
    switch (parsed.kind) {
      case 'slice':
        slices.push({ ...place, header: parsed.header });
        break;
      case 'frames':
        for (const header of parsed.headers) slices.push({ ...place, header });
        break;
      case 'index':
        break;
      case 'notDicom':
        if (isSliceName(source)) lose(source, 'damaged', failure('studies.no-slice-among-slices'));
        else if (isSliceName({ ...source, fileName: unpackedName(fileName) }))
          lose(source, 'unsupported', failure('studies.packed-slice'));
        else skippedNonDicom++;
        break;
      case 'damaged':
        if (parsed.unplacedMatrix === undefined)
          lose(source, 'damaged', parsed.reason, parsed.seriesInstanceUid);
        else unplaced.push({ source, ...parsed, unplacedMatrix: parsed.unplacedMatrix });
        break;
      case 'unsupported':
        if (parsed.pictureOfLpsMm !== undefined)
          pictures.push({ source, ...parsed, pictureOfLpsMm: parsed.pictureOfLpsMm });
        else lose(source, 'unsupported', parsed.reason, parsed.seriesInstanceUid);
        break;
      case 'unlisted':
        lose(source, 'unlisted', parsed.reason);
        break;
      case 'special':
        if (isSliceName(source)) lose(source, 'damaged', parsed.reason);
        else problems.push({ fileName, kind: 'unsupported', reason: parsed.reason });
        break;
      case 'notImage':
        leaveOut(fileName, parsed.reason, parsed.seriesInstanceUid);
        break;
      default:
        parsed satisfies never;
    }
  }
  for (const { source, reason, seriesInstanceUid, unplacedMatrix } of unplaced) {
    if (isUnlikeSlices(unplacedMatrix, slicesOfSeries(slices, seriesInstanceUid))) {
      leaveOut(source.fileName, failure('dicom.no-position', { modality: 'CT' }), seriesInstanceUid);
    } else lose(source, 'damaged', reason, seriesInstanceUid);
  }
  for (const { source, reason, seriesInstanceUid, pictureOfLpsMm } of pictures) {
    if (slicesOfSeries(slices, seriesInstanceUid).some((slice) => liesAt(slice, pictureOfLpsMm)))
      leaveOut(source.fileName, reason, seriesInstanceUid);
    else lose(source, 'unsupported', reason, seriesInstanceUid);
  }
  const series = assembleSeries(slices, { lost, others });
  const toCompare = slicesToCompare(series);
  if (toCompare.length === 0) return { series, skippedNonDicom, problems };
  const digests = await digestPixels(toCompare);
  const digestOf = new Map(toCompare.map((slice, index) => [slice, digests[index]!]));
  const withDigests = slices.map((slice) => {
    const pixelDigest = digestOf.get(slice);
    return pixelDigest === undefined ? slice : { ...slice, pixelDigest };
  });
  return { series: assembleSeries(withDigests, { lost, others }), skippedNonDicom, problems };
}

/** An image without position and orientation: a slice that lost them, or a scout whose type does not say so. */
interface UnplacedImage {
  readonly source: ParsedSource;
  readonly reason: Failure;
  readonly seriesInstanceUid: string;
  readonly unplacedMatrix: ImageMatrix;
}

/** An image in colour: a picture of the slice in whose place it lies, or a slice of which only that is left. */
interface Picture {
  readonly source: ParsedSource;
  readonly reason: Failure;
  readonly seriesInstanceUid: string;
  readonly pictureOfLpsMm: Vec3;
}

/** Positions of one slice that were written in two ways lie as near to each other. */
const SAME_PLACE_MM = 0.01;

const liesAt = ({ header }: SliceFile, placeLpsMm: Vec3): boolean =>
  length(subtract(header.plane.positionLpsMm, placeLpsMm)) <= SAME_PLACE_MM;

const slicesOfSeries = (slices: readonly SliceFile[], seriesInstanceUid: string): SliceFile[] =>
  slices.filter(({ header }) => header.identity.seriesInstanceUid === seriesInstanceUid);

/** Slices of one stack have one matrix, so an image of another one is none of them. */
function isUnlikeSlices({ rows, columns }: ImageMatrix, slices: readonly SliceFile[]): boolean {
  const isLike = ({ header: { plane } }: SliceFile): boolean =>
    plane.rows === rows && plane.columns === columns;
  return slices.length >= LEAST_ALIKE && !slices.some(isLike);
}

/** That it is of several patients, and what could not be read, each reason once; other objects than images are no problem. */
export function scanWarnings({ series, problems }: StudyScan): Failure[] {
  const patients = countPatients(series);
  const mixed = patients > 1 ? [failure('studies.several-patients', { patients })] : [];
  const worst = problems.filter(({ kind }) => kind !== 'notImage');
  const unread = distinctFailures(worst.map(({ reason }) => reason)).map((reason) => {
    const files = worst.filter((problem) => sameFailure(problem.reason, reason));
    const { kind, fileName } = files[0]!;
    return kind === 'unlisted'
      ? reason
      : failure('studies.problem-in-files', { files: files.length, fileName, reason });
  });
  return [...mixed, ...unread];
}

/**
 * Tells files that are named like slices in the same folder: `IM0046` beside `IM0045`, but not `IM0046.txt`. A slice
 * of which a copy or a disk left other bytes is known by its name alone.
 */
function sliceNames(sources: readonly ParsedSource[]): (source: ParsedSource) => boolean {
  const patterns = new Map<string, number>();
  for (const source of sources) {
    if (source.parsed.kind !== 'slice') continue;
    const pattern = namePattern(source);
    patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1);
  }
  return (source) => (patterns.get(namePattern(source)) ?? 0) >= LEAST_ALIKE;
}

const LEAST_ALIKE = 3;

/** Without the ending that programs which pack single files give them. */
const unpackedName = (fileName: string): string => fileName.replace(/\.(gz|z|bz2|xz|zst|lz4|lzma|zip)$/i, '');

/** The name with # for numbers, UIDs and long hexadecimal words, in its folder. */
const namePattern = ({ fileName, folder = '' }: ParsedSource): string =>
  `${folder}/${fileName
    .replace(/\b(?=[\da-f-]*\d)[\da-f-]{8,}\b/gi, '#')
    .replace(/\d+(\.\d+)*/g, '#')
    .toLowerCase()}`;
