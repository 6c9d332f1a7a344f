import type { ParsedFile, SliceHeader } from '#shared/dicom/sliceHeader.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { type Client, type Contract, type Handlers, method, unchecked } from '#shared/rpc/contract.ts';
import type { Volume } from '#shared/volume/volume.ts';
import type { CoarsePart } from './coarseCopy.ts';

/** A file as workers get it; blobs cross by reference. */
export interface StudyFile {
  /** Base name, for messages. */
  readonly name: string;
  readonly blob: Blob;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** One slice to decode. */
export interface StudySlice {
  /** Base name, for messages. */
  readonly name: string;
  readonly header: SliceHeader;
  readonly content: SliceContent;
}

/** What a slice is decoded from: a file, or a part of one. */
export interface SliceContent {
  readonly blob: Blob;
  readonly fromByte: number;
}

export interface HeadersRequest {
  readonly files: readonly StudyFile[];
  /** Where slices of one size are decoded to while their files are read, each to the plane of its file. */
  readonly into?: SharedPlanes;
}

export interface ReadHeaders {
  /** In the order of the files. */
  readonly headers: readonly ReadHeader[];
  /** Of each file whose slice is in its plane by now what a user should know of its values. */
  readonly decoded: readonly (readonly Failure[] | undefined)[];
}

/** What a file turned out to be. */
export type ReadHeader =
  | ParsedFile
  /** A ZIP file. */
  | { readonly kind: 'archive' }
  /** A deflated file: inflated once, its slices are read from `blob` from now on. */
  | { readonly kind: 'inflated'; readonly parsed: ParsedFile; readonly blob: Blob };

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
      /** Each slice in HU; empty where they were written into the request's memory. */
      readonly slices: readonly Int16Array[];
      /** What a user should know of their values. */
      readonly remarks: readonly Failure[];
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

/** Slices of one size to decode. */
export interface DecodeRequest {
  readonly slices: readonly StudySlice[];
  /** Memory that the threads share: the slices are written there and do not come back. */
  readonly into?: SharedPlanes;
}

/** Planes of a stack that several threads write into. */
export interface SharedPlanes {
  readonly data: Int16Array<SharedArrayBuffer>;
  readonly voxelsPerPlane: number;
  /** The plane of each slice. */
  readonly planes: readonly number[];
}

/** Planes that are copied to those of another stack, in the same order. */
export interface PlanesToCopy {
  readonly from: SharedPlanes;
  readonly into: SharedPlanes;
}

/**
 * What workers do to read a study: the one declaration of these tasks; `createStudyTasks` implements it. Plain data
 * in, plain data out; failures that the user can act on are data.
 */
export const studyTasks = {
  services: {
    study: {
      readHeaders: method(unchecked<HeadersRequest>(), unchecked<ReadHeaders>()),
      listArchive: method(unchecked<Blob>(), unchecked<ArchiveListing>()),
      extract: method(
        unchecked<{ readonly archive: Blob; readonly entries: readonly ArchiveEntry[] }>(),
        unchecked<ExtractedFile[]>(),
      ),
      /** A digest of each slice's HU. */
      digest: method(unchecked<readonly StudySlice[]>(), unchecked<string[]>()),
      /** Slices in HU: written into the memory that is shared, or moved to the main thread. */
      decode: method(unchecked<DecodeRequest>(), unchecked<DecodedSlices>(), (decoded) =>
        decoded.kind === 'failed' ? [] : decoded.slices.map(({ buffer }) => buffer),
      ),
      copyPlanes: method(unchecked<PlanesToCopy>(), unchecked<null>()),
      /** What a user should know of how the slices of a scan go together. */
      checkStack: method(unchecked<Volume<Int16Array>>(), unchecked<readonly Failure[]>()),
      /** Some planes of a scan's coarse copy. */
      coarsen: method(
        unchecked<CoarsePart>(),
        unchecked<Int16Array>(),
        ({ buffer }) => [buffer],
        ({ planes }) => [planes.buffer],
      ),
      thumbnail: method(unchecked<StudySlice>(), unchecked<DrawnThumbnail>()),
    },
  },
  events: {},
} satisfies Contract;

/** The tasks as their caller sees them: each can be cancelled. */
export type StudyTasks = Client<typeof studyTasks>['study'];

/** The tasks as functions of a worker. */
export type StudyHandlers = Handlers<typeof studyTasks>['study'];

/** Runs study tasks beside the main thread, several at once; more wait in line. */
export interface TaskRunner {
  /** How many run at once. */
  readonly width: number;
  /** Whether tasks can write into memory that the main thread reads. */
  readonly sharesMemory: boolean;
  /** Each rejects with a CancelledError where its signal fires, at once, and with a UserError where its worker died. */
  readonly tasks: StudyTasks;
}
