import { createStore, type StoreApi } from 'zustand/vanilla';
import { KIND_WORDS } from '#shared/annotations/annotationInWords.ts';
import { measureAnnotation } from '#shared/annotations/huStatistics.ts';
import { handlesOf, withoutCrossings } from '#shared/annotations/shapes.ts';
import type { Annotation, AnnotationKind, AnnotationShape } from '#shared/contract/annotations.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { debounce, type Timer, windowTimer } from '../../jobs/debounce.ts';
import type { AnnotationEvent, SelectedAnnotation, ViewedVolume } from '../../viewer/types.ts';

export interface AnnotationsState {
  /** In the order in which they were drawn. */
  readonly list: readonly Annotation[];
  readonly selected: SelectedAnnotation | null;
  /** The one whose name is asked for: a text that was just drawn. */
  readonly namingId: string | null;
  /** Grows with every change that is to be saved. */
  readonly revision: number;
}

/** A change that can be undone: `before` and `after` hold those that it concerns. */
export interface AnnotationStep {
  readonly name: string;
  readonly before: readonly Annotation[];
  readonly after: readonly Annotation[];
}

/** What a reader measured in the planes of a scan. */
export interface Annotations {
  readonly store: StoreApi<AnnotationsState>;
  /** What a reader does in a plane. */
  follow(event: AnnotationEvent): void;
  /** A change by keys is one step with those that follow it soon. */
  finishSoon(): void;
  /** A change that is under way becomes a step now. */
  finish(): void;
  select(selected: SelectedAnnotation | null): void;
  /** Selects the next or the earlier handle; beyond the last one all of it. */
  stepHandle(by: 1 | -1): void;
  askName(id: string | null): void;
  rename(id: string, name: string): void;
  remove(id: string): void;
  removeAll(): void;
  /** Undo and redo: the first take the place of the second. */
  replace(put: readonly Annotation[], gone: readonly Annotation[]): void;
  /** The scan has become whole. */
  remeasure(): void;
  /** Of saved work, or none. */
  restore(list: readonly Annotation[]): void;
}

export interface AnnotationsHost {
  readonly volume: () => ViewedVolume | null;
  readonly record: (step: AnnotationStep) => void;
  readonly timer?: Timer;
}

/** Keys within this time of each other make one step. */
const KEYS_DELAY_MS = 600;

const nameOf = (kind: AnnotationKind): string => KIND_WORDS[kind].toLowerCase();

/** "Ruler 1": the first number that no other of its kind has. */
function usualName(kind: AnnotationKind, list: readonly Annotation[]): string {
  const names = new Set(list.map(({ name }) => name));
  let number = 1;
  while (names.has(`${KIND_WORDS[kind]} ${number}`)) number++;
  return `${KIND_WORDS[kind]} ${number}`;
}

export function createAnnotations({ volume, record, timer = windowTimer }: AnnotationsHost): Annotations {
  const store = createStore<AnnotationsState>(() => ({
    list: [],
    selected: null,
    namingId: null,
    revision: 0,
  }));
  const state = store.getState;
  /** What is being changed, as it was. */
  let unchanged: Annotation | null = null;
  /** A text that was placed and has no words yet: placing and naming it are one step. */
  let unnamedId: string | null = null;

  const find = (id: string): Annotation | undefined => state().list.find((one) => one.id === id);

  const replace: Annotations['replace'] = (put, gone) => {
    const ids = new Set([...put, ...gone].map(({ id }) => id));
    const list = [...state().list.filter(({ id }) => !ids.has(id)), ...put].sort(
      (a, b) => a.number - b.number,
    );
    const { selected, namingId, revision } = state();
    const isThere = (id: string | undefined): boolean => list.some((one) => one.id === id);
    store.setState({
      list,
      selected: isThere(selected?.id) ? selected : null,
      namingId: namingId !== null && isThere(namingId) ? namingId : null,
      revision: revision + 1,
    });
  };

  /** Changes and records a step. */
  const step = (name: string, before: readonly Annotation[], after: readonly Annotation[]): void => {
    replace(after, before);
    record({ name, before, after });
  };

  const reshaped = (annotation: Annotation, shape: AnnotationShape): Annotation => ({
    ...annotation,
    shape,
    ...measureAnnotation(shape, annotation.plane, volume()),
  });

  /** A text that was placed becomes a step, with the words that it has. */
  const finishText = (): void => {
    const placed = unnamedId === null ? undefined : find(unnamedId);
    unnamedId = null;
    if (placed) record({ name: `Draw ${nameOf('text')}`, before: [], after: [placed] });
  };

  const finish = (): void => {
    finishText();
    finishing.cancel();
    const before = unchanged;
    unchanged = null;
    const after = before && find(before.id);
    if (!before || !after || after === before) return;
    const shape = withoutCrossings(after.shape, after.plane);
    const final = shape === after.shape ? after : reshaped(after, shape);
    step(`Change ${nameOf(shape.kind)}`, [before], [final]);
  };
  const finishing = debounce(finish, KEYS_DELAY_MS, timer);

  const draw = (shape: AnnotationShape, plane: OstiumPlane): void => {
    finish();
    const { list } = state();
    const annotation: Annotation = {
      id: crypto.randomUUID(),
      number: Math.max(0, ...list.map(({ number }) => number)) + 1,
      name: usualName(shape.kind, list),
      plane,
      shape,
      ...measureAnnotation(shape, plane, volume()),
    };
    const isText = shape.kind === 'text';
    if (isText) {
      replace([annotation], []);
      unnamedId = annotation.id;
    } else step(`Draw ${nameOf(shape.kind)}`, [], [annotation]);
    store.setState({
      selected: { id: annotation.id, handle: null },
      namingId: isText ? annotation.id : null,
    });
  };

  const change = (id: string, shape: AnnotationShape, isFinal: boolean): void => {
    if (unchanged && unchanged.id !== id) finish();
    const now = find(id);
    if (!now) return;
    unchanged ??= now;
    replace([reshaped(now, shape)], [now]);
    if (isFinal) finish();
  };

  return {
    store,
    replace,
    finish,
    follow(event) {
      switch (event.kind) {
        case 'drawn':
          draw(event.shape, event.plane);
          return;
        case 'changed':
          change(event.id, event.shape, event.isFinal);
          return;
        case 'selected':
          store.setState({ selected: event.selected });
          return;
      }
    },
    finishSoon: finishing.schedule,
    select: (selected) => store.setState({ selected }),
    stepHandle(by) {
      const { selected } = state();
      const annotation = selected && find(selected.id);
      if (!annotation) return;
      // All of it stands before the first handle and after the last.
      const count = handlesOf(annotation.shape).length + 1;
      const at = ((selected.handle ?? -1) + 1 + by + count) % count;
      store.setState({ selected: { id: selected.id, handle: at === 0 ? null : at - 1 } });
    },
    askName(namingId) {
      finishText();
      store.setState({ namingId });
    },
    rename(id, name) {
      const before = find(id);
      const after = name.trim().slice(0, 200).trim();
      const isNew = before && after !== '' && after !== before.name;
      if (isNew && id === unnamedId) replace([{ ...before, name: after }], [before]);
      const wasUnnamed = id === unnamedId;
      finish();
      store.setState({ namingId: null });
      if (!isNew || wasUnnamed) return;
      step(`Rename ${nameOf(before.shape.kind)}`, [before], [{ ...before, name: after }]);
    },
    remove(id) {
      finish();
      const before = find(id);
      if (before) step(`Delete ${nameOf(before.shape.kind)}`, [before], []);
    },
    removeAll() {
      finish();
      const { list } = state();
      if (list.length > 0) step('Delete all that is drawn', list, []);
    },
    remeasure() {
      const { list } = state();
      if (list.length > 0)
        replace(
          list.map((one) => reshaped(one, one.shape)),
          list,
        );
    },
    restore(list) {
      finishing.cancel();
      unchanged = null;
      unnamedId = null;
      if (list.length === 0 && state().list.length === 0) return;
      store.setState({ list, selected: null, namingId: null });
    },
  };
}
