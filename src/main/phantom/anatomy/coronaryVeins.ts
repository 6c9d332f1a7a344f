import { addScaled, lerp, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Shape } from '../scene.ts';
import type { CoronarySite } from './coronarySite.ts';
import { jitter, smoothCurve, spread } from './curves.ts';
import { moveToLevel } from './shapeField.ts';
import { givingWay, tube } from './shapes.ts';

/** Radius of the coronary sinus, mean and SD, mm (docs/phantom-anatomy.md; usual). */
const SINUS_RADIUS_MM = [4.2, 1] as const;
/** Radii of the great cardiac vein from the apex to the groove, mm (usual). */
const GREAT_VEIN_RADII_MM = [0.8, 1.2, 1.7, 2.3] as const;
/** Wall between the veins and the arteries that they cross, mm. */
const ARTERY_WALL_MM = 0.6;

/**
 * The great cardiac vein up beside the anterior descending artery, round the groove, and the coronary sinus into the
 * right atrium; the named shape.
 * @param groove points along the atrioventricular groove
 * @param beside direction from the descending artery to the vein
 */
export function coronaryVeins(
  site: CoronarySite,
  groove: readonly Vec3[],
  descendingPath: readonly Vec3[],
  beside: Vec3,
  arteries: Shape,
): Shape {
  const { random, left, surface } = site;
  const sinusMm = site.radiusMm(...SINUS_RADIUS_MM);
  const inGroove = groove.map((p) =>
    moveToLevel(surface, jitter(random, addScaled(p, left.ventricle.axis, -1), 1), 2.6),
  );
  const interventricular = descendingPath
    .slice(1, 5)
    .reverse()
    .map((p) => jitter(random, addScaled(p, beside, 3), 1));
  const mouth = moveToLevel(surface, site.at(-16, -22, -26, 2), 3, 'both');
  const back = inGroove[inGroove.length - 1]!;
  const under = [0.33, 0.67].map((t) => moveToLevel(surface, lerp(back, mouth, t), 3, 'both'));
  const curve = smoothCurve([...interventricular, ...inGroove, ...under, mouth], 2);
  const radii = spread([...GREAT_VEIN_RADII_MM, sinusMm * 0.8, sinusMm, sinusMm * 1.2], curve.length);
  const outsideAtrium = givingWay(tube(curve, radii), left.blood, left.wallMm);
  return site.book.define('coronaryVeins', givingWay(outsideAtrium, arteries, ARTERY_WALL_MM));
}
