import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dicomSegmentation } from '#shared/dicom/testing/segmentationFixtures.ts';
import { cubeGridLps, type GridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { cross, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { encodeNrrd } from '../../interchange/nrrd.ts';
import { encodeStl } from '../../interchange/stl.ts';
import type { CaseRequest, FilesInput, PrepareOptions } from '../caseRequest.ts';

/** A ball in an oblique scan, with segmentations of several kinds, and some that are of no use. */

const CENTRE: Vec3 = [20, -30, 40];
export const BALL_RADIUS_MM = 8;
/** Half of the radius below the ball's middle. */
export const OSTIUM_BELOW_MM = 4;
const first = normalize([0.9, 0.3, -0.2]);
const second = perpendicular(first);
/** An oblique scan of 4 mm, wide enough for the whole cube. */
const scanGrid: GridLps = {
  ...cubeGridLps(CENTRE, 160, 40),
  directions: [first, second, cross(first, second)],
  originLpsMm: [0, 0, 0],
};
const middle = ijkToLps(scanGrid, [19.5, 19.5, 19.5]);
const grid: GridLps = {
  ...scanGrid,
  originLpsMm: [CENTRE[0] - middle[0], CENTRE[1] - middle[1], CENTRE[2] - middle[2]],
};
/** HU that rise evenly along all axes: linear interpolation is exact. */
export const rampHu = ([x, y, z]: Vec3): number =>
  0.5 * (x - CENTRE[0]) - 0.25 * (y - CENTRE[1]) + 0.125 * (z - CENTRE[2]);

function forEachVoxel(of: GridLps, visit: (pointLps: Vec3, voxel: number) => void): void {
  const [nI, nJ, nK] = of.sizeIjk;
  for (let k = 0, voxel = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) for (let i = 0; i < nI; i++) visit(ijkToLps(of, [i, j, k]), voxel++);
  }
}

export const ballOptions: PrepareOptions = {
  resolutions: [64],
  imageType: 'float32',
  precision: 'float64',
  points: 400,
  dualFieldPoints: 400,
  seed: 3,
  centre: 'segmentation',
  surfaceResolution: 32,
  programVersion: '0.1.0',
};
export const findCentre = async (): Promise<Vec3> => [21, -31, 41];
export const ballPlane = { pointLpsMm: [20, -30, 40 - OSTIUM_BELOW_MM] as const, normal: [0, 0, 1] as const };

/** Writes them. @returns their folder, the caller's to remove */
export async function writeBallInputs(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auricle-inputs-'));
  const ramp = new Float32Array(voxelCount(grid));
  forEachVoxel(grid, (point, voxel) => {
    ramp[voxel] = rampHu(point);
  });
  const labelGrid = cubeGridLps(CENTRE, 20, 13);
  const labels = new Uint8Array(voxelCount(labelGrid));
  forEachVoxel(labelGrid, (point, voxel) => {
    // The appendage is the upper part of a ball, the atrium the lower.
    const away = Math.hypot(...point.map((value, axis) => value - CENTRE[axis]!));
    if (away < BALL_RADIUS_MM) labels[voxel] = point[2] > CENTRE[2] - OSTIUM_BELOW_MM ? 2 : 7;
  });
  const empty = new Uint8Array(voxelCount(labelGrid));
  const sphere = icosphere(CENTRE, BALL_RADIUS_MM, 2);
  const files: Record<string, Uint8Array> = {
    'scan.nrrd': encodeNrrd({ grid, data: ramp }),
    'labels.nrrd': encodeNrrd({ grid: labelGrid, data: labels }),
    'empty.nrrd': encodeNrrd({ grid: labelGrid, data: empty }),
    'sphere.stl': encodeStl(sphere),
    'turned.stl': encodeStl(icosphere([-60, 85, 40], 3, 2)),
    'far.stl': encodeStl(icosphere([500, 0, 0], BALL_RADIUS_MM, 2)),
    'cut.nrrd': encodeNrrd({ grid, data: ramp }).subarray(0, 5000),
    'seg.dcm': dicomSegmentation({
      type: 'BINARY',
      grid: cubeGridLps(CENTRE, 16, 8),
      frames: Array.from({ length: 8 }, (_, slice) => ({
        segment: 1,
        slice,
        values: new Array<number>(64).fill(1),
      })),
      labels: { 1: 'Appendage' },
    }),
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return folder;
}

/** A case of files that {@link writeBallInputs} wrote. */
export const ballRequest = (
  inputs: string,
  segmentation = 'sphere.stl',
  more: Partial<FilesInput> = {},
  name = 'case-1',
): CaseRequest => ({
  name,
  input: {
    kind: 'files',
    image: join(inputs, 'scan.nrrd'),
    segmentation: join(inputs, segmentation),
    ...(segmentation.endsWith('.stl') ? { ostiumPlane: ballPlane } : {}),
    ...more,
  },
});
