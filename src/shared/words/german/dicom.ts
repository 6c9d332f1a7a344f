import type { dicomFailures } from '../../failures/dicomFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { plain } from './numbers.ts';

const ofModality = (modality: string): string => (modality === '' ? '' : ` (Modalität ${modality})`);

const huRange = (fromHu: number, toHu: number): string => {
  const [from, to] = [fromHu, toHu].map((value) => plain(Math.round(value)));
  return from === to ? `${from} HU` : `${from} bis ${to} HU`;
};

export const dicomWords: WordsFor<keyof typeof dicomFailures> = {
  'dicom.file-empty': () => 'Die Datei ist leer.',
  'dicom.file-shrank': () => 'Die Datei wurde kürzer, während sie gelesen wurde.',
  'dicom.file-unreadable': () => 'Die Datei konnte nicht gelesen werden.',
  'dicom.header-cut': () => 'Die Datei endet innerhalb ihres Headers.',
  'dicom.pixel-data-missing': () => 'Die Datei endet vor ihren Pixeldaten.',
  'dicom.no-image': ({ modality }) => `Die Datei enthält kein Bild${ofModality(modality)}.`,
  'dicom.no-position': ({ modality }) => `Das Bild hat keine Position im Patienten${ofModality(modality)}.`,
  'dicom.screenshot': () => 'Das Bild ist ein Bildschirmfoto.',

  'dicom.frames-not-enhanced-ct': () => 'Die Datei enthält mehrere Bilder, ist aber keine Enhanced CT.',
  'dicom.frame-count-unknown': () => 'Die Enhanced CT nennt die Zahl ihrer Bilder nicht.',
  'dicom.frames-undescribed': ({ described, frames }) =>
    `Die Enhanced CT beschreibt ${described} ihrer ${frames} Bilder.`,
  'dicom.frames-cut': () => 'Die komprimierten Bilder sind abgeschnitten oder widersprechen ihrer Tabelle.',

  'dicom.attribute-missing': ({ attribute }) => `Der Schicht fehlt ${attribute}.`,
  'dicom.attribute-unreadable': ({ attribute }) => `${attribute} der Schicht ist nicht lesbar.`,
  'dicom.matrix-implausible': ({ columns, rows }) =>
    `Die Schicht hat eine Matrix von ${columns} × ${rows} und ist damit kein CT-Bild.`,
  'dicom.pixel-spacing-zero': () => 'Der Pixelabstand (Pixel Spacing) der Schicht ist null oder negativ.',
  'dicom.orientation-not-unit': () =>
    'Die Orientierung der Schicht (Image Orientation (Patient)) besteht nicht aus Einheitsvektoren.',
  'dicom.axes-skewed': () => 'Zeilen und Spalten der Schicht stehen nicht im rechten Winkel.',
  'dicom.bits-stored': ({ bitsStored, highBit, bitsAllocated }) =>
    `Die Schicht gibt ${bitsStored} gespeicherte Bits bis Bit ${highBit} von ${bitsAllocated} an.`,
  'dicom.bits-above': ({ bitsStored }) =>
    `Werte haben Bits über den ${bitsStored}, die ihre Header zählen (Bits Stored); diese Bits wurden weggelassen, was manche Programme nicht tun.`,
  'dicom.slice-blank': () =>
    'Es gibt Schichten, die überall denselben Wert haben: Auf ihnen ist nichts zu sehen, und ihre Dateien sind vielleicht beschädigt angekommen.',
  'dicom.padding-in-tissue': ({ pixels, fromHu, toHu }) =>
    `Der Header nimmt ${huRange(fromHu, toHu)} für das Äußere des Scans (Pixel Padding Value), obwohl Gewebe solche Werte hat: ${pixels === 1 ? 'Ein Pixel' : `${pixels} Pixel`} inmitten der Bilder ${pixels === 1 ? 'zählt' : 'zählen'} als außen.`,
  'dicom.bytes-swapped': () =>
    'Die zwei Bytes der Werte liegen verkehrt herum: Ein anderes Programm hat sie in anderer Reihenfolge geschrieben, als der Header sagt.',
  'dicom.bits-stray': ({ bitsStored, highBit }) =>
    `Die Werte haben andere Bits als die ${bitsStored} bis Bit ${highBit}, die der Header nennt.`,
  'dicom.contradicts-itself': ({ element }) =>
    `Der Header nennt ${element} zweimal, mit verschiedenen Werten.`,
  'dicom.rescale-slope-zero': () => 'Der Rescale Slope der Schicht ist null.',

  'dicom.compression-unsupported': ({ compression }) =>
    `Die Kompression des Bildes, ${compression}, wird nicht unterstützt.`,
  'dicom.colour': () => 'Das Bild ist farbig und enthält keine CT-Werte.',
  'dicom.photometric-interpretation': ({ photometric }) =>
    `Das Bild ist als ${photometric} gespeichert und damit kein CT-Bild.`,
  'dicom.lossy-jpeg-bits': ({ bits }) =>
    `Das Bild ist verlustbehaftetes JPEG mit ${bits} Bits je Wert; gelesen werden 8 und 12.`,
  'dicom.lossy-jpeg-frames': () =>
    'Die Bilder sind verlustbehaftetes JPEG mit 12 Bits je Wert; auf ihre Hounsfield-Einheiten ist kein Verlass.',
  'dicom.bits-allocated': ({ bits }) =>
    `Das Bild hat ${bits === null ? 'eine unbekannte Zahl von' : bits} Bits je Wert; gelesen werden 8 und 16.`,
  'dicom.float-pixels': () => 'Die Werte des Bildes sind Gleitkommazahlen, die nicht gelesen werden.',
  'dicom.look-up-table': () =>
    'Die Werte des Bildes sind durch eine Look-up-Tabelle gegeben, nicht durch Rescale Slope und Intercept.',
  'dicom.rescale-type': ({ rescaleType }) =>
    `Die Werte des Bildes sind in ${rescaleType} angegeben, nicht in Hounsfield-Einheiten.`,

  'dicom.lossy': () => 'Die Bilder wurden verlustbehaftet komprimiert: Ihre Werte sind nicht exakt.',
  'dicom.monochrome1': () =>
    'Die Bilder sind als MONOCHROME1 gespeichert (dunkel heißt dicht); ihre Werte werden übernommen, wie sie sind.',
  'dicom.units-unlabelled': () => 'Die Dateien sagen nicht, dass ihre Werte Hounsfield-Einheiten sind.',

  'dicom.pixel-data-not-encapsulated': () =>
    'Die Schicht gibt sich als komprimiert aus, ihre Pixeldaten sind aber nicht eingekapselt.',
  'dicom.pixel-data-encapsulated': () =>
    'Die Schicht gibt sich als unkomprimiert aus, ihre Pixeldaten sind aber eingekapselt.',
  'dicom.pixel-data-short': ({ claimedBytes, neededBytes }) =>
    `Die Pixeldaten sind zu kurz für die Matrix: ${claimedBytes} statt ${neededBytes} Bytes.`,
  'dicom.pixel-data-long': ({ claimedBytes, neededBytes }) =>
    `Die Pixeldaten sind zu lang für die Matrix: ${claimedBytes} Bytes, wo ${neededBytes} nötig sind; der Header irrt in Größe, Bits oder Zahl der Bilder.`,
  'dicom.pixel-data-left': ({ claimedBytes, neededBytes }) =>
    `Die Pixeldaten sind länger, als die Bilder brauchen (${claimedBytes} Bytes, wo ${neededBytes} nötig sind); der Rest wurde weggelassen, und die Header irren vielleicht in der Größe.`,
  'dicom.file-cut': ({ presentPercent }) =>
    `Die Datei ist abgeschnitten: Nur ${plain(presentPercent)} % ihrer Pixeldaten sind vorhanden.`,
  'dicom.file-cut-before-pixels': () => 'Die Datei ist abgeschnitten: Ihre Pixeldaten fehlen.',
  'dicom.image-behind': () =>
    'Hinter dem ersten Bild liegt ein zweites in der Datei; je Datei wird nur ein DICOM-Objekt gelesen.',
  'dicom.object-behind': ({ fileName }) =>
    `Die Datei ${fileName} enthält hinter dem ersten ein weiteres DICOM-Objekt; es wurde weggelassen, da je Datei nur eines gelesen wird.`,
  'dicom.object-behind-pixels': () =>
    'Dateien enthalten hinter ihrem Bild ein weiteres DICOM-Objekt; es wurde weggelassen, da je Datei nur eines gelesen wird.',

  'dicom.pixel-data-incomplete': () => 'Die Pixeldaten sind unvollständig.',
  'dicom.compressed-damaged': () => 'Die komprimierten Pixeldaten sind beschädigt.',
  'dicom.decoder-missing': () => 'Der Decoder für die Kompression konnte nicht gestartet werden.',
  'dicom.values-too-high': ({ fromHu }) =>
    `Es gibt Werte über ${plain(fromHu)} HU, die nichts hat: Die Header irren vielleicht im Vorzeichen (Pixel Representation), und was unter null liegt, erscheint vielleicht als dicht.`,
  'dicom.compressed-ends-early': () => 'Die komprimierten Pixeldaten enden zu früh.',
  'dicom.compressed-size': ({ columns, rows, headerColumns, headerRows }) =>
    `Das komprimierte Bild ist ${columns} × ${rows} groß, laut Header ${headerColumns} × ${headerRows}.`,
  'dicom.compressed-colour': () => 'Das komprimierte Bild ist farbig und enthält keine CT-Werte.',
  'dicom.compressed-bits': ({ bits, bitsAllocated }) =>
    `Das komprimierte Bild hat ${bits} Bits je Wert, der Header sieht ${bitsAllocated} vor.`,
  'dicom.compressed-sign': () => 'Das komprimierte Bild hat Werte unter null, die es laut Header nicht gibt.',
  'dicom.compression-misnamed': () => 'Die Kompression ist nicht die, die der Header nennt.',
  'dicom.jpeg-bits': ({ bits }) => `Das Bild ist JPEG mit ${bits} Bits je Wert, das hier nicht gelesen wird.`,
  'dicom.compressed-too-small': () => 'Die komprimierten Pixeldaten füllen das Bild nicht.',

  'dicom.slice-undecodable': ({ fileName, reason }, { clause }) =>
    `Die Datei ${fileName} kann nicht gelesen werden: ${clause(reason)}.`,
};
