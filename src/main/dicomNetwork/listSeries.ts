import { CancelledError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { DicomArchive } from './archive.ts';
import type { RemoteSeries } from './remoteStudy.ts';

/** More patients than ever share a study by mistake. */
const MOST_PATIENTS = 20;

/**
 * The series of a study, and what a person must know of the list: series that cannot be in it, and other patients whose
 * study has the same UID, as a server asked for a study by its UID answers with the series of all of them.
 * @throws UserError, CancelledError
 */
export async function listSeries(
  archive: DicomArchive,
  studyUid: string,
  signal?: AbortSignal,
): Promise<{ readonly series: readonly RemoteSeries[]; readonly warnings: readonly Failure[] }> {
  const { series, withoutUid } = await archive.series(studyUid, signal);
  const patients = await patientsOf(archive, studyUid, signal);
  return {
    series,
    warnings: [
      ...(withoutUid > 0 ? [failure('network.series-without-uid', { series: withoutUid })] : []),
      ...(patients > 1 ? [failure('network.study-uid-shared', { patients })] : []),
    ],
  };
}

async function patientsOf(archive: DicomArchive, studyUid: string, signal?: AbortSignal): Promise<number> {
  try {
    const { studies } = await archive.studies({ studyUid }, { limit: MOST_PATIENTS, offset: 0, signal });
    // Servers that do not match the UID list other studies too.
    const own = studies.filter((study) => study.studyUid === studyUid);
    return new Set(own.map(({ patientId, patientName }) => JSON.stringify([patientId, patientName]))).size;
  } catch (thrown) {
    if (thrown instanceof CancelledError) throw thrown;
    // The list is there all the same.
    return 0;
  }
}
