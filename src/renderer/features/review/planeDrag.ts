import type { OstiumPlane } from '#shared/contract/values.ts';
import type { FollowingSurface } from './followingSurface.ts';
import { samePlane } from './reviewCase.ts';
import type { ReviewStore } from './reviewState.ts';
import type { ReviewSteps } from './reviewSteps.ts';

/** The ostium's plane in a person's hand. */
export interface PlaneDrag {
  /** The plane's handle moved; `isFinal` when it was let go. */
  move(plane: OstiumPlane, isFinal: boolean): void;
  /** Nothing is held any more. */
  clear(): void;
}

export function createPlaneDrag(
  store: ReviewStore,
  steps: ReviewSteps,
  surface: FollowingSurface,
): PlaneDrag {
  /** Where the plane was when the handle was taken. */
  let start: OstiumPlane | undefined;
  const state = store.getState;

  const letGo = (plane: OstiumPlane): void => {
    const before = start;
    start = undefined;
    if (!before || samePlane(before, plane)) return;
    steps.push('Move ostium plane', { kind: 'plane', before, after: plane });
    surface.remake();
  };

  return {
    move(plane, isFinal) {
      const { current, plane: shown } = state();
      if (!current || !shown) return;
      start ??= shown;
      store.setState({ plane });
      if (isFinal) {
        letGo(plane);
        return;
      }
      // While the handle is dragged: the newest plane's surface, without a step; a plane that misses waits for the next.
      surface.preview(
        plane,
        (appendage) => {
          if (state().current === current && start) store.setState({ appendage });
        },
        () => {},
      );
    },
    clear() {
      start = undefined;
    },
  };
}
