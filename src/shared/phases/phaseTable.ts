import { reasonsInWords } from '../contract/report.ts';
import type { PhaseResult } from '../contract/services/phases.ts';
import { type Words, words } from '../words/words.ts';
import { changeInWords, changesOf, sizingInWords, sizingPhase } from './phaseCycle.ts';
import { OSTIUM_AREA, phaseSize, sizeIn, VOLUME, whyNoSize } from './phaseSizes.ts';

/** The phases for a terminal: one a line, then what changes, then the phase to size in. */
export function phasesAsText(results: readonly PhaseResult[], { sentence }: Words = words()): string {
  const diameter = (section: string, result: PhaseResult): string =>
    ['maxDiameterMm', 'minDiameterMm']
      .map((key) => sizeIn(result, phaseSize(`${section}.${key}`))?.toFixed(1) ?? '–')
      .join(' × ');
  const cells = (result: PhaseResult): string[] => [
    sizeIn(result, VOLUME)?.toFixed(1) ?? '–',
    sizeIn(result, OSTIUM_AREA)?.toFixed(0) ?? '–',
    sizeIn(result, phaseSize('ostium.perimeterMm'))?.toFixed(1) ?? '–',
    diameter('ostium', result),
    diameter('landingZone10', result),
    sizeIn(result, phaseSize('depthMm'))?.toFixed(1) ?? '–',
  ];
  const head = ['Phase', 'mL', 'mm²', 'P mm', 'ostium mm', 'zone 10 mm', 'depth mm'];
  const widths = [10, 6, 6, 7, 13, 13, 9];
  const row = (texts: readonly string[]): string =>
    texts.map((text, at) => (at === 0 ? text.padEnd(widths[at]!) : text.padStart(widths[at]!))).join(' ');
  const notes = results.flatMap((result) => {
    const { phase, refusal, warnings } = result;
    const why = refusal ?? whyNoSize(result, OSTIUM_AREA) ?? whyNoSize(result, VOLUME);
    return [
      ...(why ? [`${phase.label.padEnd(10)} ${sentence(why)}`] : []),
      ...warnings.map((warning) => `${phase.label.padEnd(10)} Warning: ${sentence(warning)}`),
    ];
  });
  const known = [...new Set(results.map(({ phase }) => howKnown(phase)))];
  return [
    row(head),
    ...results.map((result) => row([result.phase.label, ...(result.refusal ? ['refused'] : cells(result))])),
    ...notes,
    ...changesOf(results)
      .filter(({ size }) => CHANGES_SHOWN.includes(size.key))
      .map((change) => `${change.size.label}: ${changeInWords(change)}`),
    sizingInWords(results),
    `Phases known by: ${known.join('; ')}`,
  ].join('\n');
}

const CHANGES_SHOWN = [
  'volumeMl',
  'ostium.areaMm2',
  'ostium.perimeterDerivedDiameterMm',
  'landingZone10.perimeterDerivedDiameterMm',
];

/** How a phase is known, in words. */
export const howKnown = ({
  attribute,
  isByOrder,
}: Pick<PhaseResult['phase'], 'attribute' | 'isByOrder'>): string =>
  isByOrder ? `the order of ${attribute}` : attribute;

/** The phases as JSON in words, with their changes and the phase to size in. */
export function phasesInWords(results: readonly PhaseResult[], inWords: Words = words()) {
  const { sentence } = inWords;
  const sizing = sizingPhase(results);
  return {
    phases: results.map(({ phase, seriesId, description, refusal, measurements, warnings }) => ({
      ...phase,
      seriesId,
      description,
      refusal: refusal && sentence(refusal),
      measurements: measurements && {
        ...measurements,
        withheld: reasonsInWords(measurements.withheld, inWords),
      },
      warnings: warnings.map(sentence),
    })),
    changes: changesOf(results).map(({ size, smallest, largest, changePercent, missing }) => ({
      size: size.key,
      unit: size.unit,
      smallest: { value: smallest.value, phase: smallest.at.phase.label },
      largest: { value: largest.value, phase: largest.at.phase.label },
      changePercent: Math.round(changePercent * 10) / 10,
      missingPhases: missing.map(({ phase }) => phase.label),
    })),
    sizing: {
      phase: sizing?.result.phase.label ?? null,
      by: 'largest area of the ostium',
      explanation: sizingInWords(results),
    },
  };
}
