import { type CArm, type Planning, USUAL_LANDING_ZONE_MM } from '../../features/planning/index.ts';
import type { Review } from '../../features/review/index.ts';
import type { Guide, GuideStep } from '../guide/guideStore.ts';
import type { ScanFlow } from './scanFlow.ts';
import { perpendicularAxes, type View } from './viewStore.ts';

interface StepParts {
  readonly view: View;
  readonly review: Review;
  readonly planning: Planning;
  readonly cArm: Pick<CArm, 'link'>;
  readonly flow: Pick<ScanFlow, 'lookAtRegion' | 'lookAtResult'>;
  readonly guide: Guide;
}

/** Shows the views that serve a step of planning. */
export function showStep(step: GuideStep, parts: StepParts): void {
  const { view, review, planning, cArm, flow, guide } = parts;
  cArm.link(step === 'cArm');
  switch (step) {
    case 'region':
      planning.moveSection(null);
      view.straighten();
      flow.lookAtRegion();
      return;
    case 'appendage':
      planning.moveSection(null);
      view.straighten();
      flow.lookAtResult();
      return;
    case 'ostium': {
      planning.moveSection(null);
      flow.lookAtResult();
      const { plane } = review.store.getState();
      if (plane) view.change({ axes: perpendicularAxes(plane.normal, view.store.getState().axes) });
      return;
    }
    case 'landingZone':
    case 'device':
      // The sizes along the centre line may still be measured.
      void planning.settledPlan().then(() => {
        if (guide.store.getState().step !== step) return;
        planning.moveSection(planning.store.getState().landingZoneMm ?? USUAL_LANDING_ZONE_MM);
      });
      return;
    case 'cArm':
    case 'report':
      return;
  }
}
