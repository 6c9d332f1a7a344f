import type { PhaseResult } from '#shared/contract/services/phases.ts';
import { PHASE_SIZES, sizeIn, whyNoSize } from '#shared/phases/phaseSizes.ts';
import { howKnown } from '#shared/phases/phaseTable.ts';
import { words } from '#shared/words/words.ts';
import { csvOf } from './csvText.ts';

/**
 * The phases as CSV (RFC 4180, ASCII), one a row, with every size to three digits; a withheld one is an empty cell, and
 * the last columns say why. No patient data.
 */
export function phasesCsv(results: readonly PhaseResult[]): Uint8Array {
  const { sentence } = words('en');
  const head = ['phase', 'percent', 'knownBy', ...PHASE_SIZES.map(({ key }) => key), 'withheld', 'warnings'];
  const rows = results.map((result) => {
    const reasons = PHASE_SIZES.flatMap((size) => whyNoSize(result, size) ?? []).map(sentence);
    return [
      result.phase.label,
      String(result.phase.percent ?? ''),
      howKnown(result.phase),
      ...PHASE_SIZES.map((size) => {
        const value = sizeIn(result, size);
        return value === null ? '' : String(Math.round(value * 1000) / 1000);
      }),
      [...new Set(reasons)].join(' '),
      result.warnings.map(sentence).join(' '),
    ];
  });
  return csvOf([head, ...rows]);
}
