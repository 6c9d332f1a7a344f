/** What a reader looks at in turn to plan a closure; each builds on those before it. */
export const PLANNING_STEPS = ['region', 'appendage', 'ostium', 'landingZone', 'device', 'cArm'] as const;

/** The same with the report that ends them. */
export const GUIDE_STEPS = [...PLANNING_STEPS, 'report'] as const;

export type PlanningStep = (typeof PLANNING_STEPS)[number];

export const PLANNING_STEP_NAMES: Readonly<Record<PlanningStep, string>> = {
  region: 'Region',
  appendage: 'Appendage',
  ostium: 'Ostium',
  landingZone: 'Landing zone',
  device: 'Device',
  cArm: 'C-arm',
};

/** "Reviewed step by step: region, appendage. Not reviewed: ostium, …"; '' where the reader did not go by steps. */
export function stepsInWords(reviewed: readonly PlanningStep[]): string {
  if (reviewed.length === 0) return '';
  const names = (isReviewed: boolean): string =>
    PLANNING_STEPS.filter((step) => reviewed.includes(step) === isReviewed)
      .map((step) => (step === 'cArm' ? 'C-arm view' : PLANNING_STEP_NAMES[step].toLowerCase()))
      .join(', ');
  const rest = names(false);
  return `Reviewed step by step: ${names(true)}.${rest === '' ? '' : ` Not reviewed: ${rest}.`}`;
}
