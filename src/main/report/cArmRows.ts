import {
  type CArmView,
  perpendicularViews,
  REACHABLE_BETA_DEGREES,
  workingView,
} from '#shared/anatomy/cArmView.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';

export interface CArmRow extends CArmView {
  readonly text: string;
  /** The one nearest to RAO 30°, caudal 20°. */
  readonly isWorkingView: boolean;
}

const STEP_DEGREES = 15;

const named = (degrees: number, positive: string, negative: string): string => {
  const rounded = Math.round(Math.abs(degrees));
  return rounded === 0 ? '0°' : `${degrees > 0 ? positive : negative} ${rounded}°`;
};

const row = (view: CArmView, isWorkingView: boolean): CArmRow => ({
  ...view,
  isWorkingView,
  text: `${named(view.alphaDegrees, 'LAO', 'RAO')}, ${named(view.betaDegrees, 'cranial', 'caudal')}`,
});

/** The reachable views in which the beam is square to the ostium's axis; none where there is no ostium. */
export function cArmRows({ ostium }: Measurements): CArmRow[] {
  if (!ostium) return [];
  const working = workingView(ostium.normal);
  return [
    ...(working ? [row(working, true)] : []),
    ...perpendicularViews(ostium.normal, STEP_DEGREES)
      .filter(({ betaDegrees }) => Math.abs(betaDegrees) <= REACHABLE_BETA_DEGREES)
      .map((view) => row(view, false)),
  ];
}
