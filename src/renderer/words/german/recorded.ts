/**
 * Texts that files hold too, and hold in English: names of steps, stages of long work, labels of measures. What is not
 * here (text of a person, of a model, of an earlier version) is shown as it is.
 */
const TEXTS: Readonly<Record<string, string>> = {
  // Steps.
  Brush: 'Pinsel',
  Eraser: 'Radierer',
  Scissors: 'Schere',
  Smooth: 'Glätten',
  'Keep largest component': 'Größte Komponente behalten',
  'Fill holes': 'Löcher füllen',
  'Open segmentation': 'Segmentierung öffnen',
  'Move ostium plane': 'Ostiumebene verschieben',
  'Place region': 'Region platzieren',
  'Move region': 'Region verschieben',
  'Resize region': 'Regiongröße ändern',
  'Find region': 'Region suchen',
  'Remove landmarks': 'Landmarken entfernen',
  'Move point of the centre line': 'Punkt der Mittellinie verschieben',
  'Remove point of the centre line': 'Punkt der Mittellinie entfernen',
  'Add point to the centre line': 'Punkt zur Mittellinie hinzufügen',
  'Centre line as computed': 'Mittellinie wie berechnet',
  'Delete all that is drawn': 'Alles Gezeichnete löschen',
  'Place device': 'Okkluder platzieren',
  'Change device': 'Okkluder wechseln',
  'Move device': 'Okkluder verschieben',
  'Tilt device': 'Okkluder kippen',
  'Remove device': 'Okkluder entfernen',
  Accept: 'Freigeben',
  Reject: 'Verwerfen',
  'Withdraw review': 'Urteil zurücknehmen',
  Undo: 'Rückgängig',

  // Stages of long work.
  Reading: 'Lesen',
  Unpacking: 'Entpacken',
  Remeshing: 'Neu vernetzen',
  Anonymising: 'Anonymisieren',
  'Reading headers': 'Header werden gelesen',
  'Reading slices': 'Schichten werden gelesen',
  'Writing slices': 'Schichten werden geschrieben',
  'Waiting for earlier work': 'Warten auf frühere Arbeit',
  'Scanning the phantom': 'Phantom wird gescannt',
  'Finding the appendage': 'Vorhofohr wird gesucht',
  'Reading the region': 'Region wird gelesen',
  'Drawing the surface': 'Oberfläche wird gezeichnet',
  'Moving points onto the surface': 'Punkte werden auf die Oberfläche gezogen',
  'Reconstructing the surface': 'Oberfläche wird rekonstruiert',
  'Anonymising the scan': 'Scan wird anonymisiert',
  'Taking pictures': 'Bilder werden aufgenommen',
  'Making documents': 'Dokumente werden erzeugt',
  'Making the printable shell': 'Druckbare Schale wird erzeugt',
  'Making the label map': 'Labelkarte wird erzeugt',
  'Fetching images': 'Bilder werden abgerufen',
  'Sending files': 'Dateien werden gesendet',

  // Measures, plots and their axes.
  Volume: 'Volumen',
  volume: 'Volumen',
  Depth: 'Tiefe',
  'Depth to first bend': 'Tiefe bis zur ersten Biegung',
  'Wall area': 'Wandfläche',
  Diameters: 'Durchmesser',
  Area: 'Fläche',
  area: 'Fläche',
  Perimeter: 'Umfang',
  perimeter: 'Umfang',
  maximum: 'maximal',
  minimum: 'minimal',
  'area-derived': 'flächenbasiert',
  'perimeter-derived': 'umfangsbasiert',
  'maximum diameter': 'maximaler Durchmesser',
  'minimum diameter': 'minimaler Durchmesser',
  'area-derived diameter': 'flächenbasierter Durchmesser',
  'perimeter-derived diameter': 'umfangsbasierter Durchmesser',
  eccentricity: 'Exzentrizität',
  diameters: 'Durchmesser',
  Ostium: 'Ostium',
  phase: 'Phase',
  '% of the RR interval': '% des RR-Intervalls',
  'ms after the R wave': 'ms nach der R-Zacke',
  'over 99 %': 'über 99 %',

  // A placed device.
  'Implantation depth': 'Implantationstiefe',
  'From the ostium’s centre to the device’s widest circumference, along the centre line':
    'Von der Mitte des Ostiums bis zum größten Umfang des Okkluders, entlang der Mittellinie',
  'Lumen there, maximum diameter': 'Lumen dort, maximaler Durchmesser',
  'Lumen there, minimum diameter': 'Lumen dort, minimaler Durchmesser',
  'Of the section perpendicular to the device’s axis at its widest circumference':
    'Des Schnitts senkrecht zur Achse des Okkluders an seinem größten Umfang',
  'Compression along the maximum diameter': 'Kompression im maximalen Durchmesser',
  'Compression along the minimum diameter': 'Kompression im minimalen Durchmesser',
  '(size − diameter)/size; below 0 the device is narrower than the lumen':
    '(Größe − Durchmesser)/Größe; unter 0 ist der Okkluder enger als das Lumen',
  'Protrusion past the ostium': 'Überstand über das Ostium',
  'Of the rim that reaches farthest past the ostium’s plane into the atrium; below 0 it stays before it':
    'Des Rands, der am weitesten über die Ostiumebene in den Vorhof reicht; unter 0 bleibt er davor',
  'Protrusion of the lobe': 'Überstand des Lobus',
  'The same of the lobe alone': 'Ebenso, des Lobus allein',
  'Overlap with the wall': 'Überlappung mit der Wand',
  'The largest reach of the uncompressed device beyond the wall, across its axis':
    'Wie weit der unkomprimierte Okkluder quer zu seiner Achse höchstens über die Wand hinausreicht',
  'Largest gap': 'Größter Spalt',
  'From the widest circumference to the wall': 'Vom größten Umfang bis zur Wand',
  'Circumference in contact': 'Anliegender Umfang',
  'The share of the widest circumference that reaches the wall':
    'Der Anteil des größten Umfangs, der die Wand erreicht',
  'Depth occupied': 'Genutzte Tiefe',
  'Along the device’s axis, from the ostium’s plane to its end in the appendage':
    'Entlang der Achse des Okkluders, von der Ostiumebene bis zu seinem Ende im Vorhofohr',
  'Depth available': 'Vorhandene Tiefe',
  'Along the device’s axis, from the ostium’s plane to the wall':
    'Entlang der Achse des Okkluders, von der Ostiumebene bis zur Wand',
  'Distance to the circumflex artery': 'Abstand zum Ramus circumflexus',
  'Distance to the circumflex artery, one point, by the model':
    'Abstand zum Ramus circumflexus, ein Punkt, nach dem Modell',
  'Distance to the ridge': 'Abstand zur Leiste',
  'Distance to the ridge, one point, by the model': 'Abstand zur Leiste, ein Punkt, nach dem Modell',
  'From the surface of the uncompressed device to the point that the model of the surface took for it; how far that is off is not known':
    'Ab der Oberfläche des unkomprimierten Okkluders bis zu dem Punkt, den das Oberflächenmodell dafür hielt; wie weit er abweicht, ist nicht bekannt',
  'Distance to the left superior pulmonary vein': 'Abstand zur linken oberen Lungenvene',
  'Distance to the mitral annulus': 'Abstand zum Mitralanulus',
  'Distance to the interatrial septum': 'Abstand zum Vorhofseptum',
  'From the surface of the uncompressed device; not known where no reader and no network has set the place':
    'Ab der Oberfläche des unkomprimierten Okkluders; nicht bekannt, wo weder Mensch noch Netz die Stelle gesetzt hat',
  'From the surface of the uncompressed device to the nearest place that a coarse network found; ± holds for nine of ten phantoms':
    'Ab der Oberfläche des unkomprimierten Okkluders bis zur nächsten Stelle, die ein grobes Netz fand; ± gilt für neun von zehn Phantomen',
  'Ostium to the circumflex artery': 'Ostium bis Ramus circumflexus',
  'Ostium to the left superior pulmonary vein': 'Ostium bis zur linken oberen Lungenvene',
  'Ostium to the mitral annulus': 'Ostium bis zum Mitralanulus',
  'Ostium to the interatrial septum': 'Ostium bis zum Vorhofseptum',
  'From the rim of the ostium to the nearest place that a coarse network found; ± holds for nine of ten phantoms':
    'Vom Rand des Ostiums bis zur nächsten Stelle, die ein grobes Netz fand; ± gilt für neun von zehn Phantomen',
  'not known': 'nicht bekannt',
  'the centre of the device lies outside of the lumen':
    'das Zentrum des Okkluders liegt außerhalb des Lumens',
  'the device’s axis runs along the ostium': 'die Achse des Okkluders verläuft entlang des Ostiums',
  'the device’s axis does not meet the wall': 'die Achse des Okkluders trifft die Wand nicht',
  left: 'links',
  right: 'rechts',
  posterior: 'posterior',
  anterior: 'anterior',
  cranial: 'kranial',
  caudal: 'kaudal',

  // Series, models, saved work.
  resampled: 'umgerechnet',
  'with contrast agent': 'mit Kontrastmittel',
  'Sample study': 'Beispielstudie',
  'CT series': 'CT-Serie',
  'As first segmented': 'Erste Segmentierung',
  'trained on synthetic CT only': 'nur mit synthetischer CT trainiert',
  'imported; what it was trained on is unknown': 'importiert; Trainingsdaten unbekannt',
  'Research software, not for clinical decisions. The bundled models were trained on synthetic CT only; no patient data was used.':
    'Forschungssoftware, nicht für klinische Entscheidungen. Die mitgelieferten Modelle wurden nur mit synthetischer CT trainiert; Patientendaten wurden nicht verwendet.',
};

const KINDS: Readonly<Record<string, string>> = {
  ruler: 'Strecke',
  angle: 'Winkel',
  ellipse: 'Ellipse',
  'free region': 'Freie Region',
  text: 'Text',
};

const LANDMARKS: Readonly<Record<string, string>> = {
  'left upper ridge': 'Linke obere Leiste',
  'circumflex artery': 'Ramus circumflexus',
};

const LANDMARK_VERBS: Readonly<Record<string, string>> = {
  Set: 'setzen',
  Move: 'verschieben',
  Remove: 'entfernen',
};

const KIND_VERBS: Readonly<Record<string, string>> = {
  Draw: 'zeichnen',
  Change: 'ändern',
  Rename: 'umbenennen',
  Delete: 'löschen',
};

const OUTLINE_VERBS: Readonly<Record<string, (which: string) => string>> = {
  Correct: (which) => `Kontur ${which} korrigieren`,
  'Add point to': (which) => `Punkt zur Kontur ${which} hinzufügen`,
  'Remove point from': (which) => `Punkt der Kontur ${which} entfernen`,
  'Take back': (which) => `Kontur ${which} zurücknehmen`,
};

const comma = (text: string): string => text.replace(/(\d)\.(?=\d)/g, '$1,');

/** One of {@link TEXTS}, else as it is. */
const known = (text: string): string => (Object.hasOwn(TEXTS, text) ? (TEXTS[text] ?? text) : text);

type Pattern = readonly [RegExp, (parts: readonly string[]) => string];

/** Texts with something put into them. Each takes the whole text; a part that is itself such a text is worded too. */
const PATTERNS: readonly Pattern[] = [
  [
    /^(Correct|Add point to|Remove point from|Take back) outline (of the ostium|at ([\d.]+) mm)/,
    ([, verb = '', which, mm = '']) =>
      OUTLINE_VERBS[verb]?.(which === 'of the ostium' ? 'des Ostiums' : `bei ${comma(mm)} mm`) ?? '',
  ],
  [
    /^(Set|Move|Remove) (left upper ridge|circumflex artery)/,
    ([, verb = '', which = '']) => `${LANDMARKS[which]} ${LANDMARK_VERBS[verb]}`,
  ],
  [
    /^(Draw|Change|Rename|Delete) (ruler|angle|ellipse|free region|text)/,
    ([, verb = '', kind = '']) => `${KINDS[kind]} ${KIND_VERBS[verb]}`,
  ],
];

const WHOLE: readonly Pattern[] = [
  [
    /^(Ruler|Angle|Ellipse|Free region|Text) (\d+)$/,
    ([, kind = '', number]) => `${KINDS[kind.toLowerCase()]} ${number}`,
  ],
  [/^Listing files \((\d+)\)$/, ([, count]) => `Dateien werden aufgelistet (${count})`],
  [/^Reading (.+)$/, ([, what = '']) => `${recordedInGerman(what)} wird gelesen`],
  [/^Fetching series (\d+) of (\d+)$/, ([, at, of]) => `Serie ${at} von ${of} wird abgerufen`],
  [
    /^(.+) \((\d+) of (\d+)\): (.+)$/,
    ([, what = '', at, of, stage = '']) =>
      `${recordedInGerman(what)} (${at} von ${of}): ${recordedInGerman(stage)}`,
  ],
  [/^(Ostium|Landing zone at (\d+) mm), (.+)$/, ([, , mm, size = '']) => `${zone(mm)}, ${known(size)}`],
  [/^(Ostium|Landing zone (\d+) mm) (.+)$/, ([, , mm, size = '']) => `${zone(mm)}: ${known(size)}`],
  [/^phase (\S+) of R–R$/, ([, at = '']) => `Phase ${comma(at)} von R–R`],
  [/^phase (\S+ %) of R–R$/, ([, at = '']) => `Phase ${comma(at)} von R–R`],
  [
    /^(phase .+|phase at .+) by the order of (.+)$/,
    ([, phase = '', by]) => `${phaseName(phase)} nach der Reihenfolge von ${by}`,
  ],
  [/^(phase .+|phase at .+) by (.+)$/, ([, phase = '', by]) => `${phaseName(phase)} nach ${by}`],
  [/^phase (\d+)$/, ([, number]) => `Phase ${number}`],
  [/^([\d.]+) (%|ms)$/, ([, value = '', unit]) => `${comma(value)} ${unit}`],
  [/^CPU, (\d+) threads?$/, ([, count]) => `CPU, ${count} ${count === '1' ? 'Thread' : 'Threads'}`],
  [/^the order of (.+)$/, ([, attribute]) => `der Reihenfolge von ${attribute}`],
  [/^kernel (.+)$/, ([, kernel]) => `Kernel ${kernel}`],
  [/^tilt of ([\d.]+)° corrected$/, ([, degrees = '']) => `Kippung von ${comma(degrees)}° korrigiert`],
  [/^(tilt of .+ corrected), resampled$/, ([, tilt = '']) => `${recordedInGerman(tilt)}, umgerechnet`],
  [/^trained on (.+)$/, ([, data]) => `trainiert mit ${data}`],
  [/^imported; trained on “(.+)”$/, ([, data]) => `importiert; trainiert mit „${data}“`],
];

const zone = (mm: string | undefined): string => (mm === undefined ? 'Ostium' : `Landezone bei ${mm} mm`);

const phaseName = (phase: string): string =>
  phase.startsWith('phase at ') ? `Phase bei ${comma(phase.slice(9))}` : phase.replace(/^phase/, 'Phase');

/** How much a step changed, as it stands behind the step's name: "1.5 mm, +3 mm size". */
const amountInGerman = (amount: string): string => comma(amount).replace(/ mm size$/, ' mm Größe');

/** The longest first, so that no name is taken for a shorter one with an amount. */
const NAMES = Object.keys(TEXTS).sort((a, b) => b.length - a.length);

/** A text that files hold in English as the page shows it in German; what is not known stays as it is. */
export function recordedInGerman(text: string): string {
  if (Object.hasOwn(TEXTS, text)) return known(text);
  for (const [pattern, worded] of WHOLE) {
    const match = pattern.exec(text);
    if (match) return worded(match);
  }
  for (const [pattern, worded] of PATTERNS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const rest = text.slice(match[0].length);
    return rest === '' || rest.startsWith(' ') ? `${worded(match)}${amountInGerman(rest)}` : text;
  }
  // A step with its amount: "Brush 0.32 mL".
  const name = NAMES.find((one) => text.startsWith(`${one} `) && /^[<+−\d]/.test(text.slice(one.length + 1)));
  return name === undefined ? text : `${known(name)}${amountInGerman(text.slice(name.length))}`;
}
