import { addScaled, distance, normalize, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { perpendicularTo, scatter } from './curves.ts';
import type { LeftHeart } from './leftHeart.ts';
import { gradientAt, surfacePoint } from './shapeField.ts';
import {
  axesAlong,
  complement,
  ellipsoid,
  givingWay,
  halfSpace,
  intersection,
  offset,
  type ShapeBook,
  smoothIntersection,
  tube,
} from './shapes.ts';

/** Sizes and how often: docs/phantom-anatomy.md, "The interatrial septum". */
const FOSSA = {
  longMm: { mean: 18, sd: 4, range: [14, 25] },
  shortShare: [0.68, 1],
  thicknessMm: [1, 2.8],
  /** Its middle lies below that of the septum, mm. */
  lowerMm: [0, 3],
} as const;
const LIMBUS = { widthMm: [4.5, 7.5], thicknessMm: [4, 9] } as const;
/** The right atrium reaches this much further than the septum, presses so far on the left one, and is so deep there, mm. */
const PRESSED = { beyondMm: 4, intoMm: 6, depthMm: [14, 18] } as const;
/** Right, forwards and a little down from the middle of the left atrium; nominal directions of the heart. */
const TOWARDS: Vec3 = normalize([-0.72, -0.62, -0.2]);
/** The columns through the septum end so far beyond it, and so far within the left atrium, mm: before its other wall. */
const REACH_MM = { beyond: 14, within: 10 } as const;
/** From the septum's edge to the middle of the ostium at the least, where the atrium is wide enough, mm. */
const APART_MM = 18;
/** It is pushed away from the ostium by no more than so much of its direction. */
const MOST_PUSH = 0.5;
/** What lies between the atria in front of and below the septum keeps so far from it, mm. */
const ASIDE_MM = { aorta: 3.5, ventricle: 2 } as const;

/** Where the two atria lie against each other. */
export interface Septum {
  /** On the left atrium's wall. */
  readonly centreLpsMm: Vec3;
  /** Unit vector from the left into the right atrium. */
  readonly normal: Vec3;
  /** Columns along the normal, through both atria: the whole septum, and the fossa ovalis within it. */
  readonly column: Shape;
  readonly fossa: Shape;
  /** What the right atrium needs to reach it. */
  readonly bulge: Shape;
  readonly fossaMm: number;
  readonly limbusMm: number;
}

/** Draws a septum on the left atrium's right front wall. */
export function drawSeptum(random: Random, frame: BodyFrame, left: LeftHeart, book: ShapeBook): Septum {
  const u = random.uniform;
  const { mean, sd, range } = FOSSA.longMm;
  const longMm = Math.min(range[1], Math.max(range[0], random.normal(mean, sd)));
  const fossaHalf = [longMm / 2, (longMm / 2) * u(...FOSSA.shortShare)] as const;
  const rimMm = u(...LIMBUS.widthMm);
  const half = [fossaHalf[0] + rimMm, fossaHalf[1] + rimMm] as const;
  const towards = scatter(random, frame.heartDirection(TOWARDS), 0.1);
  const centreLpsMm = wallApart(left, towards, half[0] + APART_MM);
  const { chamberField, centreLpsMm: middle } = left.atrium;
  const outwards = normalize(subtract(centreLpsMm, middle));
  const normal = normalize(addScaled(gradientAt(chamberField, centreLpsMm), outwards, 0.7));
  const axes = axesAlong(normal, random.direction());
  const column = (at: Vec3, [first, second]: readonly [number, number]): Shape =>
    intersection(
      tube(
        [addScaled(at, normal, -REACH_MM.beyond), addScaled(at, normal, REACH_MM.beyond)],
        [second, second],
        {
          axis: axes[0],
          factor: first / second,
        },
      ),
      halfSpace(addScaled(at, normal, -REACH_MM.within), scale(normal, -1)),
    );
  const down = perpendicularTo(frame.heartDirection([0, 0, -1]), normal);
  const depthMm = u(...PRESSED.depthMm);
  return {
    centreLpsMm,
    normal,
    column: book.define('septumColumn', column(centreLpsMm, half)),
    fossa: book.define('fossaColumn', column(addScaled(centreLpsMm, down, u(...FOSSA.lowerMm)), fossaHalf)),
    bulge: ellipsoid(
      addScaled(centreLpsMm, normal, depthMm - PRESSED.intoMm),
      [half[0] + PRESSED.beyondMm, half[1] + PRESSED.beyondMm, depthMm],
      axes,
    ),
    fossaMm: u(...FOSSA.thicknessMm),
    limbusMm: u(...LIMBUS.thicknessMm),
  };
}

/** A place on the chamber's wall in about that direction from its middle, so far from the middle of the ostium. */
function wallApart({ atrium, plane }: LeftHeart, towards: Vec3, apartMm: number): Vec3 {
  const { chamberField, centreLpsMm: middle } = atrium;
  const away = normalize(subtract(middle, plane.pointLpsMm));
  const at = (push: number): Vec3 =>
    surfacePoint(chamberField, middle, normalize(addScaled(towards, away, push)));
  for (let push = 0; push < MOST_PUSH; push += 0.1) {
    if (distance(at(push), plane.pointLpsMm) >= apartMm) return at(push);
  }
  return at(MOST_PUSH);
}

/** The right atrium where the left one leaves room: thin tissue between them in the fossa, thick round it. */
export const besideSeptum = (atrium: Shape, left: LeftHeart, { fossa, fossaMm, limbusMm }: Septum): Shape =>
  intersection(
    givingWay(atrium, left.blood, fossaMm),
    complement(smoothIntersection(3, offset(left.blood, limbusMm), complement(fossa))),
  );

/** Names the tissue between the atria, and the column that bounds it: what they have in common is the septum. */
export function defineSeptum(
  book: ShapeBook,
  left: LeftHeart,
  atrium: Shape,
  aorta: Shape,
  { column, limbusMm }: Septum,
): readonly string[] {
  const between = intersection(offset(left.blood, limbusMm), complement(left.blood), complement(atrium));
  const within = intersection(
    column,
    complement(offset(aorta, ASIDE_MM.aorta)),
    complement(offset(left.ventricle.epicardium, ASIDE_MM.ventricle)),
  );
  book.define('surroundingSeptum', between);
  book.define('surroundingSeptumColumn', within);
  return ['surroundingSeptum', 'surroundingSeptumColumn'];
}
