import { type Failure, failure } from '../failures/failure.ts';
import type { CodecName, FrameDescription } from './pixelCodecs.ts';

export interface CodeStreamInfo {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly bits: number;
  /** Only JPEG 2000 knows negative values. */
  readonly signed: boolean;
  /** The JPEG process by its frame marker (0xC0 baseline, 0xC3 lossless, 0xF7 JPEG-LS); undefined for JPEG 2000. */
  readonly frameMarker: number | undefined;
  /** Whether the stream itself says that its values are not those that were compressed. */
  readonly lossy: boolean;
}

/** What a code stream says of its image; undefined where its header is damaged. */
export const codeStreamInfo = (codec: CodecName, codeStream: Uint8Array): CodeStreamInfo | undefined =>
  isJpeg2000(codec) ? jpeg2000Info(codeStream) : jpegInfo(codeStream);

/**
 * Checks what a code stream says of its image against the file's header, before a library allocates what the stream
 * asks for; undefined where all is well.
 */
export function checkCodeStream(
  codec: CodecName,
  info: CodeStreamInfo,
  frame: FrameDescription,
): Failure | undefined {
  // Lossless JPEG may give its rows after the scan.
  const rows = info.rows === 0 && codec === 'jpegLossless' ? frame.rows : info.rows;
  if (rows !== frame.rows || info.columns !== frame.columns) {
    return failure('dicom.compressed-size', {
      columns: info.columns,
      rows: info.rows,
      headerColumns: frame.columns,
      headerRows: frame.rows,
    });
  }
  if (info.components !== 1) return failure('dicom.compressed-colour');
  if (info.bits > frame.bitsAllocated) {
    return failure('dicom.compressed-bits', { bits: info.bits, bitsAllocated: frame.bitsAllocated });
  }
  if (codec === 'jpeg' || codec === 'jpeg12') {
    if (info.frameMarker === 0xc3 || info.frameMarker === 0xf7) {
      return failure('dicom.compression-misnamed');
    }
    if (info.bits !== 8 && info.bits !== 12) {
      return failure('dicom.jpeg-bits', { bits: info.bits });
    }
  } else if (
    codec === 'jpegLossless' ? info.frameMarker !== 0xc3 : codec === 'jpegLs' && info.frameMarker !== 0xf7
  ) {
    return failure('dicom.compression-misnamed');
  }
  return undefined;
}

/** Bits per value of a lossy JPEG code stream, read from its first bytes; undefined for anything else. */
export function lossyJpegBits(codeStream: Uint8Array): number | undefined {
  const info = jpegInfo(codeStream);
  return info?.frameMarker === 0xc3 || info?.frameMarker === 0xf7 ? undefined : info?.bits;
}

/**
 * The library for a code stream under the name that the file's header gives: lossy JPEG has one for each depth,
 * JPEG 2000 one for each way to code its blocks.
 */
export function libraryFor(codec: CodecName, codeStream: Uint8Array): CodecName {
  if (codec === 'jpeg') return lossyJpegBits(codeStream) === 12 ? 'jpeg12' : codec;
  if (!isJpeg2000(codec)) return codec;
  return isHighThroughput(codeStream) ? 'htj2k' : 'jpeg2000';
}

const isJpeg2000 = (codec: CodecName): boolean => codec === 'jpeg2000' || codec === 'htj2k';

/** The CAP marker segment follows SIZ and announces Part 15 (ISO/IEC 15444-1 annex A.5.2). */
function isHighThroughput(bytes: Uint8Array): boolean {
  const at = 4 + ((bytes[4]! << 8) | bytes[5]!);
  return bytes[at] === 0xff && bytes[at + 1] === 0x50;
}

/** Whether a code stream begins as those of the other family do: JPEG 2000 in the place of JPEG, or the reverse. */
export const beginsOtherwise = (codec: CodecName, bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === (isJpeg2000(codec) ? 0xd8 : 0x4f);

/** Markers that stand alone, without a length: TEM, RST0 to RST7, SOI. */
const isStandalone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
/** SOF0 to SOF15 without DHT, JPG and DAC, and JPEG-LS' SOF55 (ITU-T T.81 table B.1, T.87 annex C). */
const isFrameMarker = (marker: number): boolean =>
  marker === 0xf7 ||
  (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);

function jpegInfo(bytes: Uint8Array): CodeStreamInfo | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let at = 2;
  while (at + 10 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const frameMarker = bytes[at + 1]!;
    if (frameMarker === 0xff) at += 1;
    else if (isStandalone(frameMarker)) at += 2;
    else if (isFrameMarker(frameMarker)) {
      const rows = (bytes[at + 5]! << 8) | bytes[at + 6]!;
      const columns = (bytes[at + 7]! << 8) | bytes[at + 8]!;
      return {
        rows,
        columns,
        components: bytes[at + 9]!,
        bits: bytes[at + 4]!,
        signed: false,
        frameMarker,
        lossy: frameMarker === 0xf7 ? nearOf(bytes, at) > 0 : frameMarker !== 0xc3,
      };
    } else {
      const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
      if (length < 2) return undefined;
      at += 2 + length;
    }
  }
  return undefined;
}

/** By how much values of JPEG-LS may differ from the original's: NEAR, in the scan's header (ITU-T T.87 annex C.2.3). */
function nearOf(bytes: Uint8Array, frameAt: number): number {
  const scanAt = segmentAfter(bytes, frameAt, 0xda);
  return scanAt === undefined ? 0 : (bytes[scanAt + 5 + 2 * bytes[scanAt + 4]!] ?? 0);
}

/** Whether a JPEG 2000 stream uses the wavelet that rounds: the last of COD's own values (ISO/IEC 15444-1 table A.20). */
function isIrreversible(bytes: Uint8Array): boolean {
  const codingAt = segmentAfter(bytes, 2, 0x52);
  return codingAt !== undefined && bytes[codingAt + 13] === 0;
}

/** Where the next marker segment of a kind is that follows the one at `at`; before the values begin. */
function segmentAfter(bytes: Uint8Array, at: number, wanted: number): number | undefined {
  for (let next = at; next + 4 <= bytes.length && bytes[next] === 0xff; ) {
    const marker = bytes[next + 1]!;
    if (marker === wanted) return next;
    // Values begin after the start of a scan or of a tile-part.
    if (marker === 0xda || marker === 0x90) return undefined;
    const length = (bytes[next + 2]! << 8) | bytes[next + 3]!;
    if (length < 2) return undefined;
    next += 2 + length;
  }
  return undefined;
}

/** The SIZ marker segment follows SOC directly (ISO/IEC 15444-1 annex A.5.1). */
function jpeg2000Info(bytes: Uint8Array): CodeStreamInfo | undefined {
  if (bytes.length < 45) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0xff4fff51) return undefined;
  const [width, height, left, top, tileWidth, tileHeight] = [8, 12, 16, 20, 24, 28].map((at) =>
    view.getUint32(at),
  ) as [number, number, number, number, number, number];
  // One component, at every point of the image: the libraries loop or leave gaps where it is thinned out.
  if (bytes[43] !== 1 || bytes[44] !== 1) return undefined;
  // A scan in thousands of tiles is hostile; each costs the library memory.
  if (tileWidth < 1 || tileHeight < 1 || Math.ceil(width / tileWidth) * Math.ceil(height / tileHeight) > 4096)
    return undefined;
  return {
    rows: height - top,
    columns: width - left,
    components: view.getUint16(40),
    bits: (bytes[42]! & 0x7f) + 1,
    signed: (bytes[42]! & 0x80) !== 0,
    frameMarker: undefined,
    lossy: isIrreversible(bytes),
  };
}
