import { useStore } from 'zustand';
import { failure } from '#shared/failures/failure.ts';
import { sectionAt } from '#shared/planning/profileSection.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
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
          : 'The line’s points can be dragged in the planes and in 3D; a double click on the line adds one, Delete removes the one under the pointer.'}
      </p>
      <div className="plan-buttons">
        <Button disabled={!section} onClick={() => section && correction.add(section)} data-testid="line-add">
          Add point at the section
        </Button>
        <Button
          disabled={!section}
          onClick={() => section && correction.removeNearest(section)}
          data-testid="line-remove"
        >
          Remove nearest
        </Button>
        <Button disabled={!isCorrected} onClick={correction.asComputed} data-testid="line-as-computed">
          As computed
        </Button>
      </div>
    </div>
  );
}
