import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { cropReach } from './cropReach.ts';

/** Voxels of 1 mm, centres −60 … 60 mm on each axis. */
const wide: GridLps = {
  sizeIjk: [121, 121, 121],
  originLpsMm: [-60, -60, -60],
  spacingMm: [1, 1, 1],
  directions: LPS_AXES,
};
const cubeAt = (x: number, y = 0, z = 0) => ({ centreLpsMm: [x, y, z] as const, edgeMm: 70 });

describe('cropReach', () => {
  it('lets cubes through that the crop holds', () => {
    const check = cropReach(wide, cubeAt(0));
    for (const at of [0, 10, 25, -25]) expect(() => check(cubeAt(at, at, -at))).not.toThrow();
  });

  it('refuses cubes that need what lies beyond the crop', () => {
    const check = cropReach(wide, cubeAt(0));
    expect(() => check(cubeAt(26))).toThrow(UserError);
    expect(() => check(cubeAt(0, -26))).toThrow(UserError);
    expect(() => check(cubeAt(0, 0, 26))).toThrow(UserError);
  });

  it('takes a near face for the edge of the scan', () => {
    // The scan ends at z = 20 mm; the crop reaches 60 mm to all other sides.
    const atTop: GridLps = { ...wide, sizeIjk: [121, 121, 81] };
    const check = cropReach(atTop, cubeAt(0));
    expect(() => check(cubeAt(0, 0, 15))).not.toThrow();
    expect(() => check(cubeAt(0, 0, -26))).toThrow(UserError);
  });

  it('expects more of a crop round a larger box', () => {
    const large = { centreLpsMm: [0, 0, 0], edgeMm: 90 } as const;
    // The crop reaches 60 mm where it would reach 65 if the scan did: the scan ends there.
    expect(() => cropReach(wide, large)({ ...large, centreLpsMm: [18, 0, 0] })).not.toThrow();
    const wider: GridLps = { ...wide, sizeIjk: [131, 131, 131], originLpsMm: [-65, -65, -65] };
    expect(() => cropReach(wider, large)({ ...large, centreLpsMm: [18, 0, 0] })).not.toThrow();
    expect(() => cropReach(wider, large)({ ...large, centreLpsMm: [21, 0, 0] })).toThrow(UserError);
  });

  it('follows the axes of the crop', () => {
    // i grows to the right: the crop reaches from x = 60 down to x = −20, where the scan ends.
    const flipped: GridLps = {
      ...wide,
      sizeIjk: [81, 121, 121],
      originLpsMm: [60, -60, -60],
      directions: [
        [-1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    };
    const check = cropReach(flipped, cubeAt(0));
    expect(() => check(cubeAt(-25))).not.toThrow();
    expect(() => check(cubeAt(26))).toThrow(UserError);
  });
});
