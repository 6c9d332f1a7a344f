import { describe, expect, it } from 'vitest';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { cross, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { type PlaneFrame, planeDirections, planeFrame } from './planeFrame.ts';
import { BOX_EDGES, boxCorners, boxSection, cornersSection, gridCorners, resizeBox } from './region.ts';

const BOX = { centreLpsMm: [10, 20, 30], edgeMm: 70 } as const;
const VIEW = { mmPerPixel: 1, widthPixels: 200, heightPixels: 200 };
const axialThrough = (z: number): PlaneFrame =>
  planeFrame(
    planeDirections('axial', [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
    [0, 0, z],
    [10, 20, z],
    VIEW,
  );

describe('the cube', () => {
  it('has twelve edges of its length', () => {
    const corners = boxCorners(BOX);
    expect(BOX_EDGES.length).toBe(12);
    for (const [a, b] of BOX_EDGES)
      expect(Math.hypot(...corners[a]!.map((v, i) => v - corners[b]![i]!))).toBe(70);
  });

  it('is a square on a straight plane', () => {
    const section = boxSection(axialThrough(40), BOX);
    expect(section.length).toBe(4);
    for (const [x, y] of section) {
      expect(Math.abs(x - 100)).toBeCloseTo(35, 9);
      expect(Math.abs(y - 100)).toBeCloseTo(35, 9);
    }
  });

  it('is a regular hexagon on the plane through its centre square to a diagonal', () => {
    const normal = normalize([1, 1, 1]);
    const right = perpendicular(normal);
    const directions = { right, down: cross(normal, right), normal };
    const section = boxSection(planeFrame(directions, BOX.centreLpsMm, BOX.centreLpsMm, VIEW), BOX);
    expect(section.length).toBe(6);
    for (const [x, y] of section) expect(Math.hypot(x - 100, y - 100)).toBeCloseTo(70 / Math.SQRT2, 9);
    // In order along the outline: neighbours of a regular hexagon are as far apart as corner and centre.
    section.forEach(([x, y], index) => {
      const next = section[(index + 1) % 6]!;
      expect(Math.hypot(next[0] - x, next[1] - y)).toBeCloseTo(70 / Math.SQRT2, 9);
    });
  });

  it('is nothing where the plane misses it', () => {
    expect(boxSection(axialThrough(66), BOX)).toEqual([]);
  });
});

describe('resizing', () => {
  const corner: Vec3 = [45, 55, 30];
  const centre: Vec3 = [10, 20, 30];

  it('follows the corner that is dragged', () => {
    expect(resizeBox(BOX, corner, [55, 65, 30], centre).edgeMm).toBeCloseTo(90, 9);
    expect(resizeBox(BOX, corner, [30, 40, 30], centre).edgeMm).toBeCloseTo(40, 9);
  });

  it('stays within sensible sizes', () => {
    expect(resizeBox(BOX, corner, centre, centre).edgeMm).toBe(10);
    expect(resizeBox(BOX, corner, [4500, 5500, 30], centre).edgeMm).toBe(300);
  });
});

describe('the section of a volume', () => {
  const grid: GridLps = {
    sizeIjk: [10, 20, 5],
    originLpsMm: [0, 0, 0],
    spacingMm: [1, 1, 2],
    directions: LPS_AXES,
  };
  /** A coronal plane of 40 by 40 pixels of 1 mm round the point. */
  const coronal = (y: number): PlaneFrame => ({
    centreLpsMm: [0, y, 0],
    right: [1, 0, 0],
    down: [0, 0, -1],
    normal: [0, 1, 0],
    mmPerPixel: 1,
    widthPixels: 40,
    heightPixels: 40,
  });

  it('ends half a voxel beyond the outermost slices, and is nothing where there are none', () => {
    const section = cornersSection(coronal(3), gridCorners(grid));
    const [xs, ys] = [section.map(([x]) => x), section.map(([, y]) => y)];
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([19.5, 29.5]);
    // From 1 mm below the first slice to 1 mm above the last, which lies at 8 mm.
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([11, 21]);
    expect(cornersSection(coronal(25), gridCorners(grid))).toEqual([]);
  });
});
