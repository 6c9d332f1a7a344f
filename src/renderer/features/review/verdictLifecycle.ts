import { createLifecycle } from '#shared/lifecycle/lifecycle.ts';
import type { Verdict } from './reviewCase.ts';

/**
 * accepted, rejected, withdrawn: what a person says of the case; changed: its labels or its plane are other ones. Undo and
 * redo are no events: a step knows the verdict before and after it.
 */
export type VerdictEvent = 'accepted' | 'rejected' | 'withdrawn' | 'changed';

/** A verdict applies to one state of the case: a change ends it. */
export const verdictLifecycle = createLifecycle<Verdict, VerdictEvent>('verdict', {
  'not reviewed': { accepted: 'accepted', rejected: 'rejected', changed: 'not reviewed' },
  accepted: { rejected: 'rejected', withdrawn: 'not reviewed', changed: 'not reviewed' },
  rejected: { accepted: 'accepted', withdrawn: 'not reviewed', changed: 'not reviewed' },
});
