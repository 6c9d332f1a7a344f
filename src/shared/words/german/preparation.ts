import type { preparationFailures } from '../../failures/preparationFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { plain } from './numbers.ts';
import { systemReason } from './systemReason.ts';

export const preparationWords: WordsFor<keyof typeof preparationFailures> = {
  'preparation.folder-unreadable': ({ folder }) => `Der Ordner „${folder}“ kann nicht gelesen werden.`,
  'preparation.file-missing': ({ name }) => `„${name}“ fehlt.`,
  'preparation.description-damaged': ({ name }) => `„${name}“ ist beschädigt; den Fall erneut vorbereiten.`,
  'preparation.shape': ({ name, shape, wanted }) => `„${name}“ enthält ein Feld ${shape} statt ${wanted}.`,
  'preparation.counts-differ': ({ name, array, found, points }) =>
    `„${name}“ enthält ${points} Punkte, aber ${found} Werte in „${array}“.`,
  'preparation.not-finite': ({ name }) => `„${name}“ enthält Werte, die keine endlichen Zahlen sind.`,
  'preparation.split-name': ({ name, caseName }) =>
    `„${name}“ nennt den Fall „${caseName}“, der nicht im Ordner ist.`,
  'preparation.input-missing': ({ name }) => `„${name}“ ist nicht vorhanden.`,
  'preparation.no-cases': ({ name }) => `„${name}“ enthält keine Fälle.`,
  'preparation.name-twice': ({ name }) => `Zwei Fälle heißen „${name}“.`,
  'preparation.bad-name': ({ name }) => `„${name}“ kann nicht der Name des Ordners eines Falls sein.`,
  'preparation.case-folder': ({ images, segmentations }) =>
    images === 0 || segmentations === 0
      ? `Dem Ordner fehlt ${images === 0 ? 'ein Scan (image, ct, scan oder dicom)' : 'eine Segmentierung (segmentation, seg, labels, mask, surface oder laa)'}.`
      : 'Der Ordner enthält mehrere Scans oder Segmentierungen; die Fälle stattdessen in einer Tabelle auflisten.',
  'preparation.not-a-table': ({ name }) =>
    `„${name}“ ist keine Tabelle: Ein Anführungszeichen ist offen, oder eine Zeile hat mehr Zellen als die erste.`,
  'preparation.not-a-list': ({ name }) => `„${name}“ ist keine Liste in JSON.`,
  'preparation.row-wrong': ({ name, row, problem }) => `Zeile ${row} von „${name}“ ist falsch: ${problem}.`,
  'preparation.pair-incomplete': () => '--image und --segmentation angeben, beide.',
  'preparation.nothing-to-prepare': () =>
    'Einen Ordner oder eine Tabelle mit Fällen nennen, oder --image und --segmentation, oder --phantoms.',
  'preparation.split-shares': () =>
    'Die Aufteilung braucht drei Anteile mit der Summe 1, zum Beispiel 0.8 0.1 0.1.',
  'preparation.not-an-image': ({ name }) =>
    `„${name}“ ist kein Scan: Nötig ist ein Ordner mit DICOM, NIfTI, NRRD oder MetaImage (.mha).`,
  'preparation.volume-unreadable': ({ name }) =>
    `„${name}“ kann nicht gelesen werden; die Datei ist beschädigt oder von anderem Format.`,
  'preparation.nrrd-bzip2': ({ name }) =>
    `„${name}“ ist mit bzip2 komprimiert, was nicht gelesen wird; mit gzip komprimiert oder unkomprimiert speichern.`,
  'preparation.volume-cut': ({ name }) =>
    `„${name}“ ist abgeschnitten: Die Datei enthält weniger Voxel, als ihr Header sagt.`,
  'preparation.not-a-volume': ({ name }) =>
    `„${name}“ ist kein Volumen einzelner Werte auf einem Gitter mit drei Achsen.`,
  'preparation.not-a-segmentation': ({ name }) =>
    `„${name}“ ist keine Segmentierung: Nötig ist eine Oberfläche (STL, VTK, VTP, PLY, OBJ), eine Labelkarte oder ein DICOM SEG.`,
  'preparation.not-labels': ({ name }) => `„${name}“ enthält ein Bild statt Labels.`,
  'preparation.which-label': ({ name, labels }) =>
    `„${name}“ enthält mehrere Labels: ${labels}; angeben, welches das Vorhofohr ist (--label).`,
  'preparation.label-empty': ({ name, label, labels }) =>
    labels === ''
      ? `Die Segmentierung „${name}“ ist leer.`
      : `„${name}“ hat kein Voxel mit dem Label ${label}; vorhanden: ${labels}.`,
  'preparation.several-segs': ({ name, count }) =>
    `„${name}“ enthält ${count} Segmentierungen; die Datei einer einzelnen nennen.`,
  'preparation.seg-unreadable': ({ name, reason }, { clause }) =>
    `Die Segmentierung „${name}“ kann nicht gelesen werden: ${clause(reason)}.`,
  'preparation.not-seg': () => 'Es ist keine DICOM-Segmentierung.',
  'preparation.seg-contours': () => 'Es ist ein RT Structure Set: Konturen, die nicht gelesen werden.',
  'preparation.seg-type': ({ type }) => `Segmentierungen vom Typ ${type} werden nicht gelesen.`,
  'preparation.seg-compressed': ({ encoding }) =>
    `Die Pixel sind komprimiert (${encoding}), was nicht gelesen wird.`,
  'preparation.seg-frame-unnamed': () => 'Ein Bild sagt nicht, welches Segment es zeigt.',
  'preparation.seg-cut': () => 'Es ist beschädigt oder abgeschnitten.',
  'preparation.seg-uneven': () => 'Die Bilder liegen nicht auf einem gemeinsamen Gitter.',
  'preparation.frames-differ': () =>
    'Scan und Segmentierung haben verschiedene Bezugssysteme und gehören nicht zusammen.',
  'preparation.surface-outside-image': ({ looksTurned }) =>
    looksTurned
      ? 'Die Segmentierung liegt außerhalb des Scans, mit gedrehten Achsen aber innerhalb: --surface-space ras (oder lps) versuchen.'
      : 'Die Segmentierung liegt außerhalb des Scans.',
  'preparation.surface-cut': ({ percent }) =>
    `${plain(percent)} % der Oberfläche liegen außerhalb des Scans.`,
  'preparation.larger-than-cube': ({ percent }) =>
    `${plain(percent)} % der Oberfläche liegen außerhalb des Würfels von 70 mm.`,
  'preparation.surface-unsound': ({ nonManifoldEdges }) =>
    nonManifoldEdges > 0
      ? `Die Oberfläche ist keine Mannigfaltigkeit: ${nonManifoldEdges} ihrer Kanten haben mehr als zwei Dreiecke.`
      : 'Die Oberfläche hat kein Außen: Sie ist einseitig.',
  'preparation.surface-outside-cube': () => 'Die Oberfläche liegt außerhalb des Würfels von 70 mm.',
  'preparation.no-ostium': () =>
    'Die Oberfläche ist geschlossen und hat kein flaches Ende, das ihr Ostium sein könnte; den Vorhof (--atrium-label) oder die Ebene (--ostium-plane) nennen.',
  'preparation.plane-misses': () => 'Die Ostiumebene teilt die Oberfläche nicht in zwei.',
  'preparation.atrium-apart': () =>
    'Vorhof und Vorhofohr berühren sich nicht, sodass kein Ostium gefunden wird.',
  'preparation.pieces-left-out': ({ pieces }) =>
    pieces === 1
      ? 'Ein abgetrenntes Stück der Oberfläche wurde weggelassen.'
      : `${pieces} abgetrennte Stücke der Oberfläche wurden weggelassen.`,
  'preparation.surface-without-labels': ({ name }) =>
    `Die Oberfläche „${name}“ hat keine Labels: --label und --atrium-label wurden dafür nicht verwendet.`,
  'preparation.labels-without-space': ({ name }) =>
    `Die Labels „${name}“ liegen, wie ihre Datei sagt: --surface-space wurde dafür nicht verwendet.`,
  'preparation.options-apart': ({ option, other }) =>
    `${option} ist mit ${other} ohne Wirkung; eines von beiden weglassen.`,
  'preparation.name-taken': ({ name }) =>
    `Der Ausgabeordner enthält ein anderes „${name}“, das nicht von „auricle prepare“ stammt; einen anderen Ordner oder Namen wählen.`,
  'preparation.disk-full': ({ name }) =>
    `Der Datenträger ist voll: „${name}“ wurde nicht geschrieben. Was vorher fertig war, bleibt; derselbe Befehl fährt dort fort.`,
  'preparation.not-written': ({ name, systemCode }) =>
    `„${name}“ konnte nicht geschrieben werden (${systemReason(systemCode)}).`,
};
