import type { openingService } from '../services/opening.ts';
import { none, type ServiceFixtures } from './fixture.ts';

const file = { id: 'a-1', path: 'CT/1.dcm', sizeBytes: 10 };

export const openingFixtures: ServiceFixtures<typeof openingService> = {
  take: {
    params: none,
    result: {
      good: [{ files: [] }, { files: [file] }],
      bad: {
        'a path for an id': { files: [{ ...file, id: '../a' }] },
        'a negative size': { files: [{ ...file, sizeBytes: -1 }] },
        'a place on the disk too many': { files: [{ ...file, folder: '/home' }] },
      },
    },
  },
  read: {
    params: {
      good: [{ id: 'a-1', fromByte: 0 }],
      bad: {
        'a path for an id': { id: '/etc/passwd', fromByte: 0 },
        'a place before it': { id: 'a', fromByte: -1 },
      },
    },
    result: { good: [{ bytes: new Uint8Array([1]) }], bad: { 'text for bytes': { bytes: 'DICM' } } },
  },
};
