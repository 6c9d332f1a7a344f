import { Check, X } from 'lucide-react';
import { useStore } from 'zustand';
import { PLANNING_STEP_NAMES } from '#shared/contract/planningSteps.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { evidenceOf, GUIDE_STEPS, type GuideStep, type StepStatus, stepStatus } from './guide/guideStore.ts';
import type { Workspace } from './workspace/workspace.ts';
import './stepBar.css';

const NAMES: Readonly<Record<GuideStep, string>> = { ...PLANNING_STEP_NAMES, report: 'Report' };

const HINTS: Readonly<Record<GuideStep, string>> = {
  region: 'Does the box hold all of the appendage?',
  appendage: 'Does the contour follow the wall in every plane? Correct it with the tools.',
  ostium: 'The axial pane looks along the ostial axis. Move or tilt the plane by its handles.',
  landingZone: 'The axial pane shows the landing zone. Set its depth by the slider.',
  device: 'Sizes that fit, with their compression.',
  cArm: 'Views perpendicular to the ostial axis.',
  report: 'Export documents of what was reviewed.',
};

const REVIEW_WORDS: Readonly<Record<StepStatus, string>> = {
  open: 'not reviewed',
  reviewed: 'reviewed',
  changed: 'changed since',
};

const EXPORT_WORDS: Readonly<Record<StepStatus, string>> = {
  open: 'not exported',
  reviewed: 'exported',
  changed: 'changed since',
};

interface StepBarProps {
  readonly workspace: Workspace;
  readonly onReport: () => void;
}

/** The steps of planning, each with a sign of what is still unreviewed, and what the one at hand asks. */
export function StepBar({ workspace, onReport }: StepBarProps) {
  const { guide } = workspace;
  const { step, reviewed } = useStore(guide.store);
  const review = useStore(workspace.review.store);
  const planning = useStore(workspace.planning.store);
  const evidence = evidenceOf(review, planning);
  const inWords = (of: GuideStep): string => (of === 'report' ? EXPORT_WORDS : REVIEW_WORDS)[status(of)];
  const status = (of: GuideStep): StepStatus => stepStatus(of, reviewed, evidence[of]);
  return (
    <section className="panel-section step-bar" aria-label="Planning steps" data-testid="step-bar">
      <ol className="steps">
        {GUIDE_STEPS.map((each, at) => (
          <li key={each}>
            <button
              type="button"
              className="step"
              aria-current={each === step ? 'step' : undefined}
              aria-label={`${at + 1} ${NAMES[each]}: ${inWords(each)}`}
              title={`${NAMES[each]}: ${inWords(each)}`}
              data-status={status(each)}
              data-testid={`step-${each}`}
              onClick={() => guide.go(each)}
            >
              {status(each) === 'reviewed' ? <Check size={13} /> : at + 1}
            </button>
          </li>
        ))}
      </ol>
      {step === null ? null : (
        <div data-testid="step-at-hand">
          <div className="step-at-hand">
            <p>
              <strong>{NAMES[step]}</strong> <span className="quiet">{inWords(step)}</span>
            </p>
            {step === 'report' ? (
              <Button onClick={onReport} data-testid="step-export">
                Export…
              </Button>
            ) : (
              <Button
                aria-pressed={status(step) === 'reviewed'}
                disabled={review.isRemaking || review.problem !== null}
                onClick={() => guide.toggle(step)}
                data-testid="step-review"
              >
                <Check size={14} /> Reviewed
              </Button>
            )}
            <IconButton
              variant="plain"
              label="Leave the steps"
              icon={<X size={14} />}
              onClick={guide.leave}
            />
          </div>
          <p className="quiet step-hint">{HINTS[step]}</p>
        </div>
      )}
    </section>
  );
}
