import type { OstiumDistance } from '#shared/contract/surroundings.ts';
import type { VirtualDevice } from '#shared/contract/virtualDevice.ts';
import {
  type DeviceRow,
  deviceRows,
  ostiumDistanceRows,
  poseInWords,
} from '#shared/planning/deviceInWords.ts';
import { words } from '#shared/words/words.ts';
import { REPORT_CODES as CODE, type Code, QUANTITIES as Q, UNITS } from './codes.ts';
import { type ContentItem, numberItem, textItem } from './contentItems.ts';

/** The numbers of a placed device by the keys of their rows. */
const CODE_OF_KEY: Readonly<Record<string, Code>> = {
  depthMm: Q.deviceDepth,
  lumenMaximumMm: Q.deviceLumenMaximum,
  lumenMinimumMm: Q.deviceLumenMinimum,
  compressionMaximum: Q.deviceCompressionMaximum,
  compressionMinimum: Q.deviceCompressionMinimum,
  protrusionMm: Q.deviceProtrusion,
  lobeProtrusionMm: Q.lobeProtrusion,
  overlapMm: Q.deviceOverlap,
  gapMm: Q.deviceGap,
  contactPercent: Q.deviceContact,
  depthUsedMm: Q.deviceDepthUsed,
  depthThereIsMm: Q.deviceDepthThereIs,
  circumflexMm: Q.deviceToCircumflex,
  ridgeMm: Q.deviceToRidge,
  upperLeftVeinMm: Q.deviceToVein,
  mitralAnnulusMm: Q.deviceToAnnulus,
  interatrialSeptumMm: Q.deviceToSeptum,
};

const OSTIUM_CODE_OF_KEY: Readonly<Record<string, Code>> = {
  circumflexMm: Q.ostiumToCircumflex,
  upperLeftVeinMm: Q.ostiumToVein,
  mitralAnnulusMm: Q.ostiumToAnnulus,
  interatrialSeptumMm: Q.ostiumToSeptum,
};

/** What a reader of the numbers must know of a placed device: which and where, as what it was measured, warnings. */
export const deviceTexts = (device: VirtualDevice): ContentItem[] =>
  [
    `${poseInWords(device)}. Research display only; ${device.fits ? 'its table’s ranges hold it' : 'by its table it does not fit'}.`,
    `Measured as a stiff body, ${device.shapeKind}. ${device.shapeSource}`,
    ...deviceRows(device).flatMap(({ label, value, withheld }) =>
      value === null ? [`${label}: ${withheld}.`] : [],
    ),
    ...device.warnings.map((warning) => `Warning: ${words().sentence(warning)}`),
  ].map((text) => textItem('CONTAINS', CODE.comment, text));

/** What was measured of it; each number says how it is defined. */
export const deviceNumbers = (device: VirtualDevice): ContentItem[] => [
  numberItem(Q.deviceSize, device.sizeMm, UNITS.mm, []),
  ...rowItems(deviceRows(device), CODE_OF_KEY),
];

/** How far the ostium's rim is from what surrounds it; what is withheld is a comment with the reason. */
export const ostiumDistanceItems = (distances: readonly OstiumDistance[]): ContentItem[] => {
  const rows = ostiumDistanceRows(distances);
  return [
    ...rows
      .filter(({ value }) => value === null)
      .map(({ label, withheld }) => textItem('CONTAINS', CODE.comment, `${label}: ${withheld}.`)),
    ...rowItems(rows, OSTIUM_CODE_OF_KEY),
  ];
};

const rowItems = (rows: readonly DeviceRow[], codes: Readonly<Record<string, Code>>): ContentItem[] =>
  rows.flatMap(({ key, value, unit, digits, uncertainty, definition }) => {
    const code = codes[key];
    if (value === null || !code) return [];
    const around = uncertainty === null ? '' : `; here ± ${uncertainty.toFixed(digits)} ${unit}`;
    return [
      numberItem(code, value, unit === '%' ? UNITS.percent : UNITS.mm, [
        textItem('HAS CONCEPT MOD', CODE.method, `${definition}${around}`),
      ]),
    ];
  });
