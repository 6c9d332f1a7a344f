import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { GRADIENT_STEP_MM, type LocalField } from './localField.ts';
import { CAP, type Surfels, WALL } from './surfels.ts';
import { blocksNear, NO_SURFACE_MM, nearestDiscs, type surfelBlocks } from './truthDiscs.ts';

/** What the distances of points to a lumen's surface are measured on. Points are relative to the cube's centre, mm. */
export interface LumenSurface {
  readonly surfels: Surfels;
  readonly blocks: ReturnType<typeof surfelBlocks>;
  readonly discRadiusMm: number;
  /** The appendage's open-ended body, in LPS. */
  readonly field: LocalField;
  readonly centreLpsMm: Vec3;
  readonly ostiumPointLpsMm: Vec3;
  readonly ostiumNormal: Vec3;
}

/** For each point of a batch the nearest point (foot) on wall and cap, 3 coordinates each, and its distance, mm. */
interface Feet {
  readonly places: readonly [Float64Array, Float64Array];
  readonly distancesMm: readonly [Float64Array, Float64Array];
}

/** Signed distance to the closed lumen and unsigned distance to the wall, 2·N into `targets`, of a batch of points. */
export function measurePoints(surface: LumenSurface, points: Float64Array, targets: Float32Array): void {
  const feet = nearestFeet(surface, points);
  focusOn(surface.field, surface.centreLpsMm, points, feet.distancesMm, feet.places);
  refineWallFeet(surface, points, feet);
  refineCapFeet(surface, points, feet);
  const body = surface.field.values(toLps(surface, points));
  const [wallMm, capMm] = [feet.distancesMm[WALL], feet.distancesMm[CAP]];
  for (let n = 0; n < points.length / 3; n++) {
    const magnitude = Math.min(wallMm[n]!, capMm[n]!);
    const isInside = body[n]! < 0 && heightAboveOstium(surface, points, 3 * n) > 0;
    targets[2 * n] = isInside ? -magnitude : magnitude;
    targets[2 * n + 1] = wallMm[n]!;
  }
}

function nearestFeet({ surfels, blocks, discRadiusMm }: LumenSurface, points: Float64Array): Feet {
  const count = points.length / 3;
  const near = blocksNear(blocks, discRadiusMm, points);
  const places = [new Float64Array(points.length), new Float64Array(points.length)] as const;
  const distancesMm = [new Float64Array(count), new Float64Array(count)] as const;
  for (let n = 0; n < count; n++) {
    nearestDiscs(
      surfels,
      near,
      discRadiusMm,
      points,
      n,
      distancesMm[WALL],
      distancesMm[CAP],
      places[WALL],
      places[CAP],
    );
  }
  return { places, distancesMm };
}

/** One Newton step of each wall foot onto the body, and not beyond the rim. */
function refineWallFeet(surface: LumenSurface, points: Float64Array, { places, distancesMm }: Feet): void {
  const [feet, nearest] = [places[WALL], distancesMm[WALL]];
  const { ostiumNormal: normal } = surface;
  const lps = toLps(surface, feet);
  const body = surface.field.values(lps).slice();
  const slope = surface.field.gradients(lps).slice();
  for (let n = 0; n < nearest.length; n++) {
    if (nearest[n]! >= NO_SURFACE_MM) continue;
    const gradient: Vec3 = [slope[3 * n]!, slope[3 * n + 1]!, slope[3 * n + 2]!];
    moveFoot(feet, n, body[n]!, gradient, surface.discRadiusMm);
    const height = heightAboveOstium(surface, feet, 3 * n);
    if (height < 0) for (let a = 0; a < 3; a++) feet[3 * n + a] = feet[3 * n + a]! - height * normal[a]!;
    nearest[n] = footDistance(points, feet, n);
  }
}

/** One Newton step of each cap foot outside of the body: within the ostium's plane, back into the body. */
function refineCapFeet(surface: LumenSurface, points: Float64Array, { places, distancesMm }: Feet): void {
  const [feet, nearest] = [places[CAP], distancesMm[CAP]];
  const { ostiumNormal: normal } = surface;
  const lps = toLps(surface, feet);
  const body = surface.field.values(lps).slice();
  const slope = surface.field.gradients(lps).slice();
  for (let n = 0; n < nearest.length; n++) {
    if (nearest[n]! >= NO_SURFACE_MM || body[n]! <= 0) continue;
    const g: Vec3 = [slope[3 * n]!, slope[3 * n + 1]!, slope[3 * n + 2]!];
    const across = g[0] * normal[0] + g[1] * normal[1] + g[2] * normal[2];
    const inPlane = perAxis((axis) => g[axis] - across * normal[axis]);
    moveFoot(feet, n, body[n]!, inPlane, surface.discRadiusMm);
    nearest[n] = footDistance(points, feet, n);
  }
}

const toLps = ({ centreLpsMm }: LumenSurface, points: Float64Array): Float64Array =>
  points.map((value, n) => value + centreLpsMm[n % 3]!);

const heightAboveOstium = (
  { centreLpsMm: centre, ostiumPointLpsMm: ostium, ostiumNormal: normal }: LumenSurface,
  p: Float64Array,
  at: number,
): number =>
  (p[at]! + centre[0] - ostium[0]) * normal[0] +
  (p[at + 1]! + centre[1] - ostium[1]) * normal[1] +
  (p[at + 2]! + centre[2] - ostium[2]) * normal[2];

/** Prunes the field for the ball round points and feet; what is left gives the same numbers there. */
function focusOn(
  field: LocalField,
  centre: Vec3,
  points: Float64Array,
  nearest: readonly [Float64Array, Float64Array],
  feet: readonly [Float64Array, Float64Array],
): void {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const include = (places: Float64Array, n: number): void => {
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, places[3 * n + axis]!);
      high[axis] = Math.max(high[axis]!, places[3 * n + axis]!);
    }
  };
  for (let n = 0; 3 * n < points.length; n++) {
    include(points, n);
    // A point without a foot keeps the cube's centre for one, where the field's value is not used.
    for (const kind of [WALL, CAP]) if (nearest[kind]![n]! < NO_SURFACE_MM) include(feet[kind]!, n);
  }
  const middle = perAxis((axis) => (low[axis]! + high[axis]!) / 2);
  const radius = Math.hypot(high[0]! - middle[0], high[1]! - middle[1], high[2]! - middle[2]);
  field.focus(
    middle[0] + centre[0],
    middle[1] + centre[1],
    middle[2] + centre[2],
    radius + 4 * GRADIENT_STEP_MM,
  );
}

/** One Newton step of a foot towards the zero set, no longer than the disc is wide. */
function moveFoot(feet: Float64Array, n: number, value: number, [gx, gy, gz]: Vec3, longest: number): void {
  const squared = Math.max(gx * gx + gy * gy + gz * gz, 1e-3);
  const limit = longest / Math.sqrt(squared);
  const step = Math.min(Math.max(value / squared, -limit), limit);
  feet[3 * n] = feet[3 * n]! - gx * step;
  feet[3 * n + 1] = feet[3 * n + 1]! - gy * step;
  feet[3 * n + 2] = feet[3 * n + 2]! - gz * step;
}

const footDistance = (points: Float64Array, feet: Float64Array, n: number): number =>
  Math.hypot(
    points[3 * n]! - feet[3 * n]!,
    points[3 * n + 1]! - feet[3 * n + 1]!,
    points[3 * n + 2]! - feet[3 * n + 2]!,
  );
