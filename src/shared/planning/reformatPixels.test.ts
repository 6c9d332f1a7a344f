import { expect, it } from 'vitest';
import { LPS_AXES } from '../geometry/gridLps.ts';
import type { Vec3 } from '../geometry/vec3.ts';
import { icosphere } from '../mesh/testing/primitives.ts';
import { REFORMAT_REACH_MM, reformatFrame, reformatPixels } from './reformatPixels.ts';
import { straightenedPlaces } from './straightenedReformat.ts';

/** A ball of 9 mm radius of 300 HU in 0 HU; the line runs along z through its middle, from the ostium at −6 mm. */
const line = Array.from({ length: 16 }, (_, at): Vec3 => [0, 0, at - 6]);
const side = 61;
const grid = {
  sizeIjk: [side, side, side] as const,
  originLpsMm: [-30, -30, -30] as const,
  spacingMm: [1, 1, 1] as const,
  directions: LPS_AXES,
};
const data = Int16Array.from({ length: side ** 3 }, (_, at) => {
  const [x, y, z] = [at % side, Math.floor(at / side) % side, Math.floor(at / side ** 2)];
  return Math.hypot(x - 30, y - 30, z - 30) < 9 ? 300 : 0;
});

it('shows the scan in the window, the wall where it is, and the ostium’s plane', () => {
  const frame = reformatFrame(15, 290, 0);
  expect(frame.mmPerPixel).toBeCloseTo(0.1, 9);
  expect(frame.rows * frame.mmPerPixel).toBeCloseTo(2 * REFORMAT_REACH_MM.aside, 6);
  const pixels = reformatPixels(frame, straightenedPlaces(line, frame), {
    volume: { grid, data },
    closed: icosphere([0, 0, 0], 9, 4),
    ostiumPlane: { pointLpsMm: [0, 0, -6], normal: [0, 0, 1] },
    window: { centreHu: 150, widthHu: 300, inverted: false },
  });
  const at = (column: number, row: number): readonly number[] => [
    ...pixels.subarray(4 * (row * frame.columns + column), 4 * (row * frame.columns + column) + 3),
  ];
  const middle = frame.rows / 2;
  // The ball's middle is 16 mm from the left edge.
  expect(at(160, middle)).toEqual([255, 255, 255]);
  expect(at(160, 10)).toEqual([0, 0, 0]);
  expect(at(100, 10)).toEqual([255, 138, 102]);
  const wallRows = Array.from({ length: frame.rows }, (_, row) => row).filter(
    (row) => at(160, row).join() === '255,181,71',
  );
  for (const row of wallRows) expect(Math.abs(Math.abs(row + 0.5 - middle) * 0.1 - 9)).toBeLessThan(0.3);
  expect(wallRows.length).toBeGreaterThanOrEqual(2);
});
