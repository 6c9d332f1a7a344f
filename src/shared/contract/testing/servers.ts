import { failure } from '../../failures/failure.ts';
import type { serversService } from '../services/servers.ts';
import { none, type ServiceFixtures } from './fixture.ts';

const loan = '8b0b5d4e-3c3a-4d6f-9a55-0f4b8f7a1c2d';
const server = {
  id: 'a-1',
  name: 'PACS',
  kind: 'web' as const,
  address: 'https://pacs/dicom-web',
  authentication: 'basic' as const,
  user: 'alice',
  fingerprint: '',
  caPem: '',
  allowUnencryptedPassword: false,
  isEncrypted: false,
  receiveAt: '',
  calledAeTitle: '',
  callingAeTitle: '',
};
const list = {
  good: [
    { servers: [], canKeepSecrets: false },
    { servers: [{ ...server, needsSecret: true }], canKeepSecrets: true },
  ],
  bad: {
    'a secret too many': { servers: [{ ...server, needsSecret: false, secret: 'x' }], canKeepSecrets: true },
  },
};
const ofServer = { good: [{ id: 'a-1' }], bad: { 'a path for an id': { id: '../a' } } };
const series = {
  studyUid: '1.2',
  seriesUid: '1.2.3',
  modality: 'CT',
  number: null,
  description: '',
  imageCount: 12,
};
const patient = { patientName: 'A^B', patientId: '7', issuerOfPatientId: 'GENERAL' };
const study = {
  studyUid: '1.2',
  ...patient,
  date: '20260131',
  description: '',
  accessionNumber: '',
  modalities: ['CT'],
  seriesCount: null,
  imageCount: 3,
};
const filters = { patientName: '', patientId: '', date: '', modality: '', accessionNumber: '' };
const ofSeries = {
  good: [{ id: 'a-1', series }],
  bad: {
    'an address for a UID': { id: 'a-1', series: { ...series, seriesUid: '../x' } },
    'no study': { id: 'a-1', series: { ...series, studyUid: '' } },
  },
};

export const serversFixtures: ServiceFixtures<typeof serversService> = {
  list: { params: none, result: list },
  keep: {
    params: {
      good: [
        { server, secret: null },
        { server: { ...server, kind: 'node' }, secret: 'x' },
      ],
      bad: {
        'no address': { server: { ...server, address: '' }, secret: null },
        'another kind': { server: { ...server, kind: 'ftp' }, secret: null },
      },
    },
    result: list,
  },
  remove: { params: ofServer, result: list },
  unlock: {
    params: { good: [{ id: 'a', secret: 'x' }], bad: { 'no secret': { id: 'a', secret: '' } } },
    result: list,
  },
  check: { params: ofServer, result: none },
  studies: {
    params: {
      good: [{ id: 'a', filters, offset: 0 }],
      bad: { 'a negative offset': { id: 'a', filters, offset: -1 } },
    },
    result: {
      good: [{ studies: [study], withoutUid: 1, hasMore: true }],
      bad: { 'a UID that is none': { studies: [{ ...study, studyUid: 'x' }], withoutUid: 0, hasMore: true } },
    },
  },
  series: {
    params: {
      good: [{ id: 'a', studyUid: '1.2', patient }],
      bad: { 'a path': { id: 'a', studyUid: '1/2', patient }, 'no patient': { id: 'a', studyUid: '1.2' } },
    },
    result: {
      good: [
        { series: [], warnings: [failure('network.series-without-uid', { series: 2 })] },
        { series: [series], warnings: [] },
      ],
      bad: { 'no list': { series, warnings: [] } },
    },
  },
  thumbnail: {
    params: ofSeries,
    result: {
      good: [null, { mediaType: 'image/png', bytes: Uint8Array.of(1) }],
      bad: { 'a page for a picture': { mediaType: 'text/html', bytes: Uint8Array.of(1) } },
    },
  },
  fetch: {
    params: ofSeries,
    result: {
      good: [{ files: [{ id: 'a', path: '1.dcm', sizeBytes: 1 }], loan, warnings: [] }],
      bad: {
        'a path for an id': { files: [{ id: '/a', path: '1.dcm', sizeBytes: 1 }], loan, warnings: [] },
        'a path for a loan': { files: [], loan: '../loan', warnings: [] },
      },
    },
  },
  release: {
    params: { good: [{ loan }, { loan: null }], bad: { 'a path': { loan: '../servers.json' } } },
    result: none,
  },
  store: {
    params: {
      good: [{ id: 'a', files: [{ name: 'a.dcm', bytes: Uint8Array.of(1) }] }],
      bad: { 'no files': { id: 'a', files: [] } },
    },
    result: {
      good: [[{ name: 'a.dcm', failure: null }]],
      bad: { 'a sentence for a failure': [{ name: 'a.dcm', failure: 'No.' }] },
    },
  },
};
