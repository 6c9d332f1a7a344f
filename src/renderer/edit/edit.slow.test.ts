import { describe, expect, it } from 'vitest';
import type { LabelMap } from '#shared/contract/values.ts';
import { type GridLps, ijkToLps, LPS_AXES, voxelCount } from '#shared/geometry/gridLps.ts';
import {
  cross,
  distance,
  dot,
  normalize,
  perAxis,
  perpendicular,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';
import { labelBox } from '#shared/volume/labelBox.ts';
import {
  cutWithOutline,
  fillHoles,
  keepLargest,
  type LabelDelta,
  mergeDeltas,
  paintStroke,
  smoothLabels,
  toggleLabels,
} from './index.ts';
import { decodeChanged } from './labelDelta.ts';

const tilted = ((): GridLps['directions'] => {
  const a = normalize([0.7, -0.4, 0.5]);
  const b = perpendicular(a);
  // Left-handed, as some scanners' stacks are.
  return [a, b, cross(b, a)];
})();

const gridOf = (sizeIjk: Vec3, spacingMm: Vec3, directions: GridLps['directions'] = LPS_AXES): GridLps => ({
  sizeIjk,
  originLpsMm: [-7, 20, 3],
  spacingMm,
  directions,
});

const emptyMap = (grid: GridLps): LabelMap => ({ grid, data: new Uint8Array(voxelCount(grid)) });

function centres(grid: GridLps): Vec3[] {
  const [nI, nJ] = grid.sizeIjk;
  return Array.from({ length: voxelCount(grid) }, (_, voxel) =>
    ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]),
  );
}

const count = (labels: LabelMap): number => labels.data.reduce((sum, value) => sum + value, 0);

function labelled(grid: GridLps, isInside: (pointLpsMm: Vec3) => boolean): LabelMap {
  return { grid, data: Uint8Array.from(centres(grid), (point) => (isInside(point) ? 1 : 0)) };
}

const toSegment = (point: Vec3, a: Vec3, b: Vec3): number => {
  const along = subtract(b, a);
  const t = Math.min(1, Math.max(0, dot(subtract(point, a), along) / dot(along, along)));
  return distance(point, [a[0] + t * along[0], a[1] + t * along[1], a[2] + t * along[2]]);
};

describe('paintStroke', () => {
  const grid = gridOf([40, 36, 24], [0.7, 0.7, 1.1], tilted);
  const at = (i: number, j: number, k: number): Vec3 => ijkToLps(grid, [i, j, k]);

  it('paints every voxel within the radius of the line, and no other', () => {
    const labels = emptyMap(grid);
    const line = [at(6, 8, 5), at(20.3, 12, 12), at(33, 30.6, 18)];
    paintStroke(labels, line, 4, 1);
    const ideal = centres(grid).map((point) =>
      Math.min(toSegment(point, line[0]!, line[1]!), toSegment(point, line[1]!, line[2]!)) <= 4 ? 1 : 0,
    );
    expect(labels.data).toEqual(Uint8Array.from(ideal));
  });

  it('erases what it painted', () => {
    const labels = emptyMap(grid);
    paintStroke(labels, [at(6, 8, 5), at(30, 20, 12)], 4, 1);
    expect(count(labels)).toBeGreaterThan(500);
    paintStroke(labels, [at(6, 8, 5), at(30, 20, 12)], 4, 0);
    expect(count(labels)).toBe(0);
  });

  it('paints at least the voxel under the pointer, and nothing outside of the grid', () => {
    const labels = emptyMap(grid);
    expect(paintStroke(labels, [at(5.4, 7.3, 2.2)], 0.05, 1)?.box).toEqual({
      low: [5, 7, 2],
      high: [5, 7, 2],
    });
    expect(paintStroke(labels, [at(-30, 7, 2)], 3, 1)).toBeNull();
    paintStroke(labels, [at(0, 0, 0)], 3, 1);
    expect(labels.data[0]).toBe(1);
  });

  it('a disc perpendicular to an axis stays within one slice', () => {
    const labels = emptyMap(grid);
    const delta = paintStroke(labels, [at(20, 18, 9), at(28, 18, 9)], 5, 1, {
      shape: 'disc',
      normal: tilted[2],
    });
    expect(delta!.box.low[2]).toBe(9);
    expect(delta!.box.high[2]).toBe(9);
    const area = count(labels) * 0.7 * 0.7;
    expect(area / (Math.PI * 25 + 2 * 5 * 8 * 0.7)).toBeCloseTo(1, 1);
  });

  it('an oblique disc has no gaps: it is one piece', () => {
    const labels = emptyMap(grid);
    paintStroke(labels, [at(20, 18, 12)], 6, 1, { shape: 'disc', normal: normalize([0.3, 0.5, 0.8]) });
    expect(count(labels)).toBeGreaterThan(100);
    expect(keepLargest(labels)).toBeNull();
  });

  it('paints only within a range of HU', () => {
    const labels = emptyMap(grid);
    const data = Int16Array.from({ length: voxelCount(grid) }, (_, voxel) => (voxel % 3) * 100);
    paintStroke(
      labels,
      [at(20, 18, 12)],
      6,
      1,
      { shape: 'sphere' },
      { volume: { grid, data }, lowHu: 50, highHu: 150 },
    );
    expect(count(labels)).toBeGreaterThan(100);
    labels.data.forEach((value, voxel) => {
      if (value === 1) expect(data[voxel]).toBe(100);
    });
  });
});

describe('deltas', () => {
  it('the steps of a stroke merge into one delta', () => {
    const grid = gridOf([40, 40, 40], [0.5, 0.5, 0.5]);
    const labels = emptyMap(grid);
    const points = Array.from({ length: 12 }, (_, n): Vec3 => ijkToLps(grid, [5 + 2 * n, 20, 8 + n]));
    const deltas: LabelDelta[] = [];
    points.forEach((point, n) => {
      const delta = paintStroke(labels, n === 0 ? [point] : [points[n - 1]!, point], 2, 1);
      if (delta) deltas.push(delta);
    });
    const painted = labels.data.slice();
    const merged = mergeDeltas(deltas)!;
    toggleLabels(labels, merged);
    expect(count(labels)).toBe(0);
    toggleLabels(labels, merged);
    expect(labels.data).toEqual(painted);
    expect(merged.runs.length).toBeLessThan(painted.length / 8);
  });

  it('an edit that changes nothing gives no delta', () => {
    const labels = emptyMap(gridOf([10, 10, 10], [1, 1, 1]));
    expect(paintStroke(labels, [ijkToLps(labels.grid, [5, 5, 5])], 2, 0)).toBeNull();
    expect([keepLargest(labels), fillHoles(labels), smoothLabels(labels, 2)]).toEqual([null, null, null]);
    expect(mergeDeltas([])).toBeNull();
  });

  it('a delta that does not fit the map is refused', () => {
    const labels = emptyMap(gridOf([10, 10, 10], [1, 1, 1]));
    const box = { low: [0, 0, 0], high: [10, 1, 1] } as const;
    expect(() => toggleLabels(labels, { box, runs: Uint8Array.from([44]) })).toThrow(RangeError);
    const small = { low: [0, 0, 0], high: [1, 1, 1] } as const;
    expect(() => decodeChanged({ box: small, runs: Uint8Array.from([3]) })).toThrow(/shorter/);
    expect(() => decodeChanged({ box: small, runs: Uint8Array.from([9]) })).toThrow(/longer/);
    expect(Array.from(decodeChanged({ box: small, runs: Uint8Array.from([1, 2, 5]) }))).toEqual([
      0, 1, 1, 0, 0, 0, 0, 0,
    ]);
  });
});

describe('cutWithOutline', () => {
  const grid = gridOf([30, 30, 30], [1, 1, 1.2], tilted);
  const all = (): LabelMap => labelled(grid, () => true);
  const normal = normalize([0.2, -0.6, 0.7]);
  const u = perpendicular(normal);
  const v = cross(normal, u);
  const middle = ijkToLps(grid, [14.5, 14.5, 14.5]);
  const square = (
    [
      [-6, -6],
      [6, -6],
      [6, 6],
      [-6, 6],
    ] as const
  ).map(([x, y]): Vec3 => perAxis((axis) => middle[axis] + x * u[axis] + y * v[axis]));
  const isInPrism = (point: Vec3): boolean => {
    const offset = subtract(point, middle);
    return Math.abs(dot(offset, u)) < 6 && Math.abs(dot(offset, v)) < 6;
  };

  it('removes the prism, or everything outside of it', () => {
    const [outside, inside] = [all(), all()];
    cutWithOutline(outside, square, normal, 'outside');
    cutWithOutline(inside, square, normal, 'inside');
    const prism = centres(grid).map((point) => (isInPrism(point) ? 1 : 0));
    expect(inside.data).toEqual(Uint8Array.from(prism));
    expect(outside.data).toEqual(Uint8Array.from(prism, (value) => 1 - value));
  });

  it('cuts within its depth only', () => {
    const labels = all();
    cutWithOutline(labels, square, normal, 'outside', 4);
    const ideal = centres(grid).map((point) =>
      isInPrism(point) && Math.abs(dot(subtract(point, middle), normal)) <= 4 ? 0 : 1,
    );
    expect(labels.data).toEqual(Uint8Array.from(ideal));
  });

  it('an outline of two points cuts nothing', () => {
    expect(cutWithOutline(all(), square.slice(0, 2), normal, 'outside')).toBeNull();
  });
});

describe('edits of the whole map', () => {
  const grid = gridOf([44, 40, 36], [0.8, 0.8, 1]);
  const middle = ijkToLps(grid, [20, 20, 18]);

  it('keepLargest keeps one piece, and pieces that touch by a corner are two', () => {
    const other = ijkToLps(grid, [38, 5, 5]);
    const labels = labelled(grid, (p) => distance(p, middle) < 9 || distance(p, other) < 2);
    const alone = labelled(grid, (p) => distance(p, middle) < 9);
    keepLargest(labels);
    expect(labels.data).toEqual(alone.data);
    const corners = emptyMap(gridOf([4, 4, 4], [1, 1, 1]));
    corners.data.set([1, 1], 0);
    corners.data[2 + 4] = 1;
    keepLargest(corners);
    expect(count(corners)).toBe(2);
  });

  it('fillHoles fills what is enclosed and leaves what is open', () => {
    const shell = labelled(grid, (p) => Math.abs(distance(p, middle) - 8) < 1.5);
    fillHoles(shell);
    expect(shell.data).toEqual(labelled(grid, (p) => distance(p, middle) < 9.5).data);
    const cup = labelled(grid, (p) => Math.abs(distance(p, middle) - 8) < 1.5 && p[2] < middle[2]);
    expect(fillHoles(cup)).toBeNull();
    const atBorder = labelled(grid, (p) => p[0] < -7 + 0.8 * 10);
    expect(fillHoles(atBorder)).toBeNull();
  });

  it('smoothLabels removes bumps and keeps the volume', () => {
    const random = createRandom(3);
    const rough = labelled(grid, (p) => distance(p, middle) < 9 + random.uniform(-1.5, 1.5));
    const sphere = labelled(grid, (p) => distance(p, middle) < 9);
    const wrong = (labels: LabelMap): number =>
      labels.data.reduce((sum, value, voxel) => sum + (value === sphere.data[voxel] ? 0 : 1), 0);
    const [before, roughness] = [count(rough), wrong(rough)];
    smoothLabels(rough, 3);
    expect(Math.abs(count(rough) / before - 1)).toBeLessThan(0.005);
    expect(wrong(rough)).toBeLessThan(roughness / 3);
  });

  it('smoothLabels leaves what is kept, and the number of voxels', () => {
    const random = createRandom(3);
    const rough = labelled(grid, (p) => distance(p, middle) < 9 + random.uniform(-1.5, 1.5));
    const isKept = (p: Vec3): boolean => p[2] < middle[2];
    const data = rough.data.slice();
    smoothLabels(rough, 3, isKept);
    expect(Math.abs(count(rough) / count({ grid, data }) - 1)).toBeLessThan(0.005);
    const places = centres(grid).map((p, voxel) => ({ p, isNew: rough.data[voxel] !== data[voxel] }));
    expect(places.filter(({ p, isNew }) => isNew && isKept(p))).toEqual([]);
    expect(places.filter(({ isNew }) => isNew).length).toBeGreaterThan(50);
  });

  it('labelBox holds every label and no more', () => {
    const random = createRandom(9);
    for (let round = 0; round < 40; round++) {
      const size: Vec3 = [random.integer(1, 7), random.integer(1, 6), random.integer(1, 5)];
      const data = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () =>
        random.chance(0.1) ? 1 : 0,
      );
      const points: Vec3[] = [];
      data.forEach((value, voxel) => {
        const row = Math.floor(voxel / size[0]);
        if (value === 1) points.push([voxel % size[0], row % size[1], Math.floor(row / size[1])]);
      });
      const over = (axis: 0 | 1 | 2, choose: (...values: number[]) => number): number =>
        choose(...points.map((point) => point[axis]));
      expect(labelBox(data, size)).toEqual(
        points.length === 0
          ? undefined
          : {
              low: [over(0, Math.min), over(1, Math.min), over(2, Math.min)],
              high: [over(0, Math.max), over(1, Math.max), over(2, Math.max)],
            },
      );
    }
  });
});
