import type { Random } from '#shared/random/random.ts';
import { LABELS } from '../scene.ts';
import type { Paint, Parts, Texture } from './painting.ts';
import { complement, intersection, offset } from './shapes.ts';

/** What lies round the fossa, and how often: docs/phantom-anatomy.md, "The interatrial septum" (ours). */
const LIMBUS_HU = { fat: [-100, -30], mixed: [-30, 60], muscle: [60, 125] } as const;
const LIMBUS_WEIGHTS = { fat: 0.4, mixed: 0.35, muscle: 0.25 } as const;

/** What lies in the septum round the fossa, before the atria's walls: fat, muscle or both. */
export function paintSeptum(
  random: Random,
  { left, right }: Pick<Parts, 'left' | 'right'>,
  paint: Paint,
  texture: Texture,
): void {
  if (!right.septum) return;
  const { column, fossa, limbusMm } = right.septum;
  const limbus = intersection(offset(left.blood, limbusMm), offset(column, 1), complement(fossa));
  const [low, high] = LIMBUS_HU[random.weighted(LIMBUS_WEIGHTS)];
  paint('septum', limbus, LABELS.softTissue, {
    baseHu: random.uniform(low, high),
    texture: texture(random.uniform(8, 30), random.uniform(3, 7)),
  });
}
