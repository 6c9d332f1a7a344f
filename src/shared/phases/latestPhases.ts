import type { SessionSummary } from '#shared/contract/services/app.ts';
import type { SavedPhase } from '#shared/contract/services/phases.ts';

/**
 * The phases that were saved with some work, each with the numbers of its own latest work: a person may have edited
 * another phase since.
 *
 * @param ownId of the work that they were saved with
 */
export function latestPhases(
  phases: readonly SavedPhase[],
  ownId: string,
  list: readonly SessionSummary[],
): readonly SavedPhase[] {
  const savedAt = list.find(({ id }) => id === ownId)?.savedAt ?? '';
  return phases.map((phase) => {
    if (phase.caseId === ownId) return phase;
    const ofPhase = list.filter(({ overview }) => overview?.phase?.seriesId === phase.result.seriesId);
    const latest = ofPhase.sort((a, b) => b.savedAt.localeCompare(a.savedAt))[0];
    const result = latest?.overview?.phase;
    if (!latest || !result) return phase;
    // Saved work that these numbers do not come from counts only where it is later.
    const isKnown = list.some(({ id }) => id === phase.caseId);
    return isKnown || latest.savedAt > savedAt ? { result, caseId: latest.id } : phase;
  });
}
