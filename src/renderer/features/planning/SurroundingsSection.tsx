import { useStore } from 'zustand';
import { deviceValueInWords, ostiumDistanceRows } from '#shared/planning/deviceInWords.ts';
import { distancesFromOstium } from '#shared/planning/nearbyDistances.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { Review } from '../review/index.ts';
import type { LookingAround } from './surroundingsStore.ts';

interface SurroundingsSectionProps {
  readonly review: Pick<Review, 'store'>;
  readonly looking: Pick<LookingAround, 'store' | 'retry'>;
}

/** The distances from the ostium's rim to what a network found round it, or that it is at it; nothing where none looks. */
export function SurroundingsSection({ review, looking }: SurroundingsSectionProps) {
  const { appendage, current } = useStore(review.store);
  const distances = appendage && current ? distancesFromOstium(appendage, current.report) : [];
  const state = useStore(looking.store);
  if (state.kind !== 'idle') {
    return (
      <section className="panel-section" aria-label={words().plan.surroundings} data-testid="surroundings">
        <h3>{words().plan.surroundings}</h3>
        <p className="quiet" role="status" data-testid="surroundings-state">
          {state.kind === 'looking'
            ? words().plan.surroundingsLooking
            : words().plan.surroundingsStopped(state.failure && words().sentence(state.failure))}
        </p>
        {state.kind === 'stopped' ? (
          <Button onClick={looking.retry} data-testid="surroundings-retry">
            {words().plan.lookAgain}
          </Button>
        ) : null}
      </section>
    );
  }
  if (distances.length === 0) return null;
  return (
    <section className="panel-section" aria-label={words().plan.surroundings} data-testid="surroundings">
      <h3>{words().plan.surroundings}</h3>
      <dl className="rows">
        {ostiumDistanceRows(distances, words()).map((row, at) => (
          <div
            key={row.key}
            className="row"
            data-testid={`ostium-${row.key}`}
            title={words().recorded(row.definition)}
          >
            <dt>{words().structures[distances[at]!.structure]}</dt>
            {row.value === null ? (
              <dd className="withheld">{row.withheld}</dd>
            ) : (
              <dd className="number-value">{words().numbersIn(deviceValueInWords(row))}</dd>
            )}
          </div>
        ))}
      </dl>
      <p className="quiet">{words().plan.surroundingsNote}</p>
    </section>
  );
}
