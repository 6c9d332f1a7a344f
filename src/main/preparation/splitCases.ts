import { createHash } from 'node:crypto';
import type { CaseSplit } from './preparedCase.ts';

export interface CaseOfPatient {
  readonly name: string;
  readonly patientKey: string;
}

/** Shares of the patients, which sum to 1. */
export interface SplitShares {
  readonly train: number;
  readonly val: number;
  readonly test: number;
}

export const DEFAULT_SHARES: SplitShares = { train: 0.8, val: 0.1, test: 0.1 };

/**
 * Divides cases so that all of one patient go together: the patients in an order drawn from the seed, divided by the
 * shares. 10 patients by 0.8, 0.1, 0.1 are 8, 1 and 1; from 3 patients on, no part with a share is left empty.
 * The order of the cases does not matter.
 */
export function splitCases(cases: readonly CaseOfPatient[], shares: SplitShares, seed: number): CaseSplit {
  const draw = (patientKey: string): string =>
    createHash('sha256').update(`${seed}:${patientKey}`).digest('hex');
  const patients = [...new Set(cases.map(({ patientKey }) => patientKey))]
    .map((patientKey) => ({ patientKey, drawn: draw(patientKey) }))
    .sort((a, b) => (a.drawn < b.drawn ? -1 : 1));
  const count = patients.length;
  const least = (share: number): number => (share > 0 && count >= 3 ? 1 : 0);
  const val = Math.max(least(shares.val), Math.round(count * shares.val));
  const test = Math.max(least(shares.test), Math.round(count * (shares.val + shares.test)) - val);
  const rank = new Map(patients.map(({ patientKey }, index) => [patientKey, index]));
  const part = (from: number, to: number): string[] =>
    cases
      .filter(({ patientKey }) => {
        const at = rank.get(patientKey)!;
        return at >= from && at < to;
      })
      .map(({ name }) => name)
      .sort();
  // The training cases come last in the order, so that a rounded share never takes more than there is.
  return {
    val: part(0, Math.min(val, count)),
    test: part(val, val + test),
    train: part(val + test, count),
  };
}
