import { expect, it } from 'vitest';
import { cubeGridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { OUTSIDE_HU } from '#shared/volume/volume.ts';
import { measureContrast } from './contrast.ts';
import { isAppendageCut } from './warnings.ts';

const grid = cubeGridLps([0, 0, 0], 40, 40);
const sphere = icosphere([0, 0, 0], 10, 3);

/** A volume of one value that shows nothing where `isOutside`. */
const shownExcept = (isOutside: (z: number) => boolean) => ({
  grid,
  data: Int16Array.from({ length: voxelCount(grid) }, (_, at) =>
    isOutside(ijkToLps(grid, [0, 0, Math.floor(at / 1600)])[2]) ? OUTSIDE_HU : 300,
  ),
});

it('counts what lies beside sheared slices as the edge of the scan, and never as tissue', () => {
  const whole = measureContrast(
    shownExcept(() => false),
    sphere,
    null,
  );
  expect(whole).toMatchObject({ shownShare: 1, appendageHu: 300 });
  expect(isAppendageCut({ truncated: false }, whole)).toBe(false);
  const half = measureContrast(
    shownExcept((z) => z > 0),
    sphere,
    null,
  );
  expect(half.shownShare).toBeCloseTo(0.5, 1);
  expect(half.appendageHu).toBe(300);
  expect(isAppendageCut({ truncated: false }, half)).toBe(true);
});
