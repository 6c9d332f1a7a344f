import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { GUIDE_STEPS } from '#shared/contract/planningSteps.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { evidenceOf, type GuideStep, type StepStatus, stepStatus } from './guide/guideStore.ts';
import type { Workspace } from './workspace/workspace.ts';
import './stepBar.css';
import { words } from '../words/index.ts';

interface StepBarProps {
  readonly workspace: Workspace;
  readonly onReport: () => void;
}

function tellHeight(bar: HTMLElement | null): void {
  bar?.parentElement?.style.setProperty('--steps-height', `${bar.offsetHeight}px`);
}

/** Lets the panel's style sheet know how high the steps are: in low windows the tabs stay below them. */
function useKnownHeight(step: GuideStep | null): RefObject<HTMLElement | null> {
  const bar = useRef<HTMLElement>(null);
  // With each step too, before what it asks for is scrolled to.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step decides what the bar holds.
  useLayoutEffect(() => tellHeight(bar.current), [step]);
  useEffect(() => {
    const observer = new ResizeObserver(() => tellHeight(bar.current));
    if (bar.current) observer.observe(bar.current);
    return () => observer.disconnect();
  }, []);
  return bar;
}

/** Steps with a part of the panel that lies far down in it. */
const ASKING: readonly GuideStep[] = ['landingZone', 'device', 'cArm'];

/** From there Tab goes on in what the step asks for, not through all that stands above it. */
function focusAskedPart(): void {
  document.querySelector<HTMLElement>('[data-asked=true]')?.focus({ preventScroll: true });
}

/** The steps of planning, each with a sign of what is still unreviewed, and what the one at hand asks. */
export function StepBar({ workspace, onReport }: StepBarProps) {
  const { guide } = workspace;
  const { step, reviewed } = useStore(guide.store);
  const bar = useKnownHeight(step);
  const review = useStore(workspace.review.store);
  const planning = useStore(workspace.planning.store);
  const evidence = evidenceOf(review, planning);
  const inWords = (of: GuideStep): string =>
    (of === 'report' ? words().stepExport : words().stepReview)[status(of)];
  const status = (of: GuideStep): StepStatus => stepStatus(of, reviewed, evidence[of]);
  return (
    <section
      ref={bar}
      className="panel-section step-bar"
      aria-label={words().steps.title}
      data-testid="step-bar"
    >
      <ol className="steps">
        {GUIDE_STEPS.map((each, at) => (
          <li key={each}>
            <button
              type="button"
              className="step"
              aria-current={each === step ? 'step' : undefined}
              aria-label={`${at + 1} ${words().steps[each]}: ${inWords(each)}`}
              title={`${words().steps[each]}: ${inWords(each)}`}
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
            {ASKING.includes(step) ? (
              <Button className="skip" onClick={focusAskedPart} data-testid="step-skip">
                {words().steps.skip}
              </Button>
            ) : null}
            <p>
              <strong>{words().steps[step]}</strong> <span className="quiet">{inWords(step)}</span>
            </p>
            {step === 'report' ? (
              <Button onClick={onReport} data-testid="step-export">
                {words().common.exportDots}
              </Button>
            ) : (
              <Button
                aria-pressed={status(step) === 'reviewed'}
                disabled={review.isRemaking || review.problem !== null}
                onClick={() => guide.toggle(step)}
                data-testid="step-review"
              >
                <Check size={14} /> {words().steps.reviewed}
              </Button>
            )}
            <IconButton
              variant="plain"
              label={words().steps.leave}
              icon={<X size={14} />}
              onClick={guide.leave}
            />
          </div>
          <p className="quiet step-hint">{words().stepHints[step]}</p>
        </div>
      )}
    </section>
  );
}
