import { vertexNeighbours } from '#shared/mesh/edges.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/**
 * Smooths a closed chain of vertices of a mesh (the rim) without shrinking it (Taubin 1995: a step inward, a slightly
 * longer one outward), then lets the ring of vertices beside it follow, so that no triangle is squeezed.
 */
export function smoothRim(mesh: TriangleMesh, loop: ArrayLike<number>, rounds = 20): TriangleMesh {
  const positionsLpsMm = mesh.positionsLpsMm.slice();
  const count = loop.length;
  if (count < 8) return mesh;
  const current = new Float64Array(3 * count);
  for (let index = 0; index < count; index++) {
    for (let axis = 0; axis < 3; axis++) current[3 * index + axis] = positionsLpsMm[3 * loop[index]! + axis]!;
  }
  for (let round = 0; round < rounds; round++) {
    for (const factor of [0.5, -0.53]) {
      const before = current.slice();
      for (let index = 0; index < count; index++) {
        const previous = 3 * ((index + count - 1) % count);
        const next = 3 * ((index + 1) % count);
        for (let axis = 0; axis < 3; axis++) {
          const mean = (before[previous + axis]! + before[next + axis]!) / 2;
          current[3 * index + axis]! += factor * (mean - before[3 * index + axis]!);
        }
      }
    }
  }
  const onRim = new Uint8Array(positionsLpsMm.length / 3);
  for (let index = 0; index < count; index++) {
    onRim[loop[index]!] = 1;
    positionsLpsMm.set(current.subarray(3 * index, 3 * index + 3), 3 * loop[index]!);
  }
  const smoothed = { positionsLpsMm, triangles: mesh.triangles };
  relaxRing(smoothed, onRim);
  return smoothed;
}

/** Moves the rim's neighbours half way to the mean of their own neighbours, twice. */
function relaxRing(mesh: TriangleMesh, onRim: Uint8Array): void {
  const { start, neighbours } = vertexNeighbours(mesh);
  const ring = new Set<number>();
  for (let vertex = 0; vertex < onRim.length; vertex++) {
    if (onRim[vertex] === 0) continue;
    for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) {
      if (onRim[neighbours[slot]!] === 0) ring.add(neighbours[slot]!);
    }
  }
  const p = mesh.positionsLpsMm;
  for (let round = 0; round < 2; round++) {
    for (const vertex of ring) {
      const [from, to] = [start[vertex]!, start[vertex + 1]!];
      for (let axis = 0; axis < 3; axis++) {
        let sum = 0;
        for (let slot = from; slot < to; slot++) sum += p[3 * neighbours[slot]! + axis]!;
        p[3 * vertex + axis] = 0.5 * p[3 * vertex + axis]! + (0.5 * sum) / (to - from);
      }
    }
  }
}
