import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/**
 * The triangles that join two borders which run side by side, each vertex to one nearby: of all strips from the nearest
 * pair round to it again the one whose cross edges are shortest (sum of squares; dynamic programming).
 * @param outer, inner vertices of the two borders in the direction of their half-edges (see findBoundaryLoops)
 */
export function zipLoops(
  { positionsLpsMm: p }: Pick<TriangleMesh, 'positionsLpsMm'>,
  outer: Uint32Array,
  inner: Uint32Array,
): number[] {
  const squaredMm2 = (a: number, b: number): number =>
    (p[3 * a]! - p[3 * b]!) ** 2 +
    (p[3 * a + 1]! - p[3 * b + 1]!) ** 2 +
    (p[3 * a + 2]! - p[3 * b + 2]!) ** 2;
  // Across the gap borders run against each other.
  const [first, second] = startedAtNearest(outer.slice().reverse(), inner, squaredMm2);
  const [n, m] = [first.length, second.length];
  const wide = m + 1;
  const cost = new Float64Array((n + 1) * wide);
  const alongFirst = new Uint8Array((n + 1) * wide);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (i === 0 && j === 0) continue;
      const viaFirst = i > 0 ? cost[(i - 1) * wide + j]! : Infinity;
      const viaSecond = j > 0 ? cost[i * wide + j - 1]! : Infinity;
      alongFirst[i * wide + j] = viaFirst <= viaSecond ? 1 : 0;
      cost[i * wide + j] = Math.min(viaFirst, viaSecond) + squaredMm2(first[i % n]!, second[j % m]!);
    }
  }
  const triangles: number[] = [];
  for (let i = n, j = m; i > 0 || j > 0; ) {
    if (alongFirst[i * wide + j] === 1) {
      triangles.push(first[i - 1]!, first[i % n]!, second[j % m]!);
      i--;
    } else {
      triangles.push(first[i % n]!, second[j % m]!, second[j - 1]!);
      j--;
    }
  }
  return triangles;
}

/** Both loops turned so that they start at the two vertices that are nearest to each other. */
function startedAtNearest(
  first: Uint32Array,
  second: Uint32Array,
  squaredMm2: (a: number, b: number) => number,
): [Uint32Array, Uint32Array] {
  let [best, atFirst, atSecond] = [Infinity, 0, 0];
  first.forEach((a, i) => {
    second.forEach((b, j) => {
      const squared = squaredMm2(a, b);
      if (squared < best) [best, atFirst, atSecond] = [squared, i, j];
    });
  });
  return [turned(first, atFirst), turned(second, atSecond)];
}

const turned = (loop: Uint32Array, start: number): Uint32Array =>
  Uint32Array.from(loop, (_, index) => loop[(start + index) % loop.length]!);

/**
 * Pairs each outer border with the inner one that runs beside it.
 * @returns undefined where they do not pair one to one within `mostMm` on average.
 */
export function pairLoops(
  { positionsLpsMm: p }: Pick<TriangleMesh, 'positionsLpsMm'>,
  outer: readonly Uint32Array[],
  inner: readonly Uint32Array[],
  mostMm: number,
): [Uint32Array, Uint32Array][] | undefined {
  if (outer.length !== inner.length) return undefined;
  const free = new Set(inner);
  const pairs: [Uint32Array, Uint32Array][] = [];
  for (const loop of outer) {
    let best: { loop: Uint32Array; apartMm: number } | undefined;
    for (const other of free) {
      const apartMm = Math.max(meanGapMm(p, loop, other), meanGapMm(p, other, loop));
      if (!best || apartMm < best.apartMm) best = { loop: other, apartMm };
    }
    if (!best || best.apartMm > mostMm) return undefined;
    free.delete(best.loop);
    pairs.push([loop, best.loop]);
  }
  return pairs;
}

/** The mean distance of a loop's vertices from the nearest ones of another. */
function meanGapMm(p: Float32Array, from: Uint32Array, to: Uint32Array): number {
  let sum = 0;
  for (const a of from) {
    let nearest = Infinity;
    for (const b of to) {
      const squared =
        (p[3 * a]! - p[3 * b]!) ** 2 +
        (p[3 * a + 1]! - p[3 * b + 1]!) ** 2 +
        (p[3 * a + 2]! - p[3 * b + 2]!) ** 2;
      if (squared < nearest) nearest = squared;
    }
    sum += Math.sqrt(nearest);
  }
  return sum / from.length;
}
