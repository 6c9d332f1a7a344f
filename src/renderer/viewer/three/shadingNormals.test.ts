import { describe, expect, it } from 'vitest';
import { vertexNormals } from '#shared/mesh/measures.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { shadingNormals } from './shadingNormals.ts';

/** The largest angle between a normal and the direction from the middle, radians. */
function worstOnSphere(mesh: TriangleMesh, normals: Float32Array): number {
  let worst = 0;
  const p = mesh.positionsLpsMm;
  for (let at = 0; at < p.length; at += 3) {
    const length = Math.hypot(p[at]!, p[at + 1]!, p[at + 2]!);
    const dot =
      (p[at]! * normals[at]! + p[at + 1]! * normals[at + 1]! + p[at + 2]! * normals[at + 2]!) / length;
    worst = Math.max(worst, Math.acos(Math.min(1, dot)));
  }
  return worst;
}

describe('shadingNormals', () => {
  it('stays that of a sphere, and smooths one with steps', () => {
    const sphere = icosphere([0, 0, 0], 10, 4);
    expect(worstOnSphere(sphere, shadingNormals(sphere))).toBeLessThan(0.02);
    // Terraces of 0.05 mm along z, as slices leave them.
    const stepped: TriangleMesh = {
      ...sphere,
      positionsLpsMm: sphere.positionsLpsMm.map((value, index) => {
        const z = sphere.positionsLpsMm[index - (index % 3) + 2]!;
        return value * (1 + 0.005 * Math.sin(5 * z));
      }),
    };
    const smoothed = worstOnSphere(stepped, shadingNormals(stepped));
    expect(smoothed).toBeLessThan(0.6 * worstOnSphere(stepped, vertexNormals(stepped)));
  });

  it('keeps an edge sharp', () => {
    // Two squares at a right angle, each with vertices of its own but for the edge.
    const roof: TriangleMesh = {
      positionsLpsMm: Float32Array.of(0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1),
      triangles: Uint32Array.of(0, 2, 3, 0, 3, 1, 0, 1, 5, 0, 5, 4),
    };
    const normals = shadingNormals(roof);
    const far = vertexNormals(roof);
    for (const vertex of [2, 3, 4, 5]) {
      for (const axis of [0, 1, 2])
        expect(normals[3 * vertex + axis]).toBeCloseTo(far[3 * vertex + axis]!, 6);
    }
  });
});
