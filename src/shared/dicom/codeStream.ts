import { type Failure, failure } from '../failures/failure.ts';
import type { CodecName, FrameDescription } from './pixelCodecs.ts';

interface CodeStreamInfo {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly bits: number;
  /** The JPEG process by its frame marker (0xC0 baseline, 0xC3 lossless, 0xF7 JPEG-LS); undefined for JPEG 2000. */
  readonly frameMarker: number | undefined;
}

/**
 * Reads a code stream's own header and checks it against the file's, before a library allocates what the stream asks
 * for; undefined where all is well.
 */
export function checkCodeStream(
  codec: CodecName,
  codeStream: Uint8Array,
  frame: FrameDescription,
): Failure | undefined {
  const isJpeg2000 = codec === 'jpeg2000' || codec === 'htj2k';
  const info = isJpeg2000 ? jpeg2000Info(codeStream) : jpegInfo(codeStream);
  if (info === undefined) return failure('dicom.compressed-damaged');
  // Libraries fill missing parts with grey and report nothing.
  if (endOfImage(codeStream) === undefined) return failure('dicom.compressed-ends-early');
  if (info.rows !== frame.rows || info.columns !== frame.columns) {
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

/** The library for a code stream under the name that the file's header gives: lossy JPEG has one for each depth. */
export const libraryFor = (codec: CodecName, codeStream: Uint8Array): CodecName =>
  codec === 'jpeg' && lossyJpegBits(codeStream) === 12 ? 'jpeg12' : codec;

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
      return { rows, columns, components: bytes[at + 9]!, bits: bytes[at + 4]!, frameMarker };
    } else {
      const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
      if (length < 2) return undefined;
      at += 2 + length;
    }
  }
  return undefined;
}

/** The SIZ marker segment follows SOC directly (ISO/IEC 15444-1 annex A.5.1). DICOM holds bare code streams. */
function jpeg2000Info(bytes: Uint8Array): CodeStreamInfo | undefined {
  if (bytes.length < 45) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0xff4fff51) return undefined;
  const [width, height, left, top, tileWidth, tileHeight] = [8, 12, 16, 20, 24, 28].map((at) =>
    view.getUint32(at),
  ) as [number, number, number, number, number, number];
  // A scan in thousands of tiles is hostile; each costs the library memory.
  if (tileWidth < 1 || tileHeight < 1 || Math.ceil(width / tileWidth) * Math.ceil(height / tileHeight) > 4096)
    return undefined;
  return {
    rows: height - top,
    columns: width - left,
    components: view.getUint16(40),
    bits: (bytes[42]! & 0x7f) + 1,
    frameMarker: undefined,
  };
}

/** Where the closing marker is (EOI, EOC: FFD9), with nothing but padding after it; undefined where there is none. */
export function endOfImage(codeStream: Uint8Array): number | undefined {
  let end = codeStream.length;
  while (end > 0 && codeStream[end - 1] === 0) end--;
  // Padding with 0xFF is seen too.
  if (end > 2 && codeStream[end - 1] === 0xff) end--;
  return codeStream[end - 1] === 0xd9 && codeStream[end - 2] === 0xff ? end - 2 : undefined;
}
