import { useStore } from 'zustand';
import { LANDMARK_KINDS, type LandmarkKind } from '#shared/contract/readerMarks.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { reportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import { Button } from '../../ui/Button.tsx';
import type { Review } from '../review/index.ts';
import { LANDMARK_NAMES, type Landmarks } from './landmarks.ts';

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
    <section className="panel-section" aria-label="Ostium by landmarks" data-testid="landmarks">
      <h3>Ostium by landmarks</h3>
      <div className="plan-buttons">
        {LANDMARK_KINDS.map((kind) => (
          <Button
            key={kind}
            aria-pressed={placing === kind}
            onClick={() => landmarks.place(placing === kind ? null : kind)}
            data-testid={`place-${kind}`}
          >
            {LANDMARK_NAMES[kind]}
          </Button>
        ))}
        <Button disabled={!isAnySet} onClick={() => landmarks.remove()} data-testid="remove-landmarks">
          Remove
        </Button>
      </div>
      {placing ? (
        <div className="plan-buttons">
          <p className="quiet" role="status" data-testid="placing">
            {PLACES[placing]} Esc ends this.
          </p>
          <Button onClick={() => landmarks.setAt(crosshairLpsMm())} data-testid="place-at-crosshair">
            At the crosshair
          </Button>
        </div>
      ) : null}
      {isAnySet ? (
        <dl className="rows" data-testid="landmark-distances">
          {LANDMARK_KINDS.map((kind) => (
            <div key={kind} className="row">
              <dt>{LANDMARK_NAMES[kind]}</dt>
              <dd>{marks.landmarks[kind] ? heightInWords(fromPlane[kind]) : 'not set'}</dd>
            </div>
          ))}
          <div className="row">
            <dt>Ridge to circumflex artery</dt>
            <dd>{distances.apartMm === null ? '–' : `${distances.apartMm.toFixed(1)} mm`}</dd>
          </div>
        </dl>
      ) : (
        <p className="quiet">
          Set both, and the ostium’s plane goes through them, as perpendicular to the appendage’s axis as it
          can.
        </p>
      )}
    </section>
  );
}

const PLACES: Readonly<Record<LandmarkKind, string>> = {
  ridge: 'Click on the ridge between appendage and left upper vein.',
  circumflex: 'Click on the circumflex artery below the ostium.',
};

const ON_PLANE_MM = 0.05;

const heightInWords = (heightMm: number | null): string => {
  if (heightMm === null) return 'set';
  if (Math.abs(heightMm) < ON_PLANE_MM) return 'on the plane';
  return `${Math.abs(heightMm).toFixed(1)} mm ${heightMm > 0 ? 'distal' : 'proximal'} of the plane`;
};
