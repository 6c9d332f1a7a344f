import { type GridLps, ijkToLps, voxelCount } from '../../geometry/gridLps.ts';
import { add, scale, type Vec3 } from '../../geometry/vec3.ts';
import { decimalString } from '../writeElements.ts';
import { type Changes, ctFiles, type Files } from './ctFixtures.ts';

/** A series whose slices are shifted against the grid's own, LPS mm. */
export interface StackToWrite {
  readonly grid: GridLps;
  readonly shiftLpsMm: (k: number) => Vec3;
  /** HU at a point of the patient. */
  readonly valueHu: (pointLpsMm: Vec3) => number;
  readonly changes?: (k: number) => Changes;
}

/** HU that rise evenly in every direction: linear interpolation gives them back exactly. */
export const evenRamp = ([x, y, z]: Vec3): number => 200 + 7 * x - 5 * y + 3 * z;

/** Shifts slices along the columns as a gantry does that tilts by an angle; by less than nothing: the other way. */
export const tiltShift =
  ({ directions: [alongRow, alongColumn], spacingMm }: GridLps, tiltDegrees: number, rowDegrees = 0) =>
  (k: number): Vec3 => {
    const shift = (degrees: number): number => Math.tan((degrees * Math.PI) / 180) * k * spacingMm[2];
    return add(scale(alongColumn, shift(tiltDegrees)), scale(alongRow, shift(rowDegrees)));
  };

/** The files of such a series: each pixel has the value of the place where it lies. */
export function stackFiles({ grid, shiftLpsMm, valueHu, changes = () => ({}) }: StackToWrite): Files {
  const [nI, nJ, nK] = grid.sizeIjk;
  const data = new Int16Array(voxelCount(grid));
  let voxel = 0;
  for (let k = 0; k < nK; k++) {
    const shift = shiftLpsMm(k);
    for (let j = 0; j < nJ; j++) {
      for (let i = 0; i < nI; i++) {
        data[voxel++] = Math.round(valueHu(add(ijkToLps(grid, [i, j, k]), shift)));
      }
    }
  }
  return ctFiles({ grid, data }, (k) => ({
    '0020,0032': add(ijkToLps(grid, [0, 0, k]), shiftLpsMm(k))
      .map(decimalString)
      .join('\\'),
    // The tilt of the header is a matter of its own: the positions say all.
    '0018,1120': undefined,
    ...changes(k),
  }));
}
