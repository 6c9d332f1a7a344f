import type { Vec3 } from '../geometry/vec3.ts';
import { type DataElements, parseElements } from './dataElements.ts';
import { findFileEncoding } from './fileEncoding.ts';
import type { ImageSeries } from './imageSeries.ts';
import { inflateBounded } from './inflateBounded.ts';
import { transferSyntaxOf } from './transferSyntax.ts';

/** A slice of the series that a result was made from. */
export interface SourceInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** From 1; null in single-frame files. */
  readonly frameNumber: number | null;
  /** Centre of the slice's first voxel. */
  readonly positionLpsMm: Vec3;
}

/** What objects that are derived from a series take over from it. */
export interface SourceSeries {
  /** Attributes of the patient, the study, the frame of reference and the series, by their DICOM keywords. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Sorted along the normal of the slices. */
  readonly instances: readonly SourceInstance[];
}

/**
 * Attributes that are read, in the words of PS3.6: modules Patient, Clinical Trial Subject, General Study, Patient
 * Study, Frame of Reference (copied into derived objects), then what they say of the series (used for descriptions).
 */
const TAGS: Readonly<Record<string, string>> = {
  PatientName: 'x00100010',
  PatientID: 'x00100020',
  IssuerOfPatientID: 'x00100021',
  PatientBirthDate: 'x00100030',
  PatientBirthTime: 'x00100032',
  PatientSex: 'x00100040',
  PatientComments: 'x00104000',
  PatientIdentityRemoved: 'x00120062',
  DeidentificationMethod: 'x00120063',
  ClinicalTrialSponsorName: 'x00120010',
  ClinicalTrialProtocolID: 'x00120020',
  ClinicalTrialProtocolName: 'x00120021',
  ClinicalTrialSiteID: 'x00120030',
  ClinicalTrialSiteName: 'x00120031',
  ClinicalTrialSubjectID: 'x00120040',
  ClinicalTrialSubjectReadingID: 'x00120042',
  StudyInstanceUID: 'x0020000d',
  StudyDate: 'x00080020',
  StudyTime: 'x00080030',
  ReferringPhysicianName: 'x00080090',
  StudyID: 'x00200010',
  AccessionNumber: 'x00080050',
  StudyDescription: 'x00081030',
  PatientAge: 'x00101010',
  PatientSize: 'x00101020',
  PatientWeight: 'x00101030',
  FrameOfReferenceUID: 'x00200052',
  PositionReferenceIndicator: 'x00201040',
  SeriesInstanceUID: 'x0020000e',
  SeriesNumber: 'x00200011',
  SeriesDescription: 'x0008103e',
  Modality: 'x00080060',
  AcquisitionDate: 'x00080022',
  AcquisitionTime: 'x00080032',
  ImageOrientationPatient: 'x00200037',
  PixelSpacing: 'x00280030',
  LossyImageCompression: 'x00282110',
  LossyImageCompressionRatio: 'x00282112',
  LossyImageCompressionMethod: 'x00282114',
};

const MOST_HEADER_BYTES = 64 * 2 ** 20;

/** @param file the first slice's file, or so much of it that the pixel data has begun */
export function readSourceSeries(series: Pick<ImageSeries, 'slices'>, file: Uint8Array): SourceSeries {
  const elements = elementsOf(file);
  const attributes: Record<string, string> = {};
  for (const [keyword, tag] of Object.entries(TAGS)) {
    // Absent and empty attributes differ only for those that must be there; writers add these.
    const value = elements?.text(tag) ?? '';
    if (value !== '') attributes[keyword] = value;
  }
  // Slices that each name a series of their own cannot be referred to as one.
  const seriesUids = new Set(series.slices.map(({ header }) => header.identity.seriesInstanceUid));
  if ([...seriesUids].filter((uid) => uid !== '').length > 1) delete attributes.SeriesInstanceUID;
  // Slices that lack it are of the frame that the others name.
  const frame = series.slices.find(({ header }) => header.identity.frameOfReferenceUid !== '');
  if (frame !== undefined) attributes.FrameOfReferenceUID ??= frame.header.identity.frameOfReferenceUid;
  return {
    attributes,
    instances: series.slices.map(({ header: { identity, plane } }) => ({
      sopClassUid: identity.sopClassUid,
      sopInstanceUid: identity.sopInstanceUid,
      frameNumber: identity.frameNumber ?? null,
      positionLpsMm: plane.positionLpsMm,
    })),
  };
}

function elementsOf(file: Uint8Array): DataElements | undefined {
  const encoding = findFileEncoding(file);
  if (encoding.kind !== 'dicom') return undefined;
  const syntax = transferSyntaxOf(encoding.transferSyntaxUid);
  if (syntax.kind === 'deflated') {
    const { bytes } = inflateBounded(file.subarray(encoding.dataSetOffset), MOST_HEADER_BYTES);
    return parseElements(bytes, 0, { explicitVr: true, bigEndian: false }).elements;
  }
  const native = syntax.kind === 'native' ? syntax : { explicitVr: true, bigEndian: false };
  return parseElements(file, encoding.dataSetOffset, native).elements;
}
