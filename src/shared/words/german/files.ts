import type { filesFailures } from '../../failures/filesFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const filesWords: WordsFor<keyof typeof filesFailures> = {
  'files.unreadable': ({ fileName }) => `Die Datei ${fileName} kann nicht gelesen werden.`,
  'files.nrrd-field-missing': ({ field }) => `Der NRRD-Datei fehlt „${field}“ im Header.`,
  'files.nrrd-dimension': () => 'Die NRRD-Datei ist nicht dreidimensional.',
  'files.nrrd-detached': () => 'Die NRRD-Datei hält ihre Daten in einer anderen Datei; als eine speichern.',
  'files.nrrd-type': ({ type }) => `Der Typ „${type}“ der NRRD-Datei wird nicht unterstützt.`,
  'files.nrrd-sizes': () => 'Die NRRD-Datei hat unmögliche Größen.',
  'files.not-nrrd': () => 'Die Datei ist keine NRRD-Datei.',
  'files.nrrd-header': () => 'Der Header der NRRD-Datei hat kein Ende.',
  'files.nrrd-damaged': () =>
    'Die NRRD-Datei ist abgeschnitten, oder ihre komprimierten Daten sind beschädigt.',
  'files.nrrd-encoding': ({ encoding }) =>
    `Die Kodierung „${encoding}“ der NRRD-Datei wird nicht unterstützt.`,
  'files.nrrd-cut': () => 'Die NRRD-Datei ist abgeschnitten.',
  'files.nrrd-vector': () => 'Die NRRD-Datei hat einen Vektor, der nicht aus drei Zahlen besteht.',
  'files.nrrd-directions': () => 'Der NRRD-Datei fehlen die drei Raumrichtungen.',
  'files.nrrd-spacing': () => 'Die NRRD-Datei hat einen Abstand von null.',
  'files.nrrd-sheared': () => 'Die NRRD-Datei ist geschert; zuerst auf ein rechtwinkliges Gitter umrechnen.',
  'files.nrrd-space': ({ space }) => `Der Raum „${space}“ der NRRD-Datei wird nicht unterstützt.`,
  'files.stl-coordinate': () => 'Die STL-Datei enthält eine Koordinate, die keine Zahl ist.',
  'files.stl-cut-or-not': () => 'Die STL-Datei ist abgeschnitten oder keine STL-Datei.',
  'files.not-stl': () => 'Die Datei ist keine STL-Datei.',
  'files.stl-cut': () => 'Die STL-Datei ist abgeschnitten.',
  'files.stl-facet': () => 'Die STL-Datei hat eine Facette ohne drei Eckpunkte.',
  'files.not-3mf': () => 'Die 3MF-Datei ist beschädigt oder keine 3MF-Datei.',
  'files.3mf-unit': () => 'Die 3MF-Datei enthält kein Modell in Millimetern.',
  'files.3mf-mesh': () => 'Die 3MF-Datei enthält kein vollständiges Netz.',
  'files.3mf-vertex': () => 'Die 3MF-Datei hat ein Dreieck mit einem Eckpunkt, den es nicht gibt.',
  'files.not-vtp': () => 'Die Datei ist keine VTP-Datei.',
  'files.vtp-encoding': () => 'Die VTP-Datei ist komprimiert oder big-endian, was nicht unterstützt wird.',
  'files.vtp-array': ({ array }) => `Der VTP-Datei fehlt ein vollständiges Feld „${array}“.`,
  'files.vtp-faces': () => 'Die VTP-Datei hat Flächen, die keine Dreiecke sind.',
  'files.vtp-vertex': () => 'Die VTP-Datei hat ein Dreieck mit einem Eckpunkt, den es nicht gibt.',
  'files.surface-unknown': ({ fileName }) =>
    `„${fileName}“ ist keine lesbare Oberfläche: gebraucht wird STL, VTK, VTP, PLY oder OBJ.`,
  'files.surface-damaged': ({ format }) =>
    `Die ${format}-Datei ist beschädigt, abgeschnitten oder von anderem Format.`,
  'files.surface-empty': ({ format }) => `Die ${format}-Datei enthält keine Dreiecke.`,
  'files.surface-feature': ({ format, feature }) =>
    `Die ${format}-Datei enthält ${feature}; das wird nicht gelesen.`,
  'files.cloud-unknown': ({ fileName, extensions }) =>
    `Die Datei ${fileName} ist keine lesbare Punktwolke (${extensions}).`,
  'files.cloud-damaged': ({ fileName }) =>
    `Die Datei ${fileName} ist keine Punktwolke mit je drei Koordinaten.`,
  'files.cloud-empty': ({ fileName }) => `Die Datei ${fileName} enthält keine Punkte.`,
  'files.surface-not-written': ({ fileName, extensions }) =>
    `Als ${fileName} kann keine Oberfläche geschrieben werden; der Name muss auf eines von ${extensions} enden.`,
};
