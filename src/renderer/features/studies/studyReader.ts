import pMap from 'p-map';
import { seriesInStack } from '#shared/dicom/decodedStack.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { readSourceSeries, type SourceSeries } from '#shared/dicom/sourceSeries.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { CancelledError, throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import type { Picture, TaskRunner } from '../../workers/studyTasks.ts';
import { createStudyWorkers } from '../../workers/studyWorkers.ts';
import { volumeOfStack } from './decodedStack.ts';
import { type FileContent, studySlice, wholeFile } from './distantFile.ts';
import { type LoadedVolume, loadSeries } from './loadSeries.ts';
import { makeCoarse } from './makeCoarse.ts';
import { openStudy, type StudyFiles } from './openStudy.ts';
import { reportSource, seriesEntries } from './seriesEntries.ts';
import type { OpenedStudy, SeriesEntry, StudyReader } from './types.ts';

/** A study reader without the browser: its thumbnails are plain pixels. */
export type StudyReaderCore = Omit<StudyReader, 'thumbnail'> & {
  thumbnail(seriesId: string): Promise<Picture>;
};

interface OpenStudy {
  readonly files: Omit<StudyFiles, 'stack'>;
  readonly entries: readonly SeriesEntry[];
  /** The best series, where it was decoded while its headers were read; until it is asked for. */
  ready?: { readonly series: ImageSeries; readonly loaded: Promise<LoadedVolume> } | undefined;
}

/** The reader's logic, on whatever runs the tasks: web workers, or the calling thread in tests. */
export function createStudyReaderCore(runner: TaskRunner, shownAfterMs?: number): StudyReaderCore {
  let open: OpenStudy | undefined;
  /** Grows with every study: of two that are opened at once, the later one stays. */
  let latest = 0;
  let untilClose = new AbortController();
  const withClose = (job: JobOptions): JobOptions => ({
    ...job,
    signal: job.signal === undefined ? untilClose.signal : AbortSignal.any([job.signal, untilClose.signal]),
  });

  const find = (seriesId: string): { study: OpenStudy; series: ImageSeries; entry: SeriesEntry } => {
    const series = open?.files.scan.series.find(({ id }) => id === seriesId);
    const entry = open?.entries.find(({ id }) => id === seriesId);
    if (open === undefined || series === undefined || entry === undefined) {
      throw new UserError(failure('studies.series-closed'));
    }
    return { study: open, series, entry };
  };

  return {
    async open(files, job): Promise<OpenedStudy> {
      const own = ++latest;
      const untilEnd = withClose(job);
      const { stack, ...opened } = await openStudy(files, runner, untilEnd);
      throwIfCancelled(untilEnd.signal);
      if (own !== latest) throw new CancelledError();
      const { series } = opened.scan;
      const entries = seriesEntries(series);
      // What was open before stays so where opening fails: only now it goes.
      open = { files: opened, entries };
      const best = series.find(({ id }) => entries.some((entry) => entry.isPreselected && entry.id === id));
      const place = stack && best && seriesInStack(best, stack);
      if (place) {
        const loaded = volumeOfStack(best, place, stack, runner, untilClose.signal);
        // Where it fails, whoever asks for it is told.
        loaded.catch(() => {});
        open.ready = { series: best, loaded };
      }
      return { series: entries, skippedFiles: opened.skippedFiles, problems: opened.problems };
    },
    resample(seriesId) {
      const { study, series } = find(seriesId);
      const resampled = study.files.scan.series.map((one) => (one === series ? resampleUneven(one) : one));
      const entries = seriesEntries(resampled);
      open = { files: { ...study.files, scan: { ...study.files.scan, series: resampled } }, entries };
      return entries;
    },
    async thumbnail(seriesId) {
      const { study, series } = find(seriesId);
      const middle = series.slices[Math.floor(series.slices.length / 2)]!;
      const { signal } = untilClose;
      const slice = await studySlice(middle, study.files.blobs, signal);
      const drawn = await runner.tasks.thumbnail(slice, { signal });
      if (drawn.kind === 'failed') throw new UserError(drawn.reason);
      return drawn.picture;
    },
    async load(seriesId, job, onSlices) {
      const { study, series, entry } = find(seriesId);
      if (entry.refusal !== null) throw new UserError(entry.refusal);
      const { scan, blobs, skippedFiles, problems } = study.files;
      const untilEnd = withClose(job);
      const heart = entry.phase?.setId;
      const inHeart = (volume: ViewedVolume): ViewedVolume =>
        heart === undefined ? volume : { ...volume, heart };
      const options = {
        ...untilEnd,
        onSlices: onSlices && ((volume: ViewedVolume) => onSlices(inHeart(volume))),
        shownAfterMs,
      };
      const { ready } = study;
      study.ready = undefined;
      const { volume: loaded, remarks } = await (ready?.series === series
        ? ready.loaded
        : loadSeries(series, blobs, runner, options));
      throwIfCancelled(untilEnd.signal);
      const volume = inHeart(loaded);
      const coarse = keptOnceMade(() => makeCoarse(volume, runner, untilEnd.signal));
      const source = reportSource(series, volume.grid, scan.series, skippedFiles);
      const sourceSeries = await sourceSeriesOf(series, blobs);
      return {
        entry,
        volume,
        coarse,
        source,
        sourceSeries,
        warnings: [...entry.warnings, ...problems, ...remarks],
      };
    },
    async files(seriesId) {
      const series = open?.files.scan.series.find(({ id }) => id === seriesId);
      const sources = new Set(series?.slices.map(({ sourceId }) => sourceId));
      const files = [...sources].flatMap((sourceId) => open?.files.blobs.get(sourceId) ?? []);
      return pMap(files, (file) => wholeFile(file), { concurrency: READS_AT_ONCE });
    },
    close() {
      untilClose.abort();
      untilClose = new AbortController();
      open = undefined;
    },
  };
}

/** Makes something when it is first asked for; again where that failed. */
function keptOnceMade<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    if (made === undefined) {
      const making = make();
      made = making;
      making.catch(() => {
        made = undefined;
      });
    }
    return made;
  };
}

/** Files of which the whole is asked for at once. */
const READS_AT_ONCE = 4;

/** More than the header of any single slice; in longer ones the attributes of patient and study come before this. */
const HEADER_BYTES = 4 * 2 ** 20;

const startOf = async (file: FileContent): Promise<Uint8Array> =>
  file instanceof Blob
    ? new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer())
    : file.read(0, Math.min(HEADER_BYTES, file.sizeBytes));

async function sourceSeriesOf(
  series: ImageSeries,
  blobs: ReadonlyMap<string, FileContent>,
): Promise<SourceSeries> {
  const [first] = series.slices;
  const blob = first && blobs.get(first.sourceId);
  // Where the file is gone by now the series still shows; objects are refused, because its UIDs are missing.
  const start = blob && (await startOf(blob).catch(() => undefined));
  return readSourceSeries(series, start ?? new Uint8Array());
}

/** A study reader that parses and decodes in web workers; they start with the page. */
export function createStudyReader(): StudyReader {
  const core = createStudyReaderCore(createStudyWorkers());
  return {
    ...core,
    async thumbnail(seriesId) {
      const { rgba, width, height } = await core.thumbnail(seriesId);
      return new ImageData(rgba, width, height);
    },
  };
}
