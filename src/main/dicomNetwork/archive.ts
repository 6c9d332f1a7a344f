import type { JobOptions } from '#shared/progress.ts';
import type { FetchedSeries, SeriesToFetch } from './fetchedSeries.ts';
import type { FileToStore, StoredFile } from './filesToStore.ts';
import type { RemoteSeries, RemoteStudy, StudyFilters, StudyOfPatient } from './remoteStudy.ts';

export interface PageOptions {
  readonly limit: number;
  readonly offset: number;
  readonly signal?: AbortSignal | undefined;
}

export interface StudyPage {
  readonly studies: readonly RemoteStudy[];
  /** Studies of this page that are not listed: their Study Instance UID is no UID, so nothing can be asked of them. */
  readonly withoutUid: number;
  /** Whether the server may have more after these. */
  readonly hasMore: boolean;
}

/** The series of a study, by number. */
export interface SeriesList {
  readonly series: readonly RemoteSeries[];
  /** Series that are not listed: their Series Instance UID is no UID. */
  readonly withoutUid: number;
  /** Where a patient's were asked for, whose they are: the patient's, of all with that number, or nobody says. */
  readonly of: 'patient' | 'number' | 'anyone';
}

/**
 * An archive of studies, however it is spoken to: a DICOMweb server or a classic DICOM node. All calls throw UserErrors
 * that name the server, and CancelledError where their signal fires.
 */
export interface DicomArchive {
  /** What messages and the screen call it: an origin, or `AET@host:port`. */
  readonly server: string;
  /** Whether it answers, to these credentials. */
  check(signal?: AbortSignal): Promise<void>;
  studies(filters: StudyFilters, page: PageOptions): Promise<StudyPage>;
  series(study: StudyOfPatient, signal?: AbortSignal): Promise<SeriesList>;
  /** One image from the middle of a series, as a DICOM file, for a picture; undefined where there is none. */
  image(series: RemoteSeries, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** Into a folder below `folder`, going on where an earlier fetch ended. */
  fetchSeries(series: SeriesToFetch, folder: string, job?: JobOptions): Promise<FetchedSeries>;
  /** What became of each file, in their order. */
  store(files: readonly FileToStore[], job?: JobOptions): Promise<StoredFile[]>;
  close(): Promise<void>;
}
