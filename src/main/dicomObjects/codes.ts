import type { DicomDataset } from './dicomDataset.ts';

/** A coded concept (PS3.3 section 8): value, scheme, meaning. */
export type Code = readonly [value: string, scheme: string, meaning: string];

/** One item of a code sequence. */
export const codeItem = ([value, scheme, meaning]: Code): DicomDataset => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});

/** A sequence of one code. */
export const codeSequence = (code: Code): readonly DicomDataset[] => [codeItem(code)];

/**
 * Concepts that DICOM and SNOMED have no code for. A private scheme's designator begins with 99 (PS3.16 section 8); what
 * it is stands in the Coding Scheme Identification Sequence of each object that uses it.
 */
export const PRIVATE_SCHEME = '99AURICLE';
export const PRIVATE_SCHEME_ITEM: DicomDataset = {
  CodingSchemeDesignator: PRIVATE_SCHEME,
  CodingSchemeName: 'Concepts of Auricle',
  CodingSchemeResponsibleOrganization: 'Auricle',
};

/** Codes of PS3.16 (context groups in brackets), SNOMED CT, LOINC and UCUM that the objects use. */
export const CODES = {
  // Structures: CID 12339
  appendage: ['33626005', 'SCT', 'Left auricular appendage'],
  ostium: ['131120', 'DCM', 'Ostium of Left Auricular Appendage'],
  // Segments: CID 7150
  anatomicalStructure: ['123037004', 'SCT', 'Anatomical Structure'],
  // Algorithms: CID 7162
  artificialIntelligence: ['123110', 'DCM', 'Artificial Intelligence'],
  // Documents: CID 7061
  model: ['85040-4', 'LN', 'CT 3D CAM model'],
  // Derivation: CID 7203, 7202
  segmentation: ['113076', 'DCM', 'Segmentation'],
  sourceImage: ['121322', 'DCM', 'Source image for image processing operation'],
} as const satisfies Readonly<Record<string, Code>>;
