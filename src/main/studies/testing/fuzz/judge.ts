import { createHash } from 'node:crypto';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import type { ImageSeries, SliceFile } from '#shared/dicom/imageSeries.ts';
import { loadVolume } from '#shared/dicom/loadVolume.ts';
import { readFileHeader } from '#shared/dicom/readFileHeader.ts';
import { bytesToCompare } from '#shared/dicom/sliceDigest.ts';
import { pixelDataLength } from '#shared/dicom/sliceHeader.ts';
import { createSliceReader, type ReadBytes } from '#shared/dicom/sliceReader.ts';
import { type ParsedSource, type StudyScan, scanStudy } from '#shared/dicom/studyScan.ts';
import { UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { words } from '#shared/words/words.ts';
import { pixelCodecs } from '../../pixelCodecs.ts';
import type { FuzzStudy } from './fuzzStudies.ts';
import type { Mutant } from './mutation.ts';

/** One slice of a volume that was loaded. */
export interface LoadedSlice {
  readonly fileName: string;
  readonly frame: number;
  readonly valuesHu: Int16Array;
  /** Its first and its last voxel. */
  readonly cornersLpsMm: readonly [Vec3, Vec3];
  /** Which of the study's volumes it is in. */
  readonly volume: number;
}

interface Reading {
  readonly scan: StudyScan;
  readonly slices: readonly LoadedSlice[];
  /** Of series that were refused, or failed to load, one sentence each. */
  readonly refusals: readonly string[];
  /** Everything that is reported to the user, worded. */
  readonly told: ReadonlySet<string>;
}

/** What a study's files are, read as the program reads folders; a file's name is its path. */
async function read(files: ReadonlyMap<string, Uint8Array>): Promise<Reading> {
  const { sentence } = words('en');
  const sources: ParsedSource[] = [];
  for (const [name, bytes] of files) {
    const parsed = await readFileHeader({
      name,
      size: bytes.length,
      read: (from, to) => bytes.slice(from, to),
    });
    sources.push({ sourceId: name, fileName: name, folder: '', parsed });
  }
  const readBytes: ReadBytes = async (sourceId, from, to) => files.get(sourceId)!.slice(from, to);
  const readSlice = createSliceReader(readBytes);
  const tableOf = createHounsfieldTables();
  const digest = async (slice: SliceFile): Promise<string> =>
    createHash('sha1')
      .update(await bytesToCompare(await readSlice(slice), pixelCodecs, tableOf))
      .digest('hex');
  const scan = await scanStudy(sources, (slices) => Promise.all(slices.map(digest)));
  const refusals: string[] = [];
  const slices: LoadedSlice[] = [];
  const told = new Set<string>(
    scan.problems.map(({ reason, fileName }) => `${fileName}: ${sentence(reason)}`),
  );
  for (const [volume, series] of scan.series.entries()) {
    for (const warning of series.warnings) told.add(sentence(warning));
    const reason = await load(series, readBytes, volume, slices);
    if (reason !== undefined) refusals.push(sentence(reason));
  }
  return { scan, slices, refusals, told };
}

/** Adds the slices of a series; or the reason why it is refused. */
async function load(
  series: ImageSeries,
  readBytes: ReadBytes,
  volume: number,
  into: LoadedSlice[],
): Promise<Failure | undefined> {
  if (series.geometry.kind === 'refused') return series.geometry.reason;
  // The report says what was shifted or resampled; its voxels are no slice's own.
  if (series.geometry.correction !== undefined) return undefined;
  try {
    const { grid, data } = await loadVolume(series, readBytes, pixelCodecs);
    const [nI, nJ] = grid.sizeIjk;
    series.slices.forEach(({ fileName, header }, k) => {
      into.push({
        fileName,
        frame: header.identity.frameNumber ?? 0,
        valuesHu: data.subarray(k * nI * nJ, (k + 1) * nI * nJ),
        cornersLpsMm: [ijkToLps(grid, [0, 0, k]), ijkToLps(grid, [nI - 1, nJ - 1, k])],
        volume,
      });
    });
    return undefined;
  } catch (thrown) {
    // Anything else than a failure in words is a defect.
    if (thrown instanceof UserError) return thrown.failure;
    throw thrown;
  }
}

/** Slices of other files may move by rounding, and by what planes of one volume may differ in. */
const SAME_PLACE_MM = 0.3;

export interface Outcome {
  /** undefined where all is well; else what is wrong, one line. */
  readonly fault: string | undefined;
  readonly result: 'same' | 'warned of' | 'refused' | 'as it now says';
  /** What the headers that were read claim for their pixels, bytes. */
  readonly claimedBytes: number;
  /** The changed files that were loaded as what they now say: only other readers know whether that is right. */
  readonly asSaid: readonly LoadedSlice[];
}

export type Judge = (mutant: Mutant) => Promise<Outcome>;

/** Reads the sound study once, and holds what is read of its mutants against it. */
export async function createJudge(study: FuzzStudy): Promise<Judge> {
  const sound = await read(study.files);
  if (sound.refusals.length > 0 || sound.slices.length === 0)
    throw new Error(`${study.name}: ${sound.refusals[0]}`);
  const keyOf = ({ fileName, frame }: LoadedSlice): string => `${fileName} ${frame}`;
  const originals = new Map(sound.slices.map((slice) => [keyOf(slice), slice]));
  return async (mutant) => {
    const reading = await read(mutant.files);
    const isNew = (sentence: string): boolean => !sound.told.has(sentence);
    const isTold = [...reading.told].some(isNew);
    const fault = faultOf(mutant, reading, isTold);
    const claimedBytes = reading.scan.series
      .flatMap(({ slices }) => slices)
      .reduce((all, { header }) => all + pixelDataLength(header.plane, header.pixels), 0);
    const isSame = reading.slices.length === sound.slices.length && !isTold && mutant.effect !== 'anything';
    const result =
      reading.slices.length === 0 ? 'refused' : isTold ? 'warned of' : isSame ? 'same' : 'as it now says';
    const asSaid =
      mutant.effect === 'anything'
        ? reading.slices.filter(({ fileName }) => mutant.changedFiles.has(fileName))
        : [];
    return { fault, result, claimedBytes, asSaid };
  };

  function faultOf({ changedFiles, effect, files }: Mutant, { slices, scan }: Reading, isTold: boolean) {
    for (const slice of slices) {
      const isChanged = changedFiles.has(slice.fileName);
      if (isChanged && effect === 'anything') continue;
      const original =
        originals.get(keyOf(slice)) ??
        [...originals.values()].find(({ fileName }) => slice.fileName.startsWith(fileName));
      if (original === undefined) {
        if (isChanged) continue;
        return `${keyOf(slice)} is a slice that was none`;
      }
      const moved = slice.cornersLpsMm.some(
        (corner, index) => distance(corner, original.cornersLpsMm[index]!) > SAME_PLACE_MM,
      );
      const differing = differences(slice.valuesHu, original.valuesHu);
      const allowed = isChanged && effect !== 'anything' ? effect.voxels : 0;
      if (isChanged && isTold) continue;
      if (moved) return `${keyOf(slice)} is at another place${isChanged ? '' : ', though its file is sound'}`;
      if (differing > allowed) {
        return `${differing} voxels of ${keyOf(slice)} have other values${isChanged ? '' : ', though its file is sound'}`;
      }
    }
    const mixed = mixedVolume(slices, changedFiles);
    if (mixed !== undefined) return mixed;
    const listed = new Set(scan.series.flatMap((series) => series.slices.map(({ fileName }) => fileName)));
    const hasCopies = scan.series.some(({ warnings }) =>
      warnings.some(({ code }) => code === 'series.copies-left-out'),
    );
    const named = new Set(scan.problems.map(({ fileName }) => fileName));
    for (const name of files.keys()) {
      if (listed.has(name) || named.has(name)) continue;
      // A changed file may have become a copy of it.
      if (!changedFiles.has(name) && !hasCopies) return `${name} vanished, though it is sound`;
      if (!isTold && scan.skippedNonDicom === 0) return `${name} vanished without a word`;
    }
    return undefined;
  }

  /** Slices of sound files that were in different volumes, and are in one now. */
  function mixedVolume(
    slices: readonly LoadedSlice[],
    changedFiles: ReadonlySet<string>,
  ): string | undefined {
    const origin = new Map<number, LoadedSlice>();
    for (const slice of slices) {
      if (changedFiles.has(slice.fileName)) continue;
      const own = originals.get(keyOf(slice));
      if (own === undefined) continue;
      const first = origin.get(slice.volume) ?? own;
      origin.set(slice.volume, first);
      if (first.volume !== own.volume) return `${keyOf(slice)} is in one volume with ${keyOf(first)}`;
    }
    return undefined;
  }
}

const distance = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function differences(a: Int16Array, b: Int16Array): number {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  let count = 0;
  for (let v = 0; v < a.length; v++) if (a[v] !== b[v]) count++;
  return count;
}
