import type { seriesFailures } from '../../failures/seriesFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { counted, decimals, plain } from './numbers.ts';

const CONTRAST = {
  arterial: 'Laut Beschreibung arterieller Kontrast.',
  given: 'Laut Header Kontrastmittel.',
  late: 'Laut Beschreibung späte oder venöse Phase.',
  none: 'Laut Beschreibung ohne Kontrastmittel.',
};

const FATE = { damaged: 'beschädigt', unreadable: 'nicht lesbar' };

const ORIENTATION = { axial: 'axial', coronal: 'koronal', sagittal: 'sagittal', oblique: 'schräg' };

const gapPlaces = (fromMm: readonly number[], toMm: readonly number[], others: number) => ({
  places: fromMm
    .map((from, at) => `zwischen ${decimals(from, 1)} und ${decimals(toMm[at]!, 1)} mm`)
    .join(', '),
  more: others > 0 ? ` und an ${others} weiteren Stellen` : '',
});

export const seriesWords: WordsFor<keyof typeof seriesFailures> = {
  'series.not-ct': ({ modality }) =>
    modality === ''
      ? 'Die Modalität der Serie ist unbekannt, nicht CT.'
      : `Die Serie ist ${modality}, nicht CT.`,
  'series.localiser': () => 'Die Serie ist ein Localizer, kein Volumen.',
  'series.files-lost': ({ fileName, others, fate, reason }, { clause }) =>
    others > 0
      ? `Die Datei ${fileName} und ${others} weitere sind ${FATE[fate]} (${clause(reason)}).`
      : `Die Datei ${fileName} ist ${FATE[fate]} (${clause(reason)}).`,
  'series.patients-mixed': ({ attribute }) =>
    `Die Schichten der Serie widersprechen sich in ${attribute}: Sie gehören vielleicht zu mehreren Patienten.`,
  'series.singles-apart': ({ slices, attributes }) =>
    `${slices} Schichten ergäben einen Stapel, aber jede nennt eine eigene Serie, und nichts belegt, dass sie zusammengehören: Sie unterscheiden sich in diesen Angaben, oder sie fehlen: ${attributes}.`,
  'series.too-few-slices': ({ slices }) =>
    `Die Serie hat nur ${counted(slices, 'eine Schicht', 'Schichten')} und ist kein Volumen.`,
  'series.positions-ambiguous': ({ positions }) =>
    `An ${counted(positions, 'einer Position', 'Positionen')} hat die Serie verschiedene Bilder, und nichts in den Dateien sagt, welche zusammengehören.`,
  'series.gantry-tilt': ({ tiltDegrees, shiftMm }) =>
    `Die Schichten sind um ${decimals(tiltDegrees, 1)}° gegeneinander verschoben (${decimals(shiftMm, 1)} mm über den Stapel), mehr als eine Gantry kippt.`,
  'series.slices-shifted': ({ mostMm }) =>
    `Die Schichten sind um bis zu ${decimals(mostMm, 1)} mm gegeneinander verschoben, und nicht gleichmäßig wie bei gekippter Gantry.`,
  'series.steps-uneven': ({ leastMm, mostMm }) =>
    `Die Schichtabstände sind ungleichmäßig (${decimals(leastMm, 2)} bis ${decimals(mostMm, 2)} mm); umgerechnet wird nur auf Wunsch.`,
  'series.steps-too-uneven': ({ leastMm, mostMm }) =>
    `Die Schichtabstände sind für eine Umrechnung zu ungleichmäßig (${decimals(leastMm, 2)} bis ${decimals(mostMm, 2)} mm).`,
  'series.slices-missing': ({ slices, gapsFromMm, gapsToMm, otherGaps, stepMm }) => {
    const { places, more } = gapPlaces(gapsFromMm, gapsToMm, otherGaps);
    const verb = slices === 1 ? 'Eine Schicht fehlt' : `${slices} Schichten fehlen`;
    return `${verb}: ${places}${more} entlang des Stapels, dessen Schichtabstand sonst ${decimals(stepMm, 2)} mm beträgt.`;
  },
  'series.steps-too-coarse': ({ stepMm, limitMm }) =>
    `Der Schichtabstand beträgt ${decimals(stepMm, 1)} mm, zu grob für das Vorhofohr (nötig sind weniger als ${plain(limitMm)} mm).`,
  'series.coverage-too-short': ({ coverageMm }) =>
    `Der Scan umfasst nur ${decimals(coverageMm, 0)} mm, weniger als ein Vorhofohr.`,

  'series.copies-left-out': ({ copies }) =>
    copies === 1
      ? 'Eine identische Kopie einer Schicht wurde weggelassen.'
      : `${copies} identische Kopien von Schichten wurden weggelassen.`,
  'series.images-left-out': ({ images, fileName, reason }, { clause }) =>
    images === 1
      ? `Eine Datei, die keine Schicht ist, wurde weggelassen, ${fileName}: ${clause(reason)}.`
      : `${images} Dateien, die keine Schichten sind, wurden weggelassen, darunter ${fileName}: ${clause(reason)}.`,
  'series.one-of-several': ({ parts, attribute, value }) =>
    `Einer von ${parts} Schichtstapeln an derselben Stelle, unterschieden durch ${attribute} (hier ${value || 'nicht angegeben'}).`,
  'series.one-by-order': ({ parts, place, attribute }) =>
    `Stapel ${place} von ${parts} an derselben Stelle, unterschieden allein durch die Reihenfolge von ${attribute}.`,
  'series.planes-differ': ({ mostMm }) =>
    `Die Schichten unterscheiden sich in Orientierung oder Pixelgröße um bis zu ${decimals(Math.max(0.01, mostMm), 2)} mm über das Bild; sie wurden als ein Volumen genommen.`,
  'series.studies-contradict': ({ attributes }) =>
    `Die Schichten widersprechen sich in ${attributes}: Sie stammen vielleicht aus mehreren Untersuchungen und wurden als ein Volumen genommen.`,
  'series.slices-repeated': ({ slices }) =>
    slices === 1
      ? 'Eine Schicht enthält genau die Werte der Schicht vor ihr: Sie ist vielleicht eine Kopie an der Stelle einer verlorenen Schicht.'
      : `${slices} Schichten enthalten genau die Werte der Schicht vor ihnen: Sie sind vielleicht Kopien an der Stelle verlorener Schichten.`,
  'series.slices-exchanged': ({ slices }) =>
    slices === 1
      ? 'Eine Schicht passt nicht zwischen ihre Nachbarn: Ihre Pixel sind vielleicht die einer anderen Schicht.'
      : `${slices} Schichten passen nicht zwischen ihre Nachbarn: Ihre Pixel wurden vielleicht vertauscht oder sind die anderer Schichten.`,
  'series.slices-alternate': () =>
    'Die Schichten gleichen den übernächsten mehr als ihren Nachbarn: Sie stammen vielleicht abwechselnd aus zwei Herzphasen oder Rekonstruktionen, und Messungen daraus können falsch sein.',
  'series.made-differently': ({ attributes }) =>
    `Die Schichten unterscheiden sich in ${attributes}: Sie wurden nicht auf eine Weise erzeugt und wurden als ein Volumen genommen.`,
  'series.images-missing': ({ counted, found }) =>
    `Die Header zählen ${counted} Bilder in der Akquisition, davon sind ${found} hier: An den Enden fehlen vielleicht Schichten.`,
  'series.depth-differs': ({ attributes }) =>
    `Die Schichten widersprechen sich in ${attributes}; jede wurde nach ihrem eigenen Header gelesen.`,
  'series.holds-no-air': ({ leastHu }) =>
    `So wie sie gespeichert sind, kann kein Wert unter ${decimals(leastHu, 0)} HU liegen, obwohl Luft bei −1000 HU liegt: Die Werte sind vielleicht keine Hounsfield-Einheiten, und Messungen daraus können falsch sein.`,
  'series.files-of-image-uncounted': ({ files }) =>
    `Das Bild wurde auf Dateien verteilt, davon ${files === 1 ? 'ist eine' : `sind ${files}`} hier; keine sagt, wie viele es waren.`,
  'series.files-of-image-missing': ({ found, files }) =>
    `Das Bild wurde auf ${plain(files)} Dateien verteilt, von denen nur ${plain(found)} hier ${found === 1 ? 'ist' : 'sind'}.`,
  'series.same-phase-left-out': ({ slices, used }) =>
    `Eine weitere Serie dieser Herzphase mit ${slices} Schichten wurde im Zyklus ausgelassen; die verwendete hat ${used}.`,
  'series.phases-joined': ({ attribute, parts, value }) =>
    `Die Schichten nennen ${parts} Herzphasen (${attribute}, zuerst ${value}) im Wechsel; sie wurden als ein Volumen genommen.`,
  'series.phase-changes': ({ attribute, value, next, atMm, others }) =>
    `Die Schichten wurden zu verschiedenen Zeiten des Herzzyklus aufgenommen: ${attribute} ist ${value} unterhalb von ${decimals(atMm, 1)} mm entlang des Stapels und ${next} von dort an${others > 0 ? `, mit ${others === 1 ? 'einem weiteren Wechsel' : `${others} weiteren Wechseln`} darüber` : ''}; sie wurden als ein Volumen genommen.`,
  'series.sets-joined': ({ attribute, parts }) =>
    `Die Schichten wechseln zwischen ${parts} Werten von ${attribute}; sie wurden als ein Volumen genommen.`,
  'series.told-otherwise': ({ attribute }) =>
    `Nach ${attribute} wären die Schichten an derselben Stelle anders zu unterscheiden: Hier sind vielleicht Herzphasen vermischt.`,
  'series.phase-contradicted': ({ attribute, value, other, otherValue }) =>
    `Die Herzphase ist die nach ${attribute} (${value}); ${other} (${otherValue}) widerspricht ihr.`,
  'series.sets-change': () =>
    'Innerhalb dieser Schichten endet ein anderer Stapel der Serie und ein weiterer beginnt: Darunter und darüber stammen sie vielleicht aus verschiedenen Herzphasen.',
  'series.tilt-corrected': ({ tiltDegrees }) =>
    `Eine Gantry-Kippung von ${decimals(tiltDegrees, 1)}° wurde durch Verschieben der Schichten korrigiert; Masken werden auf die aufgenommenen Schichten geschrieben.`,
  'series.tilt-contradicted': ({ statedDegrees, tiltDegrees }) =>
    `Der Header nennt eine Gantry-Kippung von ${decimals(statedDegrees, 1)}°, die Positionen der Schichten ergeben ${decimals(tiltDegrees, 1)}°: Die Positionen gelten.`,
  'series.steps-resampled': ({ leastMm, mostMm }) =>
    `Die Schichtabstände sind ungleichmäßig (${decimals(leastMm, 2)} bis ${decimals(mostMm, 2)} mm) und wurden auf Wunsch umgerechnet; Masken werden auf die aufgenommenen Schichten geschrieben.`,
  'series.gaps-interpolated': ({ gapsFromMm, gapsToMm, otherGaps }) => {
    const { places, more } = gapPlaces(gapsFromMm, gapsToMm, otherGaps);
    return `Es gab keine Schicht ${places}${more} entlang des Stapels: Was dort gezeigt und gemessen wird, ist interpoliert.`;
  },
  'series.uid-shared': ({ owners }) =>
    `Die Dateien von ${owners} Patienten oder Studien haben dieselbe Serien-UID; dies ist eine davon.`,
  'series.singles-joined': ({ slices }) =>
    `Jede von ${slices} Schichten nennt eine eigene Serie; sie wurden als eine Serie genommen, denn Patient, Studie, Bezugssystem und Nummer sind gleich. DICOM-Objekte der Ergebnisse können nicht auf sie verweisen.`,
  'series.studies-joined': ({ studies }) =>
    `Die Schichten nennen ${studies} Studien; sie wurden als ein Volumen genommen.`,
  'series.instances-unnamed': ({ slices }) =>
    slices === 1
      ? 'Eine Schicht hat keine eigene SOP Instance UID: DICOM-Objekte der Ergebnisse können nicht auf sie verweisen.'
      : `${slices} Schichten haben keine eigene SOP Instance UID: Andere Programme halten sie vielleicht für ein Bild, und DICOM-Objekte der Ergebnisse können nicht auf jede von ihnen verweisen.`,
  'series.frames-of-reference': ({ frames }) =>
    `Die Schichten nennen ${frames} Bezugssysteme; sie wurden als ein Volumen genommen.`,
  'series.alternating-joined': () =>
    'Die Schichten wechseln zwischen zwei Arten oder Bezugssystemen; sie wurden als ein Volumen genommen.',
  'series.kinds-joined': () =>
    'Die Schichten übereinander sind von verschiedener Art (Image Type); sie wurden als ein Volumen genommen.',
  'series.slices-between': () =>
    'Zwischen den Schichten liegen andere der Serie mit anderer Matrix, Pixelgröße oder Orientierung, die weggelassen wurden.',
  'series.continued': () =>
    'Die Serie geht in Schichten anderer Art, anderen Bezugssystems, anderer Matrix oder Pixelgröße weiter, die weggelassen wurden.',
  'series.others-between': ({ slices }) =>
    `Zwischen den Schichten ${slices === 1 ? 'liegt eine' : `liegen ${slices}`} einer anderen Serie mit derselben Nummer und Beschreibung, die weggelassen ${slices === 1 ? 'wurde' : 'wurden'}: Vielleicht ist es eine Serie unter mehreren UIDs.`,
  'series.others-continue': ({ slices }) =>
    `Die Serie geht in ${slices === 1 ? 'einer Schicht' : `${slices} Schichten`} einer anderen Serie mit derselben Nummer und Beschreibung weiter, die weggelassen ${slices === 1 ? 'wurde' : 'wurden'}: Vielleicht ist es eine Serie unter mehreren UIDs.`,
  'series.set-continued': ({ restMm }) =>
    `Andere Stapel der Serie reichen ${decimals(restMm, 0)} mm über diesen hinaus; ihre Schichten wurden weggelassen.`,
  'series.steps-very-coarse': ({ stepMm }) =>
    `Der Schichtabstand beträgt ${decimals(stepMm, 1)} mm: mit Fehlern von Millimetern ist zu rechnen.`,
  'series.steps-coarse': ({ stepMm }) =>
    `Der Schichtabstand beträgt ${decimals(stepMm, 1)} mm, gröber als Herz-CT (0,25 bis 0,75 mm).`,
  'series.gaps-between-slices': ({ thicknessMm, stepMm }) =>
    `Zwischen den Schichten sind Lücken: Sie sind ${decimals(thicknessMm, 2)} mm dick bei ${decimals(stepMm, 2)} mm Abstand.`,
  'series.slices-thick': ({ thicknessMm }) =>
    `Die Schichten sind ${decimals(thicknessMm, 1)} mm dick: Dünne Wände werden unscharf.`,
  'series.pixels-coarse': ({ widthMm }) =>
    `Die Pixel sind ${decimals(widthMm, 2)} mm breit, gröber als Herz-CT.`,
  'series.coverage-short': ({ coverageMm }) =>
    `Der Scan umfasst nur ${decimals(coverageMm, 0)} mm: Teile des linken Vorhofs sind vielleicht abgeschnitten.`,
  'series.not-axial': ({ orientation }) => `Die Schichten sind ${ORIENTATION[orientation]}, nicht axial.`,
  'series.described-without-contrast': () => 'Die Serie ist als Scan ohne Kontrastmittel beschrieben.',
  'series.described-late': () => 'Die Serie ist als späte oder venöse Phase beschrieben.',
  'series.sharp-kernel': () =>
    'Die Rekonstruktion der Serie verwendet einen scharfen Kernel: Ihr Rauschen ist hoch.',

  'series.another-suits-better': ({ points }, { clause }) =>
    `Eine andere Serie eignet sich besser für das Vorhofohr (diese: ${points.map(clause).join(', ')}).`,
  'series.another-chosen-by-hand': () => 'Eine andere Serie wurde von Hand gewählt.',

  'series.point-step': ({ stepMm }) => `Schichtabstand ${decimals(stepMm, 2)} mm.`,
  'series.point-orientation': ({ orientation }) => ({
    sentence: `${ORIENTATION[orientation].replace(/^./, (letter) => letter.toUpperCase())}.`,
    clause: ORIENTATION[orientation],
  }),
  'series.point-coverage': ({ coverageMm }) => `${decimals(coverageMm, 0)} mm erfasst.`,
  'series.point-contrast': ({ contrast }) => CONTRAST[contrast],
  'series.point-kernel': ({ kernel }) => (kernel === 'sharp' ? 'Scharfer Kernel.' : 'Weicher Kernel.'),
  'series.point-cardiac': () => 'Laut Beschreibung vom Herzen.',
  'series.point-derived': () => 'Abgeleitet, nicht aufgenommen.',
  'series.point-phase': ({ percent }) => `${plain(percent)} % des Herzzyklus.`,
};
