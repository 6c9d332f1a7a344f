import { createStore, type StoreApi } from 'zustand/vanilla';
import { GUIDE_STEPS, PLANNING_STEPS, type PlanningStep } from '#shared/contract/planningSteps.ts';
import type { PlanningState } from '../../features/planning/index.ts';
import { isSameCase, type ReviewState } from '../../features/review/index.ts';

export type GuideStep = (typeof GUIDE_STEPS)[number];

export const RESULT_TABS = ['measures', 'plan', 'edit', 'history'] as const;
export type ResultTab = (typeof RESULT_TABS)[number];

/** What of each step a reader has looked at; a step that is missing was not reviewed. */
export type ReviewedSteps = Readonly<Partial<Record<GuideStep, string>>>;

/** `changed`: reviewed, and what it shows is another by now. */
export type StepStatus = 'open' | 'reviewed' | 'changed';

interface GuideState {
  /** The tab of the result that is shown. */
  readonly tab: ResultTab;
  /** The step that the reader is at; null: the guide was left, or not begun. */
  readonly step: GuideStep | null;
  readonly reviewed: ReviewedSteps;
  /** Grows with every change that is to be saved. */
  readonly revision: number;
}

type Looked = Pick<ReviewState, 'current' | 'appendage' | 'plane' | 'marks' | 'device' | 'shapeMark'>;
type Planned = Pick<PlanningState, 'landingZoneMm'>;

/** What each step shows, as a text that changes with it. */
export function evidenceOf(
  { current, appendage, plane, marks, device, shapeMark }: Looked,
  { landingZoneMm }: Planned,
): Readonly<Record<GuideStep, string>> {
  const rounded = (values: readonly number[] | undefined): string =>
    (values ?? []).map((value) => value.toFixed(2)).join(' ');
  const region = rounded(current ? [...current.region.centreLpsMm, current.region.edgeMm] : []);
  const shape = `${region}|${shapeMark}`;
  const axis = `${shape}|${rounded(plane?.pointLpsMm)}|${rounded(plane?.normal)}`;
  // Nothing where none is drawn, so that what earlier versions saved still compares equal.
  const drawn = marks.outlines.filter(({ at }) => at === 'ostium').map((outline) => JSON.stringify(outline));
  const ostium = [axis, ...drawn].join('|');
  const zone = `${axis}|${JSON.stringify(marks)}|${landingZoneMm ?? 'tables'}`;
  const placed = `${zone}|${JSON.stringify(device)}`;
  return {
    region,
    appendage: shape,
    ostium,
    landingZone: zone,
    device: placed,
    cArm: axis,
    report: `${placed}|${appendage?.measurements.volumeMl ?? ''}`,
  };
}

/** A reader's way through region, appendage, ostium, landing zone, device and C-arm to the report. Nothing forces it. */
export interface Guide {
  readonly store: StoreApi<GuideState>;
  chooseTab(tab: ResultTab): void;
  /** Shows what a step is about. */
  go(step: GuideStep): void;
  /** Marks a step as reviewed and goes to the next one that is not; one that is reviewed becomes unreviewed. */
  toggle(step: GuideStep): void;
  /** The report is made of what is there now. */
  reported(): void;
  status(step: GuideStep): StepStatus;
  /** Planning steps that were reviewed and have not changed since. */
  reviewedNow(): readonly PlanningStep[];
  leave(): void;
  /** Of saved work, which needs no saving. */
  restore(reviewed: ReviewedSteps): void;
}

interface GuideParts {
  readonly review: StoreApi<ReviewState>;
  readonly planning: StoreApi<PlanningState>;
  /** Shows the views that serve a step. */
  readonly onStep: (step: GuideStep) => void;
}

const TABS: Readonly<Record<GuideStep, ResultTab>> = {
  region: 'edit',
  appendage: 'edit',
  ostium: 'measures',
  landingZone: 'plan',
  device: 'plan',
  cArm: 'plan',
  report: 'measures',
};

/** Whether a step shows now what was reviewed. */
export const stepStatus = (step: GuideStep, reviewed: ReviewedSteps, evidence: string): StepStatus =>
  reviewed[step] === undefined ? 'open' : reviewed[step] === evidence ? 'reviewed' : 'changed';

export function createGuide({ review, planning, onStep }: GuideParts): Guide {
  const store = createStore<GuideState>(() => ({ tab: 'measures', step: null, reviewed: {}, revision: 0 }));
  const state = store.getState;

  const evidence = (): Readonly<Record<GuideStep, string>> =>
    evidenceOf(review.getState(), planning.getState());
  const status = (step: GuideStep): StepStatus => stepStatus(step, state().reviewed, evidence()[step]);
  const go = (step: GuideStep): void => {
    store.setState({ step, tab: TABS[step] });
    onStep(step);
  };
  const keep = (reviewed: ReviewedSteps): void =>
    store.setState(({ revision }) => ({ reviewed, revision: revision + 1 }));
  const mark = (step: GuideStep): void => keep({ ...state().reviewed, [step]: evidence()[step] });

  review.subscribe((after, before) => {
    if (!isSameCase(after.current, before.current))
      store.setState({ tab: 'measures', step: null, reviewed: {} });
  });

  return {
    store,
    chooseTab: (tab) => store.setState({ tab }),
    go,
    toggle(step) {
      if (status(step) === 'reviewed') {
        const { [step]: _, ...rest } = state().reviewed;
        keep(rest);
        return;
      }
      mark(step);
      const after = GUIDE_STEPS.slice(GUIDE_STEPS.indexOf(step) + 1);
      const next = after.find((other) => status(other) !== 'reviewed');
      if (next) go(next);
    },
    reported: () => mark('report'),
    status,
    reviewedNow: () => PLANNING_STEPS.filter((step) => status(step) === 'reviewed'),
    leave: () => store.setState({ step: null }),
    restore: (reviewed) => store.setState({ reviewed }),
  };
}
