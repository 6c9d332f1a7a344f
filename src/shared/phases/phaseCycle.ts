import type { PhaseResult } from '../contract/services/phases.ts';
import { OSTIUM_AREA, PHASE_SIZES, type PhaseSize, sizeIn } from './phaseSizes.ts';

/** How a size changes over the phases that give it. */
export interface SizeChange {
  readonly size: PhaseSize;
  readonly smallest: { readonly value: number; readonly at: PhaseResult };
  readonly largest: { readonly value: number; readonly at: PhaseResult };
  /** (largest − smallest) / largest, %: of the volume what ejection fraction is to a ventricle. */
  readonly changePercent: number;
  /** Phases that do not give it. */
  readonly missing: readonly PhaseResult[];
}

/** The change of a size; undefined where fewer than two phases give it. */
export function changeOf(results: readonly PhaseResult[], size: PhaseSize): SizeChange | undefined {
  const given = results.flatMap((at) => {
    const value = sizeIn(at, size);
    return value === null ? [] : [{ value, at }];
  });
  if (given.length < 2) return undefined;
  // Of equals the first.
  const smallest = given.reduce((a, b) => (b.value < a.value ? b : a));
  const largest = given.reduce((a, b) => (b.value > a.value ? b : a));
  return {
    size,
    smallest,
    largest,
    changePercent: (100 * (largest.value - smallest.value)) / largest.value,
    missing: results.filter((result) => sizeIn(result, size) === null),
  };
}

export const changesOf = (results: readonly PhaseResult[]): SizeChange[] =>
  PHASE_SIZES.flatMap((size) => changeOf(results, size) ?? []);

/** The phase that an occluder is sized in, and what is unsure about that. */
export interface SizingPhase {
  readonly result: PhaseResult;
  readonly areaMm2: number;
  /** Phases without an area of the ostium: one of them may have a larger one. */
  readonly missing: readonly PhaseResult[];
}

/**
 * The phase with the largest ostium, by its area: the appendage is largest at the end of ventricular systole, and a
 * device that is sized in a smaller phase may come loose (docs/clinical.md, "Phases of the heart cycle"). Undefined where
 * no phase gives an area.
 */
export function sizingPhase(results: readonly PhaseResult[]): SizingPhase | undefined {
  let largest: { readonly result: PhaseResult; readonly areaMm2: number } | undefined;
  for (const result of results) {
    const areaMm2 = sizeIn(result, OSTIUM_AREA);
    if (areaMm2 !== null && areaMm2 > (largest?.areaMm2 ?? 0)) largest = { result, areaMm2 };
  }
  return largest && { ...largest, missing: results.filter((result) => sizeIn(result, OSTIUM_AREA) === null) };
}

/** The phase to size in, in words. */
export function sizingInWords(results: readonly PhaseResult[]): string {
  const sizing = sizingPhase(results);
  if (sizing === undefined) return 'No phase gives the area of the ostium: there is none to size in.';
  const { result, areaMm2, missing } = sizing;
  const unsure =
    missing.length === 0
      ? ''
      : ` ${missing.map(({ phase }) => phase.label).join(', ')} ${missing.length === 1 ? 'does' : 'do'} not give it and may be larger.`;
  return `Size at ${result.phase.label}: the ostium is largest there (${areaMm2.toFixed(0)} mm²).${unsure}`;
}

/** A change in words: "6.1 mL (90 %) to 7.6 mL (40 %), −20 %". */
export function changeInWords({ size, smallest, largest, changePercent }: SizeChange): string {
  const value = (of: SizeChange['largest']): string =>
    `${of.value.toFixed(size.digits)} ${size.unit} (${of.at.phase.label})`;
  const change = changePercent.toFixed(0);
  return `${value(largest)} to ${value(smallest)}, ${change === '0' ? '' : '−'}${change} %`;
}
