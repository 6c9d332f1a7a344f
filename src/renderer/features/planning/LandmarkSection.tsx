import { useStore } from 'zustand';
import { LANDMARK_KINDS } from '#shared/contract/readerMarks.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { reportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { Review } from '../review/index.ts';
import type { Landmarks } from './landmarks.ts';

interface LandmarkSectionProps {
  readonly landmarks: Landmarks;
  readonly review: Pick<Review, 'store'>;
  /** For readers without a pointer. */
  readonly crosshairLpsMm: () => Vec3;
}

/** The ostium by its landmarks: ridge and circumflex artery, each set by a click. */
export function LandmarkSection({ landmarks, review, crosshairLpsMm }: LandmarkSectionProps) {
  const { placing } = useStore(landmarks.store);
  const { marks, plane } = useStore(review.store);
  const distances = reportedLandmarks(marks, plane);
  const fromPlane = { ridge: distances.ridgeFromPlaneMm, circumflex: distances.circumflexFromPlaneMm };
  const isAnySet = LANDMARK_KINDS.some((kind) => marks.landmarks[kind]);
  return (
    <section className="panel-section" aria-label={words().plan.byLandmarks} data-testid="landmarks">
      <h3>{words().plan.byLandmarks}</h3>
      <div className="plan-buttons">
        {LANDMARK_KINDS.map((kind) => (
          <Button
            key={kind}
            aria-pressed={placing === kind}
            onClick={() => landmarks.press(kind)}
            data-testid={`place-${kind}`}
          >
            {words().landmarks[kind]}
          </Button>
        ))}
        <Button disabled={!isAnySet} onClick={() => landmarks.remove()} data-testid="remove-landmarks">
          {words().common.remove}
        </Button>
      </div>
      {placing ? (
        <div className="plan-buttons">
          <p className="quiet" role="status" data-testid="placing">
            {words().landmarkPlaces[placing]} {words().plan.escEnds}
          </p>
          <Button onClick={() => landmarks.setAt(crosshairLpsMm())} data-testid="place-at-crosshair">
            {words().plan.atCrosshair}
          </Button>
        </div>
      ) : null}
      {isAnySet ? (
        <dl className="rows" data-testid="landmark-distances">
          {LANDMARK_KINDS.map((kind) => (
            <div key={kind} className="row">
              <dt>{words().landmarks[kind]}</dt>
              <dd>{marks.landmarks[kind] ? heightInWords(fromPlane[kind]) : words().plan.notSet}</dd>
            </div>
          ))}
          <div className="row">
            <dt>{words().plan.apart}</dt>
            <dd>{distances.apartMm === null ? '–' : `${words().decimals(distances.apartMm, 1)} mm`}</dd>
          </div>
        </dl>
      ) : (
        <p className="quiet">{words().plan.setBoth}</p>
      )}
    </section>
  );
}

const ON_PLANE_MM = 0.05;

const heightInWords = (heightMm: number | null): string => {
  if (heightMm === null) return words().plan.set;
  if (Math.abs(heightMm) < ON_PLANE_MM) return words().plan.onPlane;
  return words().plan.ofPlane(words().decimals(Math.abs(heightMm), 1), heightMm > 0);
};
