import type { Annotation } from '#shared/contract/annotations.ts';
import type { ReviewedBy } from '#shared/contract/services/exporting.ts';
import type { Region } from '#shared/contract/services/segmentation.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import {
  changedVoxels,
  createWorkHistory,
  type HistoryEntry,
  historyFromBytes,
  historyToBytes,
  type LabelDelta,
  type SimpleEdit,
  simpleEditsOf,
  toggleLabels,
  type WorkEdit,
} from '../../edit/index.ts';
import type { Verdict } from './reviewCase.ts';
import { type ReviewState, type ReviewStore, touched } from './reviewState.ts';
import { stepAmount } from './stepAmount.ts';
import { surfaceAfter } from './surfaceLifecycle.ts';
import { type VerdictEvent, verdictLifecycle } from './verdictLifecycle.ts';

export type Step = HistoryEntry<WorkEdit>;

type Summary = Pick<ReviewState, 'steps' | 'amounts' | 'position' | 'edits' | 'shapeMark'>;

/** What a person did, step by step, by name, with undo and redo; a verdict is a step, too. */
export interface ReviewSteps {
  /** Starts from the bytes of a history, or without steps; the caller sets the store. */
  begin(history: Uint8Array | null, labelsGrid: GridLps | null): void;
  /** The steps as the store has them. */
  summary(): Summary;
  /** The last step in force that changed the surface; the surface is that of this step. */
  lastChange(): Step | undefined;
  lastLabelChange(): Step | undefined;
  /**
   * Adds a step whose labels are changed already. A verdict applies to one state: an edit ends it.
   * @returns a function that removes the step as if it had never been; false where others came after it
   */
  push(name: string, edit: WorkEdit): () => boolean;
  /** @param reviewedBy null where a verdict is withdrawn */
  judge(verdict: Verdict, reviewedBy: ReviewedBy | null): void;
  /** Goes to the state after the first `position` steps. */
  goTo(position: number): void;
  canUndo(): boolean;
  canRedo(): boolean;
  bytes(): Uint8Array;
}

const VERDICT_STEPS: Readonly<Record<Verdict, string>> = {
  accepted: 'Accept',
  rejected: 'Reject',
  'not reviewed': 'Withdraw review',
};

const VERDICT_EVENTS: Readonly<Record<Verdict, VerdictEvent>> = {
  accepted: 'accepted',
  rejected: 'rejected',
  'not reviewed': 'withdrawn',
};

const has = ({ edit }: Step, ...kinds: readonly SimpleEdit['kind'][]): boolean =>
  simpleEditsOf(edit).some(({ kind }) => kinds.includes(kind));

/** Where and how many voxels a change of labels changed. */
const labelMark = (delta: LabelDelta): string =>
  [...delta.box.low, ...delta.box.high, changedVoxels(delta)].join(',');

const changesSurface = (step: Step): boolean => has(step, 'labels', 'plane');
const changesResult = (step: Step): boolean => changesSurface(step) || has(step, 'marks');

interface StepEvents {
  /** Voxels of the label map changed in place, within this box of indices, both ends included. */
  readonly onTouched: (lowIjk: Vec3, highIjk: Vec3) => void;
  /** Undo or redo changed the box, which is in another store. */
  readonly onRegion: (region: Region | null) => void;
  /** Likewise what was drawn in the planes: the first take the place of the second. */
  readonly onAnnotations: (put: readonly Annotation[], gone: readonly Annotation[]) => void;
}

export function createReviewSteps(
  store: ReviewStore,
  { onTouched, onRegion, onAnnotations }: StepEvents,
): ReviewSteps {
  let history = createWorkHistory();
  /** Of the labels under review. */
  let grid: GridLps | null = null;
  const state = store.getState;
  const change = (parts: Partial<ReviewState>): void => store.setState(parts);

  const inForce = (): readonly Step[] => {
    const { entries, done } = history.state();
    return entries.slice(0, done);
  };

  const summary = (): Summary => {
    const { entries, done } = history.state();
    const amount = ({ edit }: Step): string => (grid ? stepAmount(edit, grid) : '');
    return {
      steps: entries.map(({ name }) => name),
      amounts: entries.map(amount),
      position: done,
      edits: inForce()
        .filter(changesResult)
        .map((step) => [step.name, amount(step)].filter(Boolean).join(' ')),
      shapeMark: inForce()
        .flatMap(({ edit }) => simpleEditsOf(edit))
        .flatMap((part) => (part.kind === 'labels' ? [labelMark(part.delta)] : []))
        .join(' '),
    };
  };

  /** Applies or undoes one part of a step. */
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
      case 'marks':
        change({ marks: isUndo ? part.before : part.after });
        return;
      case 'device':
        change({ device: isUndo ? part.before : part.after });
        return;
      case 'review':
        change({
          verdict: isUndo ? part.before : part.after,
          reviewedBy: (isUndo ? part.beforeBy : part.afterBy) ?? null,
        });
        return;
      case 'region':
        onRegion(isUndo ? part.before : part.after);
        return;
      case 'annotations':
        if (isUndo) onAnnotations(part.before, part.after);
        else onAnnotations(part.after, part.before);
        return;
    }
  };

  const push: ReviewSteps['push'] = (name, edit) => {
    const { verdict, reviewedBy, labelEdits } = state();
    const parts = simpleEditsOf(edit);
    const review = parts.find((part) => part.kind === 'review');
    const changesCase = parts.some(({ kind }) => kind === 'labels' || kind === 'plane' || kind === 'marks');
    const kept = changesCase ? verdictLifecycle.next(verdict, 'changed') : verdict;
    const before = history.state();
    history.push(
      name,
      kept === verdict
        ? edit
        : {
            kind: 'several',
            edits: [...parts, { kind: 'review', before: verdict, after: kept, beforeBy: reviewedBy }],
          },
    );
    const step = history.state().entries.at(-1);
    change({
      ...summary(),
      labelEdits: labelEdits + parts.filter(({ kind }) => kind === 'labels').length,
      verdict: review ? review.after : kept,
      reviewedBy: review ? (review.afterBy ?? null) : kept === verdict ? reviewedBy : null,
      ...touched(state()),
    });
    return () => {
      if (!step || history.canRedo() || history.state().entries.at(-1) !== step) return false;
      for (const part of simpleEditsOf(step.edit)) apply(part, true);
      history = createWorkHistory(undefined, before);
      change({ ...summary(), ...touched(state()) });
      return true;
    };
  };

  return {
    begin(bytes, labelsGrid) {
      grid = labelsGrid;
      history = bytes ? historyFromBytes(bytes) : createWorkHistory();
      const box = inForce().flatMap(({ edit }) =>
        simpleEditsOf(edit).flatMap((part) => (part.kind === 'region' ? [part.after] : [])),
      );
      if (box.length > 0) onRegion(box.at(-1) ?? null);
    },
    summary,
    lastChange: () => inForce().findLast(changesSurface),
    lastLabelChange: () => inForce().findLast((step) => has(step, 'labels')),
    push,
    judge(verdict, by) {
      const { current, verdict: before, reviewedBy } = state();
      if (!current || verdict === before) return;
      const after = verdictLifecycle.next(before, VERDICT_EVENTS[verdict]);
      const afterBy = after === 'not reviewed' ? null : by;
      push(VERDICT_STEPS[after], { kind: 'review', before, after, beforeBy: reviewedBy, afterBy });
    },
    goTo(position) {
      for (;;) {
        const { done } = history.state();
        const isUndo = position < done;
        const entry = position === done ? undefined : isUndo ? history.undo() : history.redo();
        if (!entry) break;
        for (const part of simpleEditsOf(entry.edit)) apply(part, isUndo);
      }
      change({ ...summary(), ...surfaceAfter(state(), 'stepped'), ...touched(state()) });
    },
    canUndo: () => history.canUndo(),
    canRedo: () => history.canRedo(),
    bytes: () => historyToBytes(history),
  };
}
