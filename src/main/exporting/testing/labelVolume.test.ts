import { expect, it } from 'vitest';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { countLabel, labelVolumeMl } from './labelVolume.ts';

it('counts the voxels of a label, and measures their volume in mL', () => {
  const grid = {
    originLpsMm: [0, 0, 0],
    spacingMm: [0.5, 0.5, 0.9],
    directions: LPS_AXES,
    sizeIjk: [5, 2, 1],
  } satisfies GridLps;
  const labels = { grid, data: Uint8Array.of(0, 1, 1, 2, 1, 0, 0, 0, 0, 0) };
  expect(countLabel(labels, 1)).toBe(3);
  expect(labelVolumeMl(labels, 1)).toBeCloseTo((3 * 0.225) / 1000, 12);
});
