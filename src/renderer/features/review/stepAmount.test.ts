import { expect, it } from 'vitest';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { replaceLabels } from '../../edit/index.ts';
import { stepAmount } from './stepAmount.ts';

const grid: GridLps = {
  sizeIjk: [10, 10, 10],
  originLpsMm: [0, 0, 0],
  spacingMm: [1, 1, 2],
  directions: LPS_AXES,
};
const plane = (z: number, normal: readonly [number, number, number] = [0, 0, 1]) => ({
  pointLpsMm: [0, 0, z] as const,
  normal,
});
const box = (x: number, edgeMm: number) => ({ centreLpsMm: [x, 0, 0] as const, edgeMm, confidence: null });

it('says how much voxels, plane and box changed', () => {
  const labels = { grid, data: new Uint8Array(1000) };
  const delta = replaceLabels(labels, new Uint8Array(1000).fill(1, 0, 160))!;
  // 160 voxels of 2 mm³.
  expect(stepAmount({ kind: 'labels', delta }, grid)).toBe('0.32 mL');
  expect(stepAmount({ kind: 'plane', before: plane(0), after: plane(1.5) }, grid)).toBe('1.5 mm');
  const tilted = plane(1, [0, Math.sin(0.2), Math.cos(0.2)]);
  expect(stepAmount({ kind: 'plane', before: plane(0), after: tilted }, grid)).toBe('1.0 mm, 11°');
  expect(stepAmount({ kind: 'region', before: box(0, 70), after: box(4, 70) }, grid)).toBe('4.0 mm');
  expect(stepAmount({ kind: 'region', before: box(0, 70), after: box(0, 66) }, grid)).toBe('−4 mm size');
  expect(stepAmount({ kind: 'review', before: 'not reviewed', after: 'accepted' }, grid)).toBe('');
});
