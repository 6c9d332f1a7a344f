import { addScaled, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { AppendageBody } from './appendage.ts';
import { STEP_MM } from './appendageCentreLine.ts';
import { cutSection, type OstiumPlane } from './ostium.ts';
import { type Field, fieldAt } from './shapeField.ts';

/**
 * Whether an ostium's plane lies where a reader would put it: where the appendage leaves the atrium, across its neck.
 * A phantom whose plane can only be known from how it was drawn would teach the networks chance, and measure it.
 */

/** The neck: the centre line from the plane on, mm; the shorter piece tells where it sets out to. */
const NECK_MM = { setsOut: 4, whole: 8 } as const;
/** The most that the plane may be from square to where the neck sets out to: 30°. */
const LEAST_SQUARE = Math.cos((30 * Math.PI) / 180);
/**
 * The two landmarks leave the plane one freedom, the turn about the line through both. Turned by this much it may be
 * from where it is squarest to the whole neck: 15°.
 */
const LEAST_UNTURNED = Math.cos((15 * Math.PI) / 180);
/** So far towards the atrium the section must be wider by this factor: the neck ends there. */
const OPENS = { mm: 4, factor: 1.3, spacingMm: 2 } as const;

/** Whether the plane cuts the neck across, as seen from the centre line beyond it. */
export function cutsNeckAcross(
  { normal }: OstiumPlane,
  ridgeLpsMm: Vec3,
  circumflexLpsMm: Vec3,
  lineLpsMm: readonly Vec3[],
): boolean {
  const [from] = lineLpsMm;
  const towards = (mm: number): Vec3 | undefined => {
    const to = lineLpsMm[Math.min(lineLpsMm.length - 1, Math.round(mm / STEP_MM))];
    return from && to && to !== from ? normalize(subtract(to, from)) : undefined;
  };
  const [setsOut, whole] = [towards(NECK_MM.setsOut), towards(NECK_MM.whole)];
  if (!setsOut || !whole || dot(normal, setsOut) < LEAST_SQUARE) return false;
  const across = normalize(subtract(circumflexLpsMm, ridgeLpsMm));
  const squarest = normalize(addScaled(whole, across, -dot(whole, across)));
  return dot(normal, squarest) >= LEAST_UNTURNED;
}

/** Whether the section of appendage and atrium widens from the ostium towards the atrium. */
export function opensTowardsAtrium(lumen: Field, plane: OstiumPlane, areaMm2: number): boolean {
  const below = { ...plane, pointLpsMm: addScaled(plane.pointLpsMm, plane.normal, -OPENS.mm) };
  return cutSection(lumen, below, OPENS.spacingMm, 0).areaMm2 >= OPENS.factor * areaMm2;
}

/** Between appendage and ventricle's cavity lies at least so much muscle, and no part lies deeper in the chamber, mm. */
const APART_MM = { ventricleCavity: 1, chamber: -3 } as const;
/** The lattice on which a lumen is searched for places within its neighbours, mm. */
const SEARCH_MM = 3;

/** The neighbours that an appendage must not lie in. */
export interface Neighbours {
  readonly ventricleCavity: Field;
  readonly chamber: Field;
}

/** Whether a part of the appendage beyond the plane lies in the ventricle's cavity or deep in the atrium. */
export function liesInNeighbours(
  lumen: Field,
  plane: OstiumPlane,
  { centreLineLpsMm, radiiMm }: AppendageBody,
  { ventricleCavity, chamber }: Neighbours,
): boolean {
  const reachMm = Math.max(...radiiMm);
  const bound = (k: 0 | 1 | 2, sign: 1 | -1): number =>
    sign * Math.max(...centreLineLpsMm.map((point) => sign * point[k])) + sign * reachMm;
  for (let x = bound(0, -1); x <= bound(0, 1); x += SEARCH_MM) {
    for (let y = bound(1, -1); y <= bound(1, 1); y += SEARCH_MM) {
      for (let z = bound(2, -1); z <= bound(2, 1); z += SEARCH_MM) {
        const place: Vec3 = [x, y, z];
        if (dot(subtract(place, plane.pointLpsMm), plane.normal) < 0) continue;
        if (
          (ventricleCavity(x, y, z) < APART_MM.ventricleCavity || chamber(x, y, z) < APART_MM.chamber) &&
          fieldAt(lumen, place) < 0
        )
          return true;
      }
    }
  }
  return false;
}
