import { describe, expect, it } from 'vitest';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { vertexCount } from '#shared/mesh/triangleMesh.ts';
import { selfIntersectingFaces } from './selfIntersections.ts';
import { untangle } from './untangle.ts';

/** A sphere of 10 mm with one vertex pulled through the opposite side. */
function pierced() {
  const sphere = icosphere([0, 0, 0], 10, 3);
  const positionsLpsMm = Float32Array.from(sphere.positionsLpsMm);
  for (const axis of [0, 1, 2]) positionsLpsMm[axis]! *= -1.2;
  return { positionsLpsMm, triangles: sphere.triangles };
}

describe('untangle', () => {
  it('gives back a sound mesh as it is', () => {
    const sphere = icosphere([0, 0, 0], 10, 2);
    const { mesh, selfIntersections } = untangle(sphere);
    expect(mesh).toBe(sphere);
    expect(selfIntersections).toBe(0);
  });

  it('removes what pierces and moves nothing far from it', () => {
    const mesh = pierced();
    expect(selfIntersectingFaces(mesh).length).toBeGreaterThan(0);
    const { mesh: healed, selfIntersections } = untangle(mesh);
    expect(selfIntersections).toBe(0);
    expect(selfIntersectingFaces(healed)).toHaveLength(0);
    expect(healed.triangles).toBe(mesh.triangles);
    let moved = 0;
    for (let vertex = 0; vertex < vertexCount(mesh); vertex++) {
      const same = [0, 1, 2].every(
        (axis) => healed.positionsLpsMm[3 * vertex + axis] === mesh.positionsLpsMm[3 * vertex + axis],
      );
      if (!same) moved++;
    }
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(vertexCount(mesh) / 4);
  });

  it('says how much still pierces where its rounds do not suffice', () => {
    const { mesh, selfIntersections } = untangle(pierced(), { rounds: 0 });
    expect(selfIntersections).toBeGreaterThan(0);
    expect(selfIntersections).toBe(selfIntersectingFaces(mesh).length);
  });

  it('leaves fixed vertices where they are while others can give way', () => {
    const mesh = pierced();
    const fixed = new Uint8Array(vertexCount(mesh));
    fixed[vertexCount(mesh) - 1] = 1;
    const { mesh: healed } = untangle(mesh, { fixed });
    const last = 3 * (vertexCount(mesh) - 1);
    expect(healed.positionsLpsMm.slice(last)).toEqual(mesh.positionsLpsMm.slice(last));
  });
});
