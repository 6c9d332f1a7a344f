import type { modelsFailures } from '../../failures/modelsFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { counted } from './numbers.ts';
import { systemReason } from './systemReason.ts';

const KIND = {
  region: 'ein Regionsmodell',
  field: 'ein Feldmodell',
  family: 'ein importiertes Modell',
  surroundings: 'ein Umgebungsmodell',
};

const MALFORMED = {
  'too-short': 'sie ist zu kurz',
  'header-too-large': 'ihr Header ist größer, als das Format erlaubt',
  'header-cut': 'ihr Header ist länger als die Datei',
  'header-not-json': 'ihr Header ist kein JSON',
  'header-not-object': 'ihr Header ist kein Objekt',
  metadata: 'ihre Metadaten sind keine Liste von Texten',
  'bytes-left': 'nach dem letzten Feld folgen noch Bytes',
};

const MALFORMED_ARRAY = {
  'beyond-end': (array: string) => `„${array}“ reicht über das Ende der Datei hinaus`,
  size: (array: string) => `die Größe von „${array}“ passt nicht zu seiner Form`,
  overlap: (array: string) => `„${array}“ überlappt ein anderes Feld`,
  gap: (array: string) => `vor „${array}“ ist eine Lücke`,
  type: (array: string) => `der Eintrag „${array}“ ist kein Feld aus F16 oder F32`,
};

export const modelsWords: WordsFor<keyof typeof modelsFailures> = {
  'models.folder-missing': () => 'Den verlangten Modellordner gibt es nicht.',
  'models.bundle-missing': () => 'Die mitgelieferten Modelle fehlen in dieser Installation.',
  'models.manifest-not-json': ({ model }) => `Das Manifest des Modells „${model}“ ist kein JSON.`,
  'models.manifest-wrong': ({ model, place, problem }) =>
    `Das Manifest des Modells „${model}“ ist bei „${place}“ falsch: ${problem}.`,
  'models.manifest-of-other': ({ model, other }) =>
    `Das Manifest des Modells „${model}“ gehört zum Modell „${other}“.`,
  'models.not-an-id': ({ id }) =>
    `„${id}“ ist keine Modellkennung (a bis z, 0 bis 9 und Bindestriche, höchstens 64 Zeichen).`,
  'models.unknown': ({ model }) =>
    `Ein Modell „${model}“ gibt es nicht; „auricle model list“ zeigt die vorhandenen.`,
  'models.weights-missing': ({ model }) => `Die Gewichte des Modells „${model}“ fehlen.`,
  'models.checksum': ({ model }) =>
    `Die Gewichte des Modells „${model}“ sind nicht die seines Manifests (Prüfsumme); es wird nicht verwendet.`,
  'models.of-other-kind': ({ model, modelKind, wanted }) =>
    `Das Modell „${model}“ ist ${KIND[modelKind]}; gebraucht wird ${KIND[wanted]}.`,
  'models.none-named': () => 'Es wurde kein Feldmodell genannt.',
  'models.no-mean-unsigned': ({ model }) =>
    `Das Modell „${model}“ kennt Abstände ohne Vorzeichen; ein Mittel mit anderen Modellen ist nicht möglich.`,
  'models.cubes-differ': ({ first, second }) =>
    `Die Modelle „${first}“ und „${second}“ sehen verschiedene Würfel; ihr Mittel kann nicht gebildet werden.`,
  'models.file-not-json': ({ fileName }) => `Die Datei ${fileName} ist kein JSON.`,
  'models.file-not-numbers': ({ fileName }) => `Die Datei ${fileName} ist keine Liste benannter Zahlen.`,
  'models.training-unfinished': ({ recipe, step, steps }) =>
    `Das Training von ${recipe} steht bei Schritt ${step} von ${steps}; zuerst abschließen.`,
  'models.weights-malformed': ({ problem }) => `Die Gewichtsdatei ist fehlerhaft: ${MALFORMED[problem]}.`,
  'models.weights-array-malformed': ({ problem, array }) =>
    `Die Gewichtsdatei ist fehlerhaft: ${MALFORMED_ARRAY[problem](array)}.`,
  'models.no-state-dictionary': ({ fileName }) =>
    `Der Checkpoint „${fileName}“ enthält keine benannten Gewichte.`,
  'models.no-family-network': ({ fileName, nearest, weights }) =>
    `Der Checkpoint „${fileName}“ gehört nicht zu ShapeNet64Vox, ShapeNet128Vox, ShapeNet256Vox oder ShapeNet512Vox: Gegenüber ${nearest} fehlen Gewichte, haben eine andere Form oder sind zu viele (${weights}).`,
  'models.no-choice-of-heads': ({ fileName }) =>
    `„${fileName}“ gehört zum Netz mit zwei Feldern, dessen Ausgänge und Abtastung feststehen; --heads und --align-corners weglassen.`,
  'models.heads-differ': ({ fileName, outputs, heads }) =>
    `Das Netz von „${fileName}“ hat ${counted(outputs, 'einen Ausgang', 'Ausgänge')}, „${heads}“ passt nicht dazu.`,
  'models.exists': ({ model }) =>
    `Ein Modell „${model}“ gibt es schon; mit --id einen anderen Namen wählen oder mit --replace ersetzen.`,
  'models.id-of-bundled': ({ model }) =>
    `„${model}“ ist ein mitgeliefertes Modell; mit --id einen anderen Namen wählen.`,
  'models.not-written': ({ model, systemCode }) =>
    `Das Modell „${model}“ kann nicht geschrieben werden${systemCode && ` (${systemReason(systemCode)})`}.`,
  'models.weight-missing': ({ weight }) => `Den Gewichten des Modells fehlt „${weight}“.`,
  'models.weight-shape': ({ weight, shape, expected }) =>
    `Das Gewicht „${weight}“ des Modells hat die Form [${shape.join()}] statt [${expected.join()}].`,
  'models.weight-not-finite': ({ weight }) =>
    `Das Gewicht „${weight}“ des Modells enthält nicht endliche Zahlen.`,
  'models.weight-count': ({ weights, expected }) =>
    `Das Modell enthält ${weights} Gewichte statt ${expected}.`,
};
