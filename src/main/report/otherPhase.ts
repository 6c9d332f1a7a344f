import type { PhaseResult } from '#shared/contract/services/phases.ts';
import { sizingPhase } from '#shared/phases/phaseCycle.ts';

/** That numbers are of another heart phase than that of the largest ostium; null where they are not, or nobody knows. */
export function otherPhaseWarning(
  phases: readonly PhaseResult[],
  ownLabel: string | undefined,
): string | null {
  const sizing = phases.length < 2 ? undefined : sizingPhase(phases);
  if (ownLabel === undefined || sizing === undefined || sizing.result.phase.label === ownLabel) return null;
  const { result, areaMm2 } = sizing;
  return `These numbers are of the heart phase ${ownLabel}; the ostium is larger at ${result.phase.label} (${areaMm2.toFixed(0)} mm²).`;
}
