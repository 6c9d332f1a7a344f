import { measureOstium, type OstiumMeasures } from '#shared/anatomy/ostiumMeasures.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { add, addScaled, cross, perpendicular, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { evaluateNamed } from './evaluateShape.ts';
import type { PhantomScene } from './scene.ts';
import { compileTape, type Tape } from './tape.ts';

/** The exact section of a phantom's lumen by its ostium plane. */
export interface TrueOstium {
  /** A closed loop (the last point joins the first) on the plane, LPS mm. */
  readonly rimLpsMm: readonly Vec3[];
  readonly planePointLpsMm: Vec3;
  /** From the atrium into the appendage. */
  readonly planeNormal: Vec3;
  readonly measures: OstiumMeasures;
}

/** The largest ostium that is drawn reaches 20 mm from its point. */
const HALF_WIDTH_MM = 28;
const LATTICE_MM = 0.2;
/** Halvings of a lattice edge: the contour lies within a micrometre of the zero set. */
const HALVINGS = 8;

/**
 * The contour of the lumen in the ostium plane: marching squares on a lattice of 0.2 mm, each crossing halved until it
 * lies on the zero set. Where the plane cuts more (a speck beside the ostium), the largest contour is the ostium.
 * @throws UserError where the plane does not cut the lumen in a closed contour.
 */
export function trueOstium(scene: PhantomScene, tape: Tape = compileTape(scene)): TrueOstium {
  const { ostiumPointLpsMm: point, ostiumNormal: normal, bodyShape } = scene.appendage;
  const u = perpendicular(normal);
  const v = cross(normal, u);
  const half = Math.ceil(HALF_WIDTH_MM / LATTICE_MM);
  const n = 2 * half + 1;
  const lift = (x: number, y: number): Vec3 =>
    addScaled(addScaled(point, u, (x - half) * LATTICE_MM), v, (y - half) * LATTICE_MM);
  const body = (points: readonly Vec3[]): Float32Array =>
    evaluateNamed(tape, bodyShape, Float32Array.from(points.flat()));
  const lattice = body(Array.from({ length: n * n }, (_, at) => lift(at % n, Math.floor(at / n))));

  const crossings = latticeCrossings(lattice, n);
  const loops = joinLoops(lattice, n);
  const places = refine(crossings, n, lift, body);
  const plane = { pointLpsMm: point, normal };
  const candidates = loops
    .map((loop) => loop.map((edge) => places.get(edge)!))
    .filter((loop) => loop.length >= 3)
    .map((rimLpsMm) => ({ rimLpsMm, measures: measureOstium(rimLpsMm, plane) }));
  const [largest] = candidates.sort((a, b) => b.measures.areaMm2 - a.measures.areaMm2);
  if (largest === undefined) throw new UserError(failure('phantom.no-ostium', { seed: scene.seed }));
  return { ...largest, planePointLpsMm: point, planeNormal: normal };
}

/** A lattice edge by number: 2·(its lower corner) for one along x, one more for one along y. */
const edgeAlongX = (n: number, x: number, y: number): number => 2 * (x + n * y);
const edgeAlongY = (n: number, x: number, y: number): number => 2 * (x + n * y) + 1;

/** The edges with a change of sign. */
function latticeCrossings(values: Float32Array, n: number): number[] {
  const edges: number[] = [];
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const here = values[x + n * y]! < 0;
      if (x + 1 < n && values[x + 1 + n * y]! < 0 !== here) edges.push(edgeAlongX(n, x, y));
      if (y + 1 < n && values[x + n * (y + 1)]! < 0 !== here) edges.push(edgeAlongY(n, x, y));
    }
  }
  return edges;
}

/**
 * Closed chains of crossed edges, the inside on the left. In a square with two opposite corners inside, the inside is
 * taken for two pieces. A chain that leaves the lattice is not a loop.
 */
function joinLoops(values: Float32Array, n: number): number[][] {
  const next = new Map<number, number>();
  for (let y = 0; y + 1 < n; y++) {
    for (let x = 0; x + 1 < n; x++) {
      const inside = [x + n * y, x + 1 + n * y, x + 1 + n * (y + 1), x + n * (y + 1)].map(
        (at) => values[at]! < 0,
      );
      // Sides in the corners' order: side s joins corner s and the next one, counter-clockwise.
      const sides = [
        edgeAlongX(n, x, y),
        edgeAlongY(n, x + 1, y),
        edgeAlongX(n, x, y + 1),
        edgeAlongY(n, x, y),
      ];
      for (let corner = 0; corner < 4; corner++) {
        // A run of inside corners begins here: the contour leaves through the run's last side and enters by the first.
        if (!inside[corner] || inside[(corner + 3) % 4]) continue;
        let last = corner;
        while (inside[(last + 1) % 4]) last++;
        next.set(sides[last % 4]!, sides[(corner + 3) % 4]!);
      }
    }
  }
  const loops: number[][] = [];
  for (const start of [...next.keys()]) {
    const loop: number[] = [];
    let edge: number | undefined = start;
    while (edge !== undefined && next.has(edge)) {
      loop.push(edge);
      const following: number | undefined = next.get(edge);
      next.delete(edge);
      edge = following;
    }
    if (edge === start && loop.length > 0) loops.push(loop);
  }
  return loops;
}

/** Where the zero set crosses the edges, by halving, all edges at once. */
function refine(
  edges: readonly number[],
  n: number,
  lift: (x: number, y: number) => Vec3,
  body: (points: readonly Vec3[]) => Float32Array,
): ReadonlyMap<number, Vec3> {
  const ends = edges.map((edge) => {
    const corner = edge >> 1;
    const [x, y] = [corner % n, Math.floor(corner / n)];
    return edge % 2 === 0
      ? ([lift(x, y), lift(x + 1, y)] as [Vec3, Vec3])
      : ([lift(x, y), lift(x, y + 1)] as [Vec3, Vec3]);
  });
  const firstInside = body(ends.map(([first]) => first)).map((value) => (value < 0 ? 1 : 0));
  const middle = ([a, b]: readonly [Vec3, Vec3]): Vec3 => scale(add(a, b), 0.5);
  for (let round = 0; round < HALVINGS; round++) {
    const middles = ends.map(middle);
    body(middles).forEach((value, index) => {
      const sameAsFirst = value < 0 === (firstInside[index] === 1);
      ends[index]![sameAsFirst ? 0 : 1] = middles[index]!;
    });
  }
  return new Map(edges.map((edge, index) => [edge, middle(ends[index]!)]));
}
