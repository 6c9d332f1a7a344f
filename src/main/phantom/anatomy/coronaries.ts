import { addScaled, cross, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { artery, type CoronarySite, createCoronarySite } from './coronarySite.ts';
import { coronaryVeins } from './coronaryVeins.ts';
import { jitter, perpendicularTo, smoothCurve } from './curves.ts';
import type { GreatVessels } from './greatVessels.ts';
import type { LeftHeart } from './leftHeart.ts';
import { CORONARY_FORK_NOMINAL, GROOVE } from './ostiumLandmarks.ts';
import type { RightHeart } from './rightHeart.ts';
import { moveToLevel } from './shapeField.ts';
import { ball, givingWay, offset, type ShapeBook, tube, union } from './shapes.ts';

export interface Coronaries {
  readonly arteries: Shape;
  readonly veins: Shape;
  readonly calcifications?: Shape;
  readonly stents?: Shape;
  /** The circumflex's trunk alone, from the left main's fork on. */
  readonly circumflex: Shape;
  /** Middle line of the circumflex, from the left main's fork on, LPS mm. */
  readonly circumflexLpsMm: readonly Vec3[];
}

/** Radii where the arteries begin, mean and SD, mm: half of the diameters in docs/phantom-anatomy.md (usual). */
const RADIUS_MM = {
  leftMain: [2.2, 0.35],
  circumflex: [1.6, 0.4],
  descending: [1.75, 0.35],
  marginal: [1.1, 0.25],
  diagonal: [1, 0.2],
  right: [1.8, 0.35],
} as const;
/** Radii where they end, mm. */
const END_RADIUS_MM = { circumflex: 0.8, descending: 0.9, branch: 0.6, right: 1 } as const;
/** Plaques and stents: docs/phantom-anatomy.md (ours). */
const PLAQUES = { chance: 0.3, fewest: 1, most: 5 } as const;
const STENT = { chance: 0.05, radiiMm: [1.9, 1.8, 1.7], wallMm: 0.35 } as const;
/** Between the coronary arteries and the blood of the right heart, mm. */
const RIGHT_WALL_MM = 0.8;

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
  const site = createCoronarySite(random, frame, left, vessels, right, book);
  const leftTree = leftCoronary(site);
  const { fork, groove, circumflexPath, descendingPath, lateral } = leftTree;
  const rightBlood = union(vessels.pulmonaryArtery, right.ventricle);
  const all = union(...leftTree.shapes, rightCoronary(site));
  const arteries = book.define(
    'coronaryArteries',
    givingWay(givingWay(all, left.blood, left.wallMm * 0.7), rightBlood, RIGHT_WALL_MM),
  );
  const veins = coronaryVeins(site, groove, descendingPath, lateral, arteries);
  const calcified = plaques(random, circumflexPath, descendingPath);
  const stent = random.chance(STENT.chance) ? tube(descendingPath.slice(0, 3), STENT.radiiMm) : undefined;
  const besideRight = (name: string, shape: Shape): Shape =>
    book.define(name, givingWay(shape, rightBlood, RIGHT_WALL_MM));
  return {
    arteries,
    veins,
    circumflex: leftTree.circumflex,
    circumflexLpsMm: smoothCurve([fork, ...circumflexPath], 4),
    ...(calcified.length > 0 ? { calcifications: besideRight('coronaryCalcium', union(...calcified)) } : {}),
    ...(stent ? { stents: besideRight('coronaryStent', meshAround(stent)) } : {}),
  };
}

/** The metal of a stent: a thin shell round the tube that it lines. */
const meshAround = (lumen: Shape): Shape => givingWay(offset(lumen, STENT.wallMm), lumen, -STENT.wallMm);

interface LeftCoronary {
  readonly shapes: readonly Shape[];
  /** One of them. */
  readonly circumflex: Shape;
  /** Where the left main divides, LPS mm. */
  readonly fork: Vec3;
  /** Points along the atrioventricular groove from the fork on, LPS mm. */
  readonly groove: readonly Vec3[];
  readonly circumflexPath: readonly Vec3[];
  readonly descendingPath: readonly Vec3[];
  /** The direction in which marginal branches bulge. */
  readonly lateral: Vec3;
}

function leftCoronary(site: CoronarySite): LeftCoronary {
  const { random, frame, left, vessels, surface } = site;
  const fork = moveToLevel(surface, site.at(...CORONARY_FORK_NOMINAL), 2.4);
  const leftMainMm = site.radiusMm(...RADIUS_MM.leftMain);
  const circumflexMm = site.radiusMm(...RADIUS_MM.circumflex);
  const descendingMm = site.radiusMm(...RADIUS_MM.descending);
  const { path: groove, under } = groovePath(left, fork);
  const circumflexPath = groove
    .slice(0, Math.max(under + 2, random.integer(6, groove.length)))
    .map((p, index) => {
      const onHeart = moveToLevel(surface, jitter(random, p, 0.7), circumflexMm + 0.7);
      // Under the mouth it passes where the ostium's plane was laid through it.
      return index === under ? p : onHeart;
    });
  const interventricular = frame.heartDirection(normalize([-0.25, -0.9, 0.35]));
  const descendingPath = [fork, ...site.apexward(site.at(29, -58, 4), interventricular, 6, 0.95)];
  const lateral = frame.heartDirection(normalize([0.85, -0.1, 0.5]));
  const circumflex = artery([fork, ...circumflexPath], circumflexMm, END_RADIUS_MM.circumflex);
  return {
    shapes: [
      artery([vessels.rootLpsMm, vessels.leftMainLpsMm, fork], leftMainMm, leftMainMm * 0.9),
      circumflex,
      artery(descendingPath, descendingMm, END_RADIUS_MM.descending),
      ...marginalBranches(site, circumflexPath, lateral),
      ...diagonalBranches(site, descendingPath),
    ],
    circumflex,
    fork,
    groove,
    circumflexPath,
    descendingPath,
    lateral,
  };
}

/** One to three branches of the circumflex over the left ventricle's side. */
function marginalBranches(site: CoronarySite, circumflexPath: readonly Vec3[], lateral: Vec3): Shape[] {
  const { random } = site;
  const branches: Shape[] = [];
  // The count is drawn again before each branch, so that few branches are likelier than many.
  while (branches.length < random.integer(1, 3)) {
    const start = circumflexPath[Math.min(circumflexPath.length - 1, 1 + branches.length * 2)]!;
    const path = site.apexward(start, lateral, 4, random.uniform(0.5, 0.85));
    branches.push(artery(path, site.radiusMm(...RADIUS_MM.marginal), END_RADIUS_MM.branch));
  }
  return branches;
}

/** One or two branches of the anterior descending artery. */
function diagonalBranches(site: CoronarySite, descendingPath: readonly Vec3[]): Shape[] {
  const { random } = site;
  const side = site.frame.heartDirection(normalize([0.6, -0.6, 0.5]));
  const branches: Shape[] = [];
  while (branches.length < random.integer(1, 2)) {
    const start = descendingPath[2 + branches.length]!;
    const path = site.apexward(start, side, 4, random.uniform(0.4, 0.8));
    branches.push(artery(path, site.radiusMm(...RADIUS_MM.diagonal), END_RADIUS_MM.branch));
  }
  return branches;
}

/** Down the right atrioventricular groove and round to the back. */
function rightCoronary(site: CoronarySite): Shape {
  const { right, vessels } = site;
  const rightSurface = site.book.field(union(offset(right.atrium, 2), offset(right.ventricle, 3)));
  const nominal = [
    site.at(-22, -66, 4),
    site.at(-36, -70, -16),
    site.at(-34, -58, -40),
    site.at(-16, -36, -46),
  ];
  const path = [vessels.rightCoronaryLpsMm, ...nominal.map((p) => moveToLevel(rightSurface, p, 2))];
  return artery(path, site.radiusMm(...RADIUS_MM.right), END_RADIUS_MM.right);
}

/** Calcified plaques on the left coronary arteries: grains and short streaks. */
function plaques(random: Random, circumflexPath: readonly Vec3[], descendingPath: readonly Vec3[]): Shape[] {
  const count = random.chance(PLAQUES.chance) ? random.integer(PLAQUES.fewest, PLAQUES.most) : 0;
  return Array.from({ length: count }, () => {
    const path = random.chance(0.5) ? circumflexPath : descendingPath.slice(0, 4);
    const p = jitter(random, path[random.integer(0, path.length - 1)]!, 0.8);
    return random.chance(0.5)
      ? ball(p, random.uniform(0.6, 1.8))
      : tube([p, jitter(random, p, 2.5)], [random.uniform(0.5, 1.2), 0.6]);
  });
}

/** How far the points beside the landmark are drawn to its level and to the ostium's plane. */
const DRAWN = [1, 0.65, 0.3] as const;

/**
 * Points along the atrioventricular groove, from the coronary fork round the left side to the back; the one with index
 * `under` is the circumflex landmark of the ostium; its neighbours are drawn towards its level and the ostium's plane.
 */
function groovePath(left: LeftHeart, fork: Vec3): { path: Vec3[]; under: number } {
  const { centreLpsMm: centre, axis, radiusMm } = left.atrium.mitral;
  const start = perpendicularTo(subtract(fork, centre), axis);
  const landmark = subtract(left.circumflexLpsMm, centre);
  let across = normalize(cross(axis, start));
  if (dot(across, landmark) < 0) across = [-across[0], -across[1], -across[2]];
  const angleUnder = Math.atan2(dot(landmark, across), dot(landmark, start));
  const under = Math.min(
    GROOVE.points - 2,
    Math.max(0, Math.round((angleUnder - GROOVE.fromAngle) / GROOVE.stepAngle)),
  );
  const reachUnder = Math.hypot(dot(landmark, across), dot(landmark, start));
  const path = Array.from({ length: GROOVE.points }, (_, index) => {
    if (index === under) return left.circumflexLpsMm;
    const angle = angleUnder + (index - under) * GROOVE.stepAngle;
    const drawn = DRAWN[Math.abs(index - under)] ?? 0;
    const usual = radiusMm + GROOVE.outsideRingMm;
    const reach = usual + drawn * (reachUnder - usual);
    const onRing = addScaled(
      addScaled(centre, start, Math.cos(angle) * reach),
      across,
      Math.sin(angle) * reach,
    );
    const level = addScaled(onRing, axis, drawn * dot(landmark, axis));
    const height = dot(subtract(level, left.plane.pointLpsMm), left.plane.normal);
    return addScaled(level, left.plane.normal, -drawn * height);
  });
  return { path, under };
}
