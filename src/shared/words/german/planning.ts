import type { planningFailures } from '../../failures/planningFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { decimals, plain } from './numbers.ts';

const DIAMETER = {
  maximum: 'im maximalen Durchmesser',
  minimum: 'im minimalen Durchmesser',
  'area-derived': 'im flächenbasierten Durchmesser',
  'perimeter-derived': 'im umfangsbasierten Durchmesser',
};

const STRUCTURE = {
  circumflex: 'Der Ramus circumflexus',
  leftSuperiorVein: 'Die linke obere Lungenvene',
  mitralAnnulus: 'Der Mitralanulus',
  interatrialSeptum: 'Das Vorhofseptum',
} as const;

export const planningWords: WordsFor<keyof typeof planningFailures> = {
  'planning.device-table-no-json': ({ fileName }) => `Die Okkludertabelle ${fileName} ist kein JSON.`,
  'planning.device-table-invalid': ({ fileName, place, problem }) =>
    `Die Okkludertabelle ${fileName} kann nicht verwendet werden: ${place === '' ? '' : `${place}: `}${problem}.`,
  'planning.device-named-twice': ({ name }) =>
    `Zwei Okkludertabellen tragen den Namen ${name}; nur eine davon behalten.`,
  'planning.no-device-tables': () => 'Unter diesen Dateien ist keine Okkludertabelle (.json-Datei).',
  'planning.device-folder-missing': () => 'Der Ordner der Okkludertabellen ist nicht vorhanden.',
  'planning.no-result': ({ folder }) =>
    `${folder} enthält kein Ergebnis: report.json fehlt oder stammt nicht von auricle segment.`,
  'planning.no-profile': ({ folder }) =>
    `Das Ergebnis in ${folder} hat keine Größen entlang der Mittellinie; dafür den Scan erneut segmentieren.`,
  'planning.no-views': ({ reason }, { clause }) =>
    `Projektionen senkrecht zur Ostiumachse werden nicht angegeben: ${clause(reason)}.`,
  'planning.devices-not-folder': ({ name }) =>
    `${name} ist eine Datei: den Ordner mit den Okkludertabellen nennen.`,
  'planning.landing-zone-nearest': ({ nearestMm }) =>
    `Der nächste messbare Schnitt liegt bei ${decimals(nearestMm, 1)} mm: die Landezone dorthin legen oder die Ostiumebene verschieben oder kippen.`,
  'planning.correct-the-surface': () =>
    'Die Ostiumebene verschieben oder kippen oder die Oberfläche korrigieren, bis Schnitte messbar sind.',
  'planning.scan-all-of-it': () =>
    'Nur ein Scan, der das ganze Vorhofohr enthält, zeigt, wo ein Okkluder zu liegen käme.',
  'planning.points-unreadable': ({ fileName }) =>
    `${fileName} enthält keine Punkte: ein JSON-Feld aus [links, posterior, superior] oder CSV mit diesen drei Spalten, in LPS-mm.`,
  'planning.line-before-ostium': () =>
    'Kein Punkt der Mittellinie liegt jenseits des Ostiums; Punkte in LPS-mm, vom Ostium zur Spitze.',
  'planning.line-reversed': () =>
    'Die Mittellinie endet näher am Ostium, als sie beginnt; Punkte laufen vom Ostium zur Spitze.',
  'planning.landmarks-unreadable': ({ fileName }) =>
    `${fileName} enthält keine Landmarken: JSON mit „ridge“ und „circumflex“, je [links, posterior, superior] in LPS-mm.`,
  'planning.line-corrected': () =>
    'Mittellinie manuell korrigiert: Tiefe, Landezonen und Schnitte folgen ihr.',
  'planning.ostium-outline-corrected': () =>
    'Kontur des Ostiums manuell korrigiert: Seine Größen richten sich nach dieser Kontur; Oberfläche, Volumen und Netze bleiben unverändert.',
  'planning.section-outline-corrected': ({ distanceMm }) =>
    `Kontur des Schnitts bei ${decimals(distanceMm, 1)} mm manuell korrigiert: Seine Größen richten sich nach dieser Kontur; Oberfläche, Volumen und Netze bleiben unverändert.`,
  'planning.ostium-outline-aside': () =>
    'Die korrigierte Kontur des Ostiums wird nicht verwendet: Die Ostiumebene ist nicht mehr dort, wo sie gezeichnet wurde.',
  'planning.section-outline-aside': ({ distanceMm }) =>
    `Die korrigierte Kontur bei ${decimals(distanceMm, 1)} mm wird nicht verwendet: Der Schnitt ist nicht mehr dort, wo sie gezeichnet wurde.`,
  'planning.line-leaves-lumen': ({ distanceMm }) =>
    `Die korrigierte Mittellinie verlässt ${decimals(distanceMm, 1)} mm vom Ostium das Lumen; ihre Punkte hineinziehen oder die berechnete Linie nehmen.`,
  'planning.point-too-near': ({ leastMm }) =>
    `Hier liegt schon ein Punkt; Punkte müssen ${plain(leastMm)} mm voneinander entfernt sein. Den vorhandenen verschieben.`,
  'planning.line-needs-tip': () =>
    'Die Mittellinie endet an ihrem letzten Punkt; ihn verschieben statt entfernen.',
  'planning.outline-crosses-itself': () =>
    'Eine Kontur darf sich nicht selbst schneiden; der Punkt bleibt an seiner letzten möglichen Stelle.',
  'planning.outline-too-small': ({ leastMm }) =>
    `Eine Kontur muss mindestens ${plain(leastMm)} mm breit sein; der Punkt bleibt an seiner letzten möglichen Stelle.`,
  'planning.outline-needs-points': ({ least }) => `Eine Kontur braucht ${least} Punkte.`,
  'planning.no-outline-here': () =>
    'Hier gibt es keine Kontur zu korrigieren: Der Schnitt ist nicht messbar. Einen anderen Schnitt wählen oder die Oberfläche korrigieren.',
  'planning.landmarks-no-plane': () =>
    'Die beiden Landmarken ergeben keine Ebene: Sie müssen mindestens 5 mm auseinander und beiderseits des Ostiums liegen.',
  'planning.no-size-fits': ({ measuredMm, smallestMm, largestMm }) =>
    `Keine Größe passt zu ${decimals(measuredMm, 1)} mm; die Tabelle reicht von ${decimals(smallestMm, 1)} bis ${decimals(largestMm, 1)} mm.`,
  'planning.compression-outside': ({ percent, leastPercent, mostPercent }) =>
    `Die Kompression betrüge ${decimals(percent, 0)} %, außerhalb von ${plain(leastPercent)} bis ${plain(mostPercent)} %.`,
  'planning.range-near': ({ measuredMm, leastMm, mostMm }) =>
    measuredMm < leastMm
      ? `Ihr Bereich beginnt ${decimals(Math.max(0.1, leastMm - measuredMm), 1)} mm über den gemessenen ${decimals(measuredMm, 1)} mm, die nicht sicherer sind als 1 mm.`
      : `Ihr Bereich endet ${decimals(Math.max(0.1, measuredMm - mostMm), 1)} mm unter den gemessenen ${decimals(measuredMm, 1)} mm, die nicht sicherer sind als 1 mm.`,
  'planning.appendage-too-shallow': ({ depthMm, neededMm }) =>
    `Das Vorhofohr ist ${decimals(depthMm, 1)} mm tief, der Okkluder braucht ${decimals(neededMm, 1)} mm.`,
  'planning.no-such-table': ({ name, known }) =>
    `Eine Okkludertabelle ${name} gibt es nicht; vorhanden sind ${known}.`,
  'planning.no-such-size': ({ name, size, known }) =>
    `${name} hat keine Größe ${size}; vorhanden sind ${known}.`,
  'planning.device-without-shape': ({ name }) =>
    `Die Tabelle ${name} gibt keine Form an, und ohne sie kann ein Okkluder nicht gezeichnet werden.`,
  'planning.device-beyond-tip': ({ depthMm, lineMm }) =>
    `Ein Okkluder kann nicht bei ${decimals(depthMm, 1)} mm platziert werden: Die Mittellinie ist ${decimals(lineMm, 1)} mm lang.`,
  'planning.size-outside-range': ({ measuredMm, leastMm, mostMm }) =>
    `Die gemessenen ${decimals(measuredMm, 1)} mm liegen außerhalb ihrer ${plain(leastMm)} bis ${plain(mostMm)} mm.`,
  'planning.device-does-not-fit': ({ reason }, { clause }) =>
    `Laut Tabelle passt diese Größe nicht: ${clause(reason)}.`,
  'planning.landing-zone-compression': ({ diameter, percent, leastPercent, mostPercent }) =>
    `An Ihrer Landezone beträgt die Kompression ${DIAMETER[diameter]} ${decimals(percent, 0).replace('-', '−')} %, außerhalb der ${plain(leastPercent)} bis ${plain(mostPercent)} % der Tabelle.`,
  'planning.landing-zone-far-compression': ({ diameter, percent }) =>
    `An Ihrer Landezone beträgt die Kompression ${DIAMETER[diameter]} ${decimals(percent, 0).replace('-', '−')} %; die Tabelle nennt keinen Bereich dafür.`,
  'planning.device-compression-in-place': ({ diameter, percent, leastPercent, mostPercent }) =>
    `In situ beträgt die Kompression ${DIAMETER[diameter]} ${decimals(percent, 0).replace('-', '−')} %, außerhalb der ${plain(leastPercent)} bis ${plain(mostPercent)} % der Tabelle.`,
  'planning.device-narrower-than-lumen': ({ percent }) =>
    `In situ ist das Lumen entlang seines maximalen Durchmessers ${decimals(percent, 0)} % weiter als der Okkluder.`,
  'planning.device-section-missing': ({ reason }, { clause }) =>
    `Die Kompression in situ ist nicht messbar: ${clause(reason)}.`,
  'planning.device-longer-than-lumen': ({ usedMm, thereIsMm }) =>
    `Der Okkluder reicht ${decimals(usedMm, 1)} mm über das Ostium hinaus, das Lumen endet entlang seiner Achse bei ${decimals(thereIsMm, 1)} mm.`,
  'planning.reformat-needs-scan': () =>
    'Der Ordner mit dem Scan des Ergebnisses wird gebraucht: --dicom ORDNER.',
  'planning.surroundings-unknown': () => 'Kein Netz hat die Umgebung dieses Vorhofohrs gesucht.',
  'planning.surroundings-awaited': () =>
    'Die Umgebung dieses Vorhofohrs wurde noch nicht gesucht: Die Abstände zu Ramus circumflexus, linker oberer Lungenvene, Mitralanulus und Vorhofseptum fehlen.',
  'planning.surroundings-not-found': ({ reason }, { sentence }) =>
    `Die Umgebung des Vorhofohrs konnte nicht gefunden werden: ${sentence(reason)} Die Segmentierung ist vollständig; die Abstände dazu fehlen.`,
  'planning.structure-not-found': ({ structure }) => `${STRUCTURE[structure]} wurde im Scan nicht gefunden.`,
  'planning.structure-unclear': ({ structure }) =>
    `${STRUCTURE[structure]} kann näher liegen: Der Scan zeigt die Struktur dort nicht deutlich.`,
  'planning.structure-beyond-scan': ({ structure }) =>
    `${STRUCTURE[structure]} kann außerhalb des betrachteten Bereichs näher liegen.`,
  'planning.device-outside-scan': () => 'Ein Teil des Okkluders liegt außerhalb des Scans.',
  'planning.device-mostly-outside': ({ percent }) =>
    `Der größte Teil des Okkluders (${percent} %) liegt außerhalb des segmentierten Lumens.`,
  'planning.device-off-lumen': () => 'Das Zentrum des Okkluders liegt außerhalb des Lumens.',
};
