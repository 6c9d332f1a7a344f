import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { DicomArchive } from './archive.ts';
import { isSamePatient, type RemotePatient, type RemoteSeries, type StudyOfPatient } from './remoteStudy.ts';

/** More patients than ever share a study by mistake. */
const MOST_PATIENTS = 20;

/**
 * The series of a study, and what a person must know of the list: series that cannot be in it, and other patients whose
 * study has the same UID, as a server asked for a study by its UID answers with the series of all of them. Where a
 * patient is named, those of others are left out, if the server says whose they are.
 * @throws UserError, CancelledError
 */
export async function listSeries(
  archive: DicomArchive,
  { studyUid, patient }: StudyOfPatient,
  signal?: AbortSignal,
): Promise<{ readonly series: readonly RemoteSeries[]; readonly warnings: readonly Failure[] }> {
  const patients = await patientsOf(archive, studyUid, signal);
  const isKnown = Array.isArray(patients);
  if (patient && isKnown && !patients.some((one) => isSamePatient(one, patient)))
    return { series: [], warnings: [] };
  const isOnly = isKnown && patients.length === 1;
  const { series, withoutUid, of } = await archive.series(
    isOnly ? { studyUid } : { studyUid, patient },
    signal,
  );
  return {
    series,
    warnings: [
      ...(withoutUid > 0 ? [failure('network.series-without-uid', { series: withoutUid })] : []),
      ...(isKnown ? sharedWith(patients, patient, of) : [patients]),
    ],
  };
}

function sharedWith(
  patients: readonly RemotePatient[],
  patient: RemotePatient | undefined,
  of: 'patient' | 'number' | 'anyone',
): Failure[] {
  if (patients.length === 1) return [];
  const others = patients.filter((one) => patient && !isSamePatient(one, patient));
  const isNumberEnough = others.every(({ patientId }) => patientId !== patient?.patientId);
  const isOfPatient = patient && (of === 'patient' || (of === 'number' && isNumberEnough));
  // Of several patients under the name that was given, nobody says which one is meant.
  const isOne = patients.length - others.length === 1;
  return isOfPatient && isOne
    ? [failure('network.other-patients-left-out', { patients: patients.length })]
    : [failure('network.study-uid-shared', { patients: patients.length })];
}

/** All who have a study of this UID; the reason where nobody says. */
async function patientsOf(
  archive: DicomArchive,
  studyUid: string,
  signal?: AbortSignal,
): Promise<RemotePatient[] | Failure> {
  const { server } = archive;
  try {
    const { studies } = await archive.studies({ studyUid }, { limit: MOST_PATIENTS, offset: 0, signal });
    // Servers that do not match the UID list other studies too.
    const own = studies.filter((study) => study.studyUid === studyUid);
    if (own.length === 0)
      return failure('network.patients-unchecked', {
        reason: failure('network.study-not-listed', { server }),
      });
    const distinct = new Map(
      own.map(({ patientId, issuerOfPatientId, patientName }) => [
        JSON.stringify([patientId, issuerOfPatientId, patientName]),
        { patientId, issuerOfPatientId, patientName },
      ]),
    );
    return [...distinct.values()];
  } catch (thrown) {
    // The list of series can be had all the same.
    if (thrown instanceof UserError) return failure('network.patients-unchecked', { reason: thrown.failure });
    throw thrown;
  }
}
