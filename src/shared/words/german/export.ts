import type { exportFailures } from '../../failures/exportFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const exportWords: WordsFor<keyof typeof exportFailures> = {
  'export.choose-file': () => 'Mindestens eine Datei für den Export wählen.',
  'export.choose-mesh-format': () => 'Ein Format für die Netze wählen.',
  'export.choose-surface': () => 'Eine Oberfläche für den Export wählen.',
  'export.choose-no-wall': () => 'Es gibt keine offene Wand: kein Ostium gefunden.',
  'export.choose-no-dicom': () =>
    'DICOM-Dateien können nicht erzeugt werden: Diese Arbeit wurde von einer früheren Version ohne die Verweise auf den Scan gespeichert. Den Scan erneut segmentieren.',
  'export.no-surface-format': () => 'Ein Dateiformat für die Oberflächen wählen oder keine Oberfläche.',
  'export.nothing-chosen': () => 'Für den Export wurde nichts gewählt.',
  'export.mask-off-grid': () =>
    'Die Maske kann nicht geschrieben werden: Der segmentierte Teil liegt nicht auf dem Gitter des Scans.',
  'export.labels-empty': () => 'Die Labelkarte kann nicht geschrieben werden: Sie ist leer.',
  'export.dicom-without-scan': () =>
    'DICOM-Dateien können nicht erzeugt werden: Die Verweise auf die Dateien des Scans sind nicht bekannt.',
  'export.scan-not-open': () =>
    'Die Schichten des Scans können nicht exportiert werden: die Serie selbst öffnen oder ohne den Scan exportieren.',
  'export.wall-without-ostium': () =>
    'Die offene Wand kann nicht geschrieben werden: Dieses Ergebnis hat kein Ostium.',
  'export.shell-without-ostium': () =>
    'Die druckbare Schale kann nicht erzeugt werden: Dieses Ergebnis hat kein Ostium, an dem sie sich öffnen ließe.',
  'export.shell-empty': () => 'Die Ostiumebene lässt nichts für eine druckbare Schale übrig.',
  'export.shell-too-large': () => 'Die Oberfläche ist zu groß für eine druckbare Schale.',
  'export.picture-not-png': () => 'Ein Bild für den Bericht ist kein PNG.',
  'export.picture-damaged': () => 'Ein Bild für den Bericht ist beschädigt.',
  'export.cannot-save-here': () => 'Von hier aus können keine Dateien gespeichert werden; herunterladen.',
  'export.names-unusable': () => 'Die Dateien können unter ihren Namen nicht gespeichert werden.',
  'export.disk-full': () => 'Der Datenträger ist voll: Es wurde nichts gespeichert.',
  'export.folder-not-writable': () =>
    'Keine Berechtigung, in diesen Ordner zu schreiben: einen anderen wählen.',
  'export.folder-gone': () => 'Den Ordner gibt es nicht mehr: einen anderen wählen.',
  'export.not-saved': ({ systemCode }) =>
    `Die Dateien konnten nicht gespeichert werden${systemCode === '' ? '' : ` (${systemCode})`}.`,
};
