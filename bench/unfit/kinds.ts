import type { Vec3 } from '#shared/geometry/vec3.ts';
import { lpsToIjk } from '../../src/shared/geometry/gridLps.ts';
import { scale } from '../../src/shared/geometry/vec3.ts';
import { cutAt, dimmed, eightBit, reversed, type Scan, thickSlices, windowed } from './unfitScans.ts';

/** Where a scan shows the appendage. */
export interface ShownAppendage {
  readonly low: Vec3;
  readonly high: Vec3;
  readonly ostiumLpsMm: Vec3;
  /** From the atrium into the appendage. */
  readonly normal: Vec3;
}

/** A scan on which numbers must not be given, or not all; `shows` says whether its appendage lies where the fit scan's does. */
export interface UnfitScan {
  readonly kind: string;
  readonly scan: Scan;
  readonly shows: boolean;
}

/** Towards what is kept of a scan that is cut. */
const SIDES: Readonly<Record<string, Vec3>> = {
  'right half of the appendage cut off': [1, 0, 0],
  'left half cut off': [-1, 0, 0],
  'front half cut off': [0, 1, 0],
  'back half cut off': [0, -1, 0],
  'lower half cut off': [0, 0, 1],
  'upper half cut off': [0, 0, -1],
};
/** Beyond the appendage's edge, mm: only its neighbours remain. */
const RIGHT_OF_MM = 15;
const BELOW_MM = 40;

/** The unfit scans that changing a fit scan's voxels makes; one at a time, for each is as large as the scan. */
export function* unfitByVoxels(scan: Scan, shown: ShownAppendage, bloodHu?: number): Generator<UnfitScan> {
  const { low, high, ostiumLpsMm, normal } = shown;
  const middle: Vec3 = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
  yield { kind: 'ends at the ostium', scan: cutAt(scan, ostiumLpsMm, scale(normal, -1)), shows: true };
  for (const [kind, towards] of Object.entries(SIDES)) {
    yield { kind, scan: cutAt(scan, middle, towards), shows: true };
  }
  const rightOf: Vec3 = [low[0] - RIGHT_OF_MM, low[1], low[2]];
  yield { kind: 'right heart only', scan: cutAt(scan, rightOf, [-1, 0, 0]), shows: false };
  const below: Vec3 = [low[0], low[1], low[2] - BELOW_MM];
  const belowK = lpsToIjk(scan.grid, below)[2];
  if (belowK > 3 && belowK < scan.grid.sizeIjk[2] - 3) {
    yield { kind: 'below the appendage only', scan: cutAt(scan, below, [0, 0, -1]), shows: false };
  }
  yield { kind: 'mirrored left to right', scan: reversed(scan, 0), shows: false };
  yield { kind: 'mirrored front to back', scan: reversed(scan, 1), shows: false };
  yield { kind: 'mirrored top to bottom', scan: reversed(scan, 2), shows: false };
  yield { kind: 'turned upside down', scan: reversed(reversed(scan, 2), 0), shows: false };
  yield { kind: 'turned front to back', scan: reversed(reversed(scan, 1), 0), shows: false };
  yield { kind: '8 bit, −160…240 HU', scan: eightBit(scan, -160, 240), shows: true };
  yield { kind: '8 bit, −150…650 HU', scan: eightBit(scan, -150, 650), shows: true };
  yield { kind: '8 bit, −1000…1000 HU', scan: eightBit(scan, -1000, 1000), shows: true };
  yield { kind: '8 bit put back to HU', scan: windowed(scan, -150, 650), shows: true };
  yield { kind: 'slices of 8 mm', scan: thickSlices(scan, 8), shows: true };
  if (bloodHu !== undefined) {
    yield { kind: 'without contrast', scan: dimmed(scan, bloodHu, 55), shows: true };
    yield { kind: 'venous', scan: dimmed(scan, bloodHu, 105), shows: true };
  }
}
