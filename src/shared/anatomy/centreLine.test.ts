import FlatQueue from 'flatqueue';
import { describe, expect, it } from 'vitest';
import { LPS_AXES } from '../geometry/gridLps.ts';
import type { Vec3 } from '../geometry/vec3.ts';
import { icosphere } from '../mesh/testing/primitives.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';
import { centreLine, polylineLength } from './centreLine.ts';
import { insideDistanceMm } from './distanceTransform.ts';

/** A tube of radius r along a planar curve with flat ends, closed by fans. */
function tube(curve: readonly Vec3[], radius: number, around = 32): TriangleMesh {
  const positions: number[] = [];
  const triangles: number[] = [];
  curve.forEach((point, index) => {
    const before = curve[Math.max(0, index - 1)]!;
    const after = curve[Math.min(curve.length - 1, index + 1)]!;
    const tangent = [after[0] - before[0], after[1] - before[1]];
    const norm = Math.hypot(tangent[0]!, tangent[1]!);
    const side = [-tangent[1]! / norm, tangent[0]! / norm];
    for (let step = 0; step < around; step++) {
      const angle = (2 * Math.PI * step) / around;
      const out = radius * Math.cos(angle);
      positions.push(
        point[0] + out * side[0]!,
        point[1] + out * side[1]!,
        point[2] + radius * Math.sin(angle),
      );
      if (index === 0) continue;
      const at = (ring: number, spoke: number): number => (index - ring) * around + ((step + spoke) % around);
      triangles.push(at(1, 0), at(0, 0), at(0, 1), at(1, 0), at(0, 1), at(1, 1));
    }
  });
  const last = curve.length * around;
  positions.push(...curve[0]!, ...curve[curve.length - 1]!);
  for (let step = 0; step < around; step++) {
    const next = (step + 1) % around;
    triangles.push(last, step, next, last + 1, last - around + next, last - around + step);
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

describe('centreLine', () => {
  it('goes straight through a straight tube', () => {
    const curve = Array.from({ length: 31 }, (_, x): Vec3 => [x, 0, 0]);
    const line = centreLine(tube(curve, 5), [0, 0, 0], { pointLpsMm: [0, 0, 0], normal: [1, 0, 0] })!;
    // The farthest point is on the far end's edge, 30 mm on and 5 mm aside.
    expect(line.depthMm).toBeGreaterThan(29.5);
    expect(line.depthMm).toBeLessThan(32);
    expect(line.tipLpsMm[0]).toBeCloseTo(30, 1);
    expect(line.depthToFirstBendMm).toBeUndefined();
    for (const [x, y, z] of line.pointsLpsMm) if (x < 22) expect(Math.hypot(y, z)).toBeLessThan(1);
    expect(polylineLength(line.pointsLpsMm)).toBe(line.depthMm);
  });

  it('follows the axis of a bent tube and finds the bend', () => {
    // Straight for 10 mm, then half a circle of radius 10 about (10, 10): 10 + 31.4 mm.
    const curve: Vec3[] = [];
    for (let x = 0; x < 10; x++) curve.push([x, 0, 0]);
    for (let step = 0; step <= 40; step++) {
      const angle = (Math.PI * step) / 40;
      curve.push([10 + 10 * Math.sin(angle), 10 - 10 * Math.cos(angle), 0]);
    }
    const line = centreLine(tube(curve, 4), [0, 0, 0], { pointLpsMm: [0, 0, 0], normal: [1, 0, 0] })!;
    expect(Math.abs(line.depthMm - (10 + 10 * Math.PI))).toBeLessThan(2.5);
    expect(line.depthToFirstBendMm).toBeGreaterThan(10);
    expect(line.depthToFirstBendMm).toBeLessThan(20);
  });

  it('gives up on a lumen without a voxel', () => {
    const speck = icosphere([0, 0, 0], 0.05, 1);
    const line = centreLine(speck, [0.3, 0.3, 0.3], { pointLpsMm: [0, 0, 0], normal: [1, 0, 0] });
    expect(line).toBeUndefined();
  });
});

it('insideDistanceMm is the exact distance to the nearest centre outside', () => {
  const grid = {
    sizeIjk: [9, 7, 5],
    originLpsMm: [0, 0, 0],
    spacingMm: [1, 0.5, 2],
    directions: LPS_AXES,
  } as const;
  const mask = Uint8Array.from({ length: 315 }, (_, voxel) => ((voxel * 7919) % 11 === 0 ? 0 : 1));
  const distances = insideDistanceMm(mask, grid);
  for (let voxel = 0; voxel < mask.length; voxel++) {
    const [i, j, k] = [voxel % 9, Math.floor(voxel / 9) % 7, Math.floor(voxel / 63)];
    // Beyond the grid is outside too.
    let best = Math.min((i + 1) * 1, (9 - i) * 1, (j + 1) * 0.5, (7 - j) * 0.5, (k + 1) * 2, (5 - k) * 2);
    for (let other = 0; other < mask.length; other++) {
      if (mask[other] === 1) continue;
      const [a, b, c] = [other % 9, Math.floor(other / 9) % 7, Math.floor(other / 63)];
      best = Math.min(best, Math.hypot(i - a, (j - b) * 0.5, (k - c) * 2));
    }
    expect(distances[voxel]).toBeCloseTo(mask[voxel] === 0 ? 0 : best, 5);
  }
});

it('stands on a queue that hands out equal keys in one order, always', () => {
  // Among paths of equal length the queue decides; an update that decides otherwise moves centre lines.
  const queue = new FlatQueue<number>();
  for (const [item, key] of [1, 0, 1, 1, 0, 1, 0].entries()) queue.push(item, key);
  expect(Array.from({ length: 7 }, () => queue.pop())).toEqual([1, 4, 6, 0, 3, 5, 2]);
});
