import {
  addScaled,
  cross,
  distance,
  dot,
  lerp,
  normalize,
  perpendicular,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import {
  type CentreLine,
  STEP_MM,
  type Surroundings,
  touchesItself,
  walkCentreLine,
} from './appendageCentreLine.ts';
import type { AppendageMouth } from './appendageMouth.ts';
import { type AppendagePlan, drawAppendagePlan } from './appendagePlan.ts';
import { perpendicularTo, rotateAbout, scatter } from './curves.ts';
import { compileField, type Field, fieldAt, gradientAt } from './shapeField.ts';
import { ellipsoid, rough, smoothUnion, tube } from './shapes.ts';

export interface AppendageBody {
  /** The whole appendage, with its roughness; it reaches into the atrium. */
  readonly shape: Shape;
  readonly centreLineLpsMm: readonly Vec3[];
  readonly radiiMm: readonly number[];
  readonly lobeTipsLpsMm: readonly Vec3[];
}

/** The tube begins this far inside of the atrium. */
const ROOT_MM = 8;

/** Draws the body on a mouth. Undefined when it would touch itself: the caller draws again. */
export function buildAppendageBody(
  random: Random,
  mouth: AppendageMouth,
  around: Surroundings,
): AppendageBody | undefined {
  const plan = drawAppendagePlan(random, mouth.morphology, mouth.radiusMm, mouth.base.lengthShare);
  const line = walkCentreLine(random, mouth, plan, around);
  if (touchesItself(line)) return undefined;
  const [neck, ...pieces] = trunkPieces(random, mouth, plan, line);
  const lumps = drawLumps(random, mouth, plan, line, around);
  const lobes = drawLobes(random, mouth, plan, line, around, [...pieces, ...lumps]);
  const lobeTubes = lobes.map((lobe) =>
    tube(lobe.points, lobe.radii, {
      axis: perpendicularTo(random.direction(), normalize(subtract(lobe.points[2]!, lobe.points[0]!))),
      factor: random.uniform(0.5, 1),
    }),
  );
  const blend = random.uniform(1.2, mouth.morphology === 'cauliflower' ? 2.8 : 4);
  const lumpy = rough(
    smoothUnion(blend, ...pieces, ...lumps, ...lobeTubes),
    random.uniform(0.2, 1.3),
    random.uniform(9, 14),
    random.uint32(),
  );
  const pectinate = rough(lumpy, random.uniform(0.1, 0.65), random.uniform(3.8, 7), random.uint32());
  return {
    shape: smoothUnion(2.5, neck!, pectinate),
    centreLineLpsMm: line.points,
    radiiMm: line.radii,
    lobeTipsLpsMm: lobes.map((lobe) => lobe.points[lobe.points.length - 1]!),
  };
}

/**
 * The axis as overlapping tubes whose flat direction turns with the bend; the first one is the smooth neck, which
 * begins inside of the atrium.
 */
function trunkPieces(random: Random, mouth: AppendageMouth, plan: AppendagePlan, line: CentreLine): Shape[] {
  const { points, radii } = line;
  const last = points.length - 1;
  const neckEnd = Math.max(2, Math.round(last * 0.35));
  const pieces: Shape[] = [];
  const start = normalize(subtract(points[1]!, points[0]!));
  const { heightMm, widths } = mouth.base;
  const rootMm = ROOT_MM + heightMm;
  const below = widths.slice(0, -1);
  pieces.push(
    tube(
      [
        ...below.map((_, index) => addScaled(points[0]!, start, -rootMm * (1 - index / below.length))),
        ...everySecond(points.slice(0, neckEnd + 1)),
      ],
      [...below.map((width) => radii[0]! * width), ...everySecond(radii.slice(0, neckEnd + 1))],
      mouth.squash,
    ),
  );
  const factor = Math.max(0.4, mouth.squash.factor * plan.flatten);
  const twist = random.normal(0, 0.5);
  const pieceLength = Math.max(3, Math.round(9 / STEP_MM));
  let flat = mouth.squash.axis;
  for (let from = Math.max(0, neckEnd - 2); from < last; from += pieceLength) {
    const to = Math.min(last, from + pieceLength + 1);
    const along = normalize(subtract(points[to]!, points[from]!));
    flat = transported(flat, along);
    pieces.push(
      tube(everySecond(points.slice(from, to + 1)), everySecond(radii.slice(from, to + 1)), {
        axis: rotateAbout(flat, along, (twist * from) / last),
        factor,
      }),
    );
    if (to === last) break;
  }
  return pieces;
}

/**
 * The flat direction carried over to a new axis; where the axis has turned into it, some direction perpendicular to
 * it.
 */
function transported(flat: Vec3, along: Vec3): Vec3 {
  const rest = addScaled(flat, along, -dot(flat, along));
  return dot(rest, rest) > 0.04 ? normalize(rest) : normalize(cross(along, perpendicular(along)));
}

/** Flattened lumps beside the axis, which make the outline irregular and the body lobulated. */
function drawLumps(
  random: Random,
  mouth: AppendageMouth,
  plan: AppendagePlan,
  { points, radii }: CentreLine,
  around: Surroundings,
): Shape[] {
  const lumps: Shape[] = [];
  for (let index = 0; index < plan.lumps; index++) {
    const at = Math.round(random.uniform(0.45, 1) * (points.length - 1));
    const radius = radii[at]!;
    const along = normalize(subtract(points[at]!, points[at - 1]!));
    const long = perpendicularTo(cross(along, mouth.squash.axis), along);
    const side = rotateAbout(long, along, random.normal(0, 0.7) + (random.chance(0.5) ? Math.PI : 0));
    const centre = addScaled(points[at]!, side, radius * random.uniform(0.2, 0.65));
    const thickness = radius * mouth.squash.factor * plan.flatten * random.uniform(0.65, 1);
    const width = radius * random.uniform(0.55, 0.85);
    const normal = perpendicularTo(scatter(random, mouth.squash.axis, 0.3), side);
    const height = dot(subtract(centre, mouth.pointLpsMm), mouth.axis);
    if (height < width + 5 || fieldAt(around.field, centre) < thickness * 0.75) continue;
    if (reachesFold({ points, radii }, at, centre, width)) continue;
    lumps.push(
      ellipsoid(
        centre,
        [width, thickness, width * random.uniform(0.6, 1)],
        [side, normal, normalize(cross(side, normal))],
      ),
    );
  }
  return lumps;
}

interface Lobe {
  /** Index of the root on the centre line. */
  readonly from: number;
  readonly points: readonly Vec3[];
  readonly radii: readonly number[];
}

function drawLobes(
  random: Random,
  mouth: AppendageMouth,
  plan: AppendagePlan,
  line: CentreLine,
  around: Surroundings,
  body: readonly Shape[],
): Lobe[] {
  const lobes: Lobe[] = [];
  const fields = body.map((shape) => compileField(shape, noNames));
  for (let tries = 0; lobes.length < plan.lobes && tries < plan.lobes * 3; tries++) {
    const lobe = drawLobe(random, mouth, plan, line, around);
    if (!lobe || reachesFold(line, lobe.from, lobe.points[2]!, lobe.radii[1]!) || closesRing(lobe, fields))
      continue;
    lobes.push(lobe);
    fields.push(compileField(tube(lobe.points, lobe.radii), noNames));
  }
  return lobes;
}

const noNames = (name: string): Field => {
  throw new RangeError(`A lobe does not know the shape ${name}.`);
};

/** Whether something of the given radius that grows from the line at `from` comes near another stretch of the line. */
const reachesFold = ({ points, radii }: CentreLine, from: number, point: Vec3, radius: number): boolean =>
  points.some(
    (other, index) =>
      Math.abs(index - from) * STEP_MM > 1.2 * (radii[from]! + radii[index]!) &&
      distance(other, point) < radii[index]! + radius + 1.5,
  );

/** Whether a lobe leaves the body and comes back to it with its tip, which would leave a hole. */
function closesRing({ points, radii }: Lobe, body: readonly Field[]): boolean {
  let widest = Number.NEGATIVE_INFINITY;
  let gap = widest;
  for (let step = 0; step <= 8; step++) {
    const t = step / 4;
    const low = Math.min(1, Math.floor(t));
    const point = lerp(points[low]!, points[low + 1]!, t - low);
    const radius = radii[low]! + (radii[low + 1]! - radii[low]!) * (t - low);
    gap = Math.min(...body.map((field) => fieldAt(field, point))) - radius;
    widest = Math.max(widest, gap);
  }
  return gap < 1.8 && widest > gap + 0.6;
}

/** A blunt cone on the axis, bent a little; undefined where it would reach a neighbour or the ostium's plane. */
function drawLobe(
  random: Random,
  mouth: AppendageMouth,
  plan: AppendagePlan,
  { points, radii }: CentreLine,
  around: Surroundings,
): Lobe | undefined {
  const last = points.length - 1;
  const from = Math.min(last, Math.round(random.uniform(plan.lobeFrom, 1.05) * last));
  const root = points[from]!;
  const along = normalize(subtract(points[Math.min(last, from + 1)]!, points[Math.max(0, from - 1)]!));
  // Lobes stand out of the edges more often than out of the flat sides.
  const edge = perpendicularTo(cross(along, mouth.squash.axis), along);
  const side = rotateAbout(edge, along, random.normal(0, 0.8) + (random.chance(0.5) ? Math.PI : 0));
  const direction = normalize(addScaled(side, along, random.uniform(-0.1, 1)));
  const lengthMm =
    radii[from]! * 0.6 + random.uniform(...plan.lobeLengthMm) * (0.6 + (0.4 * mouth.radiusMm) / 11.5);
  const radius = Math.max(2.2, mouth.radiusMm * random.uniform(...plan.lobeRadius));
  const middle = addScaled(root, direction, lengthMm * 0.5);
  let tip = addScaled(middle, scatter(random, direction, 0.35), lengthMm * 0.5);
  const tipRadius = radius * random.uniform(0.4, 0.9);
  const missing = tipRadius + around.wallMm - fieldAt(around.field, tip);
  if (missing > 0) tip = addScaled(tip, gradientAt(around.field, tip), missing);
  const height = dot(subtract(tip, mouth.pointLpsMm), mouth.axis);
  if (height < tipRadius + 4 || fieldAt(around.field, tip) < tipRadius * 0.5) return undefined;
  return {
    from,
    points: [root, lerp(lerp(root, tip, 0.5), middle, 0.5), tip],
    radii: [radius * random.uniform(1, 1.25), radius, tipRadius],
  };
}

/** Every second value, and the last. */
function everySecond<T>(values: readonly T[]): T[] {
  return values.filter((_, index) => index % 2 === 0 || index === values.length - 1);
}
