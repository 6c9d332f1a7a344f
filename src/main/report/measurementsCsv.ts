import type { DeviceFit } from '#shared/contract/planning.ts';
import type { OstiumDistance } from '#shared/contract/surroundings.ts';
import type { VirtualDevice } from '#shared/contract/virtualDevice.ts';
import { trainingInWords } from '#shared/modelTraining.ts';
import { sizingInWords, sizingPhase } from '#shared/phases/phaseCycle.ts';
import { howKnown } from '#shared/phases/phaseTable.ts';
import {
  type DeviceRow,
  deviceRows,
  ostiumDistanceRows,
  poseInWords,
} from '#shared/planning/deviceInWords.ts';
import { sizedByInWords } from '#shared/planning/fitInWords.ts';
import { words } from '#shared/words/words.ts';
import { type AnnotationRow, annotationRows } from './annotationRows.ts';
import { csvOf } from './csvText.ts';
import { measurementRows } from './measurementRows.ts';
import { RESEARCH_ONLY, type ReportInput } from './reportInput.ts';

/**
 * The measurements as CSV (RFC 4180: commas, CRLF), one row each: key, label, value, unit, definition. ASCII only,
 * because spreadsheets guess encodings. A value that is withheld is an empty cell. No patient data.
 */
export function measurementsCsv(input: ReportInput): Uint8Array {
  const { report, review, reviewedBy } = input;
  const lines = [
    ['key', 'label', 'value', 'unit', 'definition'],
    ...measurementRows(input).map(({ key, label, value, unit, definition, withheld }) => [
      key,
      label,
      value === null ? '' : String(Math.round(value * 1000) / 1000),
      unit,
      withheld ? `${definition} (withheld: ${withheld})` : definition,
    ]),
    ...annotationRows(input.annotations).map(annotationCells),
    ...(input.plan?.devices ?? []).map(deviceRow),
    ...ostiumDistanceCells(input.plan?.ostiumDistances ?? []),
    ...(input.plan?.virtualDevice ? virtualDeviceRows(input.plan.virtualDevice) : []),
    ...phaseRows(input),
    ['seriesInstanceUid', 'Source series', report.source.seriesInstanceUid, '', ''],
    ['review', 'Review', review, '', ''],
    ['reviewer', 'Reviewer', reviewedBy?.reviewer ?? '', '', ''],
    ['reviewedAt', 'Reviewed at', reviewedBy?.at ?? '', '', ''],
    ['notice', 'Notice', RESEARCH_ONLY, '', ''],
    ['models', 'Models', report.models.map(modelLine).join('; '), '', ''],
  ];
  return csvOf(lines);
}

/** Of which phase the numbers are, and which is to be sized in; the numbers of all stand in phases.csv. */
function phaseRows({ report, phases }: ReportInput): string[][] {
  const { heartPhase } = report.source;
  const sizing = phases.length < 2 ? undefined : sizingPhase(phases);
  return [
    ...(heartPhase
      ? [['heartPhase', 'Heart phase of these numbers', heartPhase.label, '', `By ${howKnown(heartPhase)}`]]
      : []),
    ...(sizing
      ? [
          [
            'sizingPhase',
            'Heart phase of the largest ostium',
            sizing.result.phase.label,
            '',
            sizingInWords(phases),
          ],
          [
            'sizingPhase.areaMm2',
            'Ostium, area, there',
            String(Math.round(sizing.areaMm2 * 1000) / 1000),
            'mm²',
            '',
          ],
        ]
      : []),
  ];
}

const annotationCells = ({
  key,
  label,
  value,
  unit,
  definition,
  isWithheld,
  shown,
}: AnnotationRow): string[] => [
  key,
  label,
  typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : (value ?? ''),
  unit === '°' ? 'deg' : unit,
  isWithheld ? `${definition} (${shown})` : definition,
];

/** The sizes that fit as one cell; why there is none stands where the others say what they are sized by. */
const deviceRow = (device: DeviceFit): string[] => {
  const { name, candidates, withheld } = device;
  const why = withheld ? ` (not given: ${words('en').clause(withheld)})` : '';
  return [
    `device.${name}`,
    `Device sizes that fit, ${name}`,
    candidates.map(({ label }) => label).join('; '),
    '',
    `By the ${sizedByInWords(device)}; research display only${why}`,
  ];
};

/** The device that the reader placed: which and where, and its numbers. */
const virtualDeviceRows = (device: VirtualDevice): string[][] => [
  [
    'virtualDevice',
    'Virtual device',
    poseInWords(device),
    '',
    `Schematic, research display only; fits by its table: ${device.fits ? 'yes' : 'no'}`,
  ],
  ...deviceRows(device).map((row) => numberCells(row, 'virtualDevice', `Virtual device, ${row.label}`)),
];

/** From the ostium to what surrounds it. */
const ostiumDistanceCells = (distances: readonly OstiumDistance[]): string[][] =>
  ostiumDistanceRows(distances).map((row) => numberCells(row, 'ostiumDistance', row.label));

function numberCells(
  { key, value, unit, definition, uncertainty, withheld }: DeviceRow,
  group: string,
  label: string,
): string[] {
  const around = uncertainty === null ? '' : `, here ± ${uncertainty} ${unit}`;
  const why = withheld ? ` (not given: ${withheld})` : '';
  return [
    `${group}.${key}`,
    label,
    value === null ? '' : String(value),
    unit,
    `${definition}${around}${why}`,
  ];
}

const modelLine = (model: ReportInput['report']['models'][number]): string =>
  `${model.id}: ${trainingInWords(model)}`;
