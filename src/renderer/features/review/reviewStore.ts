import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Annotation } from '#shared/contract/annotations.ts';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import type { ReviewedBy } from '#shared/contract/services/exporting.ts';
import type { FoundSurroundings, Region } from '#shared/contract/services/segmentation.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { failureOf } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { withSurroundings } from '#shared/planning/awaitedSurroundings.ts';
import { type LabelDelta, replaceLabels } from '../../edit/index.ts';
import { debounce, type Timer, windowTimer } from '../../jobs/debounce.ts';
import type { Stroke } from '../../viewer/types.ts';
import { createDeviceSteps, type DeviceSteps } from './deviceSteps.ts';
import { createFollowingSurface } from './followingSurface.ts';
import {
  createLabelStrokes,
  type LabelOperation,
  type LabelStrokes,
  OPERATION_NAMES,
  operateOn,
} from './labelStrokes.ts';
import { type NameOfSeries, OPEN_SEGMENTATION, openedSegmentation } from './openedSegmentation.ts';
import { createPlaneDrag, type MarksChange } from './planeDrag.ts';
import type { ReviewCase, Verdict } from './reviewCase.ts';
import {
  LOOK,
  NOTHING,
  type ReviewLook,
  type ReviewState,
  type SavedReview,
  touched,
} from './reviewState.ts';
import { createReviewSteps } from './reviewSteps.ts';
import { surfaceAfter } from './surfaceLifecycle.ts';

export interface Review {
  readonly store: StoreApi<ReviewState>;
  start(reviewCase: ReviewCase): void;
  restore(reviewCase: ReviewCase, saved: SavedReview): void;
  clear(): void;
  /** A network looked for what surrounds the case of this id, whose surface was there before. */
  lookedAround(id: string, found: FoundSurroundings): void;
  /** The plane's handle moved; `isFinal` when it was released. */
  movePlane(plane: OstiumPlane, isFinal: boolean): void;
  /** The reader's marks changed, and with them the plane where one is given; `isFinal` when they were released. */
  mark(change: MarksChange, isFinal: boolean): void;
  /** Ends what `mark` began: marks and plane are back where they were. */
  cancelMark(): void;
  /** The virtual device: placed, moved, removed; steps that leave the result and its verdict alone. */
  readonly placing: Pick<DeviceSteps, 'place' | 'nudge'>;
  /** Moves the plane a little, as by a key; moves that follow each other are one step. */
  nudgePlane(plane: OstiumPlane): void;
  stroke(stroke: Stroke, radiusMm: number): void;
  operate(operation: LabelOperation): void;
  /** Puts a DICOM Segmentation of this scan in the place of the labels: a step like others. */
  openSegmentation(file: Uint8Array, name: string, segment?: number): void;
  undo(): void;
  redo(): void;
  /** Goes to the state after the first `position` steps. */
  goTo(position: number): void;
  show(look: Partial<ReviewLook>): void;
  /** @param reviewedBy who gives the verdict, and when */
  judge(verdict: Verdict, reviewedBy?: ReviewedBy | null): void;
  /** The box for the next segmentation changed: a step like others, that leaves the result and its verdict alone. */
  recordRegion(name: string, before: Region | null, after: Region | null): void;
  /** Something was drawn in the planes: likewise. */
  recordAnnotations(name: string, before: readonly Annotation[], after: readonly Annotation[]): void;
  /** The pen is down: the labels are between two steps. */
  isDrawing(): boolean;
  /** Tries again to make the surface that could not follow the last edit. */
  catchUp(): void;
  /** Resolves when the surface has followed all edits. */
  settled(): Promise<void>;
  /** What is to be saved; null where there is no work. */
  saved(): SavedReview | null;
}

export interface ReviewHost {
  readonly client: Pick<AuricleClient, 'meshing'>;
  /** Voxels of the label map changed in place, within this box of indices, both ends included. */
  readonly onTouched: (lowIjk: Vec3, highIjk: Vec3) => void;
  /** Undo or redo changed the box for the next segmentation. */
  readonly onRegion: (region: Region | null) => void;
  /** Undo or redo changed what is drawn in the planes: the first take the place of the second. */
  readonly onAnnotations?: (put: readonly Annotation[], gone: readonly Annotation[]) => void;
  readonly onProblem: (why: Failure) => void;
  readonly onNothingChanged: (why: Failure) => void;
  /** Something is to be known of a segmentation that was opened. */
  readonly onWarning?: (why: Failure) => void;
  /** The ostium's plane begins to move: what was said of its last move is past. */
  readonly onPlaneMoves?: () => void;
  readonly nameOfSeries?: NameOfSeries;
  readonly timer?: Timer;
}

/** Keys within this time of each other make one move of the plane. */
const RELEASE_DELAY_MS = 600;

/** One segmentation under review: edits, undo and redo, verdict; its surface follows. */
export function createReview(host: ReviewHost): Review {
  const { client, onTouched, onRegion, onProblem, onNothingChanged, timer = windowTimer } = host;
  const { onAnnotations = () => {}, onWarning = () => {}, onPlaneMoves = () => {}, nameOfSeries } = host;
  const store = createStore<ReviewState>(() => ({ ...NOTHING, ...LOOK, revision: 0 }));
  const steps = createReviewSteps(store, { onTouched, onRegion, onAnnotations });
  const surface = createFollowingSurface({ client, store, steps, onProblem, timer });
  const drag = createPlaneDrag({ store, steps, surface, onPutBack: onNothingChanged, onMove: onPlaneMoves });
  const releasePlane = debounce(
    () => {
      const { plane } = store.getState();
      if (plane) drag.move(plane, true);
    },
    RELEASE_DELAY_MS,
    timer,
  );
  const placing = createDeviceSteps(store, steps, timer);
  let strokes: LabelStrokes | undefined;
  let penIsDown = false;

  const state = store.getState;
  const change = (parts: Partial<ReviewState>): void => store.setState(parts);

  const pushLabels = (name: string, delta: LabelDelta): void => {
    steps.push(name, { kind: 'labels', delta });
    change(surfaceAfter(state(), 'edited'));
    surface.remakeSoon();
  };

  const goTo = (position: number): void => {
    releasePlane.flush();
    placing.flush();
    // What is only drawn, as a landmark whose plane is awaited, is no step yet: it goes first.
    drag.cancelMark();
    surface.stop();
    steps.goTo(position);
    surface.remake();
  };

  const begin = (reviewCase: ReviewCase, saved: SavedReview | null): void => {
    surface.stop();
    releasePlane.cancel();
    drag.clear();
    placing.clear();
    penIsDown = false;
    strokes = createLabelStrokes(reviewCase.labels, reviewCase.crop);
    steps.begin(saved?.history ?? null, reviewCase.labels.grid);
    surface.begin(saved && !saved.isStale ? saved.appendage : null);
    const { revision } = state();
    change({
      ...NOTHING,
      ...steps.summary(),
      isComparing: false,
      current: reviewCase,
      appendage: saved?.appendage ?? reviewCase.original,
      plane: saved ? saved.plane : reviewCase.original.ostiumPlane,
      marks: saved?.marks ?? NO_MARKS,
      device: saved?.device ?? null,
      labelEdits: saved?.labelEdits ?? 0,
      verdict: saved?.verdict ?? 'not reviewed',
      reviewedBy: saved?.reviewedBy ?? null,
      // What comes from a saved session needs no saving.
      revision: saved ? revision : revision + 1,
    });
    if (saved?.isStale) surface.remake();
  };

  return {
    store,
    start: (reviewCase) => begin(reviewCase, null),
    restore: begin,
    clear() {
      surface.stop();
      releasePlane.cancel();
      drag.clear();
      placing.clear();
      penIsDown = false;
      strokes = undefined;
      steps.begin(null, null);
      surface.begin(null);
      change({ ...NOTHING, isComparing: false });
    },
    lookedAround(id, found) {
      const { current } = state();
      if (current?.id !== id) return;
      const { atrium } = found;
      change({
        current: { ...current, atrium, report: withSurroundings(current.report, found) },
        ...touched(state()),
      });
    },
    movePlane: drag.move,
    mark(change, isFinal) {
      releasePlane.flush();
      drag.mark(change, isFinal);
    },
    cancelMark: drag.cancelMark,
    placing,
    nudgePlane(plane) {
      drag.move(plane, false);
      releasePlane.schedule();
    },
    stroke(stroke, radiusMm) {
      const { isBrush3d, brushLeastHu } = state();
      const result = strokes?.apply(stroke, { radiusMm, is3d: isBrush3d, leastHu: brushLeastHu });
      if (!result) return;
      penIsDown = stroke.phase !== 'end';
      // A surface requested now would be of labels that are changing.
      surface.cancelSoon();
      if (result.touched) onTouched(result.touched.box.low, result.touched.box.high);
      if (result.finished) pushLabels(result.finished.name, result.finished.delta);
      else if (stroke.phase === 'end' && state().isRemaking) surface.remakeSoon();
    },
    operate(operation) {
      const { current } = state();
      if (!current) return;
      const delta = operateOn(current.labels, operation, state().appendage);
      const name = OPERATION_NAMES[operation];
      if (!delta) {
        onNothingChanged(failure('review.nothing-to-change', { operation }));
        return;
      }
      onTouched(delta.box.low, delta.box.high);
      pushLabels(name, delta);
    },
    openSegmentation(file, name, segment) {
      const { current } = state();
      if (!current) return;
      try {
        const { mask, warnings } = openedSegmentation(file, name, current, segment, nameOfSeries);
        const delta = replaceLabels(current.labels, mask);
        if (!delta) {
          onNothingChanged(failure('review.segmentation-is-same', { name }));
          return;
        }
        onTouched(delta.box.low, delta.box.high);
        pushLabels(OPEN_SEGMENTATION, delta);
        for (const warning of warnings) onWarning(warning);
      } catch (thrown) {
        onNothingChanged(failureOf(thrown));
      }
    },
    undo: () => {
      releasePlane.flush();
      placing.flush();
      if (steps.canUndo()) goTo(state().position - 1);
    },
    redo: () => {
      placing.flush();
      if (steps.canRedo()) goTo(state().position + 1);
    },
    goTo,
    show: change,
    isDrawing: () => penIsDown,
    judge(verdict, reviewedBy = null) {
      releasePlane.flush();
      steps.judge(verdict, reviewedBy);
    },
    recordRegion(name, before, after) {
      if (state().current) steps.push(name, { kind: 'region', before, after });
    },
    recordAnnotations(name, before, after) {
      if (state().current) steps.push(name, { kind: 'annotations', before: [...before], after: [...after] });
    },
    catchUp() {
      if (state().problem !== null) surface.remake();
    },
    async settled() {
      releasePlane.flush();
      await surface.settled();
    },
    saved() {
      const {
        current,
        appendage,
        plane,
        marks,
        device,
        verdict,
        reviewedBy,
        labelEdits,
        isRemaking,
        problem,
      } = state();
      if (!current || !appendage) return null;
      const isStale = isRemaking || problem !== null;
      return {
        appendage,
        plane,
        marks,
        device,
        verdict,
        reviewedBy,
        labelEdits,
        isStale,
        history: steps.bytes(),
      };
    },
  };
}
