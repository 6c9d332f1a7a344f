import type { Failure } from '../failures/failure.ts';
import type { SliceHeader } from './sliceHeader.ts';
import type { RegularGeometry } from './stackCorrection.ts';

/** One slice and where it came from. */
export interface SliceFile {
  /** What the caller reads the file by (a path, a key); never shown. */
  readonly sourceId: string;
  /** Base name, for messages. */
  readonly fileName: string;
  /** What holds the file; undefined where that is not known. Never shown. */
  readonly folder?: string;
  readonly header: SliceHeader;
  /** A digest of the slice's HU, known only where slices had to be compared. */
  readonly pixelDigest?: string;
}

/** What a series may have lost: a file that is damaged or cannot be read, a folder that could not be listed. */
export interface LostFile {
  readonly kind: 'damaged' | 'unsupported' | 'unlisted';
  readonly fileName: string;
  readonly folder?: string;
  readonly reason: Failure;
  /** '' where even that could not be read. */
  readonly seriesInstanceUid: string;
}

/** An image that is filed in a series but is no slice of it: a dose page, a screenshot. */
export interface OtherImage {
  readonly fileName: string;
  readonly reason: Failure;
  readonly seriesInstanceUid: string;
}

/** Whether a stack of slices is one regular lattice, or can be put on one; if not, why. */
export type SeriesGeometry =
  | RegularGeometry
  | {
      readonly kind: 'refused';
      readonly reason: Failure;
      /** What uneven steps become where a person asks for it (`resampleUneven`). */
      readonly onRequest?: RegularGeometry;
    };

/** Slices that belong together: one series, or the part of one with the same orientation, matrix, kind and phase. */
export interface ImageSeries {
  /** Unique within one scan: the series UID, with #2, #3, … for its further parts. */
  readonly id: string;
  readonly seriesInstanceUid: string;
  /** For lists: description, what sets this part apart, slice count. */
  readonly description: string;
  /** Sorted along the normal (alongRow × alongColumn). */
  readonly slices: readonly SliceFile[];
  readonly geometry: SeriesGeometry;
  /** What was repaired or noticed on the way. */
  readonly warnings: readonly Failure[];
}
