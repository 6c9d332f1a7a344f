import {
  add,
  addScaled,
  distance,
  dot,
  lerp,
  normalize,
  perpendicular,
  scale,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { AppendageTruth, Shape } from '../scene.ts';
import { rotateAbout, scatter, spread, squareTo } from './curves.ts';
import { type Field, fieldAt, gradientAt } from './shapeField.ts';
import { rough, smoothUnion, tube } from './shapes.ts';

export type Morphology = AppendageTruth['morphology'];

/** Shares of the four forms (n = 612; CLINICAL.md section 3). */
export const MORPHOLOGY_WEIGHTS: Readonly<Record<Morphology, number>> = {
  windsock: 47,
  chickenWing: 18,
  cauliflower: 29,
  cactus: 6,
};

/** The mouth of the appendage before its body is drawn. */
export interface AppendageMouth {
  readonly morphology: Morphology;
  readonly pointLpsMm: Vec3;
  /** Unit vector into the appendage. */
  readonly axis: Vec3;
  /** Half of the long diameter, mm. */
  readonly radiusMm: number;
  /** The direction in which it is flat, and short over long diameter. */
  readonly squash: { readonly axis: Vec3; readonly factor: number };
}

export interface AppendageBody {
  /** The tubes with their roughness; it reaches into the atrium. */
  readonly shape: Shape;
  readonly centreLineLpsMm: readonly Vec3[];
  readonly radiiMm: readonly number[];
  readonly lobeTipsLpsMm: readonly Vec3[];
}

/** What the appendage must not lie in, and the plane that it must stay beyond. */
export interface Surroundings {
  /** Signed distance to atrium, veins and ventricle. */
  readonly field: Field;
  readonly wallMm: number;
}

interface Plan {
  readonly lengthMm: number;
  /** Arc length at which the bend begins and ends, and its angle in radians. */
  readonly bendFromMm: number;
  readonly bendToMm: number;
  readonly bend: number;
  /** Radius over mouth radius at equal distances along the axis. */
  readonly radiusKnots: readonly number[];
  readonly lobes: number;
  readonly lobeLengthMm: readonly [number, number];
  readonly lobeRadius: readonly [number, number];
  readonly lobeFrom: number;
}

/** Lengths, bends, tapers and lobes by form; volumes and depths come out as published (anatomyStatistics.test.ts). */
function drawPlan(random: Random, mouth: AppendageMouth): Plan {
  const u = random.uniform;
  const size = mouth.radiusMm / 11.5;
  const stretch = 0.55 + 0.45 * size;
  switch (mouth.morphology) {
    case 'windsock': {
      const lengthMm = Math.max(17, random.normal(33, 7)) * stretch;
      return {
        lengthMm,
        bendFromMm: lengthMm * u(0.1, 0.4),
        bendToMm: lengthMm * u(0.6, 1),
        bend: u(0.1, 1.25),
        radiusKnots: [1, u(0.82, 1), u(0.72, 1.02), u(0.6, 0.9), u(0.35, 0.62)],
        lobes: random.integer(0, 3),
        lobeLengthMm: [6, 13],
        lobeRadius: [0.35, 0.6],
        lobeFrom: 0.4,
      };
    }
    case 'chickenWing': {
      const lengthMm = Math.max(24, random.normal(40, 7)) * stretch;
      const bendFromMm = lengthMm * u(0.25, 0.42);
      return {
        lengthMm,
        bendFromMm,
        bendToMm: bendFromMm + u(7, 14) * stretch,
        bend: u(1.35, 2.7),
        radiusKnots: [1, u(0.78, 0.95), u(0.72, 0.98), u(0.6, 0.88), u(0.35, 0.6)],
        lobes: random.integer(0, 2),
        lobeLengthMm: [5, 10],
        lobeRadius: [0.32, 0.5],
        lobeFrom: 0.35,
      };
    }
    case 'cauliflower': {
      const lengthMm = Math.max(12, random.normal(20, 4.5)) * stretch;
      return {
        lengthMm,
        bendFromMm: lengthMm * 0.2,
        bendToMm: lengthMm * 0.9,
        bend: u(0.1, 1.1),
        radiusKnots: [1, u(0.88, 1.05), u(0.8, 1.1), u(0.6, 0.9)],
        lobes: random.integer(4, 8),
        lobeLengthMm: [7, 15],
        lobeRadius: [0.3, 0.55],
        lobeFrom: 0.35,
      };
    }
    case 'cactus': {
      const lengthMm = Math.max(16, random.normal(28, 5)) * stretch;
      return {
        lengthMm,
        bendFromMm: lengthMm * 0.1,
        bendToMm: lengthMm * 0.9,
        bend: u(0.05, 0.7),
        radiusKnots: [1, u(0.85, 1), u(0.75, 0.98), u(0.55, 0.8), u(0.4, 0.6)],
        lobes: random.integer(2, 5),
        lobeLengthMm: [9, 18],
        lobeRadius: [0.32, 0.5],
        lobeFrom: 0.3,
      };
    }
  }
}

/** Draws the body on a mouth. Undefined when it would touch itself: the caller draws again. */
export function buildAppendageBody(
  random: Random,
  mouth: AppendageMouth,
  around: Surroundings,
): AppendageBody | undefined {
  const plan = drawPlan(random, mouth);
  const { points, radii } = walk(random, mouth, plan, around);
  const flat = mouth.squash;
  if (touchesItself(points, radii)) return undefined;

  const lobes: { points: Vec3[]; radii: number[]; from: number }[] = [];
  for (let tries = 0; lobes.length < plan.lobes && tries < plan.lobes * 3; tries++) {
    const lobe = drawLobe(random, mouth, plan, points, radii, around);
    if (!lobe) continue;
    const tip = lobe.points[lobe.points.length - 1]!;
    const clashes = points.some(
      (point, index) =>
        Math.abs(index - lobe.from) * STEP_MM > 1.2 * (radii[lobe.from]! + radii[index]!) &&
        distance(point, tip) < radii[index]! + lobe.radii[1]! + 1.5,
    );
    if (!clashes) lobes.push(lobe);
  }
  const coarse = thin(points, radii);
  const trunk = tube(coarse.points, coarse.radii, flat);
  const neckCount = Math.max(2, Math.round(coarse.points.length * 0.4));
  const neck = tube(coarse.points.slice(0, neckCount), coarse.radii.slice(0, neckCount), flat);
  const blend = random.uniform(1, mouth.morphology === 'cauliflower' ? 2.2 : 3);
  const lobeTubes = lobes.map((lobe) =>
    tube(lobe.points, lobe.radii, {
      axis: squareTo(random.direction(), normalize(subtract(lobe.points[2]!, lobe.points[0]!))),
      factor: random.uniform(0.6, 1),
    }),
  );
  const pectinate = rough(
    smoothUnion(blend, trunk, ...lobeTubes),
    random.uniform(0.1, 1.1),
    random.uniform(3.5, 8),
    random.uint32(),
  );
  return {
    shape: smoothUnion(1.5, neck, pectinate),
    centreLineLpsMm: points,
    radiiMm: radii,
    lobeTipsLpsMm: lobes.map((lobe) => lobe.points[lobe.points.length - 1]!),
  };
}

const STEP_MM = 2;
/** The tube begins this far inside of the atrium. */
const ROOT_MM = 8;

/** Walks from the mouth outward in 2 mm steps, bending as planned and turning aside for the surroundings. */
function walk(random: Random, mouth: AppendageMouth, plan: Plan, around: Surroundings) {
  const count = Math.max(5, Math.round(plan.lengthMm / STEP_MM));
  const radii = spread(plan.radiusKnots, count + 1).map((share) => share * mouth.radiusMm);
  // Two in three bend within the flat plane, the others across it.
  const bendAxis = random.chance(0.66)
    ? scale(mouth.squash.axis, random.chance(0.5) ? 1 : -1)
    : squareTo(random.direction(), mouth.axis);
  const points: Vec3[] = [mouth.pointLpsMm];
  let heading = mouth.axis;
  for (let step = 1; step <= count; step++) {
    const arc = step * STEP_MM;
    if (arc > plan.bendFromMm && arc <= plan.bendToMm + STEP_MM) {
      heading = rotateAbout(
        heading,
        bendAxis,
        (plan.bend * STEP_MM) / Math.max(STEP_MM, plan.bendToMm - plan.bendFromMm),
      );
    }
    heading = scatter(random, heading, 0.05);
    let point = addScaled(points[step - 1]!, heading, STEP_MM);
    const clearance = Math.min(radii[step]! * 0.85 + around.wallMm, arc * 0.6 - 1);
    const missing = clearance - fieldAt(around.field, point);
    if (missing > 0) point = addScaled(point, gradientAt(around.field, point), Math.min(missing, 1.6));
    const height = dot(subtract(point, mouth.pointLpsMm), mouth.axis);
    const needed = Math.min(arc, radii[step]! * 0.9 + 3);
    if (height < needed) point = addScaled(point, mouth.axis, Math.min(needed - height, 1.5));
    heading = normalize(lerp(heading, normalize(subtract(point, points[step - 1]!)), 0.7));
    points.push(addScaled(points[step - 1]!, normalize(subtract(point, points[step - 1]!)), STEP_MM));
  }
  return { points, radii };
}

function touchesItself(points: readonly Vec3[], radii: readonly number[]): boolean {
  for (let a = 0; a < points.length; a++) {
    for (let b = a + 1; b < points.length; b++) {
      const reach = radii[a]! + radii[b]!;
      if ((b - a) * STEP_MM > reach * 1.35 && distance(points[a]!, points[b]!) < reach * 0.92 + 1)
        return true;
    }
  }
  return false;
}

function drawLobe(
  random: Random,
  mouth: AppendageMouth,
  plan: Plan,
  points: readonly Vec3[],
  radii: readonly number[],
  around: Surroundings,
) {
  const from = Math.min(
    points.length - 1,
    Math.round(random.uniform(plan.lobeFrom, 1.05) * (points.length - 1)),
  );
  const root = points[from]!;
  const along = normalize(
    subtract(points[Math.min(points.length - 1, from + 1)]!, points[Math.max(0, from - 1)]!),
  );
  const side = rotateAbout(perpendicular(along), along, random.uniform(0, 2 * Math.PI));
  const direction = normalize(addScaled(side, along, random.uniform(-0.1, 1)));
  const lengthMm =
    radii[from]! * 0.55 + random.uniform(...plan.lobeLengthMm) * (0.6 + (0.4 * mouth.radiusMm) / 11.5);
  const radius = Math.max(2, mouth.radiusMm * random.uniform(...plan.lobeRadius));
  const middle = addScaled(root, direction, lengthMm * 0.5);
  let tip = addScaled(middle, scatter(random, direction, 0.3), lengthMm * 0.5);
  const missing = radius + around.wallMm - fieldAt(around.field, tip);
  if (missing > 0) tip = addScaled(tip, gradientAt(around.field, tip), missing);
  const height = dot(subtract(tip, mouth.pointLpsMm), mouth.axis);
  if (height < radius + 4 || fieldAt(around.field, tip) < radius * 0.5) return undefined;
  return {
    from,
    points: [root, add(scale(lerp(root, tip, 0.5), 0.5), scale(middle, 0.5)), tip],
    radii: [radius, radius * random.uniform(0.85, 1.1), radius * random.uniform(0.45, 0.9)],
  };
}

/** Every second point of the walk, with the root inside of the atrium: enough for the tube. */
function thin(points: readonly Vec3[], radii: readonly number[]) {
  const start = normalize(subtract(points[1]!, points[0]!));
  const kept: Vec3[] = [addScaled(points[0]!, start, -ROOT_MM)];
  const keptRadii: number[] = [radii[0]! * 1.12];
  points.forEach((point, index) => {
    if (index % 2 === 0 || index === points.length - 1) {
      kept.push(point);
      keptRadii.push(radii[index]!);
    }
  });
  return { points: kept, radii: keptRadii };
}
