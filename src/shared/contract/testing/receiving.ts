import type { ReceivingState, receivingService } from '../services/receiving.ts';
import { none, type ServiceFixtures } from './fixture.ts';

const settings = {
  isOn: false,
  reach: 'this-machine' as const,
  port: 11112,
  aeTitle: 'AURICLE',
  allowedAeTitles: ['SCANNER'],
  isEncrypted: false,
  caPem: '',
};
const off: ReceivingState = { settings, address: null, problem: null, series: [], identity: null };
const series = {
  seriesUid: '1.2.3',
  patientName: 'A^B',
  modality: 'CT',
  description: '',
  date: '20260131',
  imageCount: 3,
};
const state = {
  good: [
    off,
    {
      ...off,
      address: 'AURICLE@127.0.0.1:11112',
      series: [series],
      identity: { subject: 'CN=auricle', needsKey: true },
    },
  ],
  bad: {
    'a key too many': { ...off, identity: { subject: 'CN=auricle', needsKey: false, keyPem: 'x' } },
    'a path for a UID': { ...off, series: [{ ...series, seriesUid: '../1' }] },
  },
};
const ofSeries = { good: [{ seriesUid: '1.2.3' }], bad: { 'a path': { seriesUid: '../1' } } };

export const receivingFixtures: ServiceFixtures<typeof receivingService> = {
  state: { params: none, result: state },
  configure: {
    params: {
      good: [{ settings }],
      bad: { 'no port': { settings: { ...settings, port: 0 } } },
    },
    result: state,
  },
  keepIdentity: {
    params: {
      good: [{ identity: { certificatePem: 'x', keyPem: 'y' } }, { identity: null }],
      bad: { 'no key': { identity: { certificatePem: 'x' } } },
    },
    result: state,
  },
  open: {
    params: ofSeries,
    result: {
      good: [{ files: [{ id: 'a', path: '1.dcm', sizeBytes: 1 }] }],
      bad: { 'a path for an id': { files: [{ id: '/a', path: '1.dcm', sizeBytes: 1 }] } },
    },
  },
  remove: { params: ofSeries, result: state },
};
