import type { ParsedFile, SliceHeader } from '#shared/dicom/sliceHeader.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

/** A file as workers get it; blobs cross by reference. */
export interface StudyFile {
  /** Base name, for messages. */
  readonly name: string;
  readonly blob: Blob;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** One slice to decode. */
export interface StudySlice extends StudyFile {
  readonly header: SliceHeader;
}

/** What a file turned out to be; `archive`: a ZIP file. */
export type ReadHeader = ParsedFile | { readonly kind: 'archive' };

export interface ArchiveEntry {
  readonly path: string;
  /** Of the local header within the archive. */
  readonly offset: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly isDeflated: boolean;
  readonly crc32: number;
}

export type ArchiveListing =
  | { readonly kind: 'entries'; readonly entries: readonly ArchiveEntry[] }
  | { readonly kind: 'failed'; readonly reason: Failure };

export interface ExtractedFile {
  /** undefined where the entry is damaged. */
  readonly blob: Blob | undefined;
  readonly parsed: ReadHeader;
}

export type DecodedSlices =
  | {
      readonly kind: 'decoded';
      readonly slices: readonly { readonly valuesHu: Int16Array; readonly squeezed: Float32Array }[];
    }
  | { readonly kind: 'failed'; readonly reason: Failure };

/** RGBA pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export type DrawnThumbnail =
  | { readonly kind: 'drawn'; readonly picture: Picture }
  | { readonly kind: 'failed'; readonly reason: Failure };

/** What workers do of reading a study. Plain data in, plain data out; failures that the user can act on are data. */
export interface StudyTasks {
  readHeaders(files: readonly StudyFile[]): Promise<ReadHeader[]>;
  listArchive(archive: Blob): Promise<ArchiveListing>;
  extract(archive: Blob, entries: readonly ArchiveEntry[]): Promise<ExtractedFile[]>;
  /** A digest of each slice's stored bytes. */
  digest(slices: readonly StudySlice[]): Promise<string[]>;
  /** Slices of one grid in HU, and each squeezed to the rows and columns of its coarse copy. */
  decode(slices: readonly StudySlice[], sizeIjk: Vec3, coarseIjk: Vec3): Promise<DecodedSlices>;
  thumbnail(slice: StudySlice): Promise<DrawnThumbnail>;
}
