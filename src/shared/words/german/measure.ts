import type { measureFailures } from '../../failures/measureFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { counted, decimals, plain } from './numbers.ts';

export const measureWords: WordsFor<keyof typeof measureFailures> = {
  'measure.appendage-cut': () => 'Das Vorhofohr ist vom Scan abgeschnitten.',
  'measure.ostium-cut': () => 'Das Ostium ist vom Scan abgeschnitten.',
  'measure.values-eight-bit': ({ levels, lowest, highest }) =>
    `Die Werte laufen in ${levels} Stufen von ${plain(lowest)} bis ${plain(highest)}, wie in Daten mit 8 Bit, und sind keine vollen Hounsfield-Einheiten.`,
  'measure.values-windowed': ({ lowest, highest }) =>
    `Die Werte wurden unter ${plain(lowest)} oder über ${plain(highest)} abgeschnitten, wie in gefensterten Bildern, und sind keine vollen Hounsfield-Einheiten.`,
  'measure.contrast-too-weak': ({ bloodHu, limitHu }) =>
    `Das Blut misst ${decimals(bloodHu, 0)} HU, wie in venösen Scans; unter ${plain(limitHu)} HU ist das Modell nicht erprobt.`,
  'measure.scan-ends': ({ percent }) =>
    `Der Scan endet an ${decimals(percent, 0)} % der Oberfläche des Vorhofohrs.`,
  'measure.scan-ends-at-ostium': () => 'Der Scan endet am Ostium.',
  'measure.surface-unsure': ({ percent }) =>
    `Es ist nicht sicher, dass diese Oberfläche die des Vorhofohrs ist (Konfidenz ${plain(percent)} %).`,
  'measure.rim-ragged': () => 'Die Oberfläche endet in einem ausgefransten Rand.',
  'measure.no-ostium': () => 'Kein Ostium gefunden.',
  'measure.not-measurable': () => 'An dieser Oberfläche nicht messbar.',
  'measure.outline-ragged': ({ excessPercent }) =>
    `Die Kontur ist ausgefranst: Ihr Umfang ist ${decimals(excessPercent, 0)} % länger als der ihrer konvexen Hülle.`,
  'measure.section-flat': ({ timesAsLong }) =>
    `Der Schnitt ist ${decimals(timesAsLong, 1)}-mal so lang wie breit, zu flach für einen flächengleichen Kreis.`,
  'measure.too-shallow': ({ depthMm, distanceMm }) =>
    `Das Vorhofohr ist nur ${decimals(depthMm, 1)} mm tief, weniger als ${plain(distanceMm)} mm.`,
  'measure.section-through-ostium': () => ({
    sentence: 'Nicht messbar: Die senkrechte Schnittebene schneidet hier das Ostium.',
    clause: 'die senkrechte Schnittebene schneidet hier das Ostium',
  }),
  'measure.section-wider-than-ostium': ({ sectionMm, ostiumMm }) =>
    `Der Schnitt ist weiter als das Ostium (${decimals(sectionMm, 1)} gegenüber ${decimals(ostiumMm, 1)} mm, aus den Flächen) und verläuft vielleicht entlang eines Lappens.`,
  'measure.no-bend': () => 'Keine Biegung > 45° gefunden.',
  'measure.bend-gradual': ({ overMm }) =>
    `Die Mittellinie biegt allmählich, über ${decimals(overMm, 0)} mm, ohne einzelne Biegung.`,
  'measure.none-given': ({ reason }, { clause }) => `Es wird kein Messwert angegeben: ${clause(reason)}.`,
  'measure.ostium-doubtful': ({ reason }, { clause }) =>
    `Ostium, Messwerte zurückgehalten: ${clause(reason)}.`,
  'measure.landing-zone-doubtful': ({ distanceMm, reason }, { clause }) =>
    `Landezone bei ${plain(distanceMm)} mm, Messwerte zurückgehalten: ${clause(reason)}.`,
  'measure.ostium-spur': ({ lengthMm }) =>
    `Die Kontur des Ostiums hat einen Sporn von ${decimals(lengthMm, 1)} mm, dünner als 3 mm, der nicht mitgemessen ist.`,
  'measure.landing-zone-spur': ({ distanceMm, lengthMm }) =>
    `Die Landezone bei ${plain(distanceMm)} mm hat einen Sporn von ${decimals(lengthMm, 1)} mm, dünner als 3 mm, der nicht mitgemessen ist.`,
  'measure.tip-spur': ({ lengthMm }) =>
    `Ein Sporn, dünner als 3 mm, reicht ${decimals(lengthMm, 1)} mm über die Spitze hinaus; er zählt nicht zur Tiefe.`,
  'measure.handles': ({ handles }) =>
    `Die Oberfläche hat ${counted(handles, 'einen topologischen Henkel', 'topologische Henkel')}: Lumenteile, die sich berühren, sind vielleicht verbunden worden.`,
  'measure.faces-pierce': ({ faces }) =>
    `Die Oberfläche durchdringt sich selbst (${faces} Dreiecke); vor Druck oder Simulation prüfen.`,
};
