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

const SAVED_PARTS = {
  archive: 'Ihre Datei im Ganzen ist',
  head: 'Ihre Beschreibung (session.json) ist',
  crop: 'Der Ausschnitt des Scans (crop.i16) ist',
  labels: 'Die Segmentierung in Voxeln (labels.u8) ist',
  original: 'Die zuerst segmentierte Oberfläche (original.*) ist',
  unfilled: 'Die Oberfläche des ungefüllten Teils (unfilled.*) ist',
  confidence: 'Die Verlässlichkeit der Oberfläche (original.off.f32) ist',
  atrium: 'Der linke Vorhof (atrium.f32) ist',
  surface: 'Die zuletzt bearbeitete Oberfläche (appendage.*) ist',
  history: 'Der Verlauf der Bearbeitung (history.bin) ist',
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
  'storage.session-not-restorable': ({ part }) =>
    `Die gespeicherte Sitzung kann nicht wiederhergestellt werden: ${SAVED_PARTS[part]} beschädigt oder fehlt.`,
  'storage.disk-full': ({ what }) => `${NOT_STORED[what]}: Der Datenträger ist voll.`,
  'storage.not-kept': ({ what, systemCode }) =>
    `${NOT_STORED[what]}: Schreiben nicht möglich (${systemReason(systemCode)}).`,
};
