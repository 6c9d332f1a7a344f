import type { ReaderMarks } from '#shared/contract/readerMarks.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { SimpleEdit } from '../../edit/index.ts';
import type { FollowingSurface } from './followingSurface.ts';
import { endsAt, isSameCase, samePlane } from './reviewCase.ts';
import type { ReviewStore } from './reviewState.ts';
import type { ReviewSteps } from './reviewSteps.ts';

/** The ostium's plane, and what the reader marked, while a person drags them. */
export interface PlaneDrag {
  /** The plane's handle moved; `isFinal` when it was released. */
  move(plane: OstiumPlane, isFinal: boolean): void;
  /**
   * The reader's marks changed, and with them the plane where one is given; one step of this name when released. Where
   * nothing can be cut at the plane, marks and plane go back to where they were.
   */
  mark(change: MarksChange, isFinal: boolean): void;
  /** Ends what `mark` began without a step: marks and plane are back where they were. */
  cancelMark(): void;
  /** Ends a drag without a step: the case is closed. */
  clear(): void;
}

export interface MarksChange {
  readonly name: string;
  readonly marks: ReaderMarks;
  /** The plane that comes with them, and what is said where nothing can be cut there; null: the plane stays. */
  readonly plane: { readonly to: OstiumPlane; readonly putBack: Failure } | null;
}

interface PlaneDragParts {
  readonly store: ReviewStore;
  readonly steps: ReviewSteps;
  readonly surface: FollowingSurface;
  /** The plane was released where nothing can be cut, and is back where it was. */
  readonly onPutBack: (why: Failure) => void;
  /** It moves again: what was said of the last time is past. */
  readonly onMove: () => void;
}

/** What is said where a plane or a landmark is put back. */
export const PUT_BACK: ReadonlySet<Failure['code']> = new Set([
  'review.plane-put-back',
  'review.landmark-put-back',
  'review.put-back-from-atrium',
]);

const NOTHING_HERE = failure('review.nothing-here');
/** What the atrium has against a plane is said while it is dragged and when it is put back. */
const INTO_ATRIUM: ReadonlySet<Failure['code']> = new Set([
  'meshing.too-far-into-atrium',
  'meshing.opens-into-atrium',
  'meshing.atrium-not-joined',
]);
const CANNOT_BE_CUT = failure('review.uncuttable-here');
/** A preview is cut from the surface that ends at the last plane; what was painted beyond it is not part of that. */
const AFTER_RELEASE = failure('review.follows-on-release');

export function createPlaneDrag({ store, steps, surface, onPutBack, onMove }: PlaneDragParts): PlaneDrag {
  /** Where the plane was when the drag began. */
  let start: OstiumPlane | undefined;
  let startMarks: ReaderMarks | undefined;
  const state = store.getState;

  const release = (
    plane: OstiumPlane,
    name: string,
    putBack: Failure,
    marks: Extract<SimpleEdit, { kind: 'marks' }> | null = null,
  ): void => {
    const before = start;
    start = undefined;
    store.setState({ planeHint: null });
    if (!before) return;
    const isMoved = !samePlane(before, plane);
    const edits: SimpleEdit[] = [
      ...(marks ? [marks] : []),
      ...(isMoved ? [{ kind: 'plane' as const, before, after: plane }] : []),
    ];
    const [first, ...more] = edits;
    const removeStep = first && steps.push(name, more.length > 0 ? { kind: 'several', edits } : first);
    if (!removeStep || !isMoved) {
      surface.remake();
      return;
    }
    const isPutBack = (why: Failure): boolean => {
      if (!removeStep()) return false;
      surface.remake();
      onPutBack(why);
      return true;
    };
    surface.remake(
      (appendage) => endsAt(appendage, plane) || !isPutBack(putBack),
      (why) =>
        INTO_ATRIUM.has(why.code) && isPutBack(failure('review.put-back-from-atrium', { reason: why })),
    );
  };

  /** During a drag: the newest plane's surface, without a step; where nothing is cut, the last surface stays. */
  const preview = (plane: OstiumPlane): void => {
    const { current } = state();
    const isDragged = (): boolean => isSameCase(state().current, current) && start !== undefined;
    const onSurface = (appendage: MeasuredAppendage): void => {
      if (!isDragged()) return;
      if (endsAt(appendage, plane)) store.setState({ appendage, planeHint: null });
      else store.setState({ planeHint: state().labelEdits > 0 ? AFTER_RELEASE : NOTHING_HERE });
    };
    // The full reason follows when it is released there.
    surface.preview(plane, onSurface, (why) => {
      if (isDragged()) store.setState({ planeHint: INTO_ATRIUM.has(why.code) ? why : CANNOT_BE_CUT });
    });
  };

  return {
    move(plane, isFinal) {
      const { current, plane: shown } = state();
      if (!current || !shown) return;
      if (!start) onMove();
      start ??= shown;
      store.setState({ plane });
      if (isFinal) release(plane, 'Move ostium plane', failure('review.plane-put-back'));
      else preview(plane);
    },
    mark({ name, marks, plane }, isFinal) {
      const { current, plane: shown, marks: shownMarks } = state();
      if (!current) return;
      startMarks ??= shownMarks;
      store.setState({ marks });
      if (plane) {
        // A surface without an ostium has no plane to go back to.
        if (!start) onMove();
        start ??= shown ?? plane.to;
        store.setState({ plane: plane.to });
      }
      if (!isFinal) {
        if (plane) preview(plane.to);
        return;
      }
      const edit = { kind: 'marks' as const, before: startMarks, after: marks };
      startMarks = undefined;
      if (plane) release(plane.to, name, plane.putBack, edit);
      else steps.push(name, edit);
    },
    cancelMark() {
      if (startMarks) store.setState({ marks: startMarks });
      if (start) {
        store.setState({ plane: start, planeHint: null });
        surface.remake();
      }
      start = undefined;
      startMarks = undefined;
    },
    clear() {
      start = undefined;
      startMarks = undefined;
    },
  };
}
