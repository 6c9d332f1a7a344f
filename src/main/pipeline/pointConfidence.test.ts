import { expect, it } from 'vitest';
import { cubeGridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';
import { offChances } from './pointConfidence.ts';

const closed = icosphere([0, 0, 0], 10, 3);
const count = vertexCount(closed);
const z = (vertex: number): number => closed.positionsLpsMm[3 * vertex + 2]!;
const x = (vertex: number): number => closed.positionsLpsMm[3 * vertex]!;

/** A ball of blood; round its left half fat, round its right half tissue as bright as the blood. */
const grid = cubeGridLps([0, 0, 0], 30, 60);
const volume = {
  grid,
  data: Int16Array.from({ length: voxelCount(grid) }, (_, voxel) => {
    const [left, ...rest] = ijkToLps(grid, [
      voxel % 60,
      Math.floor(voxel / 60) % 60,
      Math.floor(voxel / 3600),
    ]);
    return Math.hypot(left, ...rest) < 10 || left < 0 ? 350 : -100;
  }),
};

/** The fields disagree by 1 mm in the upper half. The ostium's plane lies at z = −6 mm. */
const appendage = {
  closed,
  surface: closed,
  unsignedMm: Float32Array.from({ length: count }, (_, vertex) => (z(vertex) > 0 ? 1 : 0.1)),
  ostium: { found: true, planePointLpsMm: [0, 0, -6], planeNormal: [0, 0, 1] },
  // What else an extraction gives is not looked at.
} as unknown as ExtractedAppendage;

it('is unsure where the fields disagree and where the image shows no edge, and says nothing at the ostium', () => {
  const chances = offChances(appendage, volume)!;
  const meanWhere = (holds: (vertex: number) => boolean): number => {
    const own = [...chances.keys()].filter(holds).map((vertex) => chances[vertex]!);
    return own.reduce((sum, chance) => sum + chance, 0) / own.length;
  };
  const sure = meanWhere((vertex) => z(vertex) < -1 && z(vertex) > -4 && x(vertex) > 3);
  const noEdge = meanWhere((vertex) => z(vertex) < -1 && z(vertex) > -4 && x(vertex) < -3);
  const disagreeing = meanWhere((vertex) => z(vertex) > 1 && x(vertex) > 3);
  const both = meanWhere((vertex) => z(vertex) > 1 && x(vertex) < -3);
  expect(sure).toBeLessThan(0.02);
  expect(noEdge).toBeGreaterThan(1.5 * sure);
  expect(disagreeing).toBeGreaterThan(5 * sure);
  expect(both).toBeGreaterThan(disagreeing);
  expect(
    [...chances.keys()].filter((vertex) => z(vertex) < -5).every((vertex) => Number.isNaN(chances[vertex]!)),
  ).toBe(true);
  expect(offChances({ ...appendage, open: { openings: 1, isRagged: false } }, volume)).toBeUndefined();
});
