import type { SizedBy, planningWords as source } from '../english/planning.ts';

export const planningWords: typeof source = {
  plan: {
    plot: 'Diagramm',
    sectionAlong: 'Schnitt entlang der Mittellinie',
    fromOstium: (mm: string) => `${mm} mm vom Ostium`,
    curves: 'Kurven',
    axis: 'mm vom Ostium',
    cArm: 'C-Bogen',
    cArmTitle: 'C-Bogen-Projektionen senkrecht zur Ostiumachse',
    working: (view: string) => `Arbeitsprojektion ${view}`,
    noView: 'Keine Projektion in Reichweite eines C-Bogens',
    fromPerpendicular: (view: string, degrees: string) => `${view}: ${degrees}° von der Senkrechten`,
    raoToLao: 'RAO bis LAO, senkrecht',
    caudalToCranial: 'Kaudal bis kranial, frei',
    isPerpendicular: 'senkrecht',
    cArmFollows: 'C-Bogen und 3D-Ansicht gemeinsam',
    cArmHint:
      'Ein Druck ins Diagramm setzt eine beliebige Projektion. Gemeinsam blickt die 3D-Ansicht entlang des Strahls: Sie zu drehen dreht den C-Bogen, soweit er reicht; ihre Pfeiltasten drehen ihn um 1°.',
    perpendicularHere: 'Senkrecht bei dieser Drehung',
    workingView: 'Arbeitsprojektion',
    outOfReach: 'bei diesem Winkel außer Reichweite',
    off: (degrees: string) => `${degrees}° Abweichung`,
    crosses:
      'Kreuze: gebräuchliche Projektionen mit ihrer Abweichung von der Senkrechten. Für einen wie in der CT gelagerten Patienten; an keinem C-Bogen geprüft.',
    cranial: 'kranial',
    caudal: 'kaudal',
    tables: 'Okkludertabellen',
    yourOwn: 'Eigene: ',
    bundled: 'Mitgeliefert, nur Forschungsanzeige: ',
    useOwn: 'Eigene Tabellen verwenden…',
    useBundled: 'Mitgelieferte Tabellen verwenden',
    straightened: 'Gestreckte Rekonstruktion, um die Mittellinie gedreht',
    turnedBy: (degrees: number) => `Um ${degrees}° gedreht`,
    sectionAtOstium: 'Schnitt am Ostium',
    atLanding: 'An der Landezone',
    turn90: 'Um 90° drehen',
    turnHint: (degrees: number) =>
      `Um ${degrees}° um die Linie gedreht. Ein Klick verschiebt den Schnitt; Ziehen nach oben oder unten dreht, ebenso die Pfeiltasten ↑ ↓.`,
    atrium: 'Vorhof',
    tip: 'Spitze',
    lineHint:
      'Die Punkte der Linie lassen sich in den Schnittebenen und in 3D ziehen; ein Doppelklick auf die Linie fügt einen hinzu, Entf entfernt den unter dem Zeiger.',
    addPoint: 'Punkt am Schnitt hinzufügen',
    removeNearest: 'Nächsten entfernen',
    asComputed: 'Wie berechnet',
    device: 'Virtueller Okkluder',
    showInViews: 'In den Ansichten zeigen',
    planesToIt: 'Schnittebenen dorthin',
    alongLine: 'Entlang der Linie',
    deviceHint:
      'Eine Größe wird als starrer, schematischer Körper an ihrer Landezone platziert; ziehen oder die Schieberegler verwenden.',
    size: 'Größe',
    noDevice: 'Keine',
    noShape: (table: string) => `${table}: keine Form in der Tabelle`,
    doesNotFit: ', passt nicht',
    depth: 'Tiefe',
    implantationDepth: 'Implantationstiefe',
    tiltTo: (direction: string) => `Kippung nach ${direction}`,
    shape: (source: string) => `Form: ${source}`,
    projection: 'Simulierte Projektion',
    section: 'Schnitt',
    outlines: 'Konturen',
    correctOutline: 'Kontur korrigieren',
    outlineHint:
      'Ihre Punkte werden dann im axialen Fenster gezogen, und die Größen dieses Schnitts folgen. Oberfläche, Volumen und Netze bleiben unverändert.',
    outlineGone: (name: string) => `${name}: Es gibt keine Kontur mehr.`,
    outlineDrag: (name: string) =>
      `${name}: die Punkte im axialen Fenster ziehen. Ein Doppelklick auf die Kontur fügt einen hinzu, Entf entfernt den unter dem Zeiger.`,
    corrected: 'korrigiert',
    notUsed: 'nicht verwendet, ihre Ebene ist nicht mehr dort, wo sie gezeichnet wurde',
    show: 'Zeigen',
    sectionAt: (mm: string) => `Schnitt bei ${mm} mm`,
    devices: 'Okkluder',
    fitting: 'Passende Okkludergrößen',
    byOwnTables: 'Nach eigenen Tabellen.',
    byBundledTables: 'Nach mitgelieferten Tabellen.',
    allShown: 'Alle passenden werden gezeigt, keine wird bevorzugt.',
    excluded: (size: string, why: string) => `Nicht ${size}: ${why}.`,
    source: (source: string, isVerified: boolean) =>
      `Quelle: ${source}${isVerified ? '.' : '; nicht mit der Gebrauchsanweisung des Herstellers verglichen.'}`,
    comparisonOfTable: 'Womit die Tabelle verglichen wurde',
    comparedWith: (says: string, agrees: boolean) => `${agrees ? 'Stimmt überein' : 'Weicht ab'}: ${says}`,
    readOn: (day: string) => `gelesen am ${day}.`,
    notCompared: (what: string) => `Nicht verglichen: ${what}`,
    candidate: (from: string, to: string, compression: string, maximum: string, minimum: string) =>
      `für ${from} bis ${to} mm: ${compression} % Kompression; an der Landezone ${maximum} % × ${minimum} %`,
    needsDepth: (mm: string) => `; braucht ${mm} mm Tiefe`,
    sizedBy: ({ diameter, isOfOstium, measuredMm, landingZoneMm }: SizedBy) => {
      const zone = `Landezone bei ${landingZoneMm} mm`;
      const of = `Nach dem ${diameter}en Durchmesser ${isOfOstium ? 'des Ostiums' : `der ${zone}`}`;
      if (measuredMm !== null) return `${of}, ${measuredMm} mm.`;
      return isOfOstium ? `${of}, mit einer ${zone}.` : `${of}.`;
    },
    notice: 'Nur Forschungsanzeige. Nicht zur Wahl eines Okkluders.',
    centreLine: 'Mittellinie',
    alongCentreLine: 'Entlang der Mittellinie',
    reformat: 'Gestreckte Rekonstruktion',
    straightenedTitle: 'Entlang der Mittellinie gestreckt',
    measuring: 'Messung entlang der Mittellinie…',
    clickPlot: 'Ins Diagramm klicken zeigt dort den Schnitt senkrecht zur Mittellinie.',
    asInTheirTables: (mm: string) => `${mm} mm, Okkluder: nach ihren Tabellen`,
    landingZoneAt: (mm: string) => `Landezone bei ${mm} mm`,
    setToSection: 'Auf den Schnitt setzen',
    asInTables: 'Nach den Tabellen',
    bothDiameters: 'Max. × min. Durchmesser',
    beyondTip: 'jenseits der Spitze',
    notMeasurable: 'nicht messbar',
    byLandmarks: 'Ostium nach Landmarken',
    escEnds: 'Esc beendet dies.',
    atCrosshair: 'Am Fadenkreuz',
    notSet: 'nicht gesetzt',
    apart: 'Leiste bis Ramus circumflexus',
    surroundings: 'Umgebung des Ostiums',
    surroundingsNote:
      'Aus einem groben Netz, an synthetischen Scans trainiert; ± gilt für neun von zehn davon. In den Ebenen prüfen.',
    surroundingsLooking:
      'Wird gesucht: Die Abstände und der Spielraum der Ostiumebene zum Vorhof hin erscheinen gleich.',
    surroundingsStopped: (why: string | null) =>
      why === null
        ? 'Die Suche wurde abgebrochen: Die Abstände fehlen.'
        : `Sie konnte nicht gefunden werden: ${why} Die Abstände fehlen.`,
    lookAgain: 'Jetzt suchen',
    setBoth:
      'Sind beide gesetzt, verläuft die Ostiumebene durch sie, so senkrecht zur Achse des Vorhofohrs wie möglich.',
    set: 'gesetzt',
    onPlane: 'auf der Ebene',
    ofPlane: (mm: string, isDistal: boolean) => `${mm} mm ${isDistal ? 'distal' : 'proximal'} der Ebene`,
  },
  structures: {
    circumflex: 'Ramus circumflexus',
    leftSuperiorVein: 'Linke obere Lungenvene',
    mitralAnnulus: 'Mitralanulus',
  },
  landmarks: {
    ridge: 'Linke obere Leiste',
    circumflex: 'Ramus circumflexus',
  },
  landmarkPlaces: {
    ridge: 'Auf die Leiste zwischen Vorhofohr und linker oberer Lungenvene klicken.',
    circumflex: 'Auf den Ramus circumflexus unterhalb des Ostiums klicken.',
  },
};
