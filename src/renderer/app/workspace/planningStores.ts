import type { AuricleClient } from '#shared/contract/auricle.ts';
import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { PROFILE_STEP_MM, sectionAt } from '#shared/planning/profileSection.ts';
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

/** A plane is the section's where their normals agree to half a degree, and the crosshair lies in it. */
const SAME_DIRECTION = Math.cos(Math.PI / 360);
const SAME_PLANE_MM = 0.1;

/** What a plan is made of: sizes along the centre line, and what a reader sets by hand. */
export interface PlanningStores {
  readonly planning: Planning;
  readonly landmarks: Landmarks;
  readonly device: PlacedDevice;
  readonly lineCorrection: LineCorrection;
  readonly outlineCorrection: OutlineCorrection;
  readonly cArm: CArm;
  /**
   * Moves the section that the axial pane shows along the centre line, as the plot does: up is towards the tip, whichever
   * way the pane looks along the line.
   * @returns whether it shows one
   */
  slideSection(steps: number): boolean;
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
  const slideSection = (steps: number): boolean => {
    const { shown, profile, sectionMm } = planning.store.getState();
    const section = shown && profile && sectionMm !== null ? sectionAt(profile, sectionMm) : null;
    if (!section) return false;
    const { crosshairLpsMm, axes } = view.store.getState();
    const along = dot(axes[2], section.normal);
    const heightMm = dot(subtract(crosshairLpsMm, section.pointLpsMm), section.normal);
    // Turned or moved away from the section, the plane is scrolled as any other.
    if (Math.abs(along) < SAME_DIRECTION || Math.abs(heightMm) > SAME_PLANE_MM) return false;
    planning.moveSection(Math.max(0, section.distanceMm + steps * PROFILE_STEP_MM));
    return true;
  };
  return {
    slideSection,
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
