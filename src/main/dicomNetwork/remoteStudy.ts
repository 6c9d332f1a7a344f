import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { isUid } from './dicomUid.ts';

/** Who a patient is to a server; '' where it does not say. */
export interface RemotePatient {
  readonly patientName: string;
  readonly patientId: string;
  /** Whose number it is: two hospitals may give the same one. */
  readonly issuerOfPatientId: string;
}

/** Whether two answers are about one patient, as far as both say it. */
export const isSamePatient = (a: RemotePatient, b: RemotePatient): boolean =>
  a.patientId === b.patientId &&
  agree(a.issuerOfPatientId, b.issuerOfPatientId) &&
  agree(a.patientName, b.patientName);

const agree = (a: string, b: string): boolean => a === '' || b === '' || a === b;

/** A study, of one patient of those who may share its UID. */
export interface StudyOfPatient {
  readonly studyUid: string;
  readonly patient?: RemotePatient | undefined;
}

/** What a server answers about a study; '' and null where it does not say. */
export interface RemoteStudy extends RemotePatient {
  readonly studyUid: string;
  /** YYYYMMDD. */
  readonly date: string;
  readonly description: string;
  readonly accessionNumber: string;
  readonly modalities: readonly string[];
  readonly seriesCount: number | null;
  readonly imageCount: number | null;
}

export interface RemoteSeries {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly modality: string;
  readonly number: number | null;
  readonly description: string;
  readonly imageCount: number | null;
}

/** Studies as they are listed: those whose UID can be asked for, and how many cannot. */
export function usableStudies(found: readonly RemoteStudy[]): {
  readonly studies: RemoteStudy[];
  readonly withoutUid: number;
} {
  const studies = found.filter(({ studyUid }) => isUid(studyUid));
  return { studies, withoutUid: found.length - studies.length };
}

/** Series as they are listed, by number, each once: those whose UID can be asked for, and how many cannot. */
export function usableSeries(found: readonly RemoteSeries[]): {
  readonly series: RemoteSeries[];
  readonly withoutUid: number;
} {
  const usable = found.filter(({ seriesUid }) => isUid(seriesUid));
  const distinct = new Map(usable.map((one) => [one.seriesUid, one]));
  return { series: [...distinct.values()].sort(byNumber), withoutUid: found.length - usable.length };
}

/** The images of a series as a server lists them. */
export interface ListedImages {
  readonly uids: ReadonlySet<string>;
  /** Images whose SOP Instance UID is no UID. */
  readonly withoutUid: number;
}

/** Which studies to list. Names, numbers and identifiers may hold the wildcards `*` and `?`. */
export interface StudyFilters {
  /** Without a wildcard, the beginning of the name: `Doe` finds `Doe^Jane`. */
  readonly patientName?: string;
  readonly patientId?: string;
  /** `YYYYMMDD`, `YYYYMMDD-YYYYMMDD`, or a range without beginning or end. */
  readonly date?: string;
  readonly modality?: string;
  readonly accessionNumber?: string;
  readonly studyUid?: string;
}

/** Whether a text matches itself alone as a key: not empty, without wildcards, and one value. */
export const isPlainKey = (text: string): boolean => text !== '' && !/[*?\\]/.test(text);

/** The filters as DICOM's attributes name them, for QIDO-RS and C-FIND alike. @throws UserError */
export function matchingKeys(filters: StudyFilters): Record<string, string> {
  const { patientName = '', date = '' } = filters;
  if (date !== '' && !/^(\d{8}(-(\d{8})?)?|-\d{8})$/.test(date))
    throw new UserError(failure('network.date-invalid', { date }));
  const keys = {
    PatientName: patientName === '' || /[*?]/.test(patientName) ? patientName : `${patientName}*`,
    PatientID: filters.patientId ?? '',
    StudyDate: date,
    ModalitiesInStudy: filters.modality ?? '',
    AccessionNumber: filters.accessionNumber ?? '',
    StudyInstanceUID: filters.studyUid ?? '',
  };
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== ''));
}

/** By number as radiologists know them, those without one last. */
const byNumber = (a: RemoteSeries, b: RemoteSeries): number =>
  (a.number ?? Number.POSITIVE_INFINITY) - (b.number ?? Number.POSITIVE_INFINITY) ||
  (a.seriesUid < b.seriesUid ? -1 : 1);
