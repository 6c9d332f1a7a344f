import { createStore, type StoreApi } from 'zustand/vanilla';
import type { OutlinePlace, ReaderOutline } from '#shared/contract/readerMarks.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import {
  isOnOutline,
  outlineOf,
  outlineThrough,
  outlineWith,
  outlineWithout,
  usedOutline,
  whyNoOutline,
} from '#shared/planning/readerOutline.ts';
import type { MarkedPoint } from '../../viewer/types.ts';
import { words } from '../../words/index.ts';
import type { Review } from '../review/index.ts';
import { LEAST_APART_MM } from './lineCorrection.ts';
import type { Planning } from './planningStore.ts';
import { outlinedSection } from './shownPlan.ts';

export interface OutlineCorrectionState {
  /** Which section's outline is corrected; null for none. */
  readonly edited: OutlinePlace | null;
  /** It, with the points that are dragged; null where the section is gone meanwhile. */
  readonly outline: ReaderOutline | null;
}

/** The outlines of sections corrected by their points. */
export interface OutlineCorrection {
  readonly store: StoreApi<OutlineCorrectionState>;
  /** Begins to correct the outline of a section, and turns the planes to it; null ends it. */
  edit(at: OutlinePlace | null): void;
  /** Turns the planes to a section. */
  look(at: OutlinePlace): void;
  /** A point is dragged. Where the outline would be none it stays at the last place that was possible. */
  move(index: number, pointLpsMm: Vec3, isFinal: boolean): void;
  /** Adds a point on the outline: it does not change until the point is moved. @returns false where the outline is elsewhere */
  add(pointLpsMm: Vec3): boolean;
  remove(index: number): void;
  /** Takes the correction of a section back. */
  asComputed(at: OutlinePlace): void;
}

interface OutlineCorrectionHost {
  readonly review: Pick<Review, 'store' | 'mark' | 'cancelMark'>;
  readonly planning: Pick<Planning, 'store' | 'moveSection'>;
  readonly onProblem: (why: Failure) => void;
  /** The planes are to show the ostium's section. */
  readonly onOstium: () => void;
}

export const outlineName = (at: OutlinePlace): string =>
  at === 'ostium' ? words().common.ostium : words().plan.sectionAt(words().decimals(at, 1));

export function createOutlineCorrection(host: OutlineCorrectionHost): OutlineCorrection {
  const { review, planning, onProblem, onOstium } = host;
  const store = createStore<OutlineCorrectionState>(() => ({ edited: null, outline: null }));
  const state = store.getState;

  /** The outline of a section as it is: the reader's, or that of the surface. */
  const current = (at: OutlinePlace): ReaderOutline | null => {
    const { profile, shown } = planning.store.getState();
    const { appendage, marks } = review.store.getState();
    if (!profile || !shown || !appendage) return null;
    const section = outlinedSection({ appendage, profile }, at, []);
    if (!section || section.rimLpsMm.length < 3) return null;
    const { plane, rimLpsMm } = section;
    return usedOutline(marks.outlines, at, plane) ?? outlineOf(at, plane, rimLpsMm);
  };
  const follow = (): void => {
    const { edited } = state();
    if (edited !== null) store.setState({ outline: current(edited) });
  };
  planning.store.subscribe((after, before) => {
    if (after.profile !== before.profile || (after.shown === null) !== (before.shown === null)) follow();
  });
  review.store.subscribe((after, before) => {
    if (after.current?.id !== before.current?.id) store.setState({ edited: null, outline: null });
    else if (after.marks.outlines !== before.marks.outlines) follow();
  });

  const without = (at: OutlinePlace): ReaderOutline[] =>
    review.store.getState().marks.outlines.filter((outline) => outline.at !== at);
  const nameOf = (verb: string, at: OutlinePlace): string =>
    at === 'ostium' ? `${verb} outline of the ostium` : `${verb} outline at ${at.toFixed(1)} mm`;
  const put = (name: string, outlines: readonly ReaderOutline[], isFinal: boolean): void => {
    const { marks } = review.store.getState();
    review.mark({ name, marks: { ...marks, outlines }, plane: null }, isFinal);
  };

  const look = (at: OutlinePlace): void => {
    if (at === 'ostium') onOstium();
    else planning.moveSection(at);
  };

  /** Where the outline was when the drag began, and as it was last possible. */
  let drag: { readonly start: ReaderOutline; last: ReaderOutline | null } | null = null;

  return {
    store,
    edit(at) {
      drag = null;
      if (at === null) {
        store.setState({ edited: null, outline: null });
        return;
      }
      const outline = current(at);
      if (!outline) {
        onProblem(failure('planning.no-outline-here'));
        return;
      }
      store.setState({ edited: at, outline });
      look(at);
    },
    look,
    move(index, pointLpsMm, isFinal) {
      const { outline } = state();
      if (!outline?.pointsLpsMm[index]) return;
      drag ??= { start: outline, last: null };
      // From where it began: the outline is the same, whatever way the point took.
      const { start } = drag;
      const points = start.pointsLpsMm.map((point, at) => (at === index ? pointLpsMm : point));
      const next = outlineThrough(start, points);
      const why = whyNoOutline(next);
      if (!why) drag.last = next;
      const { last } = drag;
      if (isFinal) drag = null;
      if (why && isFinal) onProblem(why);
      if (last && (!why || isFinal)) put(nameOf('Correct', start.at), [...without(start.at), last], isFinal);
    },
    add(pointLpsMm) {
      const { outline } = state();
      if (!outline || !isOnOutline(outline, pointLpsMm)) return false;
      if (outline.pointsLpsMm.some((point) => distance(point, pointLpsMm) < LEAST_APART_MM)) {
        onProblem(failure('planning.point-too-near', { leastMm: LEAST_APART_MM }));
        return true;
      }
      put(
        nameOf('Add point to', outline.at),
        [...without(outline.at), outlineWith(outline, pointLpsMm)],
        true,
      );
      return true;
    },
    remove(index) {
      const { outline } = state();
      if (!outline) return;
      const next = outlineWithout(outline, index);
      const why = whyNoOutline(next);
      if (why) onProblem(why);
      else put(nameOf('Remove point from', outline.at), [...without(outline.at), next], true);
    },
    asComputed(at) {
      if (review.store.getState().marks.outlines.some((outline) => outline.at === at))
        put(nameOf('Take back', at), without(at), true);
    },
  };
}

const ID = /^outline:(\d+)$/;

/** The points of the outline that is corrected, as the viewer draws them: in its own plane alone. */
export const outlinePoints = ({ outline }: Pick<OutlineCorrectionState, 'outline'>): MarkedPoint[] =>
  (outline?.pointsLpsMm ?? []).map((pointLpsMm, index) => ({
    id: `outline:${index}`,
    pointLpsMm,
    label: '',
    kind: 'outline' as const,
    plane: outline?.plane ?? null,
  }));

/** Which of the outline's points an id names; null for another's. */
export const outlinePointOf = (id: string): number | null => {
  const index = ID.exec(id)?.[1];
  return index === undefined ? null : Number(index);
};
