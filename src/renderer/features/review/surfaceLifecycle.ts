import { createLifecycle } from '#shared/lifecycle/lifecycle.ts';
import type { ReviewState } from './reviewState.ts';

/**
 * settled: the surface is that of the edits in force; remaking: a newer one is being made, or will be in a moment;
 * stuck: none could be made of the last edit; retrying: one is being made again after that.
 */
export type SurfaceStatus = 'settled' | 'remaking' | 'stuck' | 'retrying';

/**
 * edited: labels changed, and a surface will be requested; stepped: undo or redo went to another step; requested: a
 * surface is to be made; shown: it is there, newly made or known before; failed: it could not be made.
 */
export type SurfaceEvent = 'edited' | 'stepped' | 'requested' | 'shown' | 'failed';

export const surfaceLifecycle = createLifecycle<SurfaceStatus, SurfaceEvent>('surface under review', {
  // Undo and redo can request one surface twice: the second answer comes when the first is shown, or has failed.
  settled: {
    edited: 'remaking',
    stepped: 'settled',
    requested: 'remaking',
    shown: 'settled',
    failed: 'stuck',
  },
  remaking: {
    edited: 'remaking',
    stepped: 'remaking',
    requested: 'remaking',
    shown: 'settled',
    failed: 'stuck',
  },
  stuck: {
    edited: 'remaking',
    stepped: 'settled',
    requested: 'retrying',
    shown: 'settled',
    failed: 'stuck',
  },
  retrying: {
    edited: 'remaking',
    stepped: 'remaking',
    requested: 'retrying',
    shown: 'settled',
    failed: 'stuck',
  },
});

type SurfaceParts = Pick<ReviewState, 'isRemaking' | 'problem'>;

export function surfaceStatusOf({ isRemaking, problem }: SurfaceParts): SurfaceStatus {
  if (isRemaking) return problem === null ? 'remaking' : 'retrying';
  return problem === null ? 'settled' : 'stuck';
}

/** What the review's state says of its surface after an event. @param why of `failed` */
export function surfaceAfter(before: SurfaceParts, event: SurfaceEvent, why = before.problem): SurfaceParts {
  const status = surfaceLifecycle.next(surfaceStatusOf(before), event);
  return {
    isRemaking: status === 'remaking' || status === 'retrying',
    problem: status === 'stuck' || status === 'retrying' ? why : null,
  };
}
