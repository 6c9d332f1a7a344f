import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import type { FollowingSurface } from './followingSurface.ts';
import { endsAt, samePlane } from './reviewCase.ts';
import type { ReviewStore } from './reviewState.ts';
import type { ReviewSteps } from './reviewSteps.ts';

/** The ostium's plane in a person's hand. */
export interface PlaneDrag {
  /** The plane's handle moved; `isFinal` when it was let go. */
  move(plane: OstiumPlane, isFinal: boolean): void;
  /** Nothing is held any more. */
  clear(): void;
}

interface PlaneDragParts {
  readonly store: ReviewStore;
  readonly steps: ReviewSteps;
  readonly surface: FollowingSurface;
  /** The plane was let go where nothing can be cut, and is back where it was. */
  readonly onPutBack: (message: string) => void;
}

/** Short enough for one line beside the panel's title: nothing jumps while the hand moves. */
const NOTHING_HERE = 'Nothing is segmented here.';
const CANNOT_BE_CUT = 'It cannot be cut here.';
/** A preview is cut from the surface that ends at the last plane; what was painted beyond it is not part of that. */
const AFTER_LETTING_GO = 'Follows when let go.';
const PUT_BACK =
  'The ostium’s plane was put back: nothing is segmented where it was moved to. To place it farther towards the atrium, paint the lumen up to there first.';

export function createPlaneDrag({ store, steps, surface, onPutBack }: PlaneDragParts): PlaneDrag {
  /** Where the plane was when the handle was taken. */
  let start: OstiumPlane | undefined;
  const state = store.getState;

  const letGo = (plane: OstiumPlane): void => {
    const before = start;
    start = undefined;
    store.setState({ planeHint: null });
    if (!before) return;
    if (samePlane(before, plane)) {
      surface.remake();
      return;
    }
    const takeBack = steps.push('Move ostium plane', { kind: 'plane', before, after: plane });
    surface.remake((appendage) => {
      if (endsAt(appendage, plane) || !takeBack()) return true;
      surface.remake();
      onPutBack(PUT_BACK);
      return false;
    });
  };

  /** While the handle is dragged: the newest plane's surface, without a step; a plane that misses waits for the next. */
  const preview = (plane: OstiumPlane): void => {
    const { current } = state();
    const isHeld = (): boolean => state().current === current && start !== undefined;
    const onSurface = (appendage: MeasuredAppendage): void => {
      if (!isHeld()) return;
      if (endsAt(appendage, plane)) store.setState({ appendage, planeHint: null });
      else store.setState({ planeHint: state().labelEdits > 0 ? AFTER_LETTING_GO : NOTHING_HERE });
    };
    // Why in full is said when it is let go there.
    surface.preview(plane, onSurface, () => {
      if (isHeld()) store.setState({ planeHint: CANNOT_BE_CUT });
    });
  };

  return {
    move(plane, isFinal) {
      const { current, plane: shown } = state();
      if (!current || !shown) return;
      start ??= shown;
      store.setState({ plane });
      if (isFinal) letGo(plane);
      else preview(plane);
    },
    clear() {
      start = undefined;
    },
  };
}
