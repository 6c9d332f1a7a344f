import { correctedLine, outsideLumen } from '#shared/anatomy/correctedLine.ts';
import { alongCurveMm } from '#shared/anatomy/throughPoints.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import type { MarkedPoint } from '../../viewer/types.ts';
import type { Review } from '../review/index.ts';
import type { PlanningState } from './planningState.ts';
import type { Planning } from './planningStore.ts';

/** Points that are nearer to each other would be one handle on the screen, and turn the line sharply. */
export const LEAST_APART_MM = 1.5;

/** The centre line corrected by its points. */
export interface LineCorrection {
  /** A point is dragged; released where the line would leave the lumen it goes back, and the reason is said. */
  move(index: number, pointLpsMm: Vec3, isFinal: boolean): void;
  /** Adds a point of the line as it is: the line does not change until the point is moved. */
  add(pointLpsMm: Vec3): void;
  remove(index: number): void;
  /** The point nearest to a place. */
  removeNearest(pointLpsMm: Vec3): void;
  /** Takes all corrections back. */
  asComputed(): void;
}

interface LineCorrectionHost {
  readonly review: Pick<Review, 'store' | 'mark' | 'cancelMark'>;
  readonly planning: Pick<Planning, 'store'>;
  readonly onProblem: (why: Failure) => void;
}

export function createLineCorrection({ review, planning, onProblem }: LineCorrectionHost): LineCorrection {
  const handles = (): readonly Vec3[] => planning.store.getState().lineHandlesLpsMm;

  /** Why a line through these points is refused; undefined where it is not. */
  const refusal = (points: readonly Vec3[]): Failure | undefined => {
    const { profile } = planning.store.getState();
    const { appendage } = review.store.getState();
    if (!profile || !appendage?.ostiumPlane) return undefined;
    const computed = profile.computedLineLpsMm ?? profile.centreLineLpsMm;
    const line = correctedLine(computed, points, appendage.ostiumPlane);
    const outside = outsideLumen(appendage.closed, line);
    return (
      outside &&
      failure('planning.line-leaves-lumen', { distanceMm: alongCurveMm(line.pointsLpsMm, outside) })
    );
  };

  const change = (name: string, centreLine: readonly Vec3[] | null, isFinal: boolean): void => {
    const { marks } = review.store.getState();
    const why = isFinal && centreLine ? refusal(centreLine) : undefined;
    if (why) {
      review.cancelMark();
      onProblem(why);
      return;
    }
    review.mark({ name, marks: { ...marks, centreLine }, plane: null }, isFinal);
  };

  const remove = (index: number): void => {
    const points = handles();
    if (index === points.length - 1) onProblem(failure('planning.line-needs-tip'));
    else if (points[index]) {
      change(
        'Remove point of the centre line',
        points.filter((_, at) => at !== index),
        true,
      );
    }
  };

  return {
    move(index, pointLpsMm, isFinal) {
      if (!handles()[index]) return;
      const points = handles().map((point, at) => (at === index ? pointLpsMm : point));
      change('Move point of the centre line', points, isFinal);
    },
    add(pointLpsMm) {
      const line = planning.store.getState().shown?.centreLineLpsMm ?? [];
      if (line.length < 2) return;
      const points = handles();
      if (points.some((point) => distance(point, pointLpsMm) < LEAST_APART_MM)) {
        onProblem(failure('planning.point-too-near', { leastMm: LEAST_APART_MM }));
        return;
      }
      const place = alongCurveMm(line, pointLpsMm);
      const before = points.filter((point) => alongCurveMm(line, point) < place);
      change('Add point to the centre line', [...before, pointLpsMm, ...points.slice(before.length)], true);
    },
    remove,
    removeNearest(pointLpsMm) {
      const points = handles();
      const away = points.map((point) => distance(point, pointLpsMm));
      remove(away.indexOf(Math.min(...away)));
    },
    asComputed() {
      if (review.store.getState().marks.centreLine) change('Centre line as computed', null, true);
    },
  };
}

const ID = /^line:(\d+)$/;

/** The line's points as the viewer draws them. */
export const linePoints = ({ lineHandlesLpsMm }: Pick<PlanningState, 'lineHandlesLpsMm'>): MarkedPoint[] =>
  lineHandlesLpsMm.map((pointLpsMm, index) => ({
    id: `line:${index}`,
    pointLpsMm,
    label: '',
    kind: 'line' as const,
  }));

/** Which of the line's points an id names; null for another's. */
export const linePointOf = (id: string): number | null => {
  const index = ID.exec(id)?.[1];
  return index === undefined ? null : Number(index);
};
