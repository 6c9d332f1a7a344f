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

export const PRODUCT_CHOICES: readonly Product[] = ['closed', 'wall', 'shell', 'simulation'];

export const MESH_FORMAT_CHOICES: readonly MeshFormat[] = [
  'stl',
  'stl-ascii',
  'obj',
  'ply',
  'vtp',
  '3mf',
  'glb',
];

export const MASK_FORMAT_CHOICES: readonly MaskFormat[] = ['nrrd', 'nii.gz'];

export const DOCUMENT_CHOICES: readonly DocumentFormat[] = [
  'pdf',
  'html',
  'summary-pdf',
  'summary-html',
  'json',
  'csv',
  'registry-csv',
  'registry-json',
];

export const DICOM_CHOICES: readonly DicomObject[] = [
  'dicom-seg',
  'dicom-labelmap',
  'dicom-stl',
  'dicom-obj',
  'dicom-sr',
  'dicom-sc',
  'dicom-report',
];

export const ANONYMOUS_CHOICES: readonly ('anonymous' | 'scan')[] = ['anonymous', 'scan'];

/** The options of PS3.15 (CID 7050), as the command line names them. */
export const KEPT_CHOICES: readonly Exclude<keyof KeptIdentity, 'dates'>[] = [
  'keepPatientCharacteristics',
  'keepDevice',
  'keepInstitution',
  'cleanDescriptors',
  'keepUids',
];

export const DATE_CHOICES: readonly KeptIdentity['dates'][] = ['removed', 'moved', 'kept'];

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
