import { describe, expect, it } from 'vitest';
import {
  boundingBoxLpsMm,
  signedVolumeMm3,
  smallestAnglesDegrees,
  surfaceAreaMm2,
  vertexNormals,
} from './measures.ts';
import { box, icosphere, torus } from './primitives.ts';
import { meshQuality } from './quality.ts';
import { selfIntersectingFaces } from './selfIntersections.ts';
import { concatenateMeshes, flipped } from './submesh.ts';
import type { TriangleMesh } from './triangleMesh.ts';

describe('measures', () => {
  it('measures a box exactly, far from the origin too', () => {
    const mesh = box([1000, -2000, 500], [1002, -1997, 504]);
    expect(signedVolumeMm3(mesh)).toBeCloseTo(24, 6);
    expect(surfaceAreaMm2(mesh)).toBeCloseTo(2 * (6 + 8 + 12), 6);
    expect(signedVolumeMm3(flipped(mesh))).toBeCloseTo(-24, 6);
    expect(boundingBoxLpsMm(mesh)).toEqual({ low: [1000, -2000, 500], high: [1002, -1997, 504] });
  });

  it('comes near the formulas for a sphere and a torus', () => {
    const sphere = icosphere([5, 6, 7], 10, 4);
    expect(signedVolumeMm3(sphere) / ((4 / 3) * Math.PI * 1000)).toBeCloseTo(1, 2);
    expect(surfaceAreaMm2(sphere) / (4 * Math.PI * 100)).toBeCloseTo(1, 2);
    const ring = torus([0, 0, 0], 10, 3, 96, 48);
    expect(signedVolumeMm3(ring) / (2 * Math.PI ** 2 * 10 * 9)).toBeCloseTo(1, 2);
  });

  it('points vertex normals outward', () => {
    const sphere = icosphere([0, 0, 0], 2, 2);
    const normals = vertexNormals(sphere);
    for (let index = 0; index < normals.length; index++) {
      expect(normals[index]).toBeCloseTo(sphere.positionsLpsMm[index]! / 2, 1);
    }
  });

  it('knows the angles of a triangle', () => {
    const mesh: TriangleMesh = {
      positionsLpsMm: Float32Array.of(0, 0, 0, Math.sqrt(3), 0, 0, 0, 1, 0, 1, 0, 0),
      triangles: Uint32Array.of(0, 1, 2, 0, 1, 3),
    };
    const angles = smallestAnglesDegrees(mesh);
    expect(angles[0]).toBeCloseTo(30, 4);
    expect(angles[1]).toBeCloseTo(0, 4);
  });
});

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

it('meshQuality sums it up', () => {
  expect(meshQuality(icosphere([0, 0, 0], 3, 3))).toMatchObject({
    watertight: true,
    manifold: true,
    outward: true,
    selfIntersections: 0,
    degenerateFaces: 0,
    genus: 0,
  });
  expect(meshQuality(flipped(box([0, 0, 0], [1, 1, 1]))).outward).toBe(false);
  expect(meshQuality(box([0, 0, 0], [1, 1, 1])).minAngleDegrees).toBeCloseTo(45, 4);
});
