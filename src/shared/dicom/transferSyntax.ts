/**
 * The transfer syntaxes of DICOM PS3.5 section 10 that CT archives use: whether this version reads them, and the
 * name to refuse them by.
 */
export type TransferSyntax =
  | { readonly kind: 'readable'; readonly explicitVr: boolean; readonly name: string }
  /** The header can be read, the pixels cannot. */
  | { readonly kind: 'compressed'; readonly name: string }
  /** Not even the header is readable here. */
  | { readonly kind: 'unreadable'; readonly name: string };

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';

const COMPRESSED_NAMES: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.5': 'RLE Lossless',
  '1.2.840.10008.1.2.4.50': 'JPEG Baseline (process 1, lossy)',
  '1.2.840.10008.1.2.4.51': 'JPEG Extended (processes 2 and 4, lossy)',
  '1.2.840.10008.1.2.4.53': 'JPEG Spectral Selection (processes 6 and 8, retired)',
  '1.2.840.10008.1.2.4.55': 'JPEG Full Progression (processes 10 and 12, retired)',
  '1.2.840.10008.1.2.4.57': 'JPEG Lossless (process 14)',
  '1.2.840.10008.1.2.4.70': 'JPEG Lossless (process 14, first-order prediction)',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS Lossless',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS Near-Lossless',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000 Lossless',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.201': 'High-Throughput JPEG 2000 Lossless',
  '1.2.840.10008.1.2.4.202': 'High-Throughput JPEG 2000 RPCL Lossless',
  '1.2.840.10008.1.2.4.203': 'High-Throughput JPEG 2000',
};

/** What the UID of (0002,0010) means. An unknown UID is taken for a compression: its name is the UID itself. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  switch (uid) {
    case IMPLICIT_VR_LITTLE_ENDIAN:
      return { kind: 'readable', explicitVr: false, name: 'Implicit VR Little Endian' };
    case EXPLICIT_VR_LITTLE_ENDIAN:
      return { kind: 'readable', explicitVr: true, name: 'Explicit VR Little Endian' };
    case EXPLICIT_VR_BIG_ENDIAN:
      return { kind: 'unreadable', name: 'Explicit VR Big Endian' };
    case DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN:
      return { kind: 'unreadable', name: 'Deflated Explicit VR Little Endian' };
    default:
      return { kind: 'compressed', name: COMPRESSED_NAMES[uid] ?? `transfer syntax ${uid}` };
  }
}

/** The SOP class of single-frame CT images (PS3.4 annex B.5). */
export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
