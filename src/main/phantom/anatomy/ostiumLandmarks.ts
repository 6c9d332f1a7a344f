import { addScaled, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Atrium } from './atrium.ts';
import { perpendicularTo } from './curves.ts';
import { type Field, surfacePoint } from './shapeField.ts';

/** The crest between the two mouths: the atrial wall half-way, seen from the middle of the atrium. */
export function ridgePoint(
  atrial: Field,
  atrium: Atrium,
  mouth: Vec3,
  vein: Vec3,
  mouthRadiusMm: number,
  veinRadiusMm: number,
): Vec3 {
  const share = (mouthRadiusMm * 0.85 + 1.5) / (mouthRadiusMm * 0.85 + veinRadiusMm + 3);
  const between: Vec3 = [
    mouth[0] + (vein[0] - mouth[0]) * share,
    mouth[1] + (vein[1] - mouth[1]) * share,
    mouth[2] + (vein[2] - mouth[2]) * share,
  ];
  const c = atrium.centreLpsMm;
  const out = normalize([between[0] - c[0], between[1] - c[1], between[2] - c[2]]);
  return surfacePoint(atrial, c, out);
}

/** The point of the mitral ring's rim, where the circumflex runs, that lies under the mouth. */
export function circumflexTarget(atrium: Atrium, mouth: Vec3): Vec3 {
  const { centreLpsMm: m, axis, radiusMm } = atrium.mitral;
  const toMouth = perpendicularTo([mouth[0] - m[0], mouth[1] - m[1], mouth[2] - m[2]], axis);
  return addScaled(m, toMouth, radiusMm + 3);
}
