import { describe, expect, it } from 'vitest';
import { concatenateMeshes } from '#main/mesh/submesh.ts';
import { sampleSurface } from '#main/mesh/surfaceSamples.ts';
import { UserError } from '#shared/errors.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { box, icosphere } from '#shared/mesh/testing/primitives.ts';
import {
  diceOfClosedMeshes,
  diceOfMasks,
  diceOfMaskVolumes,
  evaluateRims,
  evaluateSurfaces,
} from './index.ts';

describe('sampleSurface', () => {
  it('stands for the whole area, coarse faces or fine', () => {
    for (const mesh of [box([0, 0, 0], [10, 20, 30]), icosphere([0, 0, 0], 9, 4)]) {
      const { areasMm2, pointsLpsMm, faces } = sampleSurface(mesh, 0.5);
      const area = areasMm2.reduce((sum, value) => sum + value, 0);
      expect(area / (mesh.triangles.length === 36 ? 2200 : 4 * Math.PI * 81)).toBeCloseTo(1, 2);
      expect(pointsLpsMm.length).toBe(3 * faces.length);
    }
    // The samples of a box's faces lie evenly: their mean is the box's centre.
    const { pointsLpsMm } = sampleSurface(box([0, 0, 0], [10, 10, 10]), 0.1);
    const mean = pointsLpsMm.reduce((sum, value) => sum + value, 0) / pointsLpsMm.length;
    expect(mean).toBeCloseTo(5, 1);
  });
});

describe('evaluateSurfaces', () => {
  it('is zero for a surface and itself', () => {
    const sphere = icosphere([1, 2, 3], 8, 3);
    const metrics = evaluateSurfaces(sphere, sphere);
    expect(metrics.averageSymmetricDistanceMm).toBeLessThan(1e-5);
    expect(metrics.hausdorffMm).toBeLessThan(1e-5);
    expect(metrics.normalConsistency).toBeCloseTo(1, 5);
    expect(metrics.seed.completion2Mm).toBe(1);
  });

  it('gives the gap of two concentric spheres everywhere', () => {
    const metrics = evaluateSurfaces(icosphere([0, 0, 0], 10, 5), icosphere([0, 0, 0], 11, 5));
    for (const value of [
      metrics.averageSymmetricDistanceMm,
      metrics.hausdorff95Mm,
      metrics.hausdorffMm,
      metrics.seed.meanMm,
      metrics.seed.medianMm,
      metrics.seed.accuracy90Mm,
    ]) {
      expect(value).toBeCloseTo(1, 1);
    }
    expect(metrics.normalConsistency).toBeGreaterThan(0.999);
  });

  it('weighs by area, not by vertices, and sees what the prediction lacks', () => {
    // A far-off finely meshed speck: many vertices, little area.
    const truth = icosphere([0, 0, 0], 10, 3);
    const predicted = concatenateMeshes([truth, icosphere([30, 0, 0], 0.5, 4)]);
    const metrics = evaluateSurfaces(predicted, truth);
    const speckShare = (4 * Math.PI * 0.25) / (4 * Math.PI * (100 + 100 + 0.25));
    expect(metrics.averageSymmetricDistanceMm).toBeCloseTo(20 * speckShare, 2);
    expect(metrics.seed.meanMm).toBeGreaterThan(10);
    expect(metrics.hausdorff95Mm).toBeLessThan(0.01);
    const reverse = evaluateSurfaces(truth, predicted);
    expect(reverse.averageSymmetricDistanceMm).toBeCloseTo(metrics.averageSymmetricDistanceMm, 6);
    expect(reverse.seed.meanMm).toBeLessThan(1e-5);
    expect(reverse.seed.completion2Mm).toBeLessThan(0.3);
  });

  it('counts a turned normal as consistent but a crossed one as not', () => {
    const flat = box([0, 0, 0], [20, 20, 0.001]);
    const upright = box([9.999, 0, -10], [10, 20, 10]);
    expect(evaluateSurfaces(flat, upright).normalConsistency).toBeLessThan(0.1);
  });

  it('refuses an empty mesh', () => {
    const empty = { positionsLpsMm: new Float32Array(0), triangles: new Uint32Array(0) };
    expect(() => evaluateSurfaces(empty, box([0, 0, 0], [1, 1, 1]))).toThrow(UserError);
  });
});

describe('Dice', () => {
  it('of masks', () => {
    expect(diceOfMasks([1, 1, 0, 0], [0, 1, 1, 0])).toBe(0.5);
    expect(diceOfMasks([0, 0], [0, 0])).toBe(1);
    expect(diceOfMasks([1, 0], [0, 1])).toBe(0);
    expect(() => diceOfMasks([1], [1, 0])).toThrow(RangeError);
  });

  it('of closed meshes', () => {
    // Two boxes of 10 mm, shifted by a quarter: overlap 7.5 of 10.
    expect(diceOfClosedMeshes(box([0, 0, 0], [10, 10, 10]), box([2.5, 0, 0], [12.5, 10, 10]))).toBeCloseTo(
      0.75,
      1,
    );
    const [small, large] = [icosphere([0, 0, 0], 8, 4), icosphere([0, 0, 0], 10, 4)];
    expect(diceOfClosedMeshes(small, large)).toBeCloseTo((2 * 512) / 1512, 2);
    expect(diceOfClosedMeshes(small, small)).toBe(1);
  });

  it('of masks on different grids', () => {
    const fine = {
      sizeIjk: [8, 4, 4],
      originLpsMm: [0.25, 0.25, 0.25],
      spacingMm: [0.5, 0.5, 0.5],
      directions: LPS_AXES,
    } as const;
    const coarse = {
      sizeIjk: [4, 2, 2],
      originLpsMm: [0.5, 0.5, 0.5],
      spacingMm: [1, 1, 1],
      directions: LPS_AXES,
    } as const;
    const left = (size: number, half: number) => (_: unknown, voxel: number) => (voxel % size < half ? 1 : 0);
    const a = { grid: fine, data: Uint8Array.from({ length: 128 }, left(8, 4)) };
    const b = { grid: coarse, data: Uint8Array.from({ length: 16 }, left(4, 2)) };
    expect(diceOfMaskVolumes(a, b)).toBe(1);
    expect(
      diceOfMaskVolumes(b, { grid: fine, data: Uint8Array.from({ length: 128 }, left(8, 2)) }),
    ).toBeCloseTo(2 / 3, 9);
  });
});

it('evaluateRims compares two ellipses', () => {
  const ellipse = (a: number, b: number, z: number, points: number): Vec3[] =>
    Array.from({ length: points }, (_, index) => {
      const angle = (2 * Math.PI * index) / points;
      return [a * Math.cos(angle), b * Math.sin(angle), z];
    });
  const metrics = evaluateRims(ellipse(12, 9, 1, 300), ellipse(11, 8, 1, 200));
  expect(metrics.meanDistanceMm).toBeCloseTo(1, 1);
  expect(metrics.maxDiameterErrorMm).toBeCloseTo(2, 2);
  expect(metrics.minDiameterErrorMm).toBeCloseTo(2, 2);
  expect(metrics.areaRatio).toBeCloseTo((12 * 9) / (11 * 8), 2);
  expect(metrics.planeAngleDegrees).toBeLessThan(0.01);
  expect(evaluateRims(ellipse(12, 9, 3, 90), ellipse(12, 9, 1, 90)).meanDistanceMm).toBeCloseTo(2, 6);
});
