import { isFailedWith } from '#shared/errors.ts';
import type { PageOptions, SeriesList, StudyPage } from '../archive.ts';
import { isUid } from '../dicomUid.ts';
import {
  isPlainKey,
  isSamePatient,
  type ListedImages,
  matchingKeys,
  type RemotePatient,
  type RemoteSeries,
  type RemoteStudy,
  type StudyFilters,
  type StudyOfPatient,
  usableSeries,
  usableStudies,
} from '../remoteStudy.ts';
import { countOf, type JsonDataset, textOf, textsOf } from './dicomJson.ts';
import type { HttpConnection } from './httpConnection.ts';
import { readDatasets } from './readAnswer.ts';

/*
 * QIDO-RS (PS3.18 section 10.6).
 */

/** Tags of what is asked for and answered. */
const TAG = {
  studyDate: '00080020',
  accessionNumber: '00080050',
  modality: '00080060',
  modalitiesInStudy: '00080061',
  studyDescription: '00081030',
  seriesDescription: '0008103E',
  sopInstanceUid: '00080018',
  patientName: '00100010',
  patientId: '00100020',
  issuerOfPatientId: '00100021',
  studyUid: '0020000D',
  seriesUid: '0020000E',
  seriesNumber: '00200011',
  studySeries: '00201206',
  studyImages: '00201208',
  seriesImages: '00201209',
} as const;

const STUDY_FIELDS = [
  TAG.studyDescription,
  TAG.modalitiesInStudy,
  TAG.studySeries,
  TAG.studyImages,
  TAG.issuerOfPatientId,
];
const SERIES_FIELDS = [TAG.seriesDescription, TAG.seriesImages];
const PATIENT_FIELDS = [TAG.patientName, TAG.patientId, TAG.issuerOfPatientId];

const ACCEPT_JSON = 'application/dicom+json';
const PAGE_SIZE = 1000;
/** More instances than any series has: a server that repeats its pages for ever ends here. */
const MOST_PAGES = 100;

async function query(
  connection: HttpConnection,
  path: string,
  parameters: readonly (readonly [string, string])[],
  signal: AbortSignal | undefined,
): Promise<JsonDataset[]> {
  const search = parameters.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&');
  const answer = await connection.send({
    method: 'GET',
    path: search === '' ? path : `${path}?${search}`,
    accept: ACCEPT_JSON,
    signal,
  });
  return readDatasets(answer, connection.server);
}

/** A page of the studies that match. @throws UserError, CancelledError */
export async function queryStudies(
  connection: HttpConnection,
  filters: StudyFilters,
  { limit, offset, signal }: PageOptions,
): Promise<StudyPage> {
  const found = await query(
    connection,
    '/studies',
    [
      ...Object.entries(matchingKeys(filters)),
      ...STUDY_FIELDS.map((field) => ['includefield', field] as const),
      ['limit', String(limit)],
      ['offset', String(offset)],
    ],
    signal,
  );
  // Two patients may share a Study Instance UID: each answer is a study.
  return { ...usableStudies(found.map(studyOf)), hasMore: found.length >= limit };
}

/**
 * The series of a study, by number, of all patients who have one of its UID. Where one patient's are asked for, others'
 * are left out by what the answers say, or else by the server, where it matches the patient's number.
 * @throws UserError, CancelledError
 */
export async function querySeries(
  connection: HttpConnection,
  { studyUid, patient }: StudyOfPatient,
  signal?: AbortSignal,
): Promise<SeriesList> {
  const ask = (fields: readonly string[], keys: readonly (readonly [string, string])[] = []) =>
    query(
      connection,
      `/studies/${studyUid}/series`,
      [...keys, ...fields.map((field) => ['includefield', field] as const)],
      signal,
    );
  const listOf = (found: readonly JsonDataset[], of: SeriesList['of']): SeriesList => ({
    ...usableSeries(found.map((dataset) => seriesOf(dataset, studyUid))),
    of,
  });
  if (patient === undefined) return listOf(await ask(SERIES_FIELDS), 'anyone');
  const all = await ask([...SERIES_FIELDS, ...PATIENT_FIELDS]);
  if (all.every((dataset) => TAG.patientId in dataset))
    return listOf(
      all.filter((dataset) => isSamePatient(patientOf(dataset), patient)),
      'patient',
    );
  if (isPlainKey(patient.patientId)) {
    try {
      const matching = await ask(SERIES_FIELDS, [['PatientID', patient.patientId]]);
      // A server that does not know the key answers with all of them.
      if (matching.length > 0 && matching.length < all.length) return listOf(matching, 'number');
    } catch (thrown) {
      if (!isFailedWith(thrown, 'network.not-found', 'network.status')) throw thrown;
    }
  }
  return listOf(all, 'anyone');
}

/** The images of a series. @throws UserError, CancelledError */
export async function queryInstances(
  connection: HttpConnection,
  studyUid: string,
  seriesUid: string,
  signal?: AbortSignal,
): Promise<ListedImages> {
  const uids = new Set<string>();
  let withoutUid = 0;
  let offset = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const found = await query(
      connection,
      `/studies/${studyUid}/series/${seriesUid}/instances`,
      [
        ['limit', String(PAGE_SIZE)],
        ['offset', String(offset)],
      ],
      signal,
    );
    const before = uids.size;
    const answered = found.map((dataset) => textOf(dataset, TAG.sopInstanceUid));
    for (const uid of answered) if (isUid(uid)) uids.add(uid);
    // Servers may answer fewer than were asked for, or all of them whatever was asked for.
    if (uids.size === before && page > 0) break;
    withoutUid += answered.filter((uid) => !isUid(uid)).length;
    offset += found.length;
    if (found.length === 0) break;
  }
  return { uids, withoutUid };
}

const patientOf = (dataset: JsonDataset): RemotePatient => ({
  patientName: textOf(dataset, TAG.patientName),
  patientId: textOf(dataset, TAG.patientId),
  issuerOfPatientId: textOf(dataset, TAG.issuerOfPatientId),
});

const studyOf = (dataset: JsonDataset): RemoteStudy => ({
  studyUid: textOf(dataset, TAG.studyUid),
  ...patientOf(dataset),
  date: textOf(dataset, TAG.studyDate),
  description: textOf(dataset, TAG.studyDescription),
  accessionNumber: textOf(dataset, TAG.accessionNumber),
  modalities: textsOf(dataset, TAG.modalitiesInStudy).filter((modality) => modality !== ''),
  seriesCount: countOf(dataset, TAG.studySeries),
  imageCount: countOf(dataset, TAG.studyImages),
});

const seriesOf = (dataset: JsonDataset, studyUid: string): RemoteSeries => ({
  studyUid,
  seriesUid: textOf(dataset, TAG.seriesUid),
  modality: textOf(dataset, TAG.modality),
  number: countOf(dataset, TAG.seriesNumber),
  description: textOf(dataset, TAG.seriesDescription),
  imageCount: countOf(dataset, TAG.seriesImages),
});
