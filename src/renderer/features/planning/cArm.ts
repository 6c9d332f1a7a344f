import { createStore, type StoreApi } from 'zustand/vanilla';
import { type CArmView, perpendicularBetaDegrees, workingView } from '#shared/anatomy/cArmView.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { ReviewState } from '../review/index.ts';
import { correctedNumbers, type PlanningState } from './planningState.ts';

export interface CArmState {
  /** The view that plot and projection show; null where there is no ostium. */
  readonly view: CArmView | null;
  /** The 3D view looks along the beam, and turning it turns the C-arm. */
  readonly isLinked: boolean;
  /** Whether a reader chose the view: else it is the working view of the ostium. */
  readonly isChosen: boolean;
}

/** The C-arm's view that a reader looks at. It is no part of the work: neither saved nor undone. */
export interface CArm {
  readonly store: StoreApi<CArmState>;
  /** Along the views that are perpendicular to the axis, also when the ostium moves. */
  turnAlong(alphaDegrees: number): void;
  /** Any view, perpendicular or not. */
  turnTo(view: CArmView): void;
  /** Back to the working view. */
  reset(): void;
  link(isLinked: boolean): void;
}

/** What a reader asked for: nothing, a rotation on the curve of perpendicular views, or a view of its own. */
type Chosen =
  | null
  | { readonly kind: 'perpendicular'; readonly alphaDegrees: number }
  | { readonly kind: 'free'; readonly view: CArmView };

/** The view of a choice for an axis; from the front where no perpendicular one is within reach. */
function viewFor(chosen: Chosen, axisLps: Vec3): CArmView {
  if (chosen?.kind === 'free') return chosen.view;
  if (!chosen) return workingView(axisLps) ?? { alphaDegrees: 0, betaDegrees: 0 };
  const { alphaDegrees } = chosen;
  return { alphaDegrees, betaDegrees: perpendicularBetaDegrees(axisLps, alphaDegrees) };
}

interface CArmParts {
  readonly review: StoreApi<ReviewState>;
  readonly planning: StoreApi<PlanningState>;
}

export function createCArm({ review, planning }: CArmParts): CArm {
  const store = createStore<CArmState>(() => ({ view: null, isLinked: false, isChosen: false }));
  let chosen: Chosen = null;

  const axis = (): Vec3 | null => {
    const { appendage } = correctedNumbers(planning.getState(), review.getState());
    return appendage?.measurements.ostium?.normal ?? null;
  };
  const show = (): void => {
    const axisLps = axis();
    const view = axisLps && viewFor(chosen, axisLps);
    const { view: before, isChosen } = store.getState();
    const isSame = view?.alphaDegrees === before?.alphaDegrees && view?.betaDegrees === before?.betaDegrees;
    if (!isSame || isChosen !== (chosen !== null)) store.setState({ view, isChosen: chosen !== null });
  };
  const choose = (next: Chosen): void => {
    chosen = next;
    show();
  };

  review.subscribe((after, before) => {
    if (after.current?.id !== before.current?.id) chosen = null;
    show();
  });
  planning.subscribe(show);
  show();

  return {
    store,
    turnAlong: (alphaDegrees) => choose({ kind: 'perpendicular', alphaDegrees }),
    turnTo: (view) => choose({ kind: 'free', view }),
    reset: () => choose(null),
    link(isLinked) {
      if (store.getState().isLinked !== isLinked) store.setState({ isLinked });
    },
  };
}
