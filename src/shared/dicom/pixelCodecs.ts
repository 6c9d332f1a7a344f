/**
 * The compressions that are decoded by libraries; run-length encoding is decoded by `rle.ts`. DICOM names lossy JPEG of
 * 8 and of 12 bits alike: `jpeg12` is known by its code stream only (see `libraryFor`).
 */
export type CodecName = 'jpeg' | 'jpeg12' | 'jpegLossless' | 'jpegLs' | 'jpeg2000' | 'htj2k';

/** What a frame must decode to, from the file's header; the code stream has been checked against it. */
export interface FrameDescription {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: 8 | 16;
}

/** Thrown where a code stream ends before its image does. */
export class CodeStreamCut extends RangeError {}

/** Thrown where the library itself cannot be had: a missing file, no memory. */
export class DecoderMissing extends Error {}

/**
 * Decodes compressed frames; `createPixelCodecs` builds one from the libraries, which hosts load each in their way.
 * Rejects with whatever the library says where the code stream is damaged; callers turn that into a sentence.
 */
export interface PixelCodecs {
  /** @returns the stored values, rows · columns of them, `bitsAllocated / 8` bytes each, little-endian */
  decode(codec: CodecName, codeStream: Uint8Array, frame: FrameDescription): Promise<Uint8Array>;
}
