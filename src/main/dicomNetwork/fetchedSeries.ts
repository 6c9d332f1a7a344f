import type { Failure } from '#shared/failures/failure.ts';

export interface SeriesToFetch {
  readonly studyUid: string;
  readonly seriesUid: string;
  /** As the server counts them; null where it does not say. */
  readonly imageCount: number | null;
}

/** A series that has arrived whole. */
export interface FetchedSeries {
  readonly studyUid: string;
  readonly seriesUid: string;
  /** Paths of all its files, also of those from earlier fetches. */
  readonly files: readonly string[];
  /** How many of them arrived this time. */
  readonly received: number;
  /** Whether the server said how many images there are; else the end of its answer had to do. */
  readonly isCountKnown: boolean;
  readonly warnings: readonly Failure[];
}
