import { describe, expect, it } from 'vitest';
import {
  boundingBoxLpsMm,
  signedVolumeMm3,
  smallestAnglesDegrees,
  surfaceAreaMm2,
  vertexNormals,
} from './measures.ts';
import { box, icosphere, torus } from './testing/primitives.ts';
import type { TriangleMesh } from './triangleMesh.ts';

describe('measures', () => {
  it('measures a box exactly, far from the origin too', () => {
    const mesh = box([1000, -2000, 500], [1002, -1997, 504]);
    expect(signedVolumeMm3(mesh)).toBeCloseTo(24, 6);
    expect(surfaceAreaMm2(mesh)).toBeCloseTo(2 * (6 + 8 + 12), 6);
    expect(signedVolumeMm3({ ...mesh, triangles: mesh.triangles.toReversed() })).toBeCloseTo(-24, 6);
    expect(boundingBoxLpsMm(mesh)).toEqual({ low: [1000, -2000, 500], high: [1002, -1997, 504] });
  });

  it('is close to the formulas for a sphere and a torus', () => {
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

  it('computes the angles of a triangle', () => {
    const mesh: TriangleMesh = {
      positionsLpsMm: Float32Array.of(0, 0, 0, Math.sqrt(3), 0, 0, 0, 1, 0, 1, 0, 0),
      triangles: Uint32Array.of(0, 1, 2, 0, 1, 3),
    };
    const angles = smallestAnglesDegrees(mesh);
    expect(angles[0]).toBeCloseTo(30, 4);
    expect(angles[1]).toBeCloseTo(0, 4);
  });
});
