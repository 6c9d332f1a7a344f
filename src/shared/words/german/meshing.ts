import type { meshingFailures } from '../../failures/meshingFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { decimals } from './numbers.ts';

const volumeText = (volumeMl: number): string =>
  volumeMl < 0.01 ? 'weniger als 0,01 mL' : `${decimals(volumeMl, volumeMl < 0.1 ? 2 : 1)} mL`;

export const meshingWords: WordsFor<keyof typeof meshingFailures> = {
  'meshing.nothing-to-compare': () => 'Eines der Netze ist leer; es gibt nichts zu vergleichen.',
  'meshing.uncuttable': () =>
    'Die Oberfläche lässt sich an dieser Ebene nicht sauber schneiden: die Ebene etwas verschieben oder kippen.',
  'meshing.plane-misses-lumen': () => 'Die Ebene schneidet das Lumen nicht; auf das Vorhofohr schieben.',
  'meshing.nothing-beyond-plane': () => 'Jenseits dieser Ebene liegt nichts vom Vorhofohr.',
  'meshing.too-little-left': () => 'Die Ebene lässt weniger als 0,1 mL des Vorhofohrs übrig.',
  'meshing.nothing-labelled': () =>
    'Nichts ist segmentiert: zuerst das Vorhofohr einzeichnen oder den Schritt rückgängig machen.',
  'meshing.labels-too-thin': () =>
    'Die Segmentierung ist zu dünn für eine Oberfläche: mehr vom Vorhofohr einzeichnen oder den Schritt rückgängig machen.',
  'meshing.stopped': () =>
    'Die Berechnung der Oberfläche brach unerwartet ab. Von der Arbeit ging nichts verloren; erneut versuchen.',

  'meshing.no-ostium': () =>
    'Es konnte kein Ostium abgegrenzt werden: Ostium und Tiefe werden zurückgehalten.',
  'meshing.volume-unusual': ({ volumeMl }) =>
    `Ein Volumen von ${decimals(volumeMl, 1)} mL ist für ein Vorhofohr ungewöhnlich: die Oberfläche prüfen.`,
  'meshing.ostium-unusual': ({ areaMm2 }) =>
    `Ein Ostium von ${decimals(areaMm2, 0)} mm² ist ungewöhnlich: seine Ebene prüfen.`,
  'meshing.pieces-left-out': ({ pieces, volumeMl }) =>
    pieces === 1
      ? `Ein abgetrenntes Fragment (${volumeText(volumeMl)}) wurde ausgeschlossen.`
      : `${pieces} abgetrennte Fragmente (${volumeText(volumeMl)}) wurden ausgeschlossen.`,
  'meshing.drawn-anew': () =>
    'Die Bearbeitung ließ sich nicht örtlich anwenden: Die ganze Oberfläche wurde neu berechnet, und alle Messwerte können sich leicht ändern.',
  'meshing.drawn-from-voxels': () =>
    'Der größte Teil der Segmentierung wurde bearbeitet: Die Oberfläche wurde allein aus den Voxeln berechnet, und das Ostium ist nur so genau wie sie.',
  'meshing.rim-edited': () =>
    'Eine Bearbeitung reicht an den Rand des Ostiums, der an seiner Ebene neu geschnitten wurde.',
  'meshing.edit-at-ostium': () =>
    'Bearbeitungen innerhalb des Ostiumrands wirken nicht: Die Oberfläche endet an der Ostiumebene. Stattdessen die Ebene verschieben.',
  'meshing.plane-misses-appendage': () =>
    'Die Ebene erreicht das Vorhofohr nicht: Es wird kein Ostium angegeben.',
  'meshing.ostium-in-atrium': ({ mm, openShare }) =>
    `Das Ostium liegt ${decimals(mm, 1)} mm jenseits des gefundenen, zum Vorhof hin, soweit ein grobes Netz dessen Wand sieht${openShare < 0.05 ? '' : `; ${decimals(100 * openShare, 0)} % seines Umrisses liegen auf keiner Wand, sondern auf einem Trichter von 45°`}. In den Schnittebenen prüfen.`,
  'meshing.too-far-into-atrium': ({ mostMm }) =>
    `Die Ostiumebene liegt mehr als ${decimals(mostMm, 0)} mm jenseits des gefundenen Ostiums. Nur so weit wird dem Vorhof gefolgt.`,
  'meshing.opens-into-atrium': () =>
    'Hier schneidet die Ostiumebene den linken Vorhof selbst, keinen Hals: Ihr Schnitt ist kein Ostium.',
  'meshing.atrium-not-joined': () =>
    'Der linke Vorhof ließ sich hier nicht an die Oberfläche anschließen. Verschieben Sie die Ebene ein wenig, oder neigen Sie sie weniger.',
  'meshing.own-end-taken': () =>
    'Die Ostiumebene liegt außerhalb des segmentierten Lumens; das Ende der Oberfläche gilt als Ostium.',
  'meshing.continued-to-plane': ({ outsideMm }) =>
    `Die Ebene liegt bis zu ${decimals(outsideMm, 1)} mm außerhalb des segmentierten Lumens, das gerade bis zu ihr verlängert wurde.`,
  'meshing.plane-partly-outside': () =>
    'Ein Teil der Ebene liegt weit außerhalb des segmentierten Lumens; das Ostium ist dort, wo die Ebene es schneidet.',
  'meshing.cut-off-beside': ({ volumeMl }) =>
    `Die Ebene schneidet neben dem Ostium ${decimals(volumeMl, 1)} mL ab, die ausgeschlossen wurden.`,
};
