import type { ReviewedBy } from '#shared/contract/services/exporting.ts';

const VERDICTS = { accepted: 'Accepted', rejected: 'Rejected' } as const;

/** The verdict on a result, with who gave it and when (UTC): "Accepted by Dr Roe, 2026-01-02 03:04 UTC." */
export function reviewInWords(
  review: 'not reviewed' | keyof typeof VERDICTS,
  reviewedBy: ReviewedBy | null,
): string {
  if (review === 'not reviewed') return 'Not reviewed.';
  if (!reviewedBy) return `${VERDICTS[review]} by a reviewer.`;
  const { reviewer, at } = reviewedBy;
  return `${VERDICTS[review]} by ${reviewer}, ${at.slice(0, 16).replace('T', ' ')} UTC.`;
}
