import type { reportFailures } from '../../failures/reportFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { plain } from './numbers.ts';

export const reportWords: WordsFor<keyof typeof reportFailures> = {
  'report.logo-format': ({ fileName }) =>
    `${fileName} ist kein PNG- oder JPEG-Bild, wie es ein Logo sein muss.`,
  'report.logo-too-large': ({ fileName, megabytes, pixels }) =>
    `${fileName} ist zu groß für ein Logo: höchstens ${plain(megabytes)} MB und ${pixels} Pixel je Seite.`,
  'report.logo-damaged': ({ fileName }) => `Das Logo ${fileName} ist beschädigt.`,
  'report.not-a-registry-case': ({ fileName }) =>
    `${fileName} ist kein Registerfall, den diese Version lesen kann.`,
  'report.registry-twice': ({ caseId }) => `Der Fall ${caseId} ist doppelt vorhanden.`,
  'report.registry-replaced': ({ fileName }) =>
    `${fileName} ist das Ziel der Fälle und wird zugleich nach Fällen durchsucht: eine andere Datei wählen.`,
  'report.saved-drawings-only': () =>
    'Das sind Zeichnungen auf einem noch nicht segmentierten Scan: ein Ergebnis enthalten sie nicht.',
  'report.not-saved-work': ({ fileName }) =>
    `${fileName} ist weder der Ordner eines Ergebnisses noch lesbare gespeicherte Arbeit der Anwendung.`,
  'report.saved-work-stale': () =>
    'Diese Arbeit wurde gespeichert, bevor ihre Oberfläche der letzten Bearbeitung gefolgt war: in der Anwendung öffnen, dann wird sie neu gespeichert.',
  'report.saved-work-of-earlier-version': () =>
    'Diese Arbeit wurde von einer früheren Version gespeichert, ohne was Dokumente über Bearbeitung und Prüfung sagen: in der Anwendung öffnen und eine Änderung speichern.',
  'report.option-of-results': ({ option }) =>
    `${option} gilt für Ergebnisse von auricle segment: Gespeicherte Arbeit hat ihr eigenes.`,
  'report.table-and-size': () => 'Ein Okkluder wird nach Tabelle und Größe platziert: beide nennen.',
  'report.logo-proportions': ({ fileName, times }) =>
    `${fileName} ist für ein Logo zu lang und schmal: Eine Seite darf höchstens ${times}-mal so lang sein wie die andere.`,
  'report.verdict-of-other-numbers': ({ verdict, reviewer, at, theirs, ours, fileName }) =>
    `Gespeicherte Arbeit an diesem Scan wurde ${reviewer === '' ? '' : `von ${reviewer} `}${verdict === 'accepted' ? 'akzeptiert' : 'verworfen'} (${at.slice(0, 10)}), aber ihre Oberfläche oder ihre Zahlen sind nicht die dieses Ergebnisses${theirs === '' ? '' : ` (dort ${theirs}, hier ${ours})`}: Die Dokumente nennen das Ergebnis ungeprüft. Für Dokumente der geprüften Arbeit selbst ihre Datei nennen, ${fileName} („auricle report saved“ sagt, wo sie liegt).`,
  'report.no-phases': ({ folder }) => `${folder} enthält keine fertigen Ergebnisse von auricle phases.`,
  'report.other-phases': ({ folder }) =>
    `Die Phasen in ${folder} sind nicht die der Serie dieses Ergebnisses.`,
  'report.registry-empty': () => 'Es wurde keine registry.json gefunden.',
};
