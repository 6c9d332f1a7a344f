import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { tube } from './shapes.ts';

/** The middle line of the pulmonary trunk in nominal heart coordinates: outflow, valve, trunk, fork. */
export const PULMONARY_TRUNK_NOMINAL = {
  outflow: [14, -62, 6],
  valve: [10, -58, 19],
  trunk: [5, -49, 33],
  fork: [3, -28, 45],
} as const;

/** Where the pulmonary trunk and its left branch will lie, a little thinner: the appendage is drawn round it. */
export function nominalPulmonaryTrunk(frame: BodyFrame): Shape {
  const { outflow, valve, trunk, fork } = PULMONARY_TRUNK_NOMINAL;
  const radius = 14.5 * frame.heartScale;
  return tube(
    [outflow, valve, trunk, fork, [18, -10, 52] as const].map(([x, y, z]) => frame.heart(x, y, z)),
    [radius, radius, radius, radius * 0.9, radius * 0.7],
  );
}
