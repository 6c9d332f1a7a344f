import type { FailureDeclarations } from './declaration.ts';

/** What could not be kept. */
const STORED = [
  'settings',
  'session',
  'session-removal',
  'audit-trail',
  'sample-study',
  'port',
  'servers',
] as const;

/** What the application keeps: sessions, settings, the audit trail, the sample study. */
/** What saved work consists of, as a person knows it. */
const SAVED_PARTS = [
  'archive',
  'head',
  'crop',
  'labels',
  'original',
  'unfilled',
  'confidence',
  'atrium',
  'surface',
  'history',
] as const;

export const storageFailures = {
  'storage.settings-unreadable': {},
  'storage.settings-damaged': {},
  'storage.servers-damaged': {},
  'storage.receiving-damaged': {},
  'storage.certificate-damaged': {},
  'storage.session-left-out': {},
  'storage.sample-unreadable': {},
  'storage.sessions-unreadable': {},
  'storage.session-gone': {},
  /** Another page saved it since; when, ISO 8601. */
  'storage.session-saved-elsewhere': { savedAt: 'text' },
  'storage.session-unreadable': {},
  'storage.session-damaged': {},
  'storage.session-not-restorable': { part: SAVED_PARTS },
  /** Saved work of a scan that was not segmented. */
  'storage.drawings-need-scan': {},
  'storage.drawings-damaged': {},
  'storage.disk-full': { what: STORED },
  'storage.not-kept': {
    what: STORED,
    /** The operating system's code. */
    systemCode: 'text',
  },
} as const satisfies FailureDeclarations;
