import { expect, it } from 'vitest';
import { flipped } from '#main/mesh/submesh.ts';
import { box, icosphere } from '#shared/mesh/testing/primitives.ts';
import { meshQuality } from './quality.ts';

it('meshQuality sums it up', () => {
  expect(meshQuality(icosphere([0, 0, 0], 3, 3))).toMatchObject({
    watertight: true,
    manifold: true,
    outward: true,
    selfIntersections: 0,
    degenerateFaces: 0,
    genus: 0,
  });
  expect(meshQuality(flipped(box([0, 0, 0], [1, 1, 1]))).outward).toBe(false);
  expect(meshQuality(box([0, 0, 0], [1, 1, 1])).minAngleDegrees).toBeCloseTo(45, 4);
});
