import { add, cross, dot, perpendicular, scale, subtract, type Vec3 } from '../geometry/vec3.ts';
import type { PlaneLps } from './plane.ts';

/** A caliper's reading: its width and the two points, on the ostium plane, that it touches (or spans). */
export interface DiameterMm {
  readonly lengthMm: number;
  readonly fromLpsMm: Vec3;
  readonly toLpsMm: Vec3;
}

/** The sizes of the ostium, all of the rim's projection on the ostium plane. */
export interface OstiumMeasures {
  readonly areaMm2: number;
  readonly perimeterMm: number;
  /** Of the rim's convex hull; never more than π·D_max (Cauchy). */
  readonly convexPerimeterMm: number;
  /** Largest distance of two points of the rim. */
  readonly maxDiameter: DiameterMm;
  /** Smallest caliper width (Feret): the narrowest pair of parallel lines that hold the rim. */
  readonly minDiameter: DiameterMm;
  /** 2·√(A/π). */
  readonly areaDerivedDiameterMm: number;
  /** P/π. */
  readonly perimeterDerivedDiameterMm: number;
  /** D_max / D_min: 1 for a circle. */
  readonly eccentricityIndex: number;
  /** √(1 − (D_min/D_max)²), that of the ellipse with these diameters: 0 for a circle. */
  readonly eccentricity: number;
  /** Centroid of the projected rim's area. */
  readonly centreLpsMm: Vec3;
}

/**
 * @param rimLpsMm a closed loop, the last point joins the first; at least three points.
 * @throws RangeError for fewer than three points or a rim without area.
 */
export function measureOstium(rimLpsMm: readonly Vec3[], plane: PlaneLps): OstiumMeasures {
  if (rimLpsMm.length < 3) throw new RangeError('A rim needs three points.');
  const u = perpendicular(plane.normal);
  const v = cross(plane.normal, u);
  const flat = rimLpsMm.map((point): Point2 => {
    const offset = subtract(point, plane.pointLpsMm);
    return [dot(offset, u), dot(offset, v)];
  });
  const lift = ([x, y]: Point2): Vec3 => add(plane.pointLpsMm, add(scale(u, x), scale(v, y)));

  let [doubledArea, perimeterMm, momentX, momentY] = [0, 0, 0, 0];
  flat.forEach(([x, y], index) => {
    const [nextX, nextY] = flat[(index + 1) % flat.length]!;
    const term = x * nextY - nextX * y;
    doubledArea += term;
    momentX += (x + nextX) * term;
    momentY += (y + nextY) * term;
    perimeterMm += Math.hypot(nextX - x, nextY - y);
  });
  if (Math.abs(doubledArea) < 1e-9) throw new RangeError('The rim has no area.');
  const areaMm2 = Math.abs(doubledArea) / 2;
  const hull = convexHull(flat);
  const [farA, farB] = farthestPair(hull);
  const [nearA, nearB] = narrowestWidth(hull);
  const maxMm = distance2(farA, farB);
  const minMm = distance2(nearA, nearB);
  return {
    areaMm2,
    perimeterMm,
    convexPerimeterMm: hull.reduce(
      (sum, a, index) => sum + distance2(a, hull[(index + 1) % hull.length]!),
      0,
    ),
    maxDiameter: { lengthMm: maxMm, fromLpsMm: lift(farA), toLpsMm: lift(farB) },
    minDiameter: { lengthMm: minMm, fromLpsMm: lift(nearA), toLpsMm: lift(nearB) },
    areaDerivedDiameterMm: 2 * Math.sqrt(areaMm2 / Math.PI),
    perimeterDerivedDiameterMm: perimeterMm / Math.PI,
    eccentricityIndex: maxMm / minMm,
    eccentricity: Math.sqrt(Math.max(0, 1 - (minMm / maxMm) ** 2)),
    centreLpsMm: lift([momentX / (3 * doubledArea), momentY / (3 * doubledArea)]),
  };
}

type Point2 = readonly [number, number];

const distance2 = (a: Point2, b: Point2): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Andrew's monotone chain; counter-clockwise, without collinear points. */
function convexHull(points: readonly Point2[]): Point2[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (source: readonly Point2[]): Point2[] => {
    const hull: Point2[] = [];
    for (const point of source) {
      while (hull.length >= 2) {
        const [a, b] = [hull[hull.length - 2]!, hull[hull.length - 1]!];
        if ((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0) break;
        hull.pop();
      }
      hull.push(point);
    }
    hull.pop();
    return hull;
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

/** A squared distance shorter than this share of the longest is not the longest, however it is rounded. */
const SURELY_SHORTER = 1 - 1e-9;

function farthestPair(hull: readonly Point2[]): [Point2, Point2] {
  const flat = coordinatesOf(hull);
  let pair: [Point2, Point2] = [hull[0]!, hull[0]!];
  let longest = 0;
  for (let a = 0; a < flat.length; a += 2) {
    for (let b = 0; b < flat.length; b += 2) {
      const x = flat[a]! - flat[b]!;
      const y = flat[a + 1]! - flat[b + 1]!;
      if (x * x + y * y < SURELY_SHORTER * longest * longest) continue;
      const between = Math.hypot(x, y);
      if (between <= longest) continue;
      longest = between;
      pair = [hull[a / 2]!, hull[b / 2]!];
    }
  }
  return pair;
}

/** The narrowest strip has one side on an edge of the hull: its far point and that point's foot on the edge's line. */
function narrowestWidth(hull: readonly Point2[]): [Point2, Point2] {
  const flat = coordinatesOf(hull);
  let best: [Point2, Point2] = [hull[0]!, hull[0]!];
  let bestWidth = Infinity;
  for (let a = 0; a < flat.length; a += 2) {
    const b = (a + 2) % flat.length;
    const [ax, ay] = [flat[a]!, flat[a + 1]!];
    const edge = Math.hypot(ax - flat[b]!, ay - flat[b + 1]!);
    if (edge < 1e-12) continue;
    const normalX = -(flat[b + 1]! - ay) / edge;
    const normalY = (flat[b]! - ax) / edge;
    let width = 0;
    let far = a;
    for (let point = 0; point < flat.length; point += 2) {
      const height = (flat[point]! - ax) * normalX + (flat[point + 1]! - ay) * normalY;
      if (height <= width) continue;
      width = height;
      far = point;
    }
    if (width >= bestWidth) continue;
    bestWidth = width;
    best = [[flat[far]! - width * normalX, flat[far + 1]! - width * normalY], hull[far / 2]!];
  }
  return best;
}

function coordinatesOf(points: readonly Point2[]): Float64Array {
  const flat = new Float64Array(2 * points.length);
  for (let index = 0; index < points.length; index++) {
    flat[2 * index] = points[index]![0];
    flat[2 * index + 1] = points[index]![1];
  }
  return flat;
}
