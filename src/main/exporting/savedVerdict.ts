import type { SessionSummary } from '#shared/contract/services/app.ts';
import { isSameResult, type MeasuredResult } from '#shared/contract/services/measuredResult.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { SESSION_SUFFIX } from '#shared/sessionArchive.ts';
import type { ReportInput } from '../report/reportInput.ts';

/** By which a reader tells two results of a scan apart. */
const inShort = ({ volumeMl, ostiumAreaMm2 }: MeasuredResult): string =>
  [
    volumeMl === null ? [] : [`${volumeMl.toFixed(2)} mL`],
    ostiumAreaMm2 === null ? [] : [`${ostiumAreaMm2.toFixed(1)} mm²`],
  ]
    .flat()
    .join(', ');

/** A verdict as documents say it. */
export type Verdict = Pick<ReportInput, 'review' | 'reviewedBy'>;

export const NOT_REVIEWED: Verdict = { review: 'not reviewed', reviewedBy: null };

/**
 * The verdict that saved work has on a result: of the same series, and of the same surface with the same numbers. Work
 * that a reader changed, or that another version made, says nothing of this result; a warning names its verdict.
 * @param summaries newest first
 */
export function savedVerdict(
  summaries: readonly SessionSummary[],
  seriesInstanceUid: string,
  result: MeasuredResult,
): { readonly verdict: Verdict; readonly warnings: readonly Failure[] } {
  const reviewed = summaries.flatMap(({ id, seriesInstanceUid: uid, savedAt, overview }) => {
    const state = overview?.state;
    if (uid !== seriesInstanceUid || (state !== 'accepted' && state !== 'rejected')) return [];
    const reviewedBy = overview?.reviewedBy ?? null;
    return [{ id, review: state, reviewedBy, of: overview?.result, at: reviewedBy?.at ?? savedAt }];
  });
  const latestFirst = reviewed.sort((a, b) => b.at.localeCompare(a.at));
  const own = latestFirst.find(({ of }) => of !== undefined && isSameResult(of, result));
  if (own) return { verdict: { review: own.review, reviewedBy: own.reviewedBy }, warnings: [] };
  const [other] = latestFirst;
  const warnings = other
    ? [
        failure('report.verdict-of-other-numbers', {
          verdict: other.review,
          reviewer: other.reviewedBy?.reviewer ?? '',
          at: other.at,
          theirs: other.of ? inShort(other.of) : '',
          ours: inShort(result),
          fileName: `${other.id}${SESSION_SUFFIX}`,
        }),
      ]
    : [];
  return { verdict: NOT_REVIEWED, warnings };
}
