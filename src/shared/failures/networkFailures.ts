import type { FailureDeclarations } from './declaration.ts';

/**
 * DICOM servers: what they refuse, answer or fail to. `server` is the origin or `host:port` as it was configured; never
 * the path or the query of a request, which may name a patient.
 */
export const networkFailures = {
  'network.address-invalid': { address: 'text' },
  'network.address-holds-password': {},
  'network.uid-invalid': { uid: 'text' },
  'network.date-invalid': { date: 'text' },
  'network.unreachable': { server: 'text', reason: 'text' },
  'network.silent': { server: 'text', seconds: 'number' },
  'network.connection-ended': { server: 'text' },
  'network.certificate-file': { fileName: 'text' },
  'network.certificate-untrusted': { server: 'text', reason: 'text', fingerprint: 'text' },
  'network.certificate-changed': { server: 'text', fingerprint: 'text' },
  'network.password-unencrypted': { server: 'text' },
  'network.password-needed': { server: 'text' },
  'network.password-refused': { server: 'text' },
  'network.access-denied': { server: 'text' },
  'network.redirected': { server: 'text', target: 'text' },
  'network.not-found': { server: 'text' },
  'network.status': { server: 'text', status: 'number' },
  'network.answer-type': { server: 'text', contentType: 'text' },
  'network.answer-damaged': { server: 'text' },
  'network.answer-cut': { server: 'text' },
  'network.answer-too-large': { server: 'text', bytes: 'number' },
  'network.no-study': { server: 'text' },
  'network.no-series': { server: 'text' },
  'network.part-not-dicom': { server: 'text' },
  'network.instance-foreign': { server: 'text' },
  'network.instance-contradicts': { server: 'text' },
  'network.series-incomplete': { server: 'text', arrived: 'number', expected: 'number', reason: 'failures' },
  'network.not-written': { folder: 'text', systemCode: 'text' },
  'network.file-not-dicom': { fileName: 'text' },
  'network.nothing-to-store': {},
  'network.files-contradict': { fileName: 'text' },
  'network.instance-refused': { server: 'text', status: 'text' },
  'network.instance-unconfirmed': { server: 'text' },
  'network.node-invalid': { address: 'text' },
  'network.ae-title-invalid': { aeTitle: 'text' },
  /** An association that the node did not accept. */
  'network.association-refused': {
    server: 'text',
    reason: ['calling', 'called', 'busy', 'other'],
  },
  'network.association-aborted': { server: 'text' },
  'network.service-not-offered': { server: 'text', service: ['echo', 'find', 'get', 'move'] },
  'network.syntax-not-accepted': { server: 'text' },
  'network.node-status': { server: 'text', status: 'text' },
  'network.port-taken': { port: 'number', systemCode: 'text' },
} as const satisfies FailureDeclarations;
