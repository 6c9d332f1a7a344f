import { useStore } from 'zustand';
import type { OutlinePlace } from '#shared/contract/readerMarks.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { Review } from '../review/index.ts';
import { type OutlineCorrection, outlineName } from './outlineCorrection.ts';
import { type Planning, USUAL_LANDING_ZONE_MM } from './planningStore.ts';

interface OutlineSectionProps {
  readonly correction: OutlineCorrection;
  readonly planning: Planning;
  readonly review: Pick<Review, 'store'>;
}

/** The outlines of ostium, landing zone and section corrected by a reader: which are, and back to the surface's. */
export function OutlineSection({ correction, planning, review }: OutlineSectionProps) {
  const { edited, outline } = useStore(correction.store);
  const { profile, sectionMm, landingZoneMm } = useStore(planning.store);
  const { marks } = useStore(review.store);
  if (!profile || profile.withheld) return null;
  const zoneMm = landingZoneMm ?? USUAL_LANDING_ZONE_MM;
  const choices: readonly (readonly [string, OutlinePlace | null, string])[] = [
    [words().common.ostium, 'ostium', 'ostium'],
    [words().common.landingZone, zoneMm, 'landing'],
    [words().plan.section, sectionMm, 'section'],
  ];
  const isUsed = (at: OutlinePlace): boolean =>
    profile.correctedOutlines?.find((known) => known.at === at)?.isUsed ?? true;
  return (
    <section className="panel-section" aria-label={words().plan.outlines} data-testid="outlines">
      <h3>{words().plan.correctOutline}</h3>
      <div className="plan-buttons">
        {choices.map(([label, at, id]) => (
          <Button
            key={id}
            disabled={at === null}
            aria-pressed={at !== null && edited === at && !(id === 'section' && sectionMm === zoneMm)}
            onClick={() => correction.edit(edited === at ? null : at)}
            data-testid={`outline-${id}`}
          >
            {label}
          </Button>
        ))}
      </div>
      <p className="quiet" role="status" data-testid="outline-state">
        {edited === null
          ? words().plan.outlineHint
          : outline === null
            ? words().plan.outlineGone(outlineName(edited))
            : words().plan.outlineDrag(outlineName(edited))}
      </p>
      {marks.outlines.map(({ at }) => (
        <div key={at} className="plan-buttons outline-corrected" data-testid={`corrected-${at}`}>
          <span>
            {outlineName(at)}: {isUsed(at) ? words().plan.corrected : words().plan.notUsed}
          </span>
          <Button onClick={() => correction.look(at)}>{words().plan.show}</Button>
          <Button onClick={() => correction.asComputed(at)} data-testid={`outline-as-computed-${at}`}>
            {words().plan.asComputed}
          </Button>
        </div>
      ))}
    </section>
  );
}
