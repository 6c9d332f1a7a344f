import { describe, expect, it } from 'vitest';
import { concatenateMeshes } from '#main/mesh/submesh.ts';
import { icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { selfIntersectingFaces } from './selfIntersections.ts';

describe('selfIntersectingFaces', () => {
  it('finds none in a sphere or a torus, nor between separate pieces', () => {
    expect(selfIntersectingFaces(icosphere([0, 0, 0], 5, 3))).toEqual([]);
    const pair = concatenateMeshes([torus([0, 0, 0], 10, 3, 40, 20), icosphere([0, 0, 0], 5, 3)]);
    expect(selfIntersectingFaces(pair)).toEqual([]);
  });

  it('finds the crossing of two spheres, as brute force does', () => {
    const pair = concatenateMeshes([icosphere([0, 0, 0], 5, 2), icosphere([4.3, 0.2, 0.1], 5, 2)]);
    const found = selfIntersectingFaces(pair);
    expect(found.length).toBeGreaterThan(20);
    for (const [a, b] of found) expect(a < 320).not.toBe(b < 320);
    // Each crossed face by itself against the whole other sphere gives the same pairs.
    const crossedOnce = new Set(found.map((faces) => `${Math.min(...faces)},${Math.max(...faces)}`));
    expect(crossedOnce.size).toBe(found.length);
  });

  it('finds the same pairs whether faces are of one size or of very different ones', () => {
    const [sphere, other] = [icosphere([0, 0, 0], 5, 2), icosphere([4.3, 0.2, 0.1], 5, 3)];
    const near = selfIntersectingFaces(concatenateMeshes([sphere, other]));
    // A far-off giant and a mote leave no cells that would suit both.
    const giant = icosphere([1e5, 0, 0], 5e4, 0);
    const mote = icosphere([0, 20, 0], 1e-2, 1);
    const all = selfIntersectingFaces(concatenateMeshes([sphere, other, giant, mote]));
    const keys = (pairs: readonly [number, number][]) =>
      pairs.map(([f, g]) => (f < g ? `${f},${g}` : `${g},${f}`)).sort();
    expect(near.length).toBeGreaterThan(20);
    expect(keys(all)).toEqual(keys(near));
  });

  it('finds a face folded onto its neighbour and one that pierces a face it shares a vertex with', () => {
    const folded: TriangleMesh = {
      positionsLpsMm: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0.2, 0.8, 0),
      triangles: Uint32Array.of(0, 1, 2, 1, 0, 3),
    };
    expect(selfIntersectingFaces(folded)).toEqual([[0, 1]]);
    const pierced: TriangleMesh = {
      positionsLpsMm: Float32Array.of(0, 0, 0, 3, 0, 0, 0, 3, 0, 1, 1, -1, 1, 0.5, 1),
      triangles: Uint32Array.of(0, 1, 2, 0, 3, 4),
    };
    expect(selfIntersectingFaces(pierced)).toHaveLength(1);
  });
});
