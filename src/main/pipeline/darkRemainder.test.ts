import { expect, it } from 'vitest';
import { cubeGridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { cylinderMesh } from '../meshing/testing/cylinderMesh.ts';
import { normalizedToLps } from '../surface/cropFrame.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';
import { findDarkRemainder } from './darkRemainder.ts';

/** The surface ends 20 mm beyond the ostium; a plug of 7 mm goes on from there. */
const [RADIUS_MM, END_MM, PLUG_MM] = [7, 20, 7];
const frame = { centreLpsMm: [0, 0, 12] as Vec3, edgeMm: 70 };
// Only these of an ostium are read.
const ostium = {
  found: true,
  planePointLpsMm: [0, 0, 0],
  planeNormal: [0, 0, 1],
  centreLine: undefined,
} as unknown as ExtractedAppendage['ostium'];
const appendage = { closed: cylinderMesh(RADIUS_MM, END_MM), ostium };

const isPlug = ([x, y, z]: Vec3, endMm = END_MM): boolean =>
  Math.hypot(x, y) < RADIUS_MM && z > endMm && z < endMm + PLUG_MM;

/** A scan of voxels of 1 mm: blood of 350 HU in the tube, beyond it a plug of so many HU, fat round both. */
function scanWithPlug(plugHu: number) {
  const grid = cubeGridLps([0, 0, 12], 60, 60);
  const [nI, nJ] = grid.sizeIjk;
  const data = Int16Array.from({ length: voxelCount(grid) }, (_, voxel) => {
    const at = ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]);
    if (isPlug(at)) return plugHu;
    return Math.hypot(at[0], at[1]) < RADIUS_MM && at[2] < END_MM ? 350 : -100;
  });
  return { grid, data };
}

/** Both distances to the tube as it was drawn; in the plug the one to the wall is greater by `doubtMm`. */
const field =
  (doubtMm: number, signedOffMm = 0, plugFromMm = END_MM): FieldFunction =>
  async (points) => {
    const signedMm = new Float32Array(points.length / 3);
    const unsignedMm = new Float32Array(points.length / 3);
    for (let at = 0; at < signedMm.length; at++) {
      const point = normalizedToLps(frame, [points[3 * at]!, points[3 * at + 1]!, points[3 * at + 2]!]);
      const [x, y, z] = point;
      const [aside, beyond] = [Math.hypot(x, y) - RADIUS_MM, z - END_MM];
      const mm = Math.max(aside, beyond);
      const isDoubtful = isPlug(point, plugFromMm);
      signedMm[at] = mm - (isDoubtful ? signedOffMm : 0);
      unsignedMm[at] = Math.abs(mm) + (isDoubtful ? doubtMm : 0);
    }
    return { signedMm, unsignedMm };
  };

const remainder = (plugHu: number, ...doubt: Parameters<typeof field>) =>
  findDarkRemainder(scanWithPlug(plugHu), { appendage, field: field(...doubt), frame }, 350);

it('measures dark tissue beyond an end of the surface on which the fields disagree', async () => {
  const found = (await remainder(45, 1))!;
  // Of the plug's 1.08 mL the first 4 mm are looked at.
  expect(found.volumeMl).toBeGreaterThan(0.4);
  expect(found.volumeMl).toBeLessThan(0.8);
  expect(found.valueHu).toBeCloseTo(45, 0);
  expect(found.fromDepthMm).toBeGreaterThanOrEqual(END_MM);
  expect(found.fromDepthMm).toBeLessThan(END_MM + 2);
  expect(found.toDepthMm).toBeGreaterThan(END_MM + 2);
});

it('finds nothing where both fields are sure, where the tissue is fat or filled, and in another body', async () => {
  expect(await remainder(45, 0.05)).toBeUndefined();
  expect(await remainder(-100, 1)).toBeUndefined();
  expect(await remainder(300, 1)).toBeUndefined();
  // The field means another body there: it is 4 mm nearer than this surface.
  expect(await remainder(45, 1, 4)).toBeUndefined();
  // What disagrees does not touch the surface.
  expect(await remainder(45, 1, 0, END_MM + 3)).toBeUndefined();
});
