import FlatQueue from 'flatqueue';
import { leastSpreadDirection } from '#main/mesh/leastSpreadDirection.ts';
import { createPointGrid, typicalSpacing } from './pointGrid.ts';

/** Neighbours that a tangent plane is fitted to. */
const NEIGHBOURS = 16;

export interface OrientedNormals {
  /** 3·N unit vectors, pointing out of the body that the surface nearly encloses. */
  readonly normals: Float32Array;
  /** The surface's area that each point stands for, in the unit squared. */
  readonly areas: Float32Array;
}

/**
 * Normals of a cloud on a surface: the direction in which a point's neighbours spread least, made consistent along the
 * tree of neighbours whose normals agree best (Hoppe et al., "Surface reconstruction from unorganized points",
 * SIGGRAPH 1992), and then turned outward as a whole. Pieces that are too far apart to be neighbours are oriented each
 * by itself.
 * @param points 3·N coordinates, spread evenly
 */
export function orientedNormals(points: Float32Array): OrientedNormals {
  const count = points.length / 3;
  const grid = createPointGrid(points, 2 * typicalSpacing(points));
  const normals = new Float32Array(points.length);
  const areas = new Float32Array(count);
  const neighbours: (readonly number[])[] = [];
  for (let point = 0; point < count; point++) {
    const at = 3 * point;
    const near = grid.nearest(points[at]!, points[at + 1]!, points[at + 2]!, NEIGHBOURS + 1);
    neighbours.push(near.filter((other) => other !== point));
    normals.set(leastSpreadDirection(points, near), at);
    // k neighbours share the disc that reaches to the farthest of them.
    const farthest = near.at(-1) ?? point;
    const squared = [0, 1, 2].reduce(
      (sum, axis) => sum + (points[3 * farthest + axis]! - points[at + axis]!) ** 2,
      0,
    );
    areas[point] = (Math.PI * squared) / Math.max(1, near.length - 1);
  }
  orientConsistently(normals, mutual(neighbours));
  return { normals, areas };

  function orientConsistently(vectors: Float32Array, graph: readonly (readonly number[])[]): void {
    const piece = new Int32Array(count).fill(-1);
    let pieces = 0;
    for (let seed = 0; seed < count; seed++) {
      if (piece[seed] !== -1) continue;
      const members = walk(vectors, graph, seed, piece, pieces++);
      turnOutward(vectors, members);
    }
  }

  function turnOutward(vectors: Float32Array, members: readonly number[]): void {
    const centre = [0, 1, 2].map(
      (axis) => members.reduce((sum, point) => sum + points[3 * point + axis]!, 0) / members.length,
    );
    let flux = 0;
    for (const point of members) {
      for (let axis = 0; axis < 3; axis++) {
        flux += areas[point]! * vectors[3 * point + axis]! * (points[3 * point + axis]! - centre[axis]!);
      }
    }
    if (flux < 0) for (const point of members) flip(vectors, point);
  }
}

const flip = (vectors: Float32Array, point: number): void => {
  for (let axis = 0; axis < 3; axis++) vectors[3 * point + axis]! *= -1;
};

const dotOf = (vectors: Float32Array, a: number, b: number): number =>
  vectors[3 * a]! * vectors[3 * b]! +
  vectors[3 * a + 1]! * vectors[3 * b + 1]! +
  vectors[3 * a + 2]! * vectors[3 * b + 2]!;

/** Prim's tree over the neighbours: the pair whose normals agree best, up to sign, comes first. @returns its points */
function walk(
  vectors: Float32Array,
  graph: readonly (readonly number[])[],
  seed: number,
  piece: Int32Array,
  name: number,
): number[] {
  const members: number[] = [];
  const queue = new FlatQueue<readonly [from: number, to: number]>();
  const reach = (point: number): void => {
    piece[point] = name;
    members.push(point);
    for (const other of graph[point]!) {
      if (piece[other] === -1) queue.push([point, other], 1 - Math.abs(dotOf(vectors, point, other)));
    }
  };
  reach(seed);
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    const [from, to] = pair;
    if (piece[to] !== -1) continue;
    if (dotOf(vectors, from, to) < 0) flip(vectors, to);
    reach(to);
  }
  return members;
}

/** Neighbours both ways: whoever is a neighbour has me as one, too. */
function mutual(neighbours: readonly (readonly number[])[]): number[][] {
  const graph = neighbours.map((near) => new Set(near));
  neighbours.forEach((near, point) => {
    for (const other of near) graph[other]!.add(point);
  });
  return graph.map((near) => [...near]);
}
