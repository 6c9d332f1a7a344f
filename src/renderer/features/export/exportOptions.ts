import {
  type DICOM_OBJECTS,
  type DOCUMENT_FORMATS,
  type ExportOptions,
  KEEPS_NOTHING,
  type KeptIdentity,
  type MASK_FORMATS,
  type MESH_FORMATS,
  type MESH_PRODUCTS,
  USUAL_SIMULATION,
} from '#shared/contract/services/exporting.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';

type Product = (typeof MESH_PRODUCTS)[number];
type MeshFormat = (typeof MESH_FORMATS)[number];
type MaskFormat = (typeof MASK_FORMATS)[number];
type DicomObject = (typeof DICOM_OBJECTS)[number];
type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** A choice and what it is for, so that nobody has to know file formats. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint: string;
}

export const PRODUCT_CHOICES: readonly Choice<Product>[] = [
  { value: 'closed', label: 'Closed lumen', hint: 'capped at the ostium: planning, volume' },
  { value: 'wall', label: 'Open wall', hint: 'without the ostium' },
  { value: 'shell', label: 'Printable shell', hint: 'wall of constant thickness, offset outward' },
  { value: 'simulation', label: 'Simulation mesh', hint: 'even triangles, wall and ostium as patches' },
];

export const MESH_FORMAT_CHOICES: readonly Choice<MeshFormat>[] = [
  { value: 'stl', label: 'STL', hint: 'binary' },
  { value: 'stl-ascii', label: 'STL', hint: 'text' },
  { value: 'obj', label: 'OBJ', hint: 'text' },
  { value: 'ply', label: 'PLY', hint: 'binary' },
  { value: 'vtp', label: 'VTP', hint: 'ParaView' },
  { value: '3mf', label: '3MF', hint: 'printing' },
  { value: 'glb', label: 'GLB', hint: 'in metres' },
];

export const MASK_FORMAT_CHOICES: readonly Choice<MaskFormat>[] = [
  { value: 'nrrd', label: 'NRRD', hint: '3D Slicer' },
  { value: 'nii.gz', label: 'NIfTI', hint: '.nii.gz' },
];

export const DOCUMENT_CHOICES: readonly Choice<DocumentFormat>[] = [
  { value: 'pdf', label: 'PDF', hint: 'report with pictures' },
  { value: 'html', label: 'HTML', hint: 'report with pictures' },
  { value: 'summary-pdf', label: 'Summary PDF', hint: 'one page' },
  { value: 'summary-html', label: 'Summary HTML', hint: 'one page' },
  { value: 'json', label: 'JSON', hint: 'every number' },
  { value: 'csv', label: 'CSV', hint: 'every number' },
  { value: 'registry-csv', label: 'Registry CSV', hint: 'one row' },
  { value: 'registry-json', label: 'Registry JSON', hint: 'one case' },
];

export const DICOM_CHOICES: readonly Choice<DicomObject>[] = [
  { value: 'dicom-seg', label: 'Segmentation', hint: 'the mask' },
  { value: 'dicom-labelmap', label: 'Label map', hint: 'few viewers support it yet' },
  { value: 'dicom-stl', label: 'Encapsulated STL', hint: 'closed lumen' },
  { value: 'dicom-obj', label: 'Encapsulated OBJ', hint: 'closed lumen' },
  { value: 'dicom-sr', label: 'Structured report', hint: 'TID 1500' },
  { value: 'dicom-sc', label: 'Pictures', hint: 'secondary capture' },
  { value: 'dicom-report', label: 'Report pages', hint: 'secondary capture' },
];

export const ANONYMOUS_CHOICES: readonly Choice<'anonymous' | 'scan'>[] = [
  { value: 'anonymous', label: 'Anonymised', hint: 'without name and patient ID' },
  { value: 'scan', label: 'With the scan', hint: 'its slices, anonymised' },
];

/** The options of PS3.15 (CID 7050), as the command line names them. */
export const KEPT_CHOICES: readonly Choice<Exclude<keyof KeptIdentity, 'dates'>>[] = [
  { value: 'keepPatientCharacteristics', label: 'Patient', hint: 'sex, age, size, weight' },
  { value: 'keepDevice', label: 'Scanner', hint: 'name and serial number' },
  { value: 'keepInstitution', label: 'Institution', hint: 'name and address' },
  { value: 'cleanDescriptors', label: 'Descriptions', hint: 'imaging terms only' },
  { value: 'keepUids', label: 'UIDs', hint: 'traceable to the scan' },
];

export const DATE_CHOICES: readonly Omit<Choice<KeptIdentity['dates']>, 'hint'>[] = [
  { value: 'removed', label: 'removed' },
  { value: 'moved', label: 'shifted, all by the same number of days' },
  { value: 'kept', label: 'retained' },
];

export const USUAL_OPTIONS: ExportOptions = {
  products: ['closed'],
  meshFormats: ['stl'],
  maskFormats: [],
  documents: ['pdf', 'json'],
  dicomObjects: [],
  isAnonymous: false,
  withScan: false,
  keptIdentity: KEEPS_NOTHING,
  frame: 'LPS',
  shellThicknessMm: 1,
  shellBaseMm: 0,
  simulation: USUAL_SIMULATION,
};

export const withChoice = <T>(chosen: readonly T[], value: T, isChosen: boolean): T[] =>
  isChosen
    ? [...chosen.filter((other) => other !== value), value]
    : chosen.filter((other) => other !== value);

/** The scan's own files leave only where they are anonymised. */
export const wantsScan = ({ isAnonymous, withScan }: ExportOptions): boolean => isAnonymous && withScan;

/** Why nothing can be exported with these options; null where it can. */
export function problemOf(
  options: ExportOptions,
  { hasOstium, isSourceKnown }: { readonly hasOstium: boolean; readonly isSourceKnown: boolean },
): Failure | null {
  const { products, meshFormats, maskFormats, documents, dicomObjects } = options;
  const wantsMesh = products.length > 0 && meshFormats.length > 0;
  if (
    !wantsMesh &&
    maskFormats.length + documents.length + dicomObjects.length === 0 &&
    !wantsScan(options)
  ) {
    return failure('export.choose-file');
  }
  if (products.length > 0 && meshFormats.length === 0) return failure('export.choose-mesh-format');
  if (products.length === 0 && meshFormats.length > 0) return failure('export.choose-surface');
  if (!hasOstium && products.includes('wall')) return failure('export.choose-no-wall');
  if (!isSourceKnown && dicomObjects.length > 0) return failure('export.choose-no-dicom');
  return null;
}
