import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { withholdAll } from '#shared/contract/withholdAll.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { debounce, type Timer } from '../../jobs/debounce.ts';
import { isSameCase, type ReviewCase, samePlane } from './reviewCase.ts';
import { type ReviewState, type ReviewStore, touched } from './reviewState.ts';
import type { ReviewSteps, Step } from './reviewSteps.ts';
import { surfaceAfter } from './surfaceLifecycle.ts';
import { createSurfaceMaker } from './surfaceMaker.ts';
import { trimLabels } from './trimLabels.ts';

/** The surface that follows what a person does. */
export interface FollowingSurface {
  /** Drops all known surfaces; that of the last step in force may be known already. */
  begin(known: MeasuredAppendage | null): void;
  /**
   * Makes the surface of labels and plane as they are now, or shows it at once where it was made before.
   * @param isWanted a newly made surface that is not wanted is neither shown nor kept; the caller handles it
   * @param isHandled whether the caller has handled that none could be made; else it is a problem of the review
   */
  remake(isWanted?: (appendage: MeasuredAppendage) => boolean, isHandled?: (why: Failure) => boolean): void;
  /** The same after a short delay, within which more may change. */
  remakeSoon(): void;
  /** Cancels `remakeSoon`. */
  cancelSoon(): void;
  /** The same, and a call that waits is not made. */
  stop(): void;
  /** The surface cut at another plane, which is not kept. */
  preview(
    plane: OstiumPlane,
    onSurface: (appendage: MeasuredAppendage) => void,
    onProblem: (why: Failure) => void,
  ): void;
  /** Resolves when the surface has followed all edits. */
  settled(): Promise<void>;
}

interface FollowingSurfaceHost {
  readonly client: Pick<AuricleClient, 'meshing'>;
  readonly store: ReviewStore;
  readonly steps: ReviewSteps;
  readonly onProblem: (why: Failure) => void;
  readonly timer: Timer;
}

/** Strokes within this time of each other lead to one surface. */
const REMAKE_DELAY_MS = 350;

/** A remade surface of a scan that is not fit has no numbers either. */
const onlyGiven = (made: MeasuredAppendage, { report }: ReviewCase): MeasuredAppendage =>
  report.unfit ? { ...made, measurements: withholdAll(made.measurements, report.unfit) } : made;

export function createFollowingSurface(host: FollowingSurfaceHost): FollowingSurface {
  const { client, store, steps, onProblem, timer } = host;
  const maker = createSurfaceMaker(client);
  /** Surfaces by the step that they belong to: undo and redo show them at once. */
  let surfaces = new WeakMap<Step, MeasuredAppendage>();
  const state = store.getState;
  const change = (parts: Partial<ReviewState>): void => store.setState(parts);

  /** The surface of the labels as they are, before later moves of the plane; so a plane can be moved back, too. */
  const beforePlaneMoves = ({ original }: ReviewCase): MeasuredAppendage => {
    const labelStep = steps.lastLabelChange();
    return (labelStep && surfaces.get(labelStep)) ?? original;
  };

  const remake: FollowingSurface['remake'] = (isWanted = () => true, isHandled = () => false) => {
    const { current, plane, labelEdits } = state();
    if (!current) return;
    const step = steps.lastChange();
    // The history drops its oldest steps: no step in force does not mean that nothing was edited.
    const isOriginal = labelEdits === 0 && samePlane(plane, current.original.ostiumPlane);
    const known = isOriginal ? current.original : step && surfaces.get(step);
    if (known) {
      maker.clear();
      change({ appendage: known, ...surfaceAfter(state(), 'shown') });
      return;
    }
    change(surfaceAfter(state(), 'requested'));
    const stillHolds = (): boolean => isSameCase(state().current, current) && steps.lastChange() === step;
    maker.request({
      labels: labelEdits > 0 ? trimLabels(current.labels) : null,
      original: current.original,
      surface: current.original,
      atrium: current.atrium,
      plane,
      isCut: current.isCut,
      scanGrid: current.scanGrid ?? current.crop.grid,
      onSurface: (made) => {
        const appendage = onlyGiven(made, current);
        if (!stillHolds() || !isWanted(appendage)) return;
        if (step) surfaces.set(step, appendage);
        change({ appendage, ...surfaceAfter(state(), 'shown'), ...touched(state()) });
      },
      onProblem: (problem) => {
        if (!stillHolds() || isHandled(problem)) return;
        change({ ...surfaceAfter(state(), 'failed', problem), ...touched(state()) });
        onProblem(problem);
      },
    });
  };
  const remakeSoon = debounce(() => remake(), REMAKE_DELAY_MS, timer);

  return {
    begin(known) {
      surfaces = new WeakMap();
      const step = steps.lastChange();
      if (known && step) surfaces.set(step, known);
    },
    remake,
    remakeSoon: remakeSoon.schedule,
    cancelSoon: remakeSoon.cancel,
    stop() {
      remakeSoon.cancel();
      maker.clear();
    },
    preview(plane, onSurface, onPreviewProblem) {
      const { current } = state();
      if (!current) return;
      maker.request({
        labels: null,
        original: current.original,
        surface: beforePlaneMoves(current),
        atrium: current.atrium,
        plane,
        isCut: current.isCut,
        scanGrid: current.scanGrid ?? current.crop.grid,
        onSurface: (made) => onSurface(onlyGiven(made, current)),
        onProblem: onPreviewProblem,
      });
    },
    async settled() {
      remakeSoon.flush();
      await maker.idle();
    },
  };
}
