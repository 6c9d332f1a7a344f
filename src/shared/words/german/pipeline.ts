import type { pipelineFailures } from '../../failures/pipelineFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { decimals } from './numbers.ts';
import { systemReason } from './systemReason.ts';

const TURNED: Readonly<Record<string, string>> = {
  mirrored: 'links-rechts gespiegelt',
  frontToBack: 'vorn-hinten gespiegelt',
  upsideDown: 'oben-unten gespiegelt',
  feetFirst: 'auf den Kopf gedreht',
  prone: 'von vorn nach hinten gedreht',
};

export const pipelineWords: WordsFor<keyof typeof pipelineFailures> = {
  'pipeline.no-region': () =>
    'In dieser Serie wurde kein linkes Vorhofohr gefunden: Nötig ist eine kontrastmittelgestützte CT, die das ganze Herz zeigt.',
  'pipeline.outside-box': () =>
    'Das Vorhofohr scheint am Rand des Quaders oder außerhalb zu liegen: den Quader darauf schieben und erneut versuchen.',
  'pipeline.results-not-written': ({ folder, systemCode }) =>
    `Die Ergebnisse konnten nicht in den Ordner ${folder} geschrieben werden${systemCode === '' ? '' : ` (${systemReason(systemCode)})`}.`,
  'pipeline.no-appendage': () => 'In dieser Serie konnte kein linkes Vorhofohr abgegrenzt werden.',
  'pipeline.no-blood': ({ brightestHu }) =>
    `Es konnte kein linkes Vorhofohr abgegrenzt werden: Nichts in der Region ist so hell wie Blut mit Kontrastmittel (das hellste Weichgewebe misst ${brightestHu.toFixed(0)} HU).`,
  'pipeline.no-contrast': ({ bloodHu }) =>
    `Der linke Vorhof misst ${decimals(bloodHu, 0)} HU: zu wenig oder kein Kontrastmittel im linken Herzen, um das Vorhofohr zu segmentieren.`,
  'pipeline.not-filled': ({ foundHu, nearbyHu }) =>
    `Es wurde kein linkes Vorhofohr gefunden: Was ihm ähnelt, ist nicht mit Kontrastmittel gefüllt (${decimals(foundHu, 0)} HU, das Blut daneben ${decimals(nearbyHu, 0)} HU); es ist vielleicht verschlossen oder entfernt, oder der Scan zeigt es nicht.`,
  'pipeline.mostly-cut': ({ percent }) =>
    `Der Scan endet innerhalb des Vorhofohrs: ${decimals(percent, 0)} % seiner Oberfläche liegen am Rand des Scans, und nichts ist messbar.`,
  'pipeline.only-slivers': ({ volumeMl }) =>
    `Es wurde kein linkes Vorhofohr gefunden: Was ihm ähnelt, fasst nur ${decimals(volumeMl, 1)} mL; der Scan endet vielleicht an seinem Ostium, oder es ist verschlossen oder entfernt.`,
  'pipeline.too-large': ({ volumeMl }) =>
    `Das Gefundene fasst ${decimals(volumeMl, 0)} mL, weit mehr als jedes Vorhofohr: Es ist nicht das Vorhofohr allein.`,
  'pipeline.impossible-ostium': ({ areaMm2 }) =>
    `Das Gefundene hat ein Ostium von ${decimals(areaMm2, 0)} mm², weit von allem Veröffentlichten (100 bis 1000 mm²): Es ist nicht das Vorhofohr oder nicht das ganze.`,
  'pipeline.turned': ({ turn }) =>
    `Es ist nicht sicher, dass dies das Vorhofohr ist, und eines ist deutlicher zu sehen, wenn der Scan ${TURNED[turn] ?? 'gedreht'} wird: Der Scan ist vielleicht falsch herum gespeichert oder zeigt das Vorhofohr nicht.`,
  'pipeline.seen-turned': ({ turn }) =>
    `In diesem Scan, wie er gespeichert ist, wurde kein linkes Vorhofohr gefunden, aber eines ist zu sehen, wenn der Scan ${TURNED[turn] ?? 'gedreht'} wird: Er ist vielleicht falsch herum gespeichert.`,
  'pipeline.centre-outside': ({ centreLpsMm, scanCentreLpsMm }) =>
    `Der Punkt (${centreLpsMm}) mm liegt außerhalb des Scans, dessen Mitte bei (${scanCentreLpsMm}) mm liegt (LPS).`,
  'pipeline.no-surroundings-network': () =>
    'Das Modell, das die Umgebung des Vorhofohrs findet, ist nicht installiert.',
  'pipeline.stopped': () =>
    'Der Rechenkern für die Segmentierung brach ab und wurde neu gestartet. Von der Arbeit ging nichts verloren; erneut versuchen.',

  'pipeline.region-unsure': () =>
    'Geringe Konfidenz, dass dies das Vorhofohr ist: zuerst die Lage des Quaders prüfen.',
  'pipeline.appendage-cut': () =>
    'Das Vorhofohr ist am Rand des Scans oder der Region abgeschnitten: Volumen und Tiefe werden zurückgehalten.',
  'pipeline.one-phase': ({ series }) =>
    `Unter den ${series} Serien sind laut ihren Headern keine zwei Phasen eines Herzzyklus; auricle segment segmentiert eine einzelne.`,
  'pipeline.contrast-weak': ({ atriumHu }) =>
    `Schwacher Kontrast im linken Vorhof (${decimals(atriumHu, 0)} HU).`,
  'pipeline.values-saturated': ({ percent }) =>
    `${decimals(percent, 1)} % der Voxel liegen außerhalb des Bereichs der Hounsfield-Einheiten: Die Dateien geben vielleicht Werte mit Vorzeichen als solche ohne aus.`,
  'pipeline.underfilled': () =>
    'Das Vorhofohr ist viel dunkler als der Vorhof: langsamer Fluss oder Thrombus; der Oberfläche fehlt vielleicht die Spitze.',
  'pipeline.part-unfilled': ({ unfilledMl, uncertaintyMl, unfilledHu, filledHu, fromDepthMm }) =>
    `${decimals(unfilledMl, 1)} mL des Vorhofohrs (± ${decimals(Math.max(0.1, uncertaintyMl), 1)} mL durch Rauschen), ab ${decimals(fromDepthMm, 0)} mm jenseits des Ostiums, sind nicht mit Kontrastmittel gefüllt: ${decimals(unfilledHu, 0)} HU gegenüber ${decimals(filledHu, 0)} HU. Thrombus und langsamer Fluss sind nicht zu unterscheiden. Volumen und Tiefe schließen diesen Teil ein.`,
  'pipeline.nothing-filled': ({ unfilledHu }) =>
    `Das Vorhofohr ist nicht mit Kontrastmittel gefüllt (${decimals(unfilledHu, 0)} HU): Thrombus und langsamer Fluss sind nicht zu unterscheiden, und der Oberfläche fehlt vielleicht die Spitze.`,
  'pipeline.dark-beyond': ({ volumeMl, valueHu, fromDepthMm, toDepthMm }) =>
    `Dunkles Gewebe neben der Oberfläche (mindestens ${decimals(volumeMl, 1)} mL mit ${decimals(valueHu, 0)} HU, ${decimals(fromDepthMm, 0)} bis ${decimals(toDepthMm, 0)} mm jenseits des Ostiums) ist vielleicht ein nicht gefüllter Teil des Vorhofohrs (Thrombus oder langsamer Fluss): Oberfläche, Volumen und Tiefe lassen ihn aus. Bitte prüfen.`,
  'pipeline.thin-grey': ({ volumeMl, valueHu, bloodHu }) =>
    `Dünnes graues Gewebe an einem Ende des Vorhofohrs (${decimals(volumeMl, 2)} mL mit ${decimals(valueHu, 0)} HU, Blut ${decimals(bloodHu, 0)} HU) wurde weggelassen: Oberfläche, Volumen und Tiefe schließen es nicht ein. Bitte prüfen.`,
  'pipeline.landmarks-unsure': ({ spreadMm }) =>
    `Die Ostiumebene ist unsicher: Die Leiste oder der Ramus circumflexus wurde nicht verlässlich gefunden (Streuung ${decimals(spreadMm, 1)} mm). Bei Phantomen weicht die Hälfte solcher Ebenen um mehr als 10° ab. Bitte prüfen.`,
  'pipeline.landmarks-disagree': ({ ridgeMm, circumflexMm }) =>
    `Die Ostiumebene ist unsicher: Ohne Zwang läge sie ${decimals(ridgeMm, 0)} mm von der Leiste und ${decimals(circumflexMm, 0)} mm vom Ramus circumflexus. Bitte prüfen.`,
  'pipeline.open-surface': () =>
    'Das Modell liefert eine offene Oberfläche: Das Ostium ist ihr Rand; Volumen und Tiefe sind die der Oberfläche mit einem Deckel über dem Rand.',
  'pipeline.ragged-rim': ({ perimeterMm, areaMm2 }) =>
    `Die Oberfläche endet in einem ausgefransten Rand (${decimals(perimeterMm, 0)} mm um eine Öffnung von ${decimals(areaMm2, 0)} mm²), wie dort, wo das Modell an der Anatomie versagt: Ostium, Volumen und Tiefe werden zurückgehalten.`,
  'pipeline.more-openings': ({ openings }) =>
    `Die Oberfläche hat ${openings} Öffnungen; der längste Rand gilt als Ostium, die anderen werden durch Deckel verschlossen.`,
};
