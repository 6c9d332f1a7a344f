import { expect, it } from 'vitest';
import { type SurroundingsField, valueAt } from '#shared/anatomy/surroundings.ts';
import { cubeGridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { leftAtriumNear } from './leftAtriumNear.ts';

const SIZE = 32;
const grid = cubeGridLps([5, -60, 80], 96, SIZE);
const atrium = ([x, y, z]: Vec3): number => Math.hypot(x - 5, y + 60, z - 80) - 25;
const fieldOf = (structures: SurroundingsField['structures'], shape = atrium): SurroundingsField => ({
  grid,
  reachMm: 14,
  structures,
  distancesMm: Float32Array.from({ length: structures.length * SIZE ** 3 }, (_, n) => {
    const at = n % SIZE ** 3;
    const value = shape(
      ijkToLps(grid, [at % SIZE, Math.floor(at / SIZE) % SIZE, Math.floor(at / SIZE ** 2)]),
    );
    return n < SIZE ** 3 && structures.length > 1 ? 99 : value;
  }),
});

it('is the part of the field round the ostium, at the same places', () => {
  const near = leftAtriumNear(fieldOf(['circumflex', 'leftAtrium']), [30, -60, 80])!;
  expect(near.distancesMm).toHaveLength(near.grid.sizeIjk[0] * near.grid.sizeIjk[1] * near.grid.sizeIjk[2]);
  // Up to the cube's face to the left, 36 mm to the right.
  expect(near.grid.sizeIjk[0]).toBeLessThan(SIZE);
  for (const point of [
    [30, -60, 80],
    [10, -50, 70],
    [45, -80, 95],
  ] as const)
    expect(Math.abs(valueAt(near.distancesMm, near.grid, point) - atrium(point))).toBeLessThan(0.5);
  expect(valueAt(near.distancesMm, near.grid, [-20, -60, 80])).toBeNaN();
});

it('is nothing where the network does not know the atrium, or sees none of it there', () => {
  expect(leftAtriumNear(fieldOf(['circumflex']), [30, -60, 80])).toBeNull();
  expect(
    leftAtriumNear(
      fieldOf(['leftAtrium'], () => 14),
      [30, -60, 80],
    ),
  ).toBeNull();
});
