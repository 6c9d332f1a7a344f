import type { Shape } from '../scene.ts';
import { jitter } from './curves.ts';
import { ellipsoid, IDENTITY_AXES, offset, union } from './shapes.ts';
import type { ThoraxSite } from './thoraxSite.ts';

/** The parts of the abdomen that reach into a scan of the heart; none of the shapes is named. */
export interface UpperAbdomen {
  readonly liver: Shape;
  readonly stomachWall: Shape;
  readonly stomachAir: Shape;
}

/** How high the liver's dome reaches above the atrium's middle, mm: the breath is held at any depth. */
const LIVER_TOP_MM = { mean: -8, sd: 14 };
/**
 * Half width, half depth, and half height (little or much in it) of the stomach, its wall, and the scatter of its
 * place, mm.
 */
const STOMACH = { halfWidthMm: 42, halfHeightMm: [40, 66], wallMm: 5, scatterMm: 8 } as const;

/** Right lobe of the liver under the right dome, left lobe under the heart, stomach under the left dome. */
export function buildUpperAbdomen({ random, scale: k, at }: ThoraxSite): UpperAbdomen {
  const top = LIVER_TOP_MM.mean + random.normal(0, LIVER_TOP_MM.sd);
  const liver = union(
    ellipsoid(at(-62, -2, top - 85), [k * 70, k * 80, k * 82], IDENTITY_AXES),
    ellipsoid(at(5, -30, top - 112), [k * 75, k * 52, k * 58], IDENTITY_AXES),
  );
  const { halfWidthMm, halfHeightMm, wallMm, scatterMm } = STOMACH;
  const stomachWall = ellipsoid(
    jitter(random, at(72, 15, top - 95), scatterMm),
    [k * halfWidthMm, k * halfWidthMm, k * random.uniform(...halfHeightMm)],
    IDENTITY_AXES,
  );
  return { liver, stomachWall, stomachAir: offset(stomachWall, -wallMm) };
}
