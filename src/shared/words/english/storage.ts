import type { storageFailures } from '../../failures/storageFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

const STORED = {
  settings: 'The settings',
  session: 'The session',
  'session-removal': 'The removal of the session',
  'audit-trail': 'The audit trail',
  'sample-study': 'The sample study',
  port: 'The port',
  servers: 'The list of DICOM servers',
};

const SAVED_PARTS = {
  archive: 'its file as a whole is',
  head: 'its description (session.json) is',
  crop: 'the scan’s voxels (crop.i16) are',
  labels: 'the segmented voxels (labels.u8) are',
  original: 'the surface as first segmented (original.*) is',
  unfilled: 'the surface of the unfilled part (unfilled.*) is',
  confidence: 'the confidence of the surface (original.off.f32) is',
  atrium: 'the left atrium (atrium.f32) is',
  surface: 'the surface as it was left (appendage.*) is',
  history: 'the history of edits (history.bin) is',
};

export const storageWords: WordsFor<keyof typeof storageFailures> = {
  'storage.settings-unreadable': () => 'The settings could not be read: defaults are used.',
  'storage.settings-damaged': () => 'The settings were damaged: defaults are used.',
  'storage.receiving-damaged': () =>
    'The settings for receiving studies cannot be read; nothing is received now.',
  'storage.certificate-damaged': () =>
    "The program's own certificate cannot be read; choose it again in the settings.",
  'storage.servers-damaged': () => 'The list of DICOM servers cannot be read; no server is configured now.',
  'storage.session-left-out': () => 'A saved session is damaged and is not listed.',
  'storage.sample-unreadable': () => 'The sample study cannot be read.',
  'storage.sessions-unreadable': () => 'The saved sessions cannot be read.',
  'storage.session-gone': () => 'That session no longer exists.',
  'storage.session-saved-elsewhere': () => 'This work was saved in another window in the meantime.',
  'storage.session-unreadable': () => 'The session cannot be read.',
  'storage.session-damaged': () => 'The saved session is damaged and cannot be opened.',
  'storage.drawings-need-scan': () =>
    'This is what was drawn on a scan that is not segmented yet. Open the scan: it is shown there.',
  'storage.drawings-damaged': () => 'What was drawn on this scan is damaged and cannot be shown.',
  'storage.session-not-restorable': ({ part }) =>
    `The saved session cannot be restored: ${SAVED_PARTS[part]} damaged or missing.`,
  'storage.disk-full': ({ what }) => `${STORED[what]} could not be saved: the disk is full.`,
  'storage.not-kept': ({ what, systemCode }) =>
    `${STORED[what]} could not be saved: it cannot be written (${systemReason(systemCode)}).`,
};
