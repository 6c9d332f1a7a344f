import type { PlanningStep } from '#shared/contract/planningSteps.ts';
import type { ReviewedBy } from '#shared/contract/services/exporting.ts';
import type { SourceInstance, SourceSeries } from '#shared/dicom/sourceSeries.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { derivedUid } from './derivedUid.ts';
import { type DicomDataset, fitted } from './dicomDataset.ts';

/** What every object of a result says of its origin. */
export interface ObjectContext {
  readonly source: SourceSeries;
  readonly programVersion: string;
  readonly models: readonly { readonly id: string; readonly kind: string; readonly sha256: string }[];
  /** What a person changed, by name, in order; empty: the result is the program's own. */
  readonly edits: readonly string[];
  readonly review: 'not reviewed' | 'accepted' | 'rejected';
  readonly reviewedBy: ReviewedBy | null;
  /** Planning steps that the reviewer went through; none on the command line. */
  readonly reviewedSteps?: readonly PlanningStep[];
  readonly notice: string;
  /** When the content was made; local time is written. */
  readonly madeAt: Date;
}

/** What a kind of object is, and what tells one of them from another. */
export interface ObjectKind {
  readonly sopClassUid: string;
  readonly modality: string;
  /** Added to the source's series number, so that results stand behind it. */
  readonly seriesOffset: number;
  readonly seriesDescription: string;
  /** Objects of one series have the same name and different numbers. */
  readonly instanceNumber?: number;
}

/** Stands in descriptions: short enough for their 64 characters. */
export const NOT_CLINICAL = 'Research use only, not for clinical use';

const two = (value: number): string => String(value).padStart(2, '0');
export const dicomDate = (date: Date): string =>
  `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
export const dicomTime = (date: Date): string =>
  `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;

/** Attributes of patient, study and trial that a derived object takes over; those that must be there may be empty. */
const REQUIRED = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyDate',
  'StudyTime',
  'ReferringPhysicianName',
  'StudyID',
  'AccessionNumber',
];
const OPTIONAL = [
  'IssuerOfPatientID',
  'PatientBirthTime',
  'PatientComments',
  'PatientIdentityRemoved',
  'DeidentificationMethod',
  'ClinicalTrialSponsorName',
  'ClinicalTrialProtocolID',
  'ClinicalTrialProtocolName',
  'ClinicalTrialSiteID',
  'ClinicalTrialSiteName',
  'ClinicalTrialSubjectID',
  'ClinicalTrialSubjectReadingID',
  'StudyDescription',
  'PatientAge',
];
const NUMBERS = ['PatientSize', 'PatientWeight'];

/** The patient and the study of the source (PS3.3 C.7.1.1, C.7.1.3, C.7.2.1, C.7.2.2), in UTF-8 whatever it was in. */
export function patientAndStudy({ source: { attributes } }: ObjectContext): DicomDataset {
  const dataset: Record<string, string> = { StudyInstanceUID: attributes.StudyInstanceUID ?? '' };
  for (const keyword of REQUIRED) dataset[keyword] = attributes[keyword] ?? '';
  for (const keyword of OPTIONAL) {
    const value = attributes[keyword];
    if (value !== undefined) dataset[keyword] = value;
  }
  for (const keyword of NUMBERS) {
    const value = attributes[keyword];
    if (value !== undefined && Number.isFinite(Number(value))) dataset[keyword] = value;
  }
  return dataset;
}

/** Manufacturer of every object that is written here. */
export const MANUFACTURER = 'Auricle';

/** General and Enhanced General Equipment (PS3.3 C.7.5.1, C.7.5.2). */
export const equipment = ({ programVersion }: ObjectContext): DicomDataset => ({
  Manufacturer: MANUFACTURER,
  ManufacturerModelName: 'Auricle',
  // A program has no serial number; this one stands for the installed version.
  DeviceSerialNumber: fitted(programVersion, 64),
  SoftwareVersions: fitted(programVersion, 64),
});

/** The frame of reference that the source's positions are in (PS3.3 C.7.4.1). */
export const frameOfReference = ({ source: { attributes } }: ObjectContext): DicomDataset => ({
  FrameOfReferenceUID: attributes.FrameOfReferenceUID ?? '',
  PositionReferenceIndicator: attributes.PositionReferenceIndicator ?? '',
});

/**
 * UIDs, series and times of an object (PS3.3 C.7.3.1, C.12.1). The UIDs come from the source series, the time and the
 * content: see `derivedUid`.
 * @param content what the object holds, as bytes or text
 */
export function identity(
  context: ObjectContext,
  kind: ObjectKind,
  ...content: readonly (string | Uint8Array)[]
): DicomDataset {
  const { source, madeAt } = context;
  const sourceSeries = source.attributes.SeriesInstanceUID ?? '';
  const origin = [
    'Auricle',
    kind.sopClassUid,
    kind.seriesDescription,
    sourceSeries,
    madeAt.toISOString(),
    context.programVersion,
    JSON.stringify(context.models),
    JSON.stringify(context.edits),
    context.review,
  ];
  const seriesNumber = Number(source.attributes.SeriesNumber ?? '');
  const base = Number.isInteger(seriesNumber) && seriesNumber > 0 && seriesNumber < 1e8 ? seriesNumber : 0;
  return {
    SOPClassUID: kind.sopClassUid,
    SOPInstanceUID: derivedUid('instance', ...origin, String(kind.instanceNumber ?? 1), ...content),
    SeriesInstanceUID: derivedUid('series', ...origin, ...(kind.instanceNumber === undefined ? content : [])),
    Modality: kind.modality,
    SeriesNumber: base * 100 + kind.seriesOffset,
    SeriesDescription: fitted(kind.seriesDescription, 64),
    SeriesDate: dicomDate(madeAt),
    SeriesTime: dicomTime(madeAt),
    InstanceNumber: kind.instanceNumber ?? 1,
    InstanceCreationDate: dicomDate(madeAt),
    InstanceCreationTime: dicomTime(madeAt),
    ContentDate: dicomDate(madeAt),
    ContentTime: dicomTime(madeAt),
  };
}

const reference = (sopClassUid: string, sopInstanceUid: string): DicomDataset => ({
  ReferencedSOPClassUID: sopClassUid,
  ReferencedSOPInstanceUID: sopInstanceUid,
});

/** Every file of the source series once, as references. */
export function sourceReferences({ source: { instances } }: ObjectContext): DicomDataset[] {
  const byUid = new Map(instances.map((one) => [one.sopInstanceUid, one]));
  return [...byUid.values()].map(({ sopClassUid, sopInstanceUid }) => reference(sopClassUid, sopInstanceUid));
}

/** Longer lists do not fit an IS element of 64 KiB. */
const MOST_FRAMES_NAMED = 9000;

/**
 * The same for references that may name frames (PS3.3 10.3): of a file of many frames those of the series, as the file
 * may hold other phases too.
 */
export function sourceImageReferences(context: ObjectContext): DicomDataset[] {
  const framesOf = new Map<string, number[]>();
  for (const { sopInstanceUid, frameNumber } of context.source.instances) {
    if (frameNumber === null) continue;
    const frames = framesOf.get(sopInstanceUid);
    if (frames) frames.push(frameNumber);
    else framesOf.set(sopInstanceUid, [frameNumber]);
  }
  return sourceReferences(context).map((one) => {
    const frames = framesOf.get(String(one.ReferencedSOPInstanceUID)) ?? [];
    if (frames.length === 0 || frames.length > MOST_FRAMES_NAMED) return one;
    return { ...one, ReferencedFrameNumber: frames.sort((a, b) => a - b) };
  });
}

/** References to the whole source series (PS3.3 C.12.2). */
export const commonInstanceReference = (context: ObjectContext): DicomDataset => ({
  ReferencedSeriesSequence: [
    {
      SeriesInstanceUID: context.source.attributes.SeriesInstanceUID ?? '',
      ReferencedInstanceSequence: sourceReferences(context),
    },
  ],
});

/** Lossy compression is inherited: what came from a compressed image says so (PS3.3 C.7.6.1.1.5). */
export const lossyCompression = ({ source: { attributes } }: ObjectContext): DicomDataset =>
  attributes.LossyImageCompression === '01'
    ? {
        LossyImageCompression: '01',
        LossyImageCompressionRatio: attributes.LossyImageCompressionRatio,
        LossyImageCompressionMethod: attributes.LossyImageCompressionMethod,
      }
    : { LossyImageCompression: '00' };

/** The model that drew the surface, or all of them where several fields were averaged. */
export const fieldModels = ({ models }: ObjectContext): ObjectContext['models'] => {
  const drawing = models.filter(({ kind }) => kind !== 'region');
  return drawing.length > 0 ? drawing : models;
};

/** The same for all objects of one result, so that segment and measurements are known to be of one thing. */
export const trackingUid = ({ source, madeAt, models, edits }: ObjectContext, what: string): string =>
  derivedUid(
    'tracking',
    what,
    source.attributes.SeriesInstanceUID ?? '',
    madeAt.toISOString(),
    JSON.stringify([models, edits]),
  );

const instanceKey = ({ sopInstanceUid, frameNumber }: SourceInstance): string =>
  `${sopInstanceUid} ${frameNumber ?? ''}`;

/** Why a series cannot be the source of an object; undefined where it can. */
export function sourceProblem({ attributes, instances }: SourceSeries): Failure | undefined {
  const hasUids =
    (attributes.StudyInstanceUID ?? '') !== '' &&
    (attributes.SeriesInstanceUID ?? '') !== '' &&
    instances.length > 0 &&
    instances.every(({ sopInstanceUid }) => sopInstanceUid !== '');
  if (!hasUids) return failure('objects.source-without-uids');
  const shared = instances.length - new Set(instances.map(instanceKey)).size;
  if (shared > 0) return failure('objects.source-uids-shared', { images: shared + 1 });
  const hasFrame = (attributes.FrameOfReferenceUID ?? '') !== '';
  return hasFrame ? undefined : failure('objects.source-without-frame');
}
