import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AreaShape } from '../contract/annotations.ts';
import { type GridLps, ijkToLps, LPS_AXES, voxelCount } from '../geometry/gridLps.ts';
import { addScaled, cross, dot, normalize, perpendicular, scale, type Vec3 } from '../geometry/vec3.ts';
import type { Volume } from '../volume/volume.ts';
import { measureHu } from './huStatistics.ts';

/** Voxels of 0.4 × 0.6 × 1.5 mm, their axes turned in the patient. */
const k = normalize([0.2, -0.3, 0.93]);
const i = perpendicular(k);
const TURNED: GridLps = {
  sizeIjk: [120, 90, 40],
  originLpsMm: [-30, 12, -55],
  spacingMm: [0.4, 0.6, 1.5],
  directions: [i, cross(k, i), k],
};

/** HU that grow along a direction, by so many a millimetre, from 0 at a point. */
const ramp = (grid: GridLps, alongLps: Vec3, from: Vec3): Volume<Float32Array> => {
  const [nI, nJ] = grid.sizeIjk;
  const data = Float32Array.from({ length: voxelCount(grid) }, (_, at) => {
    const point = ijkToLps(grid, [at % nI, Math.floor(at / nI) % nJ, Math.floor(at / (nI * nJ))]);
    return dot(point, alongLps) - dot(from, alongLps);
  });
  return { grid, data };
};

const ellipse = (centreLpsMm: Vec3, first: Vec3, second: Vec3): AreaShape => ({
  kind: 'ellipse',
  centreLpsMm,
  halfAxesLpsMm: [first, second],
});

const statisticsOf = (shape: AreaShape, normal: Vec3, volume: Volume<Float32Array>) => {
  const pointLpsMm = shape.kind === 'ellipse' ? shape.centreLpsMm : shape.pointsLpsMm[0]!;
  return measureHu(shape, { pointLpsMm, normal }, volume);
};

describe('an ellipse on a ramp', () => {
  const centre = ijkToLps(TURNED, [60, 45, 20]);

  it('has the mean of its centre and half of the rise over its half axis as deviation, on voxels', () => {
    const volume = ramp(TURNED, scale(i, 10), centre);
    const shape = ellipse(centre, scale(i, 14), scale(cross(k, i), 9));
    const { hu } = statisticsOf(shape, k, volume);
    expect(hu).toMatchObject({ sampling: 'voxels', outsideShare: 0 });
    expect(hu?.meanHu).toBeCloseTo(0, 3);
    // x over an ellipse has the variance a²/4.
    expect(Math.abs(hu!.deviationHu - (10 * 14) / 2)).toBeLessThan(0.01 * 70);
    expect(hu?.maximumHu).toBeCloseTo(140, 3);
    expect(hu?.minimumHu).toBeCloseTo(-140, 3);
    // One sample for each voxel's area.
    expect(Math.abs(hu!.samples * 0.4 * 0.6 - Math.PI * 14 * 9)).toBeLessThan(0.01 * Math.PI * 14 * 9);
  });

  it('counts exactly the voxels whose centres lie within', () => {
    const volume = ramp(TURNED, [3, -7, 2], centre);
    const turn = 0.7;
    const [first, second] = [
      addScaled(scale(i, 8 * Math.cos(turn)), cross(k, i), 8 * Math.sin(turn)),
      addScaled(scale(i, -3 * Math.sin(turn)), cross(k, i), 3 * Math.cos(turn)),
    ];
    const { hu } = statisticsOf(ellipse(centre, first, second), scale(k, -1), volume);
    const values: number[] = [];
    for (let row = 0; row < 90; row++) {
      for (let column = 0; column < 120; column++) {
        const at = addScaled(ijkToLps(TURNED, [column, row, 20]), centre, -1);
        const inside =
          (dot(at, first) / dot(first, first)) ** 2 + (dot(at, second) / dot(second, second)) ** 2;
        if (inside <= 1) values.push(volume.data[column + 120 * (row + 90 * 20)]!);
      }
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(hu?.samples).toBe(values.length);
    expect(hu?.meanHu).toBeCloseTo(mean, 3);
    expect(hu?.deviationHu).toBeCloseTo(Math.sqrt(variance), 3);
    expect([hu?.minimumHu, hu?.maximumHu]).toEqual([Math.min(...values), Math.max(...values)]);
  });

  it('has both on any oblique plane too, by trilinear samples', () => {
    const around: GridLps = {
      ...TURNED,
      sizeIjk: [46, 31, 13],
      originLpsMm: ijkToLps(TURNED, [37, 30, 14]),
    };
    const unit = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(unit, unit, unit).filter((v) => Math.hypot(...v) > 0.2),
        fc.tuple(unit, unit, unit).filter((v) => Math.hypot(...v) > 0.2),
        (towards, gradient) => {
          const normal = normalize(towards as Vec3);
          const along = perpendicular(normal);
          const across = cross(normal, along);
          const steep = scale(normalize(gradient as Vec3), 20);
          const shape = ellipse(centre, scale(along, 7), scale(across, 4));
          const { hu } = statisticsOf(shape, normal, ramp(around, steep, centre));
          const expected = Math.hypot(7 * dot(steep, along), 4 * dot(steep, across)) / 2;
          expect(hu?.sampling).toBe('trilinear');
          expect(Math.abs(hu!.meanHu)).toBeLessThan(0.02);
          expect(Math.abs(hu!.deviationHu - expected)).toBeLessThan(0.01 * 70);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('is sampled between the slices where its plane lies between them', () => {
    const between = ijkToLps(TURNED, [60, 45, 20.5]);
    const shape = ellipse(between, scale(i, 5), scale(cross(k, i), 5));
    const { hu } = statisticsOf(shape, k, ramp(TURNED, scale(k, 100), centre));
    expect(hu?.sampling).toBe('trilinear');
    expect(hu?.meanHu).toBeCloseTo(75, 2);
    expect(hu?.deviationHu).toBeLessThan(0.01);
  });
});

describe('a free region', () => {
  const grid: GridLps = {
    sizeIjk: [20, 20, 3],
    originLpsMm: [0, 0, 0],
    spacingMm: [1, 2, 3],
    directions: LPS_AXES,
  };
  const columns: Volume<Int16Array> = {
    grid,
    data: Int16Array.from({ length: voxelCount(grid) }, (_, at) => at % 20),
  };
  const region = (points: readonly (readonly [number, number])[]): AreaShape => ({
    kind: 'freehand',
    pointsLpsMm: points.map(([x, y]): Vec3 => [x, y, 3]),
  });
  const plane = { pointLpsMm: [0, 0, 3], normal: [0, 0, 1] } as const;

  it('counts the voxels within a hollow outline', () => {
    // A U of three columns' width: 2 to 4 and 8 to 10 from row 1 to 8, joined in rows 1 and 2.
    const shape = region([
      [1.5, 1],
      [10.5, 1],
      [10.5, 17],
      [7.5, 17],
      [7.5, 5],
      [4.5, 5],
      [4.5, 17],
      [1.5, 17],
    ]);
    const { hu } = measureHu(shape, plane, columns);
    const values = [2, 3, 4, 8, 9, 10].flatMap((x) => Array.from({ length: 8 }, () => x));
    values.push(...[5, 6, 7].flatMap((x) => [x, x]));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(hu).toMatchObject({ samples: values.length, minimumHu: 2, maximumHu: 10, sampling: 'voxels' });
    expect(hu?.meanHu).toBeCloseTo(mean, 12);
  });

  it('leaves out what lies outside of the scan, and says how much', () => {
    const half = region([
      [-10.5, 3],
      [9.5, 3],
      [9.5, 13],
      [-10.5, 13],
    ]);
    expect(measureHu(half, plane, columns)).toMatchObject({
      hu: { meanHu: 4.5, minimumHu: 0, maximumHu: 9, outsideShare: 0.5 },
    });
    const beyond = region([
      [-10, 3],
      [-5, 3],
      [-5, 9],
    ]);
    expect(measureHu(beyond, plane, columns)).toMatchObject({
      hu: null,
      withheld: { code: 'annotations.outside' },
    });
    // Above the last slice, and between it and the end of its voxels.
    const above = (z: number) => ({ pointLpsMm: [0, 0, z], normal: [0, 0, 1] }) as const;
    expect(measureHu(half, above(7.6), columns)).toMatchObject({ withheld: { code: 'annotations.outside' } });
    expect(measureHu(half, above(7.4), columns).hu?.outsideShare).toBeCloseTo(0.5, 1);
  });

  it('gives no numbers where no voxel’s centre lies within', () => {
    const small = region([
      [3.2, 2.2],
      [3.6, 2.2],
      [3.6, 2.6],
    ]);
    expect(measureHu(small, plane, columns)).toMatchObject({
      hu: null,
      withheld: { code: 'annotations.no-voxel-within' },
    });
  });

  it('keeps whole numbers on voxels: the smallest and the largest are values of the scan', () => {
    const volume: Volume<Int16Array> = {
      grid: TURNED,
      data: Int16Array.from({ length: voxelCount(TURNED) }, (_, at) => ((at * 7919) % 4001) - 1000),
    };
    const corners = [
      [10, 10],
      [90, 12],
      [70, 80],
    ] as const;
    const shape: AreaShape = {
      kind: 'freehand',
      pointsLpsMm: corners.map(([x, y]) => ijkToLps(TURNED, [x, y, 7])),
    };
    const { hu } = measureHu(shape, { pointLpsMm: shape.pointsLpsMm[0]!, normal: k }, volume);
    expect(hu?.sampling).toBe('voxels');
    expect(Number.isInteger(hu?.minimumHu)).toBe(true);
    expect(Number.isInteger(hu?.maximumHu)).toBe(true);
  });
});
