import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import {
  type CArm,
  createCArm,
  createLandmarks,
  createLineCorrection,
  createOutlineCorrection,
  createPlacedDevice,
  createPlanning,
  type Landmarks,
  type LineCorrection,
  type OutlineCorrection,
  type PlacedDevice,
  type Planning,
} from '../../features/planning/index.ts';
import type { Review } from '../../features/review/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import { perpendicularAxes, type View } from './viewStore.ts';

/** What a plan is made of: sizes along the centre line, and what a reader sets by hand. */
export interface PlanningStores {
  readonly planning: Planning;
  readonly landmarks: Landmarks;
  readonly device: PlacedDevice;
  readonly lineCorrection: LineCorrection;
  readonly outlineCorrection: OutlineCorrection;
  readonly cArm: CArm;
}

interface PlanningParts {
  readonly client: AuricleClient;
  readonly review: Review;
  readonly view: View;
  readonly alerts: Alerts;
}

/** Makes the stores of planning; what they want to show turns the planes. */
export function createPlanningStores({ client, review, view, alerts }: PlanningParts): PlanningStores {
  const lookAlong = (crosshairLpsMm: Vec3, normal: Vec3): void =>
    view.change({ crosshairLpsMm, axes: perpendicularAxes(normal, view.store.getState().axes) });
  const planning = createPlanning({
    client,
    review: review.store,
    onSection: ({ pointLpsMm, normal }) => lookAlong(pointLpsMm, normal),
  });
  return {
    planning,
    landmarks: createLandmarks({ client, review, onProblem: alerts.notice }),
    device: createPlacedDevice({
      planning: planning.store,
      review,
      onLook: ({ centreLpsMm, axis }) => lookAlong(centreLpsMm, axis),
    }),
    cArm: createCArm({ review: review.store, planning: planning.store }),
    lineCorrection: createLineCorrection({ review, planning, onProblem: alerts.notice }),
    outlineCorrection: createOutlineCorrection({
      review,
      planning,
      onProblem: alerts.notice,
      onOstium() {
        const { appendage } = review.store.getState();
        const { ostium } = appendage?.measurements ?? {};
        if (ostium && appendage?.ostiumPlane) lookAlong(ostium.centreLpsMm, appendage.ostiumPlane.normal);
      },
    }),
  };
}
