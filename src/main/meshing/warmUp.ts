import type { OstiumPlane } from '#shared/contract/values.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { appendageAfterEdits } from './afterEdits.ts';
import { recutAppendage } from './recut.ts';
import { bentTubeMesh, labelsOf } from './shapes.ts';

/** From so many rounds on V8 has compiled most of what a cut runs through. */
const RECUTS = 24;
const EDITS = 4;

/**
 * All that a recut and an edit run through, on shapes so small that one step takes a few tens of
 * milliseconds: V8 compiles code only when it has run for a while, and the first cuts in a fresh thread are the slow ones.
 * The results are of no use.
 */
export function* warmUpSteps(): Generator<void, void> {
  const tube = bentTubeMesh(8, 4, 2, 30, 24);
  const plane = (round: number): OstiumPlane => ({ pointLpsMm: [0, 0, 1 + 0.1 * round], normal: [0, 0, 1] });
  for (let round = 0; round < RECUTS; round++) {
    recutAppendage(tube, plane(round), false);
    yield;
  }
  const original = recutAppendage(tube, plane(0), false);
  const grid = cubeGridLps([8, 0, 5], 32, 40);
  const inside = rasterizeClosedMesh(original.closed, grid);
  for (let round = 0; round < EDITS; round++) {
    const dab = labelsOf(grid, ([x, y, z]) => Math.hypot(x - 11.3, y, z - 7.3) - 1.5 - 0.3 * round);
    const data = dab.data.map((label, voxel) => label || inside[voxel]!);
    appendageAfterEdits(original, { grid, data }, plane(round % 2), false);
    yield;
  }
}
