import type { studiesFailures } from '../../failures/studiesFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { counted } from './numbers.ts';

const files = (count: number): string => counted(count, 'eine Datei', 'Dateien');

export const studiesWords: WordsFor<keyof typeof studiesFailures> = {
  'studies.folder-missing': ({ folder }) => `Den Ordner ${folder} gibt es nicht.`,
  'studies.not-a-folder': ({ name }) => `${name} ist kein Ordner.`,
  'studies.disc-index-named': ({ fileName }) =>
    `${fileName} ist das Inhaltsverzeichnis eines Datenträgers: den Ordner nennen, in dem es liegt.`,
  'studies.disc-index-damaged': ({ fileName }) =>
    `${fileName} kann nicht bis zum Ende gelesen werden, sodass vielleicht Dateien fehlen; den Ordner nennen, in dem es liegt.`,
  'studies.listed-file-missing': () => 'Das DICOMDIR führt die Datei auf, sie ist aber nicht vorhanden.',
  'studies.folder-unreadable': ({ folder }) => `Der Ordner ${folder} kann nicht gelesen werden.`,
  'studies.folder-empty': ({ folder }) => `Der Ordner ${folder} ist leer.`,
  'studies.folder-without-dicom': ({ folder, otherFiles }) =>
    `Der Ordner ${folder} enthält kein DICOM (${files(otherFiles)} anderer Art).`,
  'studies.folder-without-ct': () => 'Der Ordner enthält keine CT-Serie.',
  'studies.no-usable-series': ({ description, others, reason, resampled }, { clause }) => {
    const refused = `Die Serie „${description}“${others > 0 ? ` (und ${others} weitere)` : ''} ist nicht verwendbar: ${clause(reason)}.`;
    return resampled === ''
      ? refused
      : `${refused} Mit --resample-uneven ist ${resampled === description ? 'sie' : `„${resampled}“`} verwendbar, mit interpolierten Ebenen zwischen den Schichten.`;
  },
  'studies.no-readable-series': ({ fileName, others, reason }, { clause }) =>
    `Der Ordner enthält keine lesbare CT-Serie; ${fileName}${others > 0 ? ` und ${others} weitere` : ''}: ${clause(reason)}.`,
  'studies.folder-unlisted': ({ folder }) =>
    `Der Ordner ${folder} konnte nicht gelesen werden: Es fehlen vielleicht Schichten.`,
  'studies.link-broken': () => 'Die Datei ist eine Verknüpfung, deren Ziel fehlt.',
  'studies.file-unreachable': () => 'Die Datei konnte nicht geöffnet werden.',
  'studies.folder-for-file': () =>
    'An der Stelle der Datei liegt ein leerer Ordner, der wie die Dateien daneben heißt.',
  'studies.file-special': () => 'Die Datei ist eine Pipe, ein Socket oder ein Gerät und wird nicht geöffnet.',
  'studies.packed-slice': () =>
    'Die Datei ist gepackt, mit gzip oder ähnlich, und heißt wie die Schichten daneben.',
  'studies.no-slice-among-slices': () => 'Die Datei heißt wie die Schichten daneben, ist aber kein DICOM.',

  'studies.nothing-opened': () => 'Das Geöffnete enthält keine Dateien.',
  'studies.no-ct': ({ otherFiles }) => `Das Geöffnete enthält keine CT (${files(otherFiles)} anderer Art).`,
  'studies.no-readable-ct': ({ problem }, { sentence }) => `Es gibt keine lesbare CT. ${sentence(problem)}`,
  'studies.disc-index-only': () =>
    'Das Geöffnete enthält keine CT, nur das Inhaltsverzeichnis eines Datenträgers (DICOMDIR): den ganzen Datenträger oder Ordner öffnen.',
  'studies.problem-in-files': ({ files: count, fileName, reason }, { clause }) =>
    count === 1
      ? `In der Datei ${fileName}: ${clause(reason)}.`
      : `In ${count} Dateien, darunter ${fileName}: ${clause(reason)}.`,
  'studies.none-can-be-segmented': () =>
    'Keine dieser Serien ist segmentierbar; die Liste nennt jeweils den Grund.',
  'studies.series-closed': () => 'Die Serie ist nicht mehr geöffnet.',
  'studies.series-too-large': () => 'Die Serie ist zu groß für den Speicher dieses Rechners.',

  'studies.several-patients': ({ patients }) =>
    `Diese Dateien gehören zu ${patients} verschiedenen Patienten: prüfen, dass die richtige Serie gewählt ist.`,

  'studies.zip-damaged': () =>
    'Die ZIP-Datei ist beschädigt oder unvollständig: erneut kopieren oder herunterladen.',
  'studies.zip-encrypted': () => 'Die ZIP-Datei ist durch ein Passwort geschützt: zuerst entpacken.',
  'studies.zip-compression': () =>
    'Die ZIP-Datei ist auf eine Weise komprimiert, die hier nicht gelesen wird: zuerst entpacken.',
  'studies.zip-implausible': () =>
    'Die ZIP-Datei ergäbe entpackt eine unplausible Datenmenge; sie wurde nicht geöffnet.',
  'studies.zip-empty': () => 'Die ZIP-Datei ist leer.',
  'studies.zip-in-zip': () =>
    'Eine ZIP-Datei innerhalb einer ZIP-Datei wurde nicht geöffnet: zuerst entpacken.',
  'studies.zip-entry-damaged': () => 'Die Datei ist innerhalb ihrer ZIP-Datei beschädigt.',
};
