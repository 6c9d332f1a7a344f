import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import {
  createWorkHistory,
  type HistoryEntry,
  historyFromBytes,
  historyToBytes,
  type LabelDelta,
  type SimpleEdit,
  simpleEditsOf,
  toggleLabels,
  type WorkEdit,
} from '#shared/edit/index.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { debounce, type Timer, windowTimer } from '../../jobs/debounce.ts';
import type { Stroke } from '../../viewer/types.ts';
import {
  createLabelStrokes,
  type LabelOperation,
  type LabelStrokes,
  OPERATION_NAMES,
  operateOn,
} from './labelStrokes.ts';
import { type ReviewCase, samePlane, type Verdict } from './reviewCase.ts';
import { createSurfaceMaker } from './surfaceMaker.ts';
import { trimLabels } from './trimLabels.ts';

/** How the result is looked at and touched; no part of the work. */
export interface ReviewLook {
  readonly isVisible: boolean;
  readonly opacity: number;
  /** The network's own surface is shown beside. */
  readonly isComparing: boolean;
  readonly isBrush3d: boolean;
  /** The brush paints only voxels of at least this value; null paints all. */
  readonly brushLeastHu: number | null;
}

export interface ReviewState extends ReviewLook {
  readonly current: ReviewCase | null;
  /** The surface as it is now; of an earlier state while it is being remade. */
  readonly appendage: MeasuredAppendage | null;
  /** The ostium's plane as it is drawn: follows the handle. */
  readonly plane: OstiumPlane | null;
  /** Names of the steps, oldest first; those from `position` on were undone. */
  readonly steps: readonly string[];
  readonly position: number;
  /** Names of the steps in force that changed the result, not only its verdict. */
  readonly edits: readonly string[];
  /** How many steps in force changed labels; 0: the labels are the network's. */
  readonly labelEdits: number;
  /** The surface lags behind the edits. */
  readonly isRemaking: boolean;
  /** Why the surface could not follow the last edit. */
  readonly problem: string | null;
  readonly verdict: Verdict;
  /** Grows with everything that is worth saving. */
  readonly revision: number;
}

/** What a saved session gives back beside the case itself. */
export interface SavedReview {
  readonly appendage: MeasuredAppendage;
  readonly plane: OstiumPlane | null;
  readonly verdict: Verdict;
  readonly labelEdits: number;
  /** The surface had not followed the last edits when this was saved. */
  readonly isStale: boolean;
  readonly history: Uint8Array;
}

export interface Review {
  readonly store: StoreApi<ReviewState>;
  start(reviewCase: ReviewCase): void;
  restore(reviewCase: ReviewCase, saved: SavedReview): void;
  clear(): void;
  /** The plane's handle moved; `isFinal` when it was let go. */
  movePlane(plane: OstiumPlane, isFinal: boolean): void;
  stroke(stroke: Stroke, radiusMm: number): void;
  operate(operation: LabelOperation): void;
  undo(): void;
  redo(): void;
  /** Goes to the state after the first `position` steps. */
  goTo(position: number): void;
  show(look: Partial<ReviewLook>): void;
  judge(verdict: Verdict): void;
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
  readonly onProblem: (message: string) => void;
  readonly onNothingChanged: (message: string) => void;
  readonly timer?: Timer;
}

const LOOK: ReviewLook = {
  isVisible: true,
  opacity: 0.9,
  isComparing: false,
  isBrush3d: true,
  brushLeastHu: null,
};

const NOTHING: Omit<ReviewState, keyof ReviewLook | 'revision'> = {
  current: null,
  appendage: null,
  plane: null,
  steps: [],
  position: 0,
  edits: [],
  labelEdits: 0,
  isRemaking: false,
  problem: null,
  verdict: 'not reviewed',
};

/** Strokes that follow each other within this time make one surface. */
const REMAKE_DELAY_MS = 350;

const VERDICT_STEPS: Readonly<Record<Verdict, string>> = {
  accepted: 'Accept',
  rejected: 'Reject',
  'not reviewed': 'Withdraw review',
};

const changesResult = ({ edit }: HistoryEntry<WorkEdit>): boolean =>
  simpleEditsOf(edit).some(({ kind }) => kind === 'labels' || kind === 'plane');

/** One segmentation under review: what is changed, taken back, judged; its surface follows. */
export function createReview(host: ReviewHost): Review {
  const { client, onTouched, onProblem, onNothingChanged, timer = windowTimer } = host;
  const store = createStore<ReviewState>(() => ({ ...NOTHING, ...LOOK, revision: 0 }));
  const maker = createSurfaceMaker(client);
  let history = createWorkHistory();
  let strokes: LabelStrokes | undefined;
  let penIsDown = false;
  /** Where the plane was when the handle was taken. */
  let dragStart: OstiumPlane | undefined;
  /** Surfaces by the step that they follow: undo and redo show them at once. */
  let surfaces = new WeakMap<HistoryEntry<WorkEdit>, MeasuredAppendage>();

  const state = store.getState;
  const change = (parts: Partial<ReviewState>): void => store.setState(parts);
  const touch = (): Pick<ReviewState, 'revision'> => ({ revision: state().revision + 1 });

  /** The last step in force that changed the result: the surface is its. */
  const lastChange = (): HistoryEntry<WorkEdit> | undefined => {
    const { entries, done } = history.state();
    return entries.slice(0, done).findLast(changesResult);
  };

  const stepsOfHistory = (): Pick<ReviewState, 'steps' | 'position' | 'edits'> => {
    const { entries, done } = history.state();
    return {
      steps: entries.map(({ name }) => name),
      position: done,
      edits: entries
        .slice(0, done)
        .filter(changesResult)
        .map(({ name }) => name),
    };
  };

  /** The surface of the labels as they are, before later moves of the plane; so a plane can be moved back, too. */
  const beforePlaneMoves = (reviewCase: ReviewCase): MeasuredAppendage => {
    const { entries, done } = history.state();
    const labelStep = entries
      .slice(0, done)
      .findLast(({ edit }) => simpleEditsOf(edit).some(({ kind }) => kind === 'labels'));
    return (labelStep && surfaces.get(labelStep)) ?? reviewCase.original;
  };

  const remake = (): void => {
    const { current, plane, labelEdits } = state();
    if (!current) return;
    const step = lastChange();
    // Steps beyond the history's memory are forgotten: no step in force need not be the beginning.
    const isOriginal = labelEdits === 0 && samePlane(plane, current.original.ostiumPlane);
    const known = isOriginal ? current.original : step && surfaces.get(step);
    if (known) {
      maker.clear();
      change({ appendage: known, isRemaking: false, problem: null });
      return;
    }
    change({ isRemaking: true });
    const stillHolds = (): boolean => state().current === current && lastChange() === step;
    maker.request({
      labels: labelEdits > 0 ? trimLabels(current.labels) : null,
      closed: current.original.closed,
      plane,
      isCut: current.isCut,
      onSurface: (appendage) => {
        if (!stillHolds()) return;
        if (step) surfaces.set(step, appendage);
        change({ appendage, isRemaking: false, problem: null, ...touch() });
      },
      onProblem: (problem) => {
        if (!stillHolds()) return;
        change({ isRemaking: false, problem, ...touch() });
        onProblem(problem);
      },
    });
  };
  const remakeSoon = debounce(remake, REMAKE_DELAY_MS, timer);

  /** Adds a step whose labels are changed already; a verdict is of one state and ends with it. */
  const push = (name: string, edit: SimpleEdit): void => {
    const { verdict, labelEdits } = state();
    const endsVerdict = edit.kind !== 'review' && verdict !== 'not reviewed';
    history.push(
      name,
      endsVerdict
        ? { kind: 'several', edits: [edit, { kind: 'review', before: verdict, after: 'not reviewed' }] }
        : edit,
    );
    change({
      ...stepsOfHistory(),
      labelEdits: labelEdits + (edit.kind === 'labels' ? 1 : 0),
      verdict: edit.kind === 'review' ? edit.after : 'not reviewed',
      ...touch(),
    });
  };

  const pushLabels = (name: string, delta: LabelDelta): void => {
    push(name, { kind: 'labels', delta });
    change({ isRemaking: true, problem: null });
    remakeSoon.schedule();
  };

  /** Does or takes back one part of a step. */
  const apply = (part: SimpleEdit, isUndo: boolean): void => {
    const { current, labelEdits } = state();
    if (!current) return;
    switch (part.kind) {
      case 'labels':
        toggleLabels(current.labels, part.delta);
        onTouched(part.delta.box.low, part.delta.box.high);
        change({ labelEdits: labelEdits + (isUndo ? -1 : 1) });
        return;
      case 'plane':
        change({ plane: isUndo ? part.before : part.after });
        return;
      case 'review':
        change({ verdict: isUndo ? part.before : part.after });
        return;
      case 'region':
        return;
    }
  };

  const goTo = (position: number): void => {
    remakeSoon.cancel();
    maker.clear();
    for (;;) {
      const { done } = history.state();
      const isUndo = position < done;
      const entry = position === done ? undefined : isUndo ? history.undo() : history.redo();
      if (!entry) break;
      for (const part of simpleEditsOf(entry.edit)) apply(part, isUndo);
    }
    change({ ...stepsOfHistory(), problem: null, ...touch() });
    remake();
  };

  const begin = (reviewCase: ReviewCase, saved: SavedReview | null): void => {
    remakeSoon.cancel();
    maker.clear();
    dragStart = undefined;
    penIsDown = false;
    history = saved ? historyFromBytes(saved.history) : createWorkHistory();
    strokes = createLabelStrokes(reviewCase.labels, reviewCase.crop);
    surfaces = new WeakMap();
    const step = lastChange();
    if (saved && step && !saved.isStale) surfaces.set(step, saved.appendage);
    const { revision } = state();
    change({
      ...NOTHING,
      ...stepsOfHistory(),
      isComparing: false,
      current: reviewCase,
      appendage: saved?.appendage ?? reviewCase.original,
      plane: saved ? saved.plane : reviewCase.original.ostiumPlane,
      labelEdits: saved?.labelEdits ?? 0,
      verdict: saved?.verdict ?? 'not reviewed',
      // What comes from a saved session needs no saving.
      revision: saved ? revision : revision + 1,
    });
    if (saved?.isStale) remake();
  };

  return {
    store,
    start: (reviewCase) => begin(reviewCase, null),
    restore: begin,
    clear() {
      remakeSoon.cancel();
      maker.clear();
      dragStart = undefined;
      penIsDown = false;
      history = createWorkHistory();
      strokes = undefined;
      surfaces = new WeakMap();
      change({ ...NOTHING, isComparing: false });
    },
    movePlane(plane, isFinal) {
      const { current, plane: shown } = state();
      if (!current || !shown) return;
      dragStart ??= shown;
      change({ plane });
      if (isFinal) {
        const before = dragStart;
        dragStart = undefined;
        if (samePlane(before, plane)) return;
        push('Move ostium plane', { kind: 'plane', before, after: plane });
        remake();
        return;
      }
      // While the handle is dragged: the newest plane's surface, without a step; a plane that misses waits for the next.
      maker.request({
        labels: null,
        closed: beforePlaneMoves(current).closed,
        plane,
        isCut: current.isCut,
        onSurface: (appendage) => {
          if (state().current === current && dragStart) change({ appendage });
        },
        onProblem: () => {},
      });
    },
    stroke(stroke, radiusMm) {
      const { isBrush3d, brushLeastHu } = state();
      const result = strokes?.take(stroke, { radiusMm, is3d: isBrush3d, leastHu: brushLeastHu });
      if (!result) return;
      penIsDown = stroke.phase !== 'end';
      // A surface in the making would be of labels that are no more.
      remakeSoon.cancel();
      if (result.touched) onTouched(result.touched.box.low, result.touched.box.high);
      if (result.finished) pushLabels(result.finished.name, result.finished.delta);
      else if (stroke.phase === 'end' && state().isRemaking) remakeSoon.schedule();
    },
    operate(operation) {
      const { current } = state();
      if (!current) return;
      const delta = operateOn(current.labels, operation);
      const name = OPERATION_NAMES[operation];
      if (!delta) {
        onNothingChanged(`${name}: there was nothing to change.`);
        return;
      }
      onTouched(delta.box.low, delta.box.high);
      pushLabels(name, delta);
    },
    undo: () => {
      if (history.canUndo()) goTo(state().position - 1);
    },
    redo: () => {
      if (history.canRedo()) goTo(state().position + 1);
    },
    goTo,
    show: change,
    isDrawing: () => penIsDown,
    judge(verdict) {
      const { current, verdict: before } = state();
      if (current && verdict !== before)
        push(VERDICT_STEPS[verdict], { kind: 'review', before, after: verdict });
    },
    catchUp() {
      if (state().problem !== null) remake();
    },
    async settled() {
      remakeSoon.flush();
      await maker.idle();
    },
    saved() {
      const { current, appendage, plane, verdict, labelEdits, isRemaking, problem } = state();
      if (!current || !appendage) return null;
      const isStale = isRemaking || problem !== null;
      return { appendage, plane, verdict, labelEdits, isStale, history: historyToBytes(history) };
    },
  };
}
