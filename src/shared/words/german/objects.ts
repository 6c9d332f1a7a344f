import type { objectsFailures } from '../../failures/objectsFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { decimals } from './numbers.ts';

export const objectsWords: WordsFor<keyof typeof objectsFailures> = {
  'objects.source-without-uids': () =>
    'Es kann kein DICOM-Objekt erzeugt werden: Den Dateien des Scans fehlen die UIDs, auf die es verweisen würde.',
  'objects.source-uids-shared': ({ images }) =>
    `Es kann kein DICOM-Objekt erzeugt werden: ${images} Bilder des Scans teilen ihre SOP Instance UID mit anderen, sodass keines auf jedes von ihnen verweisen könnte.`,
  'objects.source-without-frame': () =>
    'Es kann kein DICOM-Objekt erzeugt werden: Der Scan hat kein Bezugssystem (Frame of Reference) für seine Positionen.',
  'objects.not-a-result': ({ folder, fileName }) =>
    `Der Ordner „${folder}“ enthält kein Ergebnis von „auricle segment“: „${fileName}“ fehlt oder ist beschädigt.`,
  'objects.result-of-another-scan': ({ folder }) =>
    `Das Ergebnis in „${folder}“ stammt aus keiner Serie dieses Scans.`,
  'objects.result-of-unknown-phase': ({ folder, phases }) =>
    `Der Scan hat ${phases} Phasen an der Stelle des Ergebnisses in „${folder}“, das nicht sagt, aus welcher es stammt; einen Ordner mit dieser Phase allein nennen.`,
  'objects.no-picture': ({ folder }) =>
    `Das Ergebnis in „${folder}“ hat keine preview.png; ein Bild nennen (--picture).`,
  'objects.pdf-unreadable': ({ fileName }) =>
    `„${fileName}“ ist keine PDF-Datei, die sich ohne Passwort öffnen lässt.`,
  'objects.segmentation-of-another-scan': ({ name }) =>
    `Die Segmentierung „${name}“ gehört zu einem anderen Scan: Bezugssystem oder Lage weichen ab.`,
  'objects.not-replaced': ({ fileName }) =>
    `Es gibt schon eine andere Datei „${fileName}“; sie wird nicht ersetzt. Wählen Sie einen anderen Namen.`,
  'objects.segmentation-of-another-study': ({ name }) =>
    `„${name}“ ist keine Segmentierung dieser Studie: Der Bericht kann nicht darauf verweisen.`,
  'objects.segmentation-of-another-series': ({ name, series }) =>
    `Die Segmentierung „${name}“ wurde auf einer anderen Serie (${series}) erstellt, nicht auf dieser; sie erscheint dort, wo die Positionen übereinstimmen.`,
  'objects.segmentation-of-other-images': ({ name }) =>
    `Die Segmentierung „${name}“ wurde auf anderen Bildern dieser Serie erstellt (vielleicht einer anderen Herzphase); sie erscheint dort, wo die Positionen übereinstimmen.`,
  'objects.segmentation-source-unknown': ({ name }) =>
    `Die Segmentierung „${name}“ sagt nicht, auf welchen Bildern sie erstellt wurde; ihr Bezugssystem ist das dieses Scans.`,
  'objects.segmentation-gaps-empty': ({ name, stepMm }) =>
    `Die Segmentierung „${name}“ nennt keinen Abstand ihrer Schichten; sie wird auf den Schichten dieses Scans gelesen (${decimals(stepMm, 2)} mm), und Schichten ohne ein Bild von ihr sind leer.`,
  'objects.segmentation-step-assumed': ({ name, stepMm }) =>
    `Die Segmentierung „${name}“ nennt keinen Abstand ihrer Schichten; angenommen wird der kleinste Abstand ihrer Bilder, ${decimals(stepMm, 2)} mm.`,
  'objects.not-dicom': () => 'Es ist kein DICOM-Objekt.',
  'objects.disc-index': () =>
    'Es ist das Inhaltsverzeichnis eines Datenträgers (DICOMDIR), das Patienten mit Namen aufführt.',
  'objects.damaged': () => 'Es ist beschädigt und kann nicht vollständig geprüft werden.',
  'objects.burned-in': () => 'Es hat ins Bild eingebrannten Text.',
  'objects.may-be-burned-in': () =>
    'Es hat möglicherweise ins Bild eingebrannten Text (Bildschirmfoto, Dosisseite oder Ultraschall).',
  'objects.document': () => 'Es enthält ein Dokument, dessen Text nicht geprüft wird.',
  'objects.free-text': () => 'Es ist ein Befund mit Freitext.',
  'objects.annotations': () => 'Es enthält Anmerkungen mit Freitext.',
  'objects.raw-data': () => 'Es enthält Rohdaten des Scanners.',
  'objects.names-patient': () => 'Es nennt den Patienten.',
  'objects.left-out': ({ count, reason }, { clause }) =>
    `${count === 1 ? 'Eine Datei wurde' : `${count} Dateien wurden`} weggelassen: ${clause(reason)}.`,
  'objects.nothing-anonymised': () => 'Keine Datei konnte anonymisiert werden.',
  'objects.anonymised-not-empty': ({ folder }) =>
    `Der Ordner „${folder}“ ist nicht leer; anonymisierte Dateien kommen in einen leeren.`,
  'objects.key-unusable': ({ fileName }) =>
    `„${fileName}“ ist kein Schlüssel: Nötig sind mindestens 16 Bytes, die niemand erraten kann.`,
};
