import { hypot3 } from '#shared/geometry/vec3.ts';
import { type VertexNeighbours, vertexNeighbours } from '#shared/mesh/edges.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Ripples of the rim shorter than about three times this are the lattice's and the network's, not anatomy, mm. */
const SIGMA_MM = 0.8;
/** As far from the rim as this, along edges, the surface follows it, mm: several times the longest move. */
const FOLLOWING_MM = 2.5;
const FOLLOWING_ROUNDS = 40;
/** Rings of vertices next to the rim that are evened out afterwards. */
const RINGS = 3;
const RELAXATION_ROUNDS = 4;

/**
 * Smooths a closed chain of vertices of a mesh (the rim) along its length, without shrinking it, and lets the rings of
 * vertices beside it follow, so that no triangle is squeezed.
 * @param correct moves the smoothed chain (3·N coordinates) to where it belongs; it is smoothed once more afterwards.
 */
export function smoothRim(
  mesh: TriangleMesh,
  loop: ArrayLike<number>,
  correct: (rim: Float64Array) => Float64Array = (rim) => rim,
): TriangleMesh {
  const positionsLpsMm = mesh.positionsLpsMm.slice();
  const count = loop.length;
  if (count < 8) return mesh;
  const rough = new Float64Array(3 * count);
  for (let index = 0; index < count; index++) {
    rough.set(positionsLpsMm.subarray(3 * loop[index]!, 3 * loop[index]! + 3), 3 * index);
  }
  const rim = smoothChain(correct(smoothChain(rough)));
  const neighbours = vertexNeighbours(mesh);
  const rings = ringsRound(positionsLpsMm, neighbours, loop);
  const moves = new Float64Array(positionsLpsMm.length);
  for (let index = 0; index < count; index++) {
    for (let axis = 0; axis < 3; axis++) {
      moves[3 * loop[index]! + axis] = rim[3 * index + axis]! - rough[3 * index + axis]!;
    }
  }
  spreadMoves(moves, rings, neighbours);
  for (let index = 0; index < moves.length; index++) positionsLpsMm[index]! += moves[index]!;
  relaxRings(positionsLpsMm, rings, neighbours);
  return { positionsLpsMm, triangles: mesh.triangles };
}

/** A Gaussian mean G pulls a curve inward; 2·G − G·G does not, to second order. */
function smoothChain(points: Float64Array): Float64Array {
  const once = gaussianAlong(points);
  const twice = gaussianAlong(once);
  return once.map((value, index) => 2 * value - twice[index]!);
}

/** The mean of a closed chain round each of its points, weighted by a Gaussian of the distance along the chain. */
function gaussianAlong(points: Float64Array): Float64Array {
  const count = points.length / 3;
  const spans = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const next = 3 * ((index + 1) % count);
    spans[index] = hypot3(
      points[next]! - points[3 * index]!,
      points[next + 1]! - points[3 * index + 1]!,
      points[next + 2]! - points[3 * index + 2]!,
    );
  }
  const share = (index: number): number => (spans[index]! + spans[(index + count - 1) % count]!) / 2 + 1e-9;
  const smooth = new Float64Array(points.length);
  for (let index = 0; index < count; index++) {
    const sum = [0, 0, 0];
    let total = 0;
    const add = (other: number, along: number): void => {
      const weight = share(other) * Math.exp(-((along / SIGMA_MM) ** 2) / 2);
      total += weight;
      for (let axis = 0; axis < 3; axis++) sum[axis]! += weight * points[3 * other + axis]!;
    };
    add(index, 0);
    for (const step of [1, -1]) {
      let along = 0;
      // At the most half the chain each way, so that none counts twice.
      for (let k = 1; k <= (count - 1) >> 1; k++) {
        const other = (index + step * k + count * k) % count;
        along += spans[step > 0 ? (other + count - 1) % count : other]!;
        if (along > 3 * SIGMA_MM) break;
        add(other, along);
      }
    }
    for (let axis = 0; axis < 3; axis++) smooth[3 * index + axis] = sum[axis]! / total;
  }
  return smooth;
}

interface Rings {
  /** For each vertex 1 + the number of its ring (1 is the rim itself), 0 beyond the last. */
  readonly ringOf: Uint8Array;
  /** The vertices of all rings but the rim, ring by ring. */
  readonly members: readonly number[];
}

/** The rings of vertices round the rim, as many as FOLLOWING_MM holds edges of the usual length. */
function ringsRound(
  p: Float32Array,
  { start, neighbours }: VertexNeighbours,
  loop: ArrayLike<number>,
): Rings {
  let [sum, edges] = [0, 0];
  for (let index = 0; index < loop.length; index++) {
    const vertex = loop[index]!;
    for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) {
      const [a, b] = [3 * vertex, 3 * neighbours[slot]!];
      sum += hypot3(p[a]! - p[b]!, p[a + 1]! - p[b + 1]!, p[a + 2]! - p[b + 2]!);
      edges++;
    }
  }
  const last = Math.min(200, Math.max(RINGS, Math.ceil((FOLLOWING_MM * edges) / Math.max(sum, 1e-9))));
  const ringOf = new Uint8Array(p.length / 3);
  const members: number[] = [];
  let front = Array.from(loop);
  for (const vertex of front) ringOf[vertex] = 1;
  for (let ring = 2; ring <= last + 1; ring++) {
    const next: number[] = [];
    for (const vertex of front) {
      for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) {
        const other = neighbours[slot]!;
        if (ringOf[other] !== 0) continue;
        ringOf[other] = ring;
        next.push(other);
      }
    }
    members.push(...next);
    front = next;
  }
  return { ringOf, members };
}

/** Spreads the rim's moves over the rings as heat would spread from it: each vertex takes its neighbours' mean. */
function spreadMoves(moves: Float64Array, { members }: Rings, { start, neighbours }: VertexNeighbours): void {
  for (let round = 0; round < FOLLOWING_ROUNDS; round++) {
    for (const vertex of members) {
      const from = start[vertex]!;
      const to = start[vertex + 1]!;
      let x = 0;
      let y = 0;
      let z = 0;
      for (let slot = from; slot < to; slot++) {
        const other = 3 * neighbours[slot]!;
        x += moves[other]!;
        y += moves[other + 1]!;
        z += moves[other + 2]!;
      }
      moves[3 * vertex] = x / (to - from);
      moves[3 * vertex + 1] = y / (to - from);
      moves[3 * vertex + 2] = z / (to - from);
    }
  }
}

/** Moves the rings beside the rim towards the mean of their neighbours, the less the further out. */
function relaxRings(
  p: Float32Array,
  { ringOf, members }: Rings,
  { start, neighbours }: VertexNeighbours,
): void {
  const moving = members.filter((vertex) => ringOf[vertex]! <= RINGS + 1);
  for (let round = 0; round < RELAXATION_ROUNDS; round++) {
    for (const vertex of moving) {
      const [from, to] = [start[vertex]!, start[vertex + 1]!];
      const share = 0.6 * (1 - (ringOf[vertex]! - 2) / RINGS);
      for (let axis = 0; axis < 3; axis++) {
        let sum = 0;
        for (let slot = from; slot < to; slot++) sum += p[3 * neighbours[slot]! + axis]!;
        p[3 * vertex + axis]! += share * (sum / (to - from) - p[3 * vertex + axis]!);
      }
    }
  }
}
