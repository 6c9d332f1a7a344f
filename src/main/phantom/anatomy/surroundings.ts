import { addScaled, cross, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { SurroundingsTruth } from '../scene.ts';
import type { MitralRing } from './atrium.ts';
import type { Coronaries } from './coronaries.ts';
import { perpendicularTo } from './curves.ts';
import type { GreatVessels } from './greatVessels.ts';
import type { LeftHeart } from './leftHeart.ts';
import type { RightHeart } from './rightHeart.ts';
import { defineSeptum } from './septum.ts';
import { complement, halfSpace, intersection, offset, type ShapeBook, tube, union } from './shapes.ts';

/** Straight pieces of the annulus, and the radius of the tube whose middle line it is, mm. */
const RING = { pieces: 32, tubeMm: 1 } as const;

/**
 * Names what surrounds the appendage: all blood of the left atrium (with appendage and vein trunks), the left upper vein
 * from its mouth to the first fork, the circumflex's trunk, the mitral annulus as a line and, where the atria lie against each
 * other, the septum between them.
 */
export function defineSurroundings(
  book: ShapeBook,
  left: LeftHeart,
  coronaries: Coronaries,
  right: RightHeart,
  vessels: GreatVessels,
): SurroundingsTruth {
  const named = Object.entries({
    surroundingVein: intersection(upperVein(left).trunk, complement(left.appendageWall)),
    surroundingVeinMouth: halfSpace(upperVein(left).ostiumLpsMm, scale(upperVein(left).direction, -1)),
    surroundingCircumflex: coronaries.circumflex,
    surroundingAnnulus: offset(ringTube(left.atrium.mitral), -RING.tubeMm),
  });
  for (const [name, shape] of named) book.define(name, shape);
  return {
    leftAtrium: ['leftAtrialBlood'],
    leftSuperiorVein: ['surroundingVein', 'surroundingVeinMouth'],
    circumflex: ['surroundingCircumflex'],
    mitralAnnulus: ['surroundingAnnulus'],
    ...(right.septum
      ? { interatrialSeptum: defineSeptum(book, left, right.atrium, union(vessels.aorta), right.septum) }
      : {}),
  };
}

function upperVein({ veins }: LeftHeart): LeftHeart['veins'][number] {
  const vein = veins.find(({ name }) => name === 'leftSuperior');
  if (!vein) throw new RangeError('The atrium has no left upper vein.');
  return vein;
}

/** The middle line of the ring as a tube. */
function ringTube({ centreLpsMm, axis, radiusMm }: MitralRing): ReturnType<typeof tube> {
  const first = perpendicularTo([1, 0, 0], axis);
  const second = cross(axis, first);
  const points = Array.from({ length: RING.pieces + 1 }, (_, index): Vec3 => {
    const angle = (2 * Math.PI * index) / RING.pieces;
    return addScaled(
      addScaled(centreLpsMm, first, radiusMm * Math.cos(angle)),
      second,
      radiusMm * Math.sin(angle),
    );
  });
  return tube(
    points,
    points.map(() => RING.tubeMm),
  );
}
