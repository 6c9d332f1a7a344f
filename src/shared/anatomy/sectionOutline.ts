import { cross, dot, perpendicular, subtract, type Vec3 } from '../geometry/vec3.ts';
import { measureOstium, type OstiumMeasures } from './ostiumMeasures.ts';
import type { PlaneLps } from './plane.ts';

/** What of a section is thinner than twice this is a spur: nothing that an occluder rests in, mm. */
export const SPUR_RADIUS_MM = 1.5;
/** From where points leave the circle behind, a spur begins, mm; less is the grid's doing. */
const ROOT_MM = 0.3;
/** A corner leaves the circle behind too (a right angle by 0.6 mm), a spur by more, mm. */
const LEAST_SPUR_MM = 1.5;
/** Distance of the places at which it is tried whether the circle fits, mm. */
const STEP_MM = 0.5;

/**
 * Steps of voxels and cut faces lengthen an outline and nothing else: its length is that of the outline smoothed over this
 * length, mm. What is 6 mm long along it or longer stays.
 */
const SMOOTHING_MM = 1;
const SAMPLE_MM = 0.5;
/** Outlines that are shorter than so many times that length are smoothed less. */
const LEAST_ROUND = 40;

/** A section with its sizes, which spurs of its outline do not count for. */
export interface MeasuredSection {
  /** A closed loop, the last point joins the first, LPS mm. */
  readonly rimLpsMm: readonly Vec3[];
  /** Its perimeter is that of the outline smoothed over 1 mm. */
  readonly measures: OstiumMeasures;
  /** Of the outline as it is. */
  readonly rawPerimeterMm: number;
  /** How far the longest spur that was left out stands out, mm; 0 where there is none. */
  readonly longestSpurMm: number;
}

/**
 * Measures a section of the lumen without its spurs: what a circle of 3 mm diameter that rolls inside of it cannot
 * reach. An outline without any keeps its points as they are.
 *
 * Example: a round ostium of 20 mm with a crack in the wall 1 mm wide and 6 mm long. The crack adds 12 mm to the
 * perimeter (3.8 mm to the diameter that a device is chosen by) and 6 mm to the longest diameter; its points lie up to
 * 6 mm further from the nearest fitting circle than the wall's, and are left out.
 * @throws RangeError for fewer than three points or a rim without area
 */
export function measureSection(rimLpsMm: readonly Vec3[], plane: PlaneLps): MeasuredSection {
  const flat = flatten(rimLpsMm, plane);
  const beyondMm = beyondCircles(flat);
  const spurs = spursOf(beyondMm);
  const kept = rimLpsMm.filter((_, index) => !spurs.points.has(index));
  const hasSpurs = spurs.points.size > 0 && kept.length >= 3;
  const outline = hasSpurs ? kept : rimLpsMm;
  const measures = measureOstium(outline, plane);
  const perimeterMm = smoothedLength(hasSpurs ? flatten(outline, plane) : flat);
  return {
    rimLpsMm: outline,
    measures: { ...measures, perimeterMm, perimeterDerivedDiameterMm: perimeterMm / Math.PI },
    rawPerimeterMm: measures.perimeterMm,
    longestSpurMm: hasSpurs ? spurs.longestMm : 0,
  };
}

/** The length of a closed outline after a low-pass filter that keeps its size (2G − G·G), mm. */
function smoothedLength(flat: Float64Array): number {
  const even = evenly(flat);
  const sigmaMm = Math.min(SMOOTHING_MM, lengthOf(flat) / LEAST_ROUND);
  const once = blurred(even, sigmaMm);
  const twice = blurred(once, sigmaMm);
  const smooth = even.map((_, at) => 2 * once[at]! - twice[at]!);
  return lengthOf(smooth);
}

const lengthOf = (flat: Float64Array): number => {
  let sum = 0;
  for (let at = 0, last = flat.length - 2; at < flat.length; last = at, at += 2) {
    sum += Math.hypot(flat[at]! - flat[last]!, flat[at + 1]! - flat[last + 1]!);
  }
  return sum;
};

/** Points at even distances along a closed outline, about `SAMPLE_MM` apart. */
function evenly(flat: Float64Array): Float64Array {
  const total = lengthOf(flat);
  const count = Math.max(8, Math.round(total / SAMPLE_MM));
  const even = new Float64Array(2 * count);
  let [from, walked] = [0, 0];
  const spanAt = (at: number): number => {
    const to = (at + 2) % flat.length;
    return Math.hypot(flat[to]! - flat[at]!, flat[to + 1]! - flat[at + 1]!);
  };
  let span = spanAt(0);
  for (let step = 0; step < count; step++) {
    const target = (total * step) / count;
    while (walked + span < target && from + 2 < flat.length) {
      walked += span;
      from += 2;
      span = spanAt(from);
    }
    const to = (from + 2) % flat.length;
    const share = span > 0 ? (target - walked) / span : 0;
    even[2 * step] = flat[from]! + share * (flat[to]! - flat[from]!);
    even[2 * step + 1] = flat[from + 1]! + share * (flat[to + 1]! - flat[from + 1]!);
  }
  return even;
}

/** A closed row of points, weighted with a Gaussian along it. */
function blurred(flat: Float64Array, sigmaMm: number): Float64Array {
  const reach = Math.min(Math.ceil((3 * sigmaMm) / SAMPLE_MM), Math.floor(flat.length / 4));
  const weights = Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-0.5 * (((at - reach) * SAMPLE_MM) / sigmaMm) ** 2),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const count = flat.length / 2;
  const out = new Float64Array(flat.length);
  for (let point = 0; point < count; point++) {
    for (let at = 0; at < weights.length; at++) {
      const other = (point + at - reach + count) % count;
      out[2 * point]! += (weights[at]! / total) * flat[2 * other]!;
      out[2 * point + 1]! += (weights[at]! / total) * flat[2 * other + 1]!;
    }
  }
  return out;
}

/** 2·n coordinates in the plane. */
function flatten(points: readonly Vec3[], { pointLpsMm, normal }: PlaneLps): Float64Array {
  const u = perpendicular(normal);
  const v = cross(normal, u);
  const flat = new Float64Array(2 * points.length);
  points.forEach((point, index) => {
    const offset = subtract(point, pointLpsMm);
    flat[2 * index] = dot(offset, u);
    flat[2 * index + 1] = dot(offset, v);
  });
  return flat;
}

/** How far each point lies beyond the nearest circle that fits into the outline, mm; all 0 where none fits. */
function beyondCircles(flat: Float64Array): Float64Array {
  const centres = circleCentres(flat);
  const beyond = new Float64Array(flat.length / 2);
  if (centres.length === 0) return beyond;
  for (let point = 0; point < beyond.length; point++) {
    let nearest = Infinity;
    for (let at = 0; at < centres.length; at += 2) {
      const x = centres[at]! - flat[2 * point]!;
      const y = centres[at + 1]! - flat[2 * point + 1]!;
      const squared = x * x + y * y;
      if (squared < nearest) nearest = squared;
    }
    beyond[point] = Math.sqrt(nearest) - SPUR_RADIUS_MM;
  }
  return beyond;
}

/** Places on a grid at which a circle of the spur's radius lies within the outline. */
function circleCentres(flat: Float64Array): number[] {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < flat.length; at += 2) {
    left = Math.min(left, flat[at]!);
    right = Math.max(right, flat[at]!);
    low = Math.min(low, flat[at + 1]!);
    high = Math.max(high, flat[at + 1]!);
  }
  const centres: number[] = [];
  for (let y = low + SPUR_RADIUS_MM; y <= high - SPUR_RADIUS_MM; y += STEP_MM) {
    const edges = edgesBeside(flat, y);
    for (let x = left + SPUR_RADIUS_MM; x <= right - SPUR_RADIUS_MM; x += STEP_MM) {
      if (fits(edges, x, y)) centres.push(x, y);
    }
  }
  return centres;
}

/** The outline's edges that are crossed by the row of places at `y` or could come as near to it as the spur's radius: their ends, x and y. */
function edgesBeside(flat: Float64Array, y: number): number[] {
  const reachMm = 1.001 * SPUR_RADIUS_MM;
  const edges: number[] = [];
  for (let at = 0, last = flat.length - 2; at < flat.length; last = at, at += 2) {
    const ay = flat[last + 1]!;
    const by = flat[at + 1]!;
    if ((ay > y + reachMm && by > y + reachMm) || (ay < y - reachMm && by < y - reachMm)) continue;
    edges.push(flat[last]!, ay, flat[at]!, by);
  }
  return edges;
}

/**
 * Whether a place lies inside of the outline and no nearer to it than the spur's radius.
 * @param edges those beside its row
 */
function fits(edges: readonly number[], x: number, y: number): boolean {
  let isInside = false;
  for (let at = 0; at < edges.length; at += 4) {
    const ax = edges[at]!;
    const ay = edges[at + 1]!;
    const by = edges[at + 3]!;
    const dx = edges[at + 2]! - ax;
    const dy = by - ay;
    const squared = dx * dx + dy * dy;
    const along = squared > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared)) : 0;
    const px = ax + along * dx - x;
    const py = ay + along * dy - y;
    if (px * px + py * py < SPUR_RADIUS_MM * SPUR_RADIUS_MM) return false;
    if (ay > y !== by > y && x < ax + ((y - ay) / dy) * dx) isInside = !isInside;
  }
  return isInside;
}

/** The points of spurs: runs that leave the fitting circles, of which some point does so by the least length. */
function spursOf(beyondMm: Float64Array): {
  readonly points: ReadonlySet<number>;
  readonly longestMm: number;
} {
  const points = new Set<number>();
  const count = beyondMm.length;
  const start = beyondMm.findIndex((mm) => mm <= ROOT_MM);
  if (start < 0) return { points, longestMm: 0 };
  let longestMm = 0;
  let run: number[] = [];
  const endRun = (): void => {
    const peakMm = run.reduce((most, index) => Math.max(most, beyondMm[index]!), 0);
    if (peakMm >= LEAST_SPUR_MM) {
      for (const index of run) points.add(index);
      longestMm = Math.max(longestMm, peakMm);
    }
    run = [];
  };
  for (let step = 1; step <= count; step++) {
    const index = (start + step) % count;
    if (beyondMm[index]! > ROOT_MM) run.push(index);
    else endRun();
  }
  return { points, longestMm };
}
