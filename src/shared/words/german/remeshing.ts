import type { remeshingFailures } from '../../failures/remeshingFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { counted, decimals, plain } from './numbers.ts';

export const remeshingWords: WordsFor<keyof typeof remeshingFailures> = {
  'remeshing.not-a-surface': () =>
    'Die Oberfläche kann nicht neu vernetzt werden: Sie hat Lücken, Kanten mit mehr als zwei Dreiecken oder falsch orientierte Dreiecke.',
  'remeshing.openings': ({ openings }) =>
    `Die Oberfläche kann nicht neu vernetzt werden: Sie hat ${openings} Öffnungen, erlaubt ist nur eine, das Ostium.`,
  'remeshing.pieces': ({ pieces }) =>
    `Die Oberfläche kann nicht neu vernetzt werden: Sie besteht aus ${pieces} Teilen.`,
  'remeshing.handles': ({ handles }) =>
    `Die Oberfläche kann nicht neu vernetzt werden: Sie hat ${counted(handles, 'einen topologischen Henkel', 'topologische Henkel')}. Die Brücke wegradieren oder das Loch füllen und erneut versuchen.`,
  'remeshing.crosses-itself': ({ crossings }) =>
    `Die Oberfläche kann nicht neu vernetzt werden: Sie durchdringt sich an ${counted(crossings, 'einer Stelle', 'Stellen')}. Dort glätten und erneut versuchen.`,
  'remeshing.too-small': ({ edgeMm }) =>
    `Die Oberfläche oder ihr Ostium ist zu klein für Kanten von ${plain(edgeMm)} mm: kürzere wählen.`,
  'remeshing.too-large': ({ edgeMm }) =>
    `Die Oberfläche ist zu groß für Kanten von ${plain(edgeMm)} mm: längere wählen.`,
  'remeshing.folds-lost': ({ edgeMm }) =>
    `Kanten von ${plain(edgeMm)} mm sind zu lang für die Falten dieser Oberfläche: Sie würde sich selbst durchdringen. Kürzere wählen.`,
  'remeshing.angles-too-small': ({ edgeMm, leastDegrees }) =>
    `Mit Kanten von ${plain(edgeMm)} mm lägen auf dieser Oberfläche manche Winkel unter ${plain(leastDegrees)}°: eine andere Kantenlänge wählen.`,
  'remeshing.volume-not-kept': ({ edgeMm, changePercent }) =>
    `Kanten von ${plain(edgeMm)} mm würden das Volumen um ${decimals(changePercent, 1)} % ändern: kürzere wählen.`,
  'remeshing.inlet-without-ostium': () =>
    'Ein Einlauf kann nicht angefügt werden: Diese Oberfläche hat kein Ostium, das sich verlängern ließe.',
  'remeshing.inlet-too-short': ({ lengthMm, leastMm }) =>
    `Ein Einlauf von ${plain(lengthMm)} mm ist zu kurz für dieses Ostium und diese Kantenlänge: mindestens ${plain(leastMm)} mm sind nötig.`,
  'remeshing.outline-crosses': () =>
    'Ein Einlauf kann nicht angefügt werden: Die Kontur des Ostiums schneidet sich, entlang ihrer Normalen gesehen, selbst. Die Ostiumebene verschieben oder kippen.',
  'remeshing.inlet-meets-wall': ({ inletMm }) =>
    `Ein Einlauf von ${plain(inletMm)} mm liefe in die Wand des Vorhofohrs: einen kürzeren wählen oder die Ostiumebene verschieben.`,
};
