import { useStore } from 'zustand';
import { deviceValueInWords, ostiumDistanceRows } from '#shared/planning/deviceInWords.ts';
import { distancesFromOstium } from '#shared/planning/nearbyDistances.ts';
import { words } from '../../words/index.ts';
import type { Review } from '../review/index.ts';

interface SurroundingsSectionProps {
  readonly review: Pick<Review, 'store'>;
}

/** The distances from the ostium's rim to what a network found round it; nothing where none looked. */
export function SurroundingsSection({ review }: SurroundingsSectionProps) {
  const { appendage, current } = useStore(review.store);
  const distances = appendage && current ? distancesFromOstium(appendage, current.report) : [];
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
