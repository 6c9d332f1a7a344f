import { describe, expect, it } from 'vitest';
import { arrowsOf } from '#shared/lifecycle/testing/arrows.ts';
import type { Verdict } from './reviewCase.ts';
import { dot, reviewInMemory } from './testing/reviewInMemory.ts';
import { type VerdictEvent, verdictLifecycle } from './verdictLifecycle.ts';

type Built = ReturnType<typeof reviewInMemory>;

const cause: Record<VerdictEvent, (built: Built) => void> = {
  accepted: ({ review }) => review.judge('accepted'),
  rejected: ({ review }) => review.judge('rejected'),
  withdrawn: ({ review }) => review.judge('not reviewed'),
  changed: ({ review }) => {
    review.stroke(dot('brush', [8, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [8, 5, 5], 'end'), 0.5);
  },
};
const reach: Record<Verdict, (built: Built) => void> = {
  'not reviewed': () => {},
  accepted: cause.accepted,
  rejected: cause.rejected,
};

describe('every arrow of the verdict', () => {
  it.each(arrowsOf(verdictLifecycle))('%s, %s → %s, and back by undo', (from, event, to) => {
    const built = reviewInMemory();
    reach[from](built);
    cause[event](built);
    expect(built.state().verdict).toBe(to);
    built.review.undo();
    expect(built.state().verdict).toBe(from);
  });
});
