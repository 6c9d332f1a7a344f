import { addScaled, cross, dot, lerp, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter, perpendicularTo, smoothCurve, spread } from './curves.ts';
import type { GreatVessels } from './greatVessels.ts';
import type { LeftHeart } from './leftHeart.ts';
import type { RightHeart } from './rightHeart.ts';
import { moveToLevel } from './shapeField.ts';
import { ball, givingWay, offset, type ShapeBook, tube, union } from './shapes.ts';

export interface Coronaries {
  readonly arteries: Shape;
  readonly veins: Shape;
  readonly calcifications?: Shape;
  readonly stents?: Shape;
  /** Middle line of the circumflex, from the left main's fork on, LPS mm. */
  readonly circumflexLpsMm: readonly Vec3[];
}

/**
 * Left main, anterior descending and circumflex with branches, right coronary; great cardiac vein and coronary sinus.
 * They lie on the heart's surface: the circumflex in the groove between atrium and ventricle, under the appendage.
 */
export function buildCoronaries(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  vessels: GreatVessels,
  right: RightHeart,
  book: ShapeBook,
): Coronaries {
  const size = frame.heartScale;
  const at = (x: number, y: number, z: number, sd = 2): Vec3 => jitter(random, frame.heart(x, y, z), sd);
  const surface = book.field(
    union(
      left.ventricle.epicardium,
      offset(left.blood, left.wallMm),
      offset(vessels.pulmonaryArtery, 1.2),
      offset(right.ventricle, 3),
    ),
  );
  const ventricleSurface = book.field(union(left.ventricle.epicardium, offset(right.ventricle, 3)));
  const r = (mean: number, sd: number) => Math.max(0.7, size * random.normal(mean, sd));
  const fork = moveToLevel(surface, at(19, -41, 11), 2.4);
  const leftMainMm = r(2.2, 0.35);
  const circumflexMm = r(1.6, 0.4);
  const descendingMm = r(1.75, 0.35);
  const ring = mitralRingPath(left, fork);
  const circumflexPath = ring
    .slice(0, random.integer(6, ring.length))
    .map((p) => moveToLevel(surface, jitter(random, p, 0.7), circumflexMm + 0.7));
  const apexward = (from: Vec3, side: Vec3, count: number, share: number): Vec3[] =>
    Array.from({ length: count }, (_, index) => {
      const p = addScaled(
        lerp(from, left.ventricle.apexLpsMm, (share * index) / (count - 1)),
        side,
        index === 0 ? 0 : 14,
      );
      return index === 0
        ? moveToLevel(surface, p, 2)
        : moveToLevel(ventricleSurface, moveToLevel(surface, p, 2), 2, 'both');
    });
  const groove = frame.heartDirection(normalize([-0.25, -0.9, 0.35]));
  const descendingPath = [fork, ...apexward(at(29, -58, 4), groove, 6, 0.95)];
  const artery = (path: readonly Vec3[], from: number, to: number): Shape => {
    const curve = smoothCurve(path, 2);
    return tube(curve, spread([from, from * 0.95, (from + to) / 2, to], curve.length));
  };
  const parts: Shape[] = [
    artery([vessels.rootLpsMm, vessels.leftMainLpsMm, fork], leftMainMm, leftMainMm * 0.9),
    artery([fork, ...circumflexPath], circumflexMm, 0.8),
    artery(descendingPath, descendingMm, 0.9),
  ];
  const lateral = frame.heartDirection(normalize([0.85, -0.1, 0.5]));
  for (let branch = 0; branch < random.integer(1, 3); branch++) {
    const start = circumflexPath[Math.min(circumflexPath.length - 1, 1 + branch * 2)]!;
    parts.push(artery(apexward(start, lateral, 4, random.uniform(0.5, 0.85)), r(1.1, 0.25), 0.6));
  }
  for (let branch = 0; branch < random.integer(1, 2); branch++) {
    const start = descendingPath[2 + branch]!;
    const side = frame.heartDirection(normalize([0.6, -0.6, 0.5]));
    parts.push(artery(apexward(start, side, 4, random.uniform(0.4, 0.8)), r(1, 0.2), 0.6));
  }
  const rightPath = [
    vessels.rightCoronaryLpsMm,
    ...[at(-22, -66, 4), at(-36, -70, -16), at(-34, -58, -40), at(-16, -36, -46)].map((p) =>
      moveToLevel(book.field(union(offset(right.atrium, 2), offset(right.ventricle, 3))), p, 2),
    ),
  ];
  parts.push(artery(rightPath, r(1.8, 0.35), 1));
  const rightBlood = union(vessels.pulmonaryArtery, right.ventricle);
  const arteries = book.define(
    'coronaryArteries',
    givingWay(givingWay(union(...parts), left.blood, left.wallMm * 0.7), rightBlood, 0.8),
  );

  const sinusMm = r(4.2, 1);
  const veinPath = ring.map((p) =>
    moveToLevel(surface, jitter(random, addScaled(p, left.ventricle.axis, -1), 1), 2.6),
  );
  const interventricular = descendingPath
    .slice(1, 5)
    .reverse()
    .map((p) => jitter(random, addScaled(p, lateral, 3), 1));
  const mouth = moveToLevel(surface, at(-16, -22, -26, 2), 3, 'both');
  const back = veinPath[veinPath.length - 1]!;
  const under = [0.33, 0.67].map((t) => moveToLevel(surface, lerp(back, mouth, t), 3, 'both'));
  const veinCurve = smoothCurve([...interventricular, ...veinPath, ...under, mouth], 2);
  const veins = book.define(
    'coronaryVeins',
    givingWay(
      givingWay(
        tube(
          veinCurve,
          spread([0.8, 1.2, 1.7, 2.3, sinusMm * 0.8, sinusMm, sinusMm * 1.2], veinCurve.length),
        ),
        left.blood,
        left.wallMm,
      ),
      arteries,
      0.6,
    ),
  );
  const plaques = random.chance(0.3) ? random.integer(1, 5) : 0;
  const calcified = Array.from({ length: plaques }, () => {
    const path = random.chance(0.5) ? circumflexPath : descendingPath.slice(0, 4);
    const p = jitter(random, path[random.integer(0, path.length - 1)]!, 0.8);
    return random.chance(0.5)
      ? ball(p, random.uniform(0.6, 1.8))
      : tube([p, jitter(random, p, 2.5)], [random.uniform(0.5, 1.2), 0.6]);
  });
  const stent = random.chance(0.05) ? tube(descendingPath.slice(0, 3), [1.9, 1.8, 1.7]) : undefined;
  return {
    arteries,
    veins,
    circumflexLpsMm: smoothCurve([fork, ...circumflexPath], 4),
    ...(calcified.length > 0
      ? { calcifications: book.define('coronaryCalcium', givingWay(union(...calcified), rightBlood, 0.8)) }
      : {}),
    ...(stent
      ? {
          stents: book.define(
            'coronaryStent',
            givingWay(givingWay(offset(stent, 0.35), stent, -0.35), rightBlood, 0.8),
          ),
        }
      : {}),
  };
}

/** Points along the atrioventricular groove, from the coronary fork round the left side to the back. */
function mitralRingPath(left: LeftHeart, fork: Vec3): Vec3[] {
  const { centreLpsMm: centre, axis, radiusMm } = left.atrium.mitral;
  const start = perpendicularTo(subtract(fork, centre), axis);
  const appendageSide = subtract(left.plane.pointLpsMm, centre);
  let across = normalize(cross(axis, start));
  if (dot(across, appendageSide) < 0) across = [-across[0], -across[1], -across[2]];
  return Array.from({ length: 10 }, (_, index) => {
    const angle = 0.35 + index * 0.31;
    const reach = radiusMm + 4;
    return addScaled(addScaled(centre, start, Math.cos(angle) * reach), across, Math.sin(angle) * reach);
  });
}
