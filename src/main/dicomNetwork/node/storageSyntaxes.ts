import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from '#shared/dicom/transferSyntax.ts';

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
export const VERIFICATION = '1.2.840.10008.1.1';

/** Every storage SOP class, of later editions of DICOM too. */
export const isStorageClass = (uid: string): boolean => uid.startsWith(STORAGE);

/** What is asked for by C-GET where a node does not say which classes a series has. */
export const USUAL_STORAGE_CLASSES = [
  '2', // CT
  '2.1', // Enhanced CT
  '2.2', // Legacy Converted Enhanced CT
  '4', // MR
  '4.1', // Enhanced MR
  '7', // Secondary Capture
  '7.4', // Multi-frame True Color Secondary Capture
  '66.4', // Segmentation
  '66.5', // Surface Segmentation
  '66.7', // Label Map Segmentation
  '88.22', // Enhanced SR
  '88.33', // Comprehensive SR
  '88.34', // Comprehensive 3D SR
  '104.1', // Encapsulated PDF
  '104.3', // Encapsulated STL
  '104.4', // Encapsulated OBJ
].map((end) => STORAGE + end);

const JPEG = '1.2.840.10008.1.2.4';

/**
 * One presentation context is proposed for each group, and the node chooses one of its syntaxes: so that an image comes
 * as it is stored, whichever that is.
 */
export const SYNTAX_GROUPS: readonly (readonly string[])[] = [
  [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN],
  [`${JPEG}.90`],
  [`${JPEG}.91`],
  [`${JPEG}.70`],
  [`${JPEG}.57`],
  [`${JPEG}.80`],
  [`${JPEG}.81`],
  ['1.2.840.10008.1.2.5'],
  [`${JPEG}.50`],
  [`${JPEG}.51`],
  [`${JPEG}.201`],
  [`${JPEG}.202`],
  [DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN],
];

/** An association has identifiers for 128 of them. */
export const MOST_CONTEXTS = 120;
