import type { Failure } from '../failures/failure.ts';
import type { SliceFile } from './imageSeries.ts';

/** Slices of one patient, study and series. */
export interface IdentifiedSeries {
  readonly seriesInstanceUid: string;
  readonly slices: readonly SliceFile[];
  /** Why it cannot be one patient's after all. */
  readonly contradiction: Failure | undefined;
  readonly notes: readonly Failure[];
  /** Whether each slice names a series of its own, so that a file of no other series may be one of them. */
  readonly isOfSingles?: boolean;
}
