import { viewInWords, workingView } from '#shared/anatomy/cArmView.ts';
import type { VirtualDevice } from '#shared/contract/virtualDevice.ts';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import { trainingInWords } from '#shared/modelTraining.ts';
import { deviceRows, deviceValueInWords, poseInWords } from '#shared/planning/deviceInWords.ts';
import { landingDistances, landingSection, type ShownSizes } from '#shared/planning/figureFrames.ts';
import type { Letterhead } from './letterhead.ts';
import { measurementRows, shownValue } from './measurementRows.ts';
import type { PlanContent } from './planContent.ts';
import { textWidth } from './printableText.ts';
import { reportContent } from './reportContent.ts';
import type { Figure } from './reportFigures.ts';
import type { Fact, ReportInput } from './reportInput.ts';

/** What the one-page summary says; every text is cut to the room that it has there. */
export interface SummaryContent {
  readonly title: string;
  readonly letterhead: Letterhead;
  readonly notice: string;
  readonly patient: readonly Fact[];
  readonly review: { readonly isAccepted: boolean; readonly sentence: string };
  /** Warnings, then what is not given. */
  readonly attention: readonly string[];
  readonly uncertainty: string;
  readonly sections: readonly string[];
  /** A row for each size, with a value for each section. */
  readonly sizes: readonly { readonly label: string; readonly values: readonly string[] }[];
  readonly numbers: readonly Fact[];
  readonly figures: readonly Figure[];
  /** Room enough for figures in two rows, with their captions. */
  readonly isRoomy: boolean;
  readonly provenance: string;
  readonly longNotice: string;
}

/** Points: the summary's width, and its type. */
export const SUMMARY = { margin: 36, width: 523, type: 8.5 } as const;

/** Of the attention's lines; more where the figures leave their room. */
const LINES_BESIDE_FIGURES = 11;
const LINES_WITHOUT_FIGURES = 22;
const MOST_LINES_EACH = 3;
/** Of the attention's lines, beside figures in two rows. */
const LINES_BESIDE_LARGE_FIGURES = 2;

/** Words that wrap leave part of each line empty. */
const FILLED = 0.9;

const linesOf = (text: string, width = SUMMARY.width - 16): number =>
  Math.max(1, Math.ceil(textWidth(text, SUMMARY.type) / (FILLED * width)));

/** A text cut to what so many lines of a width hold, with "…" where it was cut. */
export function fitted(text: string, width: number, lines = 1): string {
  const room = width * (lines === 1 ? 1 : lines * FILLED);
  if (textWidth(text, SUMMARY.type) <= room) return text;
  const characters = [...text];
  let [from, to] = [0, characters.length];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (textWidth(`${characters.slice(0, middle).join('')}…`, SUMMARY.type) <= room) from = middle;
    else to = middle - 1;
  }
  return `${characters.slice(0, from).join('')}…`;
}

/** As many of the sentences as fit into the lines, each cut to three; then how many more there are. */
function fittedSentences(sentences: readonly string[], lines: number): string[] {
  const shown: string[] = [];
  let left = lines;
  for (const [at, sentence] of sentences.entries()) {
    const text = fitted(sentence, SUMMARY.width - 16, MOST_LINES_EACH);
    const isLast = at === sentences.length - 1;
    const needed = linesOf(text);
    if (needed > (isLast ? left : left - 1)) {
      const more = sentences.length - at;
      return [...shown, `${more} more of these ${more === 1 ? 'stands' : 'stand'} in the full report.`];
    }
    left -= needed;
    shown.push(text);
  }
  return shown;
}

const THIRD = SUMMARY.width / 3 - 12;
const HALF = SUMMARY.width / 2 - 12;

/** @throws nothing: what does not fit is cut, and says so */
export function summaryContent(input: ReportInput): SummaryContent {
  const content = reportContent(input);
  const figures = chosenFigures(content.figures);
  const { report, measurements, plan } = input;
  const sentences = [
    ...content.warnings,
    ...deviceWarnings(content.plan),
    ...content.withheld.map((sentence) => `Not given: ${sentence}`),
  ];
  const lines = figures.length > 0 ? LINES_BESIDE_FIGURES : LINES_WITHOUT_FIGURES;
  const attention = fittedSentences(sentences, lines);
  const attentionLines = attention.reduce((sum, sentence) => sum + linesOf(sentence), 0);
  const sections: readonly (readonly [string, ShownSizes | undefined])[] = [
    ['Ostium', measurements.ostium ?? undefined],
    ...landingDistances(plan).map(
      (distanceMm) =>
        [`Landing zone at ${distanceMm} mm`, landingSection(measurements, plan, distanceMm)] as const,
    ),
  ];
  const models = report.models.map((model) => `${model.id} (${trainingInWords(model)})`).join(', ');
  return {
    title: `${content.title}: summary`,
    letterhead: { ...content.letterhead, name: fitted(content.letterhead.name, SUMMARY.width - 130) },
    notice: content.notice,
    patient: content.patient.map(([label, value]) => [label, fitted(value, THIRD)]),
    review: {
      isAccepted: content.review.state === 'accepted',
      sentence: fitted(content.review.sentence, SUMMARY.width, 2),
    },
    attention,
    uncertainty: fitted(
      content.uncertainty.map(([label, value]) => `${label}: ${value}`).join('; '),
      SUMMARY.width,
      3,
    ),
    sections: sections.map(([title]) => title),
    sizes: SIZES.map(([key, label, unit, digits]) => ({
      label,
      values: sections.map(([, sizes]) => {
        const value = sizes?.[key] ?? null;
        return value === null ? 'not given' : `${fixedDecimals(value, digits)} ${unit}`;
      }),
    })),
    numbers: keyNumbers(input).map(([label, value]) => [label, fitted(value, HALF, 2)]),
    figures: figures.map((figure) => ({ ...figure, caption: fitted(figure.caption, CAPTION, 10) })),
    isRoomy: figures.length > 2 && attentionLines <= LINES_BESIDE_LARGE_FIGURES,
    provenance: fitted(
      // The longest last: what is cut is the models' names, which the full report has.
      `${report.program.name} ${report.program.version}; made ${input.madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC; ${input.edits.length} manual edits; series ${report.source.seriesInstanceUid}; ${models}.`,
      SUMMARY.width,
      3,
    ),
    longNotice: fitted(content.longNotice, SUMMARY.width, 2),
  };
}

/** Points: a large figure, and its caption beside it. */
export const LARGE_FIGURE = 132;
const CAPTION = SUMMARY.width / 2 - LARGE_FIGURE - 16;

/** Four of them: where a device lies, one landing zone is enough. */
function chosenFigures(figures: readonly Figure[]): readonly Figure[] {
  const zones = figures.filter(({ id }) => id.startsWith('landingZone'));
  const others = figures.filter(({ id }) => !id.startsWith('landingZone'));
  const kept = new Set([...others, ...zones].slice(0, 4));
  return figures.filter((figure) => kept.has(figure));
}

const SIZES = [
  ['maxDiameterMm', 'Maximum diameter', 'mm', 1],
  ['minDiameterMm', 'Minimum diameter', 'mm', 1],
  ['areaDerivedDiameterMm', 'Area-derived diameter', 'mm', 1],
  ['perimeterDerivedDiameterMm', 'Perimeter-derived diameter', 'mm', 1],
  ['areaMm2', 'Area', 'mm²', 0],
  ['perimeterMm', 'Perimeter', 'mm', 1],
] as const;

const KEY_NUMBERS = ['volumeMl', 'depthMm', 'depthToFirstBendMm'];

/** Appendage, C-arm, devices; the reasons of what is withheld stand above. */
function keyNumbers(input: ReportInput): Fact[] {
  const { measurements, plan } = input;
  const view = measurements.ostium && workingView(measurements.ostium.normal);
  const device = plan?.virtualDevice;
  return [
    ...measurementRows(input)
      .filter(({ key }) => KEY_NUMBERS.includes(key))
      .map((row): Fact => [row.label, row.value === null ? 'not given' : shownValue(row)]),
    ['C-arm working view', view ? viewInWords(view) : 'none within reach'],
    ...(plan?.devices ?? [])
      .slice(0, 3)
      .map(
        ({ name, candidates }): Fact => [
          fitted(`Sizes in the table’s range, ${name}`, HALF),
          candidates.length > 0 ? candidates.map(({ label }) => label).join(', ') : 'none',
        ],
      ),
    ...(device ? [['Virtual device', deviceInShort(device)] satisfies Fact] : []),
  ];
}

/** "Watchman FLX, 24 mm, at 10.0 mm; compression 14 % / 27 %; protrusion −1.2 mm". */
function deviceInShort(device: VirtualDevice): string {
  const rows = new Map(deviceRows(device).map((row) => [row.key, row]));
  const value = (key: string): string => {
    const row = rows.get(key);
    return row && row.value !== null ? deviceValueInWords(row) : 'not given';
  };
  return `${poseInWords(device)}; compression ${value('compressionMaximum')} / ${value('compressionMinimum')}; protrusion ${value('protrusionMm')}`;
}

function deviceWarnings(plan: PlanContent | null): readonly string[] {
  if (!plan?.placed) return [];
  const { title, warnings } = plan.placed;
  return [...(plan.placed.fits ? [] : [`Virtual device: ${title}.`]), ...warnings];
}
