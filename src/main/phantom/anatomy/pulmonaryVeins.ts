import { addScaled, distance, lerp, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { Atrium } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { perpendicularTo, scatter } from './curves.ts';
import { surfacePoint } from './shapeField.ts';
import { curvedTube } from './shapes.ts';
import { growTree } from './vesselTree.ts';

export interface PulmonaryVein {
  readonly name: string;
  /** The piece from the atrium to the first fork. */
  readonly trunk: Shape;
  /** What follows in the lung. */
  readonly branches: readonly Shape[];
  /** Where it leaves the atrium, and its radius there, mm. */
  readonly ostiumLpsMm: Vec3;
  readonly radiusMm: number;
  /** Its direction there, out of the atrium. */
  readonly direction: Vec3;
}

/** Where the appendage is; the left upper vein lies beside it. */
export interface AppendageSite {
  readonly pointLpsMm: Vec3;
  /** Radius of the appendage's mouth towards the vein, mm. */
  readonly radiusMm: number;
  /** Where this is given, the left upper vein runs along the appendage instead of away from it. */
  readonly beside?: BesideVein;
}

/** A left upper vein that runs along the appendage for centimetres. */
export interface BesideVein {
  /** The appendage's direction at its mouth. */
  readonly direction: Vec3;
  /** How far the vein turns towards it, 0 to 1. */
  readonly weight: number;
  /** From the atrium to the first fork, mm. */
  readonly trunkMm: number;
  /** Between the two mouths, mm. */
  readonly ridgeMm: number;
  /** How far it then bends across the appendage's roof, 0 (goes on along it) to 1 (square over it). */
  readonly over: number;
}

/**
 * Three to five pulmonary veins. The left upper one keeps a drawn distance to the appendage's mouth: the ridge between
 * them, 2–8 mm. Radii: 14–20 mm across at the atrium; a common left trunk in 13 %, a right middle vein in 20 %.
 */
export function buildPulmonaryVeins(
  random: Random,
  frame: BodyFrame,
  atrium: Atrium,
  site: AppendageSite,
): { veins: PulmonaryVein[]; ridgeMm: number } {
  const size = frame.heartScale * Math.cbrt(frame.atriumScale);
  const drawnMm = Math.min(8.5, Math.max(1.2, random.normal(4.2, 2)));
  const ridgeMm = site.beside?.ridgeMm ?? drawnMm;
  const commonLeft = random.chance(0.13);
  const upperRadius = size * random.normal(commonLeft ? 9.5 : 7.7, 1.2, 2);
  const upperOstium = besideAppendage(
    random,
    frame,
    atrium,
    site,
    site.radiusMm + ridgeMm + upperRadius * 0.95,
  );
  const veins: PulmonaryVein[] = [];
  const draw: DrawVeins = {
    size,
    n: (mean, sd) => random.normal(mean, sd, 2.2),
    on: (direction) =>
      surfacePoint(atrium.chamberField, atrium.centreLpsMm, frame.heartDirection(normalize(direction))),
    add: (name, ...drawn) => void veins.push(vein(random.fork(name), frame, atrium, name, ...drawn)),
  };
  const { add, n } = draw;
  add(
    'leftSuperior',
    upperOstium,
    upperRadius,
    [n(0.72, 0.16), n(0.12, 0.28), n(0.5, 0.25)],
    [n(0.75, 0.2), n(0.0, 0.35), n(0.6, 0.3)],
    22,
    site,
  );
  if (!commonLeft) addLeftInferior(random, draw);
  addRight(random, draw);
  return { veins, ridgeMm };
}

/** What the veins of one atrium are drawn with. The order of all draws is part of a seed's phantom. */
interface DrawVeins {
  /** Lengths are multiples of it. */
  readonly size: number;
  n(mean: number, sd: number): number;
  /** The point on the atrium in a direction of the heart. */
  on(direction: Vec3): Vec3;
  /** Its mouth, radius, direction, where it turns, and how many branches it has. */
  add(
    name: string,
    ostiumLpsMm: Vec3,
    radiusMm: number,
    direction: Vec3,
    towards: Vec3,
    limit: number,
    site?: AppendageSite,
  ): void;
}

function addLeftInferior(random: Random, { size, n, on, add }: DrawVeins): void {
  add(
    'leftInferior',
    on([n(0.82, 0.06), n(0.5, 0.1), n(-0.15, 0.14)]),
    size * random.normal(6.8, 1, 2),
    [n(0.75, 0.12), n(0.6, 0.15), n(-0.1, 0.2)],
    [n(0.75, 0.2), n(0.5, 0.2), n(-0.45, 0.25)],
    18,
  );
}

function addRight(random: Random, { size, n, on, add }: DrawVeins): void {
  add(
    'rightSuperior',
    on([n(-0.82, 0.06), n(0.1, 0.12), n(0.45, 0.12)]),
    size * random.normal(8, 1.2, 2),
    [n(-0.85, 0.1), n(-0.1, 0.2), n(0.3, 0.15)],
    [n(-0.7, 0.2), n(-0.3, 0.25), n(0.5, 0.25)],
    14,
  );
  add(
    'rightInferior',
    on([n(-0.8, 0.06), n(0.48, 0.1), n(-0.25, 0.12)]),
    size * random.normal(7.5, 1.1, 2),
    [n(-0.8, 0.1), n(0.55, 0.15), n(-0.2, 0.15)],
    [n(-0.6, 0.2), n(0.5, 0.2), n(-0.5, 0.2)],
    14,
  );
  if (!random.chance(0.2)) return;
  add(
    'rightMiddle',
    on([-0.9, n(0.05, 0.1), n(0.05, 0.08)]),
    size * random.uniform(3, 4.5),
    [-0.9, n(-0.2, 0.1), n(-0.05, 0.1)],
    [-0.8, -0.4, -0.3],
    5,
  );
}

/** The point on the atrium, up and back from the appendage, at a given distance from it. */
function besideAppendage(
  random: Random,
  frame: BodyFrame,
  atrium: Atrium,
  site: AppendageSite,
  distanceMm: number,
): Vec3 {
  const toAppendage = normalize(subtract(site.pointLpsMm, atrium.centreLpsMm));
  const upAndBack = frame.heartDirection(
    normalize([random.normal(0.1, 0.15, 2), random.normal(0.8, 0.16, 2), random.normal(0.5, 0.25, 2)]),
  );
  const side = perpendicularTo(upAndBack, toAppendage);
  let point = site.pointLpsMm;
  for (let angle = 0.1; angle < 1.7; angle += 0.05) {
    const direction: Vec3 = addScaled(
      [toAppendage[0] * Math.cos(angle), toAppendage[1] * Math.cos(angle), toAppendage[2] * Math.cos(angle)],
      side,
      Math.sin(angle),
    );
    point = surfacePoint(atrium.chamberField, atrium.centreLpsMm, normalize(direction));
    if (distance(point, site.pointLpsMm) >= distanceMm) break;
  }
  return point;
}

function vein(
  random: Random,
  frame: BodyFrame,
  atrium: Atrium,
  name: string,
  ostiumLpsMm: Vec3,
  radiusMm: number,
  nominalDirection: Vec3,
  nominalTowards: Vec3,
  limit: number,
  site?: AppendageSite,
): PulmonaryVein {
  const beside = site?.beside;
  const turned = (usual: Vec3, share: number): Vec3 =>
    beside ? normalize(lerp(usual, beside.direction, share * beside.weight)) : usual;
  const direction = turned(frame.heartDirection(normalize(nominalDirection)), 1);
  const towards = turned(frame.heartDirection(normalize(nominalTowards)), 0.6);
  const drawnMm = frame.heartScale * random.uniform(11, 24);
  const trunkMm = beside?.trunkMm ?? drawnMm;
  const middle = addScaled(ostiumLpsMm, direction, trunkMm * 0.55);
  const onward = normalize(lerp(direction, towards, 0.6));
  const end = addScaled(middle, overAppendage(onward, ostiumLpsMm, site), trunkMm * 0.6);
  const squash = random.chance(0.7)
    ? { axis: perpendicularTo(random.direction(), direction), factor: random.uniform(0.66, 0.95) }
    : undefined;
  const root = lerp(ostiumLpsMm, atrium.centreLpsMm, 0.2);
  const endRadius = radiusMm * random.uniform(0.75, 0.95);
  const trunk = curvedTube(
    [root, ostiumLpsMm, middle, end],
    [radiusMm * 1.15, radiusMm * 1.02, radiusMm * 0.92, endRadius],
    2,
    squash,
  );
  const lean = { direction: towards, weight: 0.12 };
  const first = { radiusMm: endRadius * random.uniform(0.7, 0.88), leastRadiusMm: 0.8, limit, lean };
  const second = { ...first, radiusMm: endRadius * random.uniform(0.5, 0.78), limit: Math.ceil(limit / 2) };
  return {
    name,
    trunk,
    branches: [
      ...growTree(random, end, scatter(random, towards, 0.2), first),
      ...growTree(random, end, scatter(random, direction, 0.45), second),
    ],
    ostiumLpsMm,
    radiusMm,
    direction,
  };
}

/** Where the vein goes on to, bent from its own mouth's side of the appendage to the other. */
function overAppendage(onward: Vec3, ostiumLpsMm: Vec3, site: AppendageSite | undefined): Vec3 {
  if (!site?.beside || site.beside.over === 0) return onward;
  const across = perpendicularTo(subtract(site.pointLpsMm, ostiumLpsMm), site.beside.direction);
  return normalize(lerp(onward, across, site.beside.over));
}
