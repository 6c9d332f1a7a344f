import FlatQueue from 'flatqueue';
import type { GridLps } from '../geometry/gridLps.ts';
import { ijkToLps, LPS_AXES, lpsToIjk } from '../geometry/gridLps.ts';
import { add, addScaled, distance, dot, normalize, scale, subtract, type Vec3 } from '../geometry/vec3.ts';
import { boundingBoxLpsMm, vertexLpsMm } from '../mesh/measures.ts';
import { rasterizeClosedMesh } from '../mesh/rasterize.ts';
import { type TriangleMesh, vertexCount } from '../mesh/triangleMesh.ts';
import { insideDistanceMm } from './distanceTransform.ts';
import type { PlaneLps } from './plane.ts';
import { SPUR_RADIUS_MM } from './sectionOutline.ts';

/** The line from the ostium's centre through the lumen to its farthest point. */
export interface CentreLine {
  /** From the ostium's centre (first) to the tip (last), about 1 mm apart, LPS mm. */
  readonly pointsLpsMm: readonly Vec3[];
  readonly tipLpsMm: Vec3;
  /** Length of the line: the appendage's depth, mm. */
  readonly depthMm: number;
  /** Length up to where the line has turned by 45° from its first 5 mm; undefined for a straight one. */
  readonly depthToFirstBendMm: number | undefined;
  /** The length within which the line turns from 40° to 50°, mm: long where it curves gently and has no place of a bend. */
  readonly bendSpreadMm: number | undefined;
  /** How far a spur thinner than 3 mm, which the depth does not count, reaches beyond the tip, mm; 0 where none does. */
  readonly tipSpurMm: number;
}

const SPACING_MM = 0.7;
/** How strongly the path avoids the wall: a step costs its length times 1 + (this/distance to the wall)². */
const CENTRING_MM = 6;
const BEND_DEGREES = 45;
const BEND_TOLERANCE_DEGREES = 5;
/** A spur of less length is within what the tip's place is uncertain by, mm. */
const LEAST_SPUR_MM = 1.5;
/** So far beyond the circles that fit lies what is no spur: the grid's steps and rounded tips, mm. */
const ROUNDED_MM = 1;
/** The finer grid on which a spur's root is told from the lumen's end, mm. */
const FINE_MM = 0.35;
/** A ball touches what lies so near to it, mm. */
const TOUCH_MM = 0.2;

/**
 * Finds the tip as the place inside the lumen that is farthest from the ostium, going through the lumen, and a path to
 * it that keeps away from the wall (least-cost path on a 0.7 mm grid, then smoothed).
 *
 * Example: a tube of 5 mm radius that bends. In the middle a step costs 1 + (6/5)² = 2.4 times its length, 1 mm from
 * the wall 1 + 6² = 37 times: the inside of the bend is shorter, but the path that costs least stays in the middle.
 * @param closed the closed lumen, LPS mm. @param ostiumCentreLpsMm the line's start.
 * @param plane the ostium plane, its normal distal; what lies proximal of it is not entered.
 * @returns undefined where the lumen is too small to hold a path.
 */
export function centreLine(
  closed: TriangleMesh,
  ostiumCentreLpsMm: Vec3,
  plane: PlaneLps,
): CentreLine | undefined {
  const grid = gridAround(closed, SPACING_MM);
  const mask = rasterizeClosedMesh(closed, grid);
  const wallMm = insideDistanceMm(mask, grid);
  const centre = addScaled(ostiumCentreLpsMm, plane.normal, SPACING_MM);
  const start = nearestInside(mask, grid, centre);
  if (start < 0) return undefined;

  const lengths = leastLengths(mask, grid, [start]);
  const farthest = farthestVertex(closed, grid, mask, lengths);
  if (!farthest) return undefined;
  const thick = farthestVertex(closed, grid, withoutSpurs(mask, grid, wallMm), lengths) ?? farthest;
  const isSpur = farthest.lengthMm - thick.lengthMm >= LEAST_SPUR_MM;
  const tip = isSpur
    ? (farthestVertex(closed, grid, mask, lengths, verticesAtBalls(closed)) ?? thick)
    : farthest;
  const weights = new Float64Array(mask.length);
  for (let voxel = 0; voxel < weights.length; voxel++) {
    if (mask[voxel] === 1) weights[voxel] = 1 + (CENTRING_MM / wallMm[voxel]!) ** 2;
  }
  const previous = leastCostWay(mask, grid, start, tip.voxel, weights);
  const path: Vec3[] = [tip.pointLpsMm];
  for (let voxel = tip.voxel; voxel >= 0 && voxel !== start; voxel = previous[voxel]!) {
    path.push(voxelLps(grid, voxel));
  }
  path.push(ostiumCentreLpsMm);
  return describeLine(smoothed(path.reverse()), isSpur ? farthest.lengthMm - tip.lengthMm : 0);
}

/** A line with its depths, its points about 1 mm apart. @param tipSpurMm how far a spur reaches beyond its end */
export function describeLine(lineLpsMm: readonly Vec3[], tipSpurMm: number): CentreLine {
  const pointsLpsMm = resample(lineLpsMm, 1);
  return {
    pointsLpsMm,
    tipLpsMm: pointsLpsMm[pointsLpsMm.length - 1]!,
    depthMm: polylineLength(pointsLpsMm),
    depthToFirstBendMm: firstBend(pointsLpsMm, BEND_DEGREES),
    bendSpreadMm: bendSpread(pointsLpsMm),
    tipSpurMm,
  };
}

/** The voxels that a ball of 3 mm diameter reaches which stays inside, as far as its rounding allows. */
function withoutSpurs(mask: Uint8Array, grid: GridLps, wallMm: Float32Array): Uint8Array {
  const centres: number[] = [];
  for (let voxel = 0; voxel < wallMm.length; voxel++)
    if (wallMm[voxel]! >= SPUR_RADIUS_MM) centres.push(voxel);
  const within = SPUR_RADIUS_MM + ROUNDED_MM;
  const lengths = leastLengths(mask, grid, centres, within);
  const kept = new Uint8Array(mask.length);
  for (let voxel = 0; voxel < kept.length; voxel++)
    kept[voxel] = mask[voxel] === 1 && lengths[voxel]! <= within ? 1 : 0;
  return kept;
}

/**
 * 1 for each vertex that a ball of 3 mm diameter touches which stays inside: the opening of the lumen by it, on a grid
 * fine enough that the root of a spur moves the tip by less than half a millimetre.
 */
function verticesAtBalls(mesh: TriangleMesh): Uint8Array {
  const grid = gridAround(mesh, FINE_MM, Math.ceil((SPUR_RADIUS_MM + 2 * TOUCH_MM) / FINE_MM));
  const mask = rasterizeClosedMesh(mesh, grid);
  const wallMm = insideDistanceMm(mask, grid);
  // Half a voxel: distances are to voxels outside, not to the wall.
  const elsewhere = mask.map((_, voxel) => (wallMm[voxel]! >= SPUR_RADIUS_MM + FINE_MM / 2 ? 0 : 1));
  const centreMm = insideDistanceMm(elsewhere, grid);
  const [nI, nJ] = grid.sizeIjk;
  return Uint8Array.from({ length: vertexCount(mesh) }, (_, vertex) => {
    const [i, j, k] = lpsToIjk(grid, vertexLpsMm(mesh, vertex)).map(Math.round) as [number, number, number];
    return centreMm[i + nI * (j + nJ * k)]! <= SPUR_RADIUS_MM + TOUCH_MM ? 1 : 0;
  });
}

/** The axes' own directions, and a margin that no voxel inside of the mesh belongs to. */
function gridAround(mesh: TriangleMesh, spacing: number, marginVoxels = 1): GridLps {
  const { low, high } = boundingBoxLpsMm(mesh);
  const marginMm = marginVoxels * spacing;
  const size = (axis: 0 | 1 | 2): number =>
    Math.ceil((high[axis] - low[axis]) / spacing) + 1 + 2 * marginVoxels;
  return {
    sizeIjk: [size(0), size(1), size(2)],
    originLpsMm: subtract(low, [marginMm, marginMm, marginMm]),
    spacingMm: [spacing, spacing, spacing],
    directions: LPS_AXES,
  };
}

function voxelLps(grid: GridLps, voxel: number): Vec3 {
  const [nI, nJ] = grid.sizeIjk;
  return ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]);
}

/** The inside voxel nearest to a point, or −1. */
function nearestInside(mask: Uint8Array, grid: GridLps, point: Vec3): number {
  const [nI, nJ, nK] = grid.sizeIjk;
  const [i, j, k] = lpsToIjk(grid, point);
  let best = -1;
  let shortest = Infinity;
  for (let c = 0; c < nK; c++) {
    for (let b = 0; b < nJ; b++) {
      const beside = (b - j) * (b - j) + (c - k) * (c - k);
      if (beside >= shortest) continue;
      const row = nI * (b + nJ * c);
      for (let a = 0; a < nI; a++) {
        if (mask[row + a] === 0) continue;
        const squared = (a - i) * (a - i) + beside;
        if (squared >= shortest) continue;
        shortest = squared;
        best = row + a;
      }
    }
  }
  return best;
}

/** The steps to the 26 neighbours of a voxel of a 0.7 mm grid: by how much the index changes, and how long they are. */
function stepsToNeighbours({ sizeIjk: [nI, nJ] }: GridLps) {
  const offsets = new Int32Array(26);
  const lengths = new Float64Array(26);
  for (let at = 0; at < 26; at++) {
    // All places of a cube of three but its middle.
    const place = at < 13 ? at : at + 1;
    const di = (place % 3) - 1;
    const dj = (Math.floor(place / 3) % 3) - 1;
    const dk = Math.floor(place / 9) - 1;
    offsets[at] = di + nI * (dj + nJ * dk);
    lengths[at] = SPACING_MM * Math.sqrt(di * di + dj * dj + dk * dk);
  }
  return { offsets, lengths };
}

/** Lists of voxels whose lengths differ by less than the shortest step: one at hand, and those that its steps lead to. */
const LISTS = 4;

/**
 * The least lengths of ways inside the mask, which no border of the grid belongs to, from the nearest of several voxels,
 * mm; Infinity where none leads. Voxels are taken list by list, each of one step's length: within a list the order does
 * not matter, so that none is sorted, and where rounding lets it, a voxel that is reached sooner is taken again.
 * @param mostMm lengths beyond it need not be the least
 */
function leastLengths(
  mask: Uint8Array,
  grid: GridLps,
  starts: readonly number[],
  mostMm = Infinity,
): Float64Array {
  const { offsets, lengths: steps } = stepsToNeighbours(grid);
  const least = new Float64Array(mask.length).fill(Infinity);
  const done = new Uint8Array(mask.length);
  const lists: number[][] = Array.from({ length: LISTS }, () => []);
  for (const start of starts) least[start] = 0;
  // A start among starts leads nowhere sooner than they do.
  lists[0] = starts.filter((start) => offsets.some((offset) => least[start + offset] !== 0));
  let waiting = lists[0].length;
  for (let at = 0; waiting > 0 && at * SPACING_MM <= mostMm; at++) {
    const list = lists[at % LISTS]!;
    // It may grow while it is gone through.
    for (let taken = 0; taken < list.length; taken++) {
      const voxel = list[taken]!;
      if (done[voxel] === 1) continue;
      done[voxel] = 1;
      const reached = least[voxel]!;
      for (let step = 0; step < 26; step++) {
        const next = voxel + offsets[step]!;
        if (mask[next] === 0) continue;
        const length = reached + steps[step]!;
        if (length >= least[next]!) continue;
        least[next] = length;
        done[next] = 0;
        lists[Math.floor(length / SPACING_MM) % LISTS]!.push(next);
        waiting++;
      }
    }
    waiting -= list.length;
    list.length = 0;
  }
  return least;
}

/**
 * Dijkstra over the 26-neighbourhood inside the mask, which no border of the grid belongs to; a step costs its length
 * times the mean weight of its ends.
 * @returns for each voxel of the way to `end` the one before it, −1 for the start
 */
function leastCostWay(
  mask: Uint8Array,
  grid: GridLps,
  start: number,
  end: number,
  weights: Float64Array,
): Int32Array {
  const { offsets, lengths: steps } = stepsToNeighbours(grid);
  const cost = new Float64Array(mask.length).fill(Infinity);
  const previous = new Int32Array(mask.length).fill(-1);
  const done = new Uint8Array(mask.length);
  const queue = new FlatQueue<number>();
  cost[start] = 0;
  queue.push(start, 0);
  for (let voxel = queue.pop(); voxel !== undefined && voxel !== end; voxel = queue.pop()) {
    if (done[voxel] === 1) continue;
    done[voxel] = 1;
    for (let step = 0; step < 26; step++) {
      const next = voxel + offsets[step]!;
      if (mask[next] === 0 || done[next] === 1) continue;
      const total = cost[voxel]! + (steps[step]! * (weights[voxel]! + weights[next]!)) / 2;
      if (total >= cost[next]!) continue;
      cost[next] = total;
      previous[next] = voxel;
      queue.push(next, total);
    }
  }
  return previous;
}

/** The vertex of the surface, of those `allowed`, that is farthest from the start, and the inside voxel through which it is reached. */
function farthestVertex(
  mesh: TriangleMesh,
  grid: GridLps,
  mask: Uint8Array,
  lengths: Float64Array,
  allowed?: Uint8Array,
): { pointLpsMm: Vec3; voxel: number; lengthMm: number } | undefined {
  const [nI, nJ, nK] = grid.sizeIjk;
  const [ox, oy, oz] = grid.originLpsMm;
  const { positionsLpsMm: p } = mesh;
  let best = -1;
  let bestVoxel = -1;
  let farthest = -1;
  for (let vertex = 0; vertex < vertexCount(mesh); vertex++) {
    if (allowed?.[vertex] === 0) continue;
    const x = (p[3 * vertex]! - ox) / SPACING_MM;
    const y = (p[3 * vertex + 1]! - oy) / SPACING_MM;
    const z = (p[3 * vertex + 2]! - oz) / SPACING_MM;
    const [i, j, k] = [Math.round(x), Math.round(y), Math.round(z)];
    let nearest = -1;
    let shortest = Infinity;
    // A vertex that some way reaches sooner than the farthest so far is not looked at further.
    for (let c = Math.max(0, k - 1); c <= Math.min(nK - 1, k + 1) && shortest > farthest; c++) {
      for (let b = Math.max(0, j - 1); b <= Math.min(nJ - 1, j + 1); b++) {
        for (let a = Math.max(0, i - 1); a <= Math.min(nI - 1, i + 1); a++) {
          const voxel = a + nI * (b + nJ * c);
          if (mask[voxel] === 0 || lengths[voxel] === Infinity) continue;
          const squared = (a - x) * (a - x) + (b - y) * (b - y) + (c - z) * (c - z);
          const total = lengths[voxel]! + SPACING_MM * Math.sqrt(squared);
          if (total >= shortest) continue;
          nearest = voxel;
          shortest = total;
        }
      }
    }
    if (nearest < 0 || shortest <= farthest) continue;
    farthest = shortest;
    best = vertex;
    bestVoxel = nearest;
  }
  return best < 0 ? undefined : { pointLpsMm: vertexLpsMm(mesh, best), voxel: bestVoxel, lengthMm: farthest };
}

/** Averages inner points with their neighbours, the ends staying: takes the grid's staircase out of a path. */
function smoothed(path: readonly Vec3[], rounds = 40): Vec3[] {
  let current = [...path];
  for (let round = 0; round < rounds; round++) {
    const before = current;
    current = before.map((point, index) =>
      index === 0 || index === before.length - 1
        ? point
        : add(scale(point, 0.5), scale(add(before[index - 1]!, before[index + 1]!), 0.25)),
    );
  }
  return current;
}

export function polylineLength(points: readonly Vec3[]): number {
  let sum = 0;
  for (let index = 1; index < points.length; index++) sum += distance(points[index - 1]!, points[index]!);
  return sum;
}

/** Points at equal distances of about `stepMm` along a line, both ends kept. */
function resample(points: readonly Vec3[], stepMm: number): Vec3[] {
  const total = polylineLength(points);
  const steps = Math.max(1, Math.round(total / stepMm));
  const result: Vec3[] = [points[0]!];
  let [index, walked] = [1, 0];
  for (let step = 1; step < steps; step++) {
    const target = (total * step) / steps;
    while (index < points.length - 1 && walked + distance(points[index - 1]!, points[index]!) < target) {
      walked += distance(points[index - 1]!, points[index]!);
      index++;
    }
    const [from, to] = [points[index - 1]!, points[index]!];
    const span = distance(from, to);
    result.push(span > 0 ? addScaled(from, subtract(to, from), (target - walked) / span) : from);
  }
  result.push(points[points.length - 1]!);
  return result;
}

/** A line that turns by 40° and never by 50° bends from there to its end. */
function bendSpread(points: readonly Vec3[]): number | undefined {
  const early = firstBend(points, BEND_DEGREES - BEND_TOLERANCE_DEGREES);
  if (early === undefined) return undefined;
  return (firstBend(points, BEND_DEGREES + BEND_TOLERANCE_DEGREES) ?? polylineLength(points)) - early;
}

function firstBend(points: readonly Vec3[], degrees: number): number | undefined {
  const window = 5;
  if (points.length <= 2 * window) return undefined;
  const direction = (index: number): Vec3 => normalize(subtract(points[index + window]!, points[index]!));
  const initial = direction(0);
  const limit = Math.cos((degrees * Math.PI) / 180);
  for (let index = 1; index + window < points.length; index++) {
    if (dot(direction(index), initial) < limit) {
      return polylineLength(points.slice(0, index + Math.ceil(window / 2)));
    }
  }
  return undefined;
}
