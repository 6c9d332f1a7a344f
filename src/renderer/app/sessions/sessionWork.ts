import { drawingsId, type SavedDrawings } from './savedDrawings.ts';
import type { SavedSession } from './sessionState.ts';

/** What is saved by itself: a case under review, or what was drawn on a scan that has none yet. */
export type SavedWork = SavedSession | SavedDrawings;

export const isCase = (work: SavedWork): work is SavedSession => 'reviewCase' in work;

export const idOfWork = (work: SavedWork): string =>
  isCase(work) ? work.reviewCase.id : drawingsId(work.scan);

/** A copy with labels of its own: those of the work change in place. */
export function copyOfWork(work: SavedWork): SavedWork {
  if (!isCase(work)) return work;
  const { reviewCase, ...rest } = work;
  const labels = { ...reviewCase.labels, data: reviewCase.labels.data.slice() };
  return { ...rest, reviewCase: { ...reviewCase, labels } };
}
