import { useStore } from 'zustand';
import { failure } from '#shared/failures/failure.ts';
import { sectionAt } from '#shared/planning/profileSection.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { LineCorrection } from './lineCorrection.ts';
import type { Planning } from './planningStore.ts';

interface LinePointsProps {
  readonly planning: Planning;
  readonly correction: LineCorrection;
  readonly isCorrected: boolean;
}

/** The centre line corrected by its points: what can be done without a pointer, and back to the computed line. */
export function LinePoints({ planning, correction, isCorrected }: LinePointsProps) {
  const { profile, sectionMm, lineHandlesLpsMm } = useStore(planning.store);
  const section = profile && sectionMm !== null ? sectionAt(profile, sectionMm)?.pointLpsMm : undefined;
  if (lineHandlesLpsMm.length === 0 && !isCorrected) return null;
  return (
    <div className="plan-landing" data-testid="line-points">
      <p className="quiet" data-testid="line-state">
        {profile?.computedLineLpsMm
          ? words().sentence(failure('planning.line-corrected'))
          : words().plan.lineHint}
      </p>
      <div className="plan-buttons">
        <Button disabled={!section} onClick={() => section && correction.add(section)} data-testid="line-add">
          {words().plan.addPoint}
        </Button>
        <Button
          disabled={!section}
          onClick={() => section && correction.removeNearest(section)}
          data-testid="line-remove"
        >
          {words().plan.removeNearest}
        </Button>
        <Button disabled={!isCorrected} onClick={correction.asComputed} data-testid="line-as-computed">
          {words().plan.asComputed}
        </Button>
      </div>
    </div>
  );
}
