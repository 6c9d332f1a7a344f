import { expect, it } from 'vitest';
import { centreLine } from '#shared/anatomy/centreLine.ts';
import { cubeGridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm, signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { cylinderMesh } from '../meshing/testing/cylinderMesh.ts';
import { measureFilling, unfilledSurface } from './appendageFilling.ts';

const closed = cylinderMesh(7, 30);
const volumeMl = signedVolumeMm3(closed) / 1000;
const plane = { pointLpsMm: [0, 0, 0] as Vec3, normal: [0, 0, 1] as Vec3 };
const ostium = {
  planePointLpsMm: plane.pointLpsMm,
  planeNormal: plane.normal,
  centreLine: centreLine(closed, [0, 0, 0], plane),
};

/** A scan of voxels of 1 mm: blood of 350 HU in the tube, 60 HU in it beyond a depth, fat round it. */
function scanDarkFrom(depthMm: number) {
  const grid = cubeGridLps([0, 0, 15], 44, 44);
  const [nI, nJ] = grid.sizeIjk;
  const data = Int16Array.from({ length: voxelCount(grid) }, (_, voxel) => {
    const [x, y, z] = ijkToLps(grid, [
      voxel % nI,
      Math.floor(voxel / nI) % nJ,
      Math.floor(voxel / (nI * nJ)),
    ]);
    if (Math.hypot(x, y) > 7 || z > 30) return -100;
    return z > depthMm ? 60 : 350;
  });
  return { grid, data };
}

it('measures both parts of a tube with a dark end, and where the dark one lies', () => {
  const filling = measureFilling(scanDarkFrom(20), { closed, volumeMl }, ostium, 350)!;
  expect(filling.filledMl + filling.unfilledMl).toBeCloseTo(volumeMl, 6);
  expect(Math.abs(filling.unfilledMl - volumeMl / 3)).toBeLessThan(0.1);
  expect(Math.abs(filling.fromDepthMm - 20)).toBeLessThan(1.5);
  expect(filling.toDepthMm).toBeGreaterThan(28);
  expect(filling).toMatchObject({ filledHu: expect.closeTo(350, -1), unfilledHu: expect.closeTo(60, -1) });
  // What is shown covers the dark end and stands a little out of the wall.
  const { low, high } = boundingBoxLpsMm(unfilledSurface(filling)!);
  expect(low[2]).toBeGreaterThan(17.5);
  expect(high[2]).toBeGreaterThan(29.5);
  expect(high[0]).toBeGreaterThan(6.8);
});

it('finds one compartment where all is filled', () => {
  expect(measureFilling(scanDarkFrom(99), { closed, volumeMl }, ostium, 350)).toBeUndefined();
});
