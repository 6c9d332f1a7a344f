import type { SegmentationReport } from '#shared/contract/report.ts';
import type { Patient } from '#shared/contract/services/exporting.ts';
import type { HeartPhase } from '#shared/dicom/heartPhases.ts';
import type { SourceSeries } from '#shared/dicom/sourceSeries.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import type { FileContent } from './distantFile.ts';

/** A file that a person dropped, chose or opened with the program; `path` is relative to what was dropped. */
export interface OpenedFile {
  readonly path: string;
  readonly blob: FileContent;
  /** What could not be read of what was opened; the blob is empty then. */
  readonly unreached?: 'file' | 'folder' | 'special';
}

/** One line of the series list. */
export interface SeriesEntry {
  readonly id: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  /** Description, what sets this part apart, kernel, phase. */
  readonly description: string;
  readonly details: string;
  readonly sliceCount: number;
  readonly spacingMm: readonly [number, number, number] | null;
  readonly patient: Patient;
  /** Why it cannot be segmented; null where it can. */
  readonly refusal: Failure | null;
  readonly warnings: readonly Failure[];
  /** It is refused for its uneven steps, and can be resampled (`StudyReader.resample`). */
  readonly canResample: boolean;
  /** The best series for the appendage. */
  readonly isPreselected: boolean;
  /** Its place in the heart cycle, and what it has in common with the other phases; null where it has none. */
  readonly phase: (HeartPhase & { readonly setId: string }) | null;
}

export interface OpenedStudy {
  readonly series: readonly SeriesEntry[];
  /** Files that are not DICOM images; counted, not named. */
  readonly skippedFiles: number;
  readonly problems: readonly Failure[];
}

export interface LoadedSeries {
  readonly entry: SeriesEntry;
  readonly volume: ViewedVolume;
  /**
   * The same averaged to voxels of about 1 mm, at most 8 million of them, for finding the region; made when it is first
   * asked for.
   */
  readonly coarse: () => Promise<ViewedVolume>;
  /** What reports say of the source. */
  readonly source: SegmentationReport['source'];
  /** What DICOM objects take over from it. */
  readonly sourceSeries: SourceSeries;
  readonly warnings: readonly Failure[];
}

/** Parses and decodes in web workers; owns the opened files until `close`. */
export interface StudyReader {
  /**
   * Replaces what was open if it succeeds. Rejects with a UserError where nothing can be shown, CancelledError when
   * cancelled.
   */
  open(files: readonly OpenedFile[], job: JobOptions): Promise<OpenedStudy>;
  /** Resamples an unevenly spaced series from now on. @returns all series, as the list shows them */
  resample(seriesId: string): readonly SeriesEntry[];
  /** A middle slice as 8-bit grey, soft-tissue window; at most 128 pixels wide. */
  thumbnail(seriesId: string): Promise<ImageData>;
  /**
   * `onSlices` is called while slices arrive, with the volume that fills up, unless it is whole soon; the middle slice
   * arrives first. What has not arrived is OUTSIDE_HU.
   */
  load(seriesId: string, job: JobOptions, onSlices?: (volume: ViewedVolume) => void): Promise<LoadedSeries>;
  /** The files of a series, each once; empty where it is not open. */
  files(seriesId: string): Promise<readonly Blob[]>;
  /** Frees files, and ends what is under way; `open` can be called again. */
  close(): void;
}
