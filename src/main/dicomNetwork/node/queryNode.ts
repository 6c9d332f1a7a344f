import { isFailedWith, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { PageOptions, SeriesList, StudyPage } from '../archive.ts';
import { isUid } from '../dicomUid.ts';
import {
  isPlainKey,
  matchingKeys,
  type RemoteSeries,
  type RemoteStudy,
  type StudyFilters,
  type StudyOfPatient,
  usableSeries,
  usableStudies,
} from '../remoteStudy.ts';
import { associate, type NodePatience } from './associate.ts';
import { type DicomNode, nodeName } from './dicomNode.ts';
import { type DimseRequest, type DimseResponse, dimse } from './dimseLibrary.ts';
import { SYNTAX_GROUPS, VERIFICATION } from './storageSyntaxes.ts';

/*
 * C-ECHO and C-FIND of the study root (PS3.4 annexes A and C).
 */

const STUDY_ROOT_FIND = '1.2.840.10008.5.1.4.1.2.2.1';
const PATIENT_ROOT_FIND = '1.2.840.10008.5.1.4.1.2.1.1';
const UNCOMPRESSED = SYNTAX_GROUPS[0] ?? [];

/** More than any list that is read by a person, or any series has images. */
const MOST_ANSWERS = 100_000;
const isPending = (status: number): boolean => status === 0xff00 || status === 0xff01;

export interface NodeCall {
  readonly signal?: AbortSignal | undefined;
  readonly patience?: NodePatience | undefined;
}

const optionsOf = ({ signal, patience }: NodeCall) => ({
  signal,
  ...withoutUndefined({ patience }),
});

export const statusInWords = (status: number): string =>
  `0x${status.toString(16).toUpperCase().padStart(4, '0')}`;

/** Whether the node answers, to this AE title. @throws UserError, CancelledError */
export async function echoNode(node: DicomNode, call: NodeCall): Promise<void> {
  const server = nodeName(node);
  let status: number | undefined;
  const request = new dimse.requests.CEchoRequest();
  request.on('response', (response: DimseResponse) => {
    status = response.getStatus();
  });
  await associate(node, {
    contexts: [{ abstractSyntax: VERIFICATION, transferSyntaxes: UNCOMPRESSED }],
    requests(accepted) {
      if (!accepted.has(VERIFICATION))
        throw new UserError(failure('network.service-not-offered', { server, service: 'echo' }));
      return [request];
    },
    ...optionsOf(call),
  });
  if (status !== 0)
    throw new UserError(failure('network.node-status', { server, status: statusInWords(status ?? 0) }));
}

type Elements = Readonly<Record<string, unknown>>;

/** The elements of everything that matches. @throws UserError, CancelledError */
async function find(
  node: DicomNode,
  request: DimseRequest,
  { signal, patience }: NodeCall,
  root = STUDY_ROOT_FIND,
): Promise<Elements[]> {
  const server = nodeName(node);
  const found: Elements[] = [];
  let last: number | undefined;
  request.on('response', (response: DimseResponse) => {
    last = response.getStatus();
    const elements = response.getDataset()?.getElements();
    if (isPending(last) && elements !== undefined && found.length < MOST_ANSWERS) found.push(elements);
  });
  await associate(node, {
    contexts: [{ abstractSyntax: root, transferSyntaxes: UNCOMPRESSED }],
    requests(accepted) {
      if (!accepted.has(root))
        throw new UserError(failure('network.service-not-offered', { server, service: 'find' }));
      return [request];
    },
    ...optionsOf({ signal, patience }),
  });
  if (last !== 0)
    throw new UserError(failure('network.node-status', { server, status: statusInWords(last ?? 0xffff) }));
  return found;
}

/** Keys to match or to be answered; texts are sent in UTF-8. */
const UTF8 = { SpecificCharacterSet: 'ISO_IR 192' };

/** C-FIND has no pages: all that match are listed, and a page is cut out. */
export async function findStudies(
  node: DicomNode,
  filters: StudyFilters,
  { limit, offset, signal }: PageOptions,
  patience: NodePatience | undefined,
): Promise<StudyPage> {
  const found = await find(
    node,
    dimse.requests.CFindRequest.createStudyFindRequest({
      ...UTF8,
      StudyInstanceUID: '',
      PatientName: '',
      PatientID: '',
      IssuerOfPatientID: '',
      StudyDate: '',
      StudyDescription: '',
      AccessionNumber: '',
      ModalitiesInStudy: '',
      NumberOfStudyRelatedSeries: '',
      NumberOfStudyRelatedInstances: '',
      ...matchingKeys(filters),
    }),
    { signal, patience },
  );
  const page = found.slice(offset, offset + limit).map(studyOf);
  return { ...usableStudies(page), hasMore: found.length > offset + limit };
}

/**
 * The series of a study, of all patients who have one of its UID; those of one number where it is asked for and the node
 * answers in the way that leads by patients (the Patient Root).
 */
export async function findSeries(
  node: DicomNode,
  { studyUid, patient }: StudyOfPatient,
  call: NodeCall,
): Promise<SeriesList> {
  const request = (keys: Readonly<Record<string, string>> = {}): DimseRequest =>
    dimse.requests.CFindRequest.createSeriesFindRequest({
      ...UTF8,
      StudyInstanceUID: studyUid,
      SeriesInstanceUID: '',
      Modality: '',
      SeriesNumber: '',
      SeriesDescription: '',
      NumberOfSeriesRelatedInstances: '',
      ...keys,
    });
  const listOf = (found: readonly Elements[], of: SeriesList['of']): SeriesList => ({
    ...usableSeries(found.map((elements) => seriesOf(elements, studyUid))),
    of,
  });
  if (patient !== undefined && isPlainKey(patient.patientId)) {
    const ofPatient = request({ PatientID: patient.patientId });
    ofPatient.setAffectedSopClassUid(PATIENT_ROOT_FIND);
    try {
      const found = await find(node, ofPatient, call, PATIENT_ROOT_FIND);
      if (found.length > 0) return listOf(found, 'number');
    } catch (thrown) {
      // Not every node offers it, and the list of all of them says whose it is not.
      if (!isFailedWith(thrown, 'network.service-not-offered', 'network.node-status')) throw thrown;
    }
  }
  return listOf(await find(node, request(), call), 'anyone');
}

export interface RemoteImage {
  readonly sopInstanceUid: string;
  /** '' where the node does not say. */
  readonly sopClassUid: string;
}

export async function findImages(
  node: DicomNode,
  studyUid: string,
  seriesUid: string,
  call: NodeCall,
): Promise<{ readonly images: readonly RemoteImage[]; readonly withoutUid: number }> {
  const found = await find(
    node,
    dimse.requests.CFindRequest.createImageFindRequest({
      StudyInstanceUID: studyUid,
      SeriesInstanceUID: seriesUid,
      SOPInstanceUID: '',
      SOPClassUID: '',
    }),
    call,
  );
  const images = found
    .map((elements) => ({
      sopInstanceUid: textOf(elements, 'SOPInstanceUID'),
      sopClassUid: textOf(elements, 'SOPClassUID'),
    }))
    .filter(({ sopInstanceUid }) => isUid(sopInstanceUid));
  return { images, withoutUid: found.length - images.length };
}

const studyOf = (elements: Elements): RemoteStudy => ({
  studyUid: textOf(elements, 'StudyInstanceUID'),
  patientName: textOf(elements, 'PatientName'),
  patientId: textOf(elements, 'PatientID'),
  issuerOfPatientId: textOf(elements, 'IssuerOfPatientID'),
  date: textOf(elements, 'StudyDate'),
  description: textOf(elements, 'StudyDescription'),
  accessionNumber: textOf(elements, 'AccessionNumber'),
  modalities: textsOf(elements, 'ModalitiesInStudy').filter((modality) => modality !== ''),
  seriesCount: countOf(elements, 'NumberOfStudyRelatedSeries'),
  imageCount: countOf(elements, 'NumberOfStudyRelatedInstances'),
});

const seriesOf = (elements: Elements, studyUid: string): RemoteSeries => ({
  studyUid,
  seriesUid: textOf(elements, 'SeriesInstanceUID'),
  modality: textOf(elements, 'Modality'),
  number: countOf(elements, 'SeriesNumber'),
  description: textOf(elements, 'SeriesDescription'),
  imageCount: countOf(elements, 'NumberOfSeriesRelatedInstances'),
});

/** The values of an element, which the library gives as text, number, a name's parts, or a list of them. */
function textsOf(elements: Elements, name: string): string[] {
  const value = elements[name];
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => {
    if (typeof one === 'string') return one.split('\\').map((text) => text.trim());
    if (typeof one === 'number') return [String(one)];
    if (typeof one === 'object' && one !== null && 'Alphabetic' in one)
      return [String(one.Alphabetic).trim()];
    return [];
  });
}

const textOf = (elements: Elements, name: string): string => textsOf(elements, name)[0] ?? '';

function countOf(elements: Elements, name: string): number | null {
  const text = textOf(elements, name);
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
