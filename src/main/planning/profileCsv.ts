import type { LumenProfile, ProfilePoint } from '#shared/contract/planning.ts';
import { words } from '#shared/words/words.ts';

const COLUMNS = [
  'maxDiameterMm',
  'minDiameterMm',
  'areaDerivedDiameterMm',
  'perimeterDerivedDiameterMm',
  'areaMm2',
  'perimeterMm',
] as const satisfies readonly (keyof ProfilePoint)[];

/**
 * The sizes along the centre line as CSV (RFC 4180), one section a row, LPS mm; a withheld size is an empty cell, and
 * the last column says why. No patient data.
 */
export function profileCsv({ points }: LumenProfile): string {
  const { sentence } = words('en');
  const rows = points.map((point) => [
    point.distanceMm,
    ...COLUMNS.map((column) => point[column] ?? ''),
    ...point.pointLpsMm,
    ...point.normal,
    quoted([...new Set(Object.values(point.withheld).map(sentence))].join(' ')),
  ]);
  const head = ['distanceMm', ...COLUMNS, 'left', 'posterior', 'superior', 'normalL', 'normalP', 'normalS'];
  return [[...head, 'withheld'], ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

const quoted = (text: string): string => (text === '' ? '' : `"${text.replaceAll('"', '""')}"`);
