import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import { LANDMARK_KINDS, type LandmarkKind, type ReaderMarks } from '#shared/contract/readerMarks.ts';
import { failureOf } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import {
  appendageAxis,
  bothLandmarks,
  type Landmarks as LandmarkPoints,
  planeThroughLandmarks,
} from '#shared/planning/landmarkPlane.ts';
import { meshWithOwnBuffers } from '../../jobs/ownBuffer.ts';
import type { MarkedPoint } from '../../viewer/types.ts';
import type { PageWords } from '../../words/index.ts';
import { isSameCase, type Review, type ReviewCase, type ReviewState } from '../review/index.ts';

const IN_STEPS: Readonly<Record<LandmarkKind, string>> = {
  ridge: 'left upper ridge',
  circumflex: 'circumflex artery',
};

/** The ostium's two landmarks, set by a click each; then its plane goes through them. */
export interface Landmarks {
  /** Which one the next click sets; null: none. */
  readonly store: StoreApi<{ readonly placing: LandmarkKind | null }>;
  /** The next click in a plane sets this landmark; null: it does not. */
  place(kind: LandmarkKind | null): void;
  /**
   * Its button: as `place`, and a second press ends that. Where it is waited for because the other one was just set, the
   * first press asks for what is already so, and changes nothing.
   */
  press(kind: LandmarkKind): void;
  /** The click: sets the landmark that is waited for, and waits for the other one where it is not set. */
  setAt(pointLpsMm: Vec3): void;
  move(kind: LandmarkKind, pointLpsMm: Vec3, isFinal: boolean): void;
  /** Removes one, or both; the plane stays where it is. */
  remove(kind?: LandmarkKind): void;
}

interface LandmarksHost {
  readonly client: Pick<AuricleClient, 'planning'>;
  readonly review: Pick<Review, 'store' | 'mark' | 'cancelMark'>;
  readonly onProblem: (why: Failure) => void;
}

export function createLandmarks({ client, review, onProblem }: LandmarksHost): Landmarks {
  const store = createStore<{ readonly placing: LandmarkKind | null }>(() => ({ placing: null }));
  const state = review.store.getState;
  /** What is waited for without a press of its button. */
  let following: LandmarkKind | null = null;
  /** The centre line of the surface as it was segmented: the plane depends on it and the landmarks alone. */
  let known: { readonly ofCase: ReviewCase; readonly lineLpsMm: readonly Vec3[] } | null = null;

  const knownLine = (): readonly Vec3[] | null =>
    known && isSameCase(known.ofCase, state().current) ? known.lineLpsMm : null;

  const fetchLine = async (ofCase: ReviewCase): Promise<void> => {
    if (known && isSameCase(known.ofCase, ofCase)) return;
    const { closed, ostiumPlane, rimLpsMm } = ofCase.original;
    const { pointsLpsMm } = await client.planning.centreLine({
      closed: meshWithOwnBuffers(closed),
      ostiumPlane,
      rimLpsMm: rimLpsMm && Float32Array.from(rimLpsMm),
    });
    known = { ofCase, lineLpsMm: pointsLpsMm };
  };

  const planeOf = (points: LandmarkPoints, lineLpsMm: readonly Vec3[]) =>
    planeThroughLandmarks(points, appendageAxis(points, lineLpsMm, middleOf(state())));

  const change = (name: string, marks: ReaderMarks, isFinal: boolean): void => {
    const putBack = failure('review.landmark-put-back');
    const points = bothLandmarks(marks);
    if (!points) {
      review.mark({ name, marks, plane: null }, isFinal);
      return;
    }
    const line = knownLine();
    const plane = line && planeOf(points, line);
    if (line && plane) {
      review.mark({ name, marks, plane: { to: plane, putBack } }, isFinal);
      return;
    }
    // Where the points name no plane, they are drawn until they are released.
    review.mark({ name, marks, plane: null }, false);
    if (!isFinal) return;
    if (line) {
      review.cancelMark();
      onProblem(failure('planning.landmarks-no-plane'));
      return;
    }
    // Whatever else changes the marks meanwhile, undo among it, stands.
    void awaitLine(() => state().marks === marks && change(name, marks, true));
  };

  const awaitLine = async (andThen: () => unknown): Promise<void> => {
    const { current } = state();
    if (!current) return;
    try {
      await fetchLine(current);
    } catch (thrown) {
      if (!isSameCase(state().current, current)) return;
      review.cancelMark();
      onProblem(failureOf(thrown));
      return;
    }
    if (isSameCase(state().current, current)) andThen();
  };

  const put = (verb: 'Set' | 'Move', kind: LandmarkKind, pointLpsMm: Vec3, isFinal: boolean): void => {
    const { marks } = state();
    const landmarks = { ...marks.landmarks, [kind]: pointLpsMm };
    change(`${verb} ${IN_STEPS[kind]}`, { ...marks, landmarks }, isFinal);
  };

  review.store.subscribe((after, before) => {
    if (!isSameCase(after.current, before.current)) store.setState({ placing: null });
  });

  const place = (kind: LandmarkKind | null): void => {
    following = null;
    store.setState({ placing: state().current ? kind : null });
  };

  return {
    store,
    place,
    press(kind) {
      const isEnd = store.getState().placing === kind && following !== kind;
      place(isEnd ? null : kind);
    },
    setAt(pointLpsMm) {
      const { placing } = store.getState();
      if (!placing) return;
      const other = LANDMARK_KINDS.find((kind) => kind !== placing)!;
      following = isSet(state().marks, other) ? null : other;
      store.setState({ placing: following });
      put(isSet(state().marks, placing) ? 'Move' : 'Set', placing, pointLpsMm, true);
    },
    move: (kind, pointLpsMm, isFinal) => put('Move', kind, pointLpsMm, isFinal),
    remove(kind) {
      const { marks } = state();
      const landmarks = kind ? { ...marks.landmarks, [kind]: null } : { ridge: null, circumflex: null };
      const name = kind ? `Remove ${IN_STEPS[kind]}` : 'Remove landmarks';
      if (LANDMARK_KINDS.some((each) => landmarks[each] !== marks.landmarks[each]))
        change(name, { ...marks, landmarks }, true);
    },
  };
}

const isSet = ({ landmarks }: ReaderMarks, kind: LandmarkKind): boolean => landmarks[kind] !== null;

/** The middle of the surface's vertices: where the appendage lies, roughly. */
function middleOf({ current }: ReviewState): Vec3 {
  const positions = current?.original.closed.positionsLpsMm ?? new Float32Array();
  const sum: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < positions.length; at += 3) {
    for (const axis of [0, 1, 2] as const) sum[axis] += positions[at + axis]!;
  }
  const count = Math.max(1, positions.length / 3);
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** The landmarks as the viewer draws them. */
export const landmarkPoints = (
  { landmarks }: ReaderMarks,
  { landmarks: names }: Pick<PageWords, 'landmarks'>,
): MarkedPoint[] =>
  LANDMARK_KINDS.flatMap((kind) => {
    const pointLpsMm = landmarks[kind];
    return pointLpsMm ? [{ id: kind, pointLpsMm, label: names[kind], kind: 'landmark' as const }] : [];
  });

export const isLandmark = (id: string): id is LandmarkKind => LANDMARK_KINDS.some((kind) => kind === id);
