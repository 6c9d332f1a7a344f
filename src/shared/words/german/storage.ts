import type { storageFailures } from '../../failures/storageFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

const NOT_STORED = {
  settings: 'Die Einstellungen konnten nicht gespeichert werden',
  session: 'Die Sitzung konnte nicht gespeichert werden',
  'session-removal': 'Das Löschen der Sitzung konnte nicht gespeichert werden',
  'audit-trail': 'Das Protokoll konnte nicht gespeichert werden',
  'sample-study': 'Die Beispielstudie konnte nicht gespeichert werden',
  port: 'Der Port konnte nicht gespeichert werden',
  servers: 'Die Liste der DICOM-Server konnte nicht gespeichert werden',
};

export const storageWords: WordsFor<keyof typeof storageFailures> = {
  'storage.settings-unreadable': () =>
    'Die Einstellungen konnten nicht gelesen werden: Es gelten die Vorgaben.',
  'storage.settings-damaged': () => 'Die Einstellungen waren beschädigt: Es gelten die Vorgaben.',
  'storage.receiving-damaged': () =>
    'Die Einstellungen zum Empfang von Studien sind nicht lesbar; derzeit wird nichts empfangen.',
  'storage.certificate-damaged': () =>
    'Das eigene Zertifikat des Programms ist nicht lesbar; in den Einstellungen erneut wählen.',
  'storage.servers-damaged': () =>
    'Die Liste der DICOM-Server ist nicht lesbar; derzeit ist kein Server eingerichtet.',
  'storage.session-left-out': () => 'Eine gespeicherte Sitzung ist beschädigt und wird nicht aufgelistet.',
  'storage.sample-unreadable': () => 'Die Beispielstudie kann nicht gelesen werden.',
  'storage.sessions-unreadable': () => 'Die gespeicherten Sitzungen können nicht gelesen werden.',
  'storage.session-gone': () => 'Diese Sitzung gibt es nicht mehr.',
  'storage.session-saved-elsewhere': () =>
    'Diese Arbeit wurde inzwischen in einem anderen Fenster gespeichert.',
  'storage.session-unreadable': () => 'Die Sitzung kann nicht gelesen werden.',
  'storage.session-damaged': () => 'Die gespeicherte Sitzung ist beschädigt und kann nicht geöffnet werden.',
  'storage.drawings-need-scan': () =>
    'Das sind Zeichnungen auf einem noch nicht segmentierten Scan. Öffnen Sie den Scan: dort sind sie zu sehen.',
  'storage.drawings-damaged': () =>
    'Die Zeichnungen auf diesem Scan sind beschädigt und können nicht gezeigt werden.',
  'storage.session-not-restorable': () =>
    'Die gespeicherte Sitzung ist beschädigt und kann nicht wiederhergestellt werden.',
  'storage.disk-full': ({ what }) => `${NOT_STORED[what]}: Der Datenträger ist voll.`,
  'storage.not-kept': ({ what, systemCode }) =>
    `${NOT_STORED[what]}: Schreiben nicht möglich (${systemReason(systemCode)}).`,
};
