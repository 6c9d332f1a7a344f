import type { Surroundings } from '#shared/contract/surroundings.ts';
import type { MarkedPoint } from '../../viewer/types.ts';
import type { PageWords } from '../../words/index.ts';

/** The same points for the same surroundings: a scene is compared with the one before, point by point. */
const known = new WeakMap<
  Surroundings,
  { readonly names: object; readonly points: readonly MarkedPoint[] }
>();

/** Where a network found what surrounds the appendage, as the planes show it while somebody plans. */
export function foundPlaces(
  surroundings: Surroundings | null,
  { structures: names }: Pick<PageWords, 'structures'>,
): readonly MarkedPoint[] {
  if (!surroundings) return [];
  const before = known.get(surroundings);
  if (before?.names === names) return before.points;
  const points = surroundings.structures.flatMap(({ name, pointsLpsMm }) =>
    pointsLpsMm.map(
      (pointLpsMm, at): MarkedPoint => ({
        id: `found:${name}:${at}`,
        pointLpsMm,
        label: names[name],
        kind: 'found',
      }),
    ),
  );
  known.set(surroundings, { names, points });
  return points;
}
