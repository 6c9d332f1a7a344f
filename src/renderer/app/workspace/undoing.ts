import { createStore, type StoreApi } from 'zustand/vanilla';
import { createWorkHistory, simpleEditsOf } from '../../edit/index.ts';
import type { AnnotationStep, Annotations } from '../../features/annotations/index.ts';
import type { RegionStep, Regions } from '../../features/region/index.ts';
import { isSameCase, type Review, type ReviewState } from '../../features/review/index.ts';

/** What undo and redo would do next; null where there is nothing. */
export interface UndoState {
  readonly undo: string | null;
  readonly redo: string | null;
}

export interface Undoing {
  readonly store: StoreApi<UndoState>;
  /** Adds a person's change of the box as a step. */
  record(step: RegionStep): void;
  /** Adds what a person drew in the planes as a step. */
  recordAnnotations(step: AnnotationStep): void;
  undo(): void;
  redo(): void;
  /** The scan is closed, and its history with it. */
  clear(): void;
}

/**
 * Undo and redo. Before there is a segmentation they change the box and what is drawn in the planes; a segmentation starts
 * a history of its own, in which both are steps like others.
 */
export function createUndoing(
  regions: Pick<Regions, 'restore'>,
  review: Review,
  annotations: Pick<Annotations, 'replace' | 'finish'>,
): Undoing {
  let history = createWorkHistory();
  const store = createStore<UndoState>(() => ({ undo: null, redo: null }));

  const refresh = (): void => {
    const { current, steps, amounts, position }: ReviewState = review.store.getState();
    const named = (at: number): string | null =>
      steps[at] === undefined ? null : [steps[at], amounts[at]].filter(Boolean).join(' ');
    const own = history.names();
    store.setState({
      undo: current ? named(position - 1) : (own.undo[0] ?? null),
      redo: current ? named(position) : (own.redo[0] ?? null),
    });
  };
  const go = (isUndo: boolean): void => {
    const entry = isUndo ? history.undo() : history.redo();
    for (const part of entry ? simpleEditsOf(entry.edit) : []) {
      if (part.kind === 'region') regions.restore(isUndo ? part.before : part.after);
      if (part.kind !== 'annotations') continue;
      if (isUndo) annotations.replace(part.before, part.after);
      else annotations.replace(part.after, part.before);
    }
    refresh();
  };

  review.store.subscribe((after, before) => {
    // The history of boxes ends where a segmentation begins or is closed.
    if (!isSameCase(after.current, before.current)) history = createWorkHistory();
    refresh();
  });

  return {
    store,
    record({ name, before, after }) {
      if (review.store.getState().current) review.recordRegion(name, before, after);
      else history.push(name, { kind: 'region', before, after });
      refresh();
    },
    recordAnnotations({ name, before, after }) {
      if (review.store.getState().current) review.recordAnnotations(name, before, after);
      else history.push(name, { kind: 'annotations', before: [...before], after: [...after] });
      refresh();
    },
    undo() {
      annotations.finish();
      if (review.store.getState().current) review.undo();
      else go(true);
    },
    redo() {
      annotations.finish();
      if (review.store.getState().current) review.redo();
      else go(false);
    },
    clear() {
      history = createWorkHistory();
      refresh();
    },
  };
}
