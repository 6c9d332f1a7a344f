import type { CodecName } from './pixelCodecs.ts';

/** The transfer syntaxes of DICOM PS3.5 section 10 that CT archives use: how to read them, and the name to refuse by. */
export type TransferSyntax =
  | {
      readonly kind: 'native';
      readonly explicitVr: boolean;
      readonly bigEndian: boolean;
      readonly name: string;
    }
  | { readonly kind: 'deflated'; readonly name: string }
  | {
      readonly kind: 'encapsulated';
      readonly codec: CodecName | 'rle';
      /** Whether the process itself always loses information. */
      readonly lossy: boolean;
      readonly name: string;
    }
  /** The header can be read, the pixels cannot. */
  | { readonly kind: 'undecodable'; readonly name: string };

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';

const JPEG = '1.2.840.10008.1.2.4';

const ENCAPSULATED: Readonly<Record<string, readonly [CodecName | 'rle', boolean, string]>> = {
  '1.2.840.10008.1.2.5': ['rle', false, 'RLE Lossless'],
  [`${JPEG}.50`]: ['jpeg', true, 'JPEG Baseline (process 1, lossy)'],
  [`${JPEG}.51`]: ['jpeg', true, 'JPEG Extended (processes 2 and 4, lossy)'],
  [`${JPEG}.57`]: ['jpegLossless', false, 'JPEG Lossless (process 14)'],
  [`${JPEG}.70`]: ['jpegLossless', false, 'JPEG Lossless (process 14, first-order prediction)'],
  [`${JPEG}.80`]: ['jpegLs', false, 'JPEG-LS Lossless'],
  [`${JPEG}.81`]: ['jpegLs', true, 'JPEG-LS Near-Lossless'],
  [`${JPEG}.90`]: ['jpeg2000', false, 'JPEG 2000 Lossless'],
  // May hold lossless images too; the header's Lossy Image Compression says which.
  [`${JPEG}.91`]: ['jpeg2000', false, 'JPEG 2000'],
  [`${JPEG}.201`]: ['htj2k', false, 'High-Throughput JPEG 2000 Lossless'],
  [`${JPEG}.202`]: ['htj2k', false, 'High-Throughput JPEG 2000 RPCL Lossless'],
  [`${JPEG}.203`]: ['htj2k', false, 'High-Throughput JPEG 2000'],
};

const UNDECODABLE_NAMES: Readonly<Record<string, string>> = {
  [`${JPEG}.53`]: 'JPEG Spectral Selection',
  [`${JPEG}.55`]: 'JPEG Full Progression',
  [`${JPEG}.92`]: 'JPEG 2000 Part 2 Lossless',
  [`${JPEG}.93`]: 'JPEG 2000 Part 2',
  [`${JPEG}.94`]: 'JPIP Referenced',
  [`${JPEG}.95`]: 'JPIP Referenced Deflate',
  [`${JPEG}.110`]: 'JPEG XL Lossless',
  [`${JPEG}.111`]: 'JPEG XL JPEG Recompression',
  [`${JPEG}.112`]: 'JPEG XL',
  '1.2.840.10008.1.2.1.98': 'Encapsulated Uncompressed Explicit VR Little Endian',
  '1.2.840.10008.1.2.8.1': 'Deflated Image Frame Compression',
  '1.2.840.113619.5.2': 'GE’s private syntax with big-endian pixels (1.2.840.113619.5.2)',
};

/** What the UID of (0002,0010) means. An unknown UID is taken for a compression: its name is the UID itself. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  switch (uid) {
    case IMPLICIT_VR_LITTLE_ENDIAN:
      return { kind: 'native', explicitVr: false, bigEndian: false, name: 'Implicit VR Little Endian' };
    case EXPLICIT_VR_LITTLE_ENDIAN:
      return { kind: 'native', explicitVr: true, bigEndian: false, name: 'Explicit VR Little Endian' };
    case EXPLICIT_VR_BIG_ENDIAN:
      return { kind: 'native', explicitVr: true, bigEndian: true, name: 'Explicit VR Big Endian' };
    case DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN:
      return { kind: 'deflated', name: 'Deflated Explicit VR Little Endian' };
    default: {
      const known = Object.hasOwn(ENCAPSULATED, uid) ? ENCAPSULATED[uid] : undefined;
      if (known !== undefined) {
        const [codec, lossy, name] = known;
        return { kind: 'encapsulated', codec, lossy, name };
      }
      const name = Object.hasOwn(UNDECODABLE_NAMES, uid) ? UNDECODABLE_NAMES[uid] : undefined;
      return { kind: 'undecodable', name: name ?? uid };
    }
  }
}

/** The SOP class of a DICOMDIR (PS3.10 section 8). */
export const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
/** The SOP class of single-frame CT images (PS3.4 annex B.5). */
export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
/** Enhanced CT and Legacy Converted Enhanced CT: many frames in one file. */
export const ENHANCED_CT_CLASSES: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.2.1',
  '1.2.840.10008.5.1.4.1.1.2.2',
]);
