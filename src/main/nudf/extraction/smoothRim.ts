import { type VertexNeighbours, vertexNeighbours } from '#shared/mesh/edges.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Ripples of the rim shorter than about three times this are the lattice's and the network's, not anatomy, mm. */
const SIGMA_MM = 0.8;
/** So many rings of vertices beside the rim follow it. */
const RINGS = 3;
const RELAXATION_ROUNDS = 6;

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
  const onRim = new Uint8Array(positionsLpsMm.length / 3);
  for (let index = 0; index < count; index++) {
    onRim[loop[index]!] = 1;
    positionsLpsMm.set(rim.subarray(3 * index, 3 * index + 3), 3 * loop[index]!);
  }
  relaxRings(positionsLpsMm, vertexNeighbours(mesh), onRim);
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
    spans[index] = Math.hypot(
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

/** Moves the rings beside the rim towards the mean of their neighbours, the less the further out. */
function relaxRings(p: Float32Array, { start, neighbours }: VertexNeighbours, onRim: Uint8Array): void {
  const ringOf = onRim.slice();
  const moving: number[] = [];
  for (let ring = 1; ring <= RINGS; ring++) {
    const found: number[] = [];
    for (let vertex = 0; vertex < ringOf.length; vertex++) {
      if (ringOf[vertex] !== ring) continue;
      for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) {
        if (ringOf[neighbours[slot]!] === 0) found.push(neighbours[slot]!);
      }
    }
    for (const vertex of found) {
      if (ringOf[vertex] !== 0) continue;
      ringOf[vertex] = ring + 1;
      moving.push(vertex);
    }
  }
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
