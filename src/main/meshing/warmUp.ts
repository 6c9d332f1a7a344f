import type { OstiumPlane } from '#shared/contract/values.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { appendageFromLabels } from './fromLabels.ts';
import { recutAppendage } from './recut.ts';
import { bentTubeMesh, labelsOf } from './shapes.ts';

/** From so many rounds on V8 has compiled most of what a cut runs through. */
const RECUTS = 24;
const LABEL_SURFACES = 4;

/**
 * All that a recut and a surface from labels run through, on shapes so small that one step takes a few tens of
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
  const ball = labelsOf(cubeGridLps([0, 0, 0], 16, 20), (pointLpsMm) => Math.hypot(...pointLpsMm) - 5);
  for (let round = 0; round < LABEL_SURFACES; round++) {
    appendageFromLabels(ball, plane(round), false);
    yield;
  }
}
