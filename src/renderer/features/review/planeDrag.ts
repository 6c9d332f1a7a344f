import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { FollowingSurface } from './followingSurface.ts';
import { endsAt, samePlane } from './reviewCase.ts';
import type { ReviewStore } from './reviewState.ts';
import type { ReviewSteps } from './reviewSteps.ts';

/** The ostium's plane while a person drags it. */
export interface PlaneDrag {
  /** The plane's handle moved; `isFinal` when it was released. */
  move(plane: OstiumPlane, isFinal: boolean): void;
  /** Ends a drag without a step: the case is closed. */
  clear(): void;
}

interface PlaneDragParts {
  readonly store: ReviewStore;
  readonly steps: ReviewSteps;
  readonly surface: FollowingSurface;
  /** The plane was released where nothing can be cut, and is back where it was. */
  readonly onPutBack: (why: Failure) => void;
}

const NOTHING_HERE = failure('review.nothing-here');
const CANNOT_BE_CUT = failure('review.uncuttable-here');
/** A preview is cut from the surface that ends at the last plane; what was painted beyond it is not part of that. */
const AFTER_RELEASE = failure('review.follows-on-release');

export function createPlaneDrag({ store, steps, surface, onPutBack }: PlaneDragParts): PlaneDrag {
  /** Where the plane was when the drag began. */
  let start: OstiumPlane | undefined;
  const state = store.getState;

  const release = (plane: OstiumPlane): void => {
    const before = start;
    start = undefined;
    store.setState({ planeHint: null });
    if (!before) return;
    if (samePlane(before, plane)) {
      surface.remake();
      return;
    }
    const removeStep = steps.push('Move ostium plane', { kind: 'plane', before, after: plane });
    surface.remake((appendage) => {
      if (endsAt(appendage, plane) || !removeStep()) return true;
      surface.remake();
      onPutBack(failure('review.plane-put-back'));
      return false;
    });
  };

  /** During a drag: the newest plane's surface, without a step; where nothing is cut, the last surface stays. */
  const preview = (plane: OstiumPlane): void => {
    const { current } = state();
    const isDragged = (): boolean => state().current === current && start !== undefined;
    const onSurface = (appendage: MeasuredAppendage): void => {
      if (!isDragged()) return;
      if (endsAt(appendage, plane)) store.setState({ appendage, planeHint: null });
      else store.setState({ planeHint: state().labelEdits > 0 ? AFTER_RELEASE : NOTHING_HERE });
    };
    // The full reason follows when it is released there.
    surface.preview(plane, onSurface, () => {
      if (isDragged()) store.setState({ planeHint: CANNOT_BE_CUT });
    });
  };

  return {
    move(plane, isFinal) {
      const { current, plane: shown } = state();
      if (!current || !shown) return;
      start ??= shown;
      store.setState({ plane });
      if (isFinal) release(plane);
      else preview(plane);
    },
    clear() {
      start = undefined;
    },
  };
}
