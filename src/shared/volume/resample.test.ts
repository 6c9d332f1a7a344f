import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cubeGridLps,
  type GridLps,
  gridCentreLps,
  ijkToLps,
  LPS_AXES,
  lpsToIjk,
  voxelCount,
} from '../geometry/gridLps.ts';
import { cross, dot, normalize, perAxis, perpendicular, scale, type Vec3 } from '../geometry/vec3.ts';
import { AIR_HU, averageToGrid, squeeze } from './averageToGrid.ts';
import { areaWeights, linearMeanWeights } from './axisWeights.ts';
import { resampleTrilinear } from './resample.ts';
import { OUTSIDE_HU, type Volume, type VoxelArray } from './volume.ts';

const OBLIQUE: GridLps['directions'] = (() => {
  const first = normalize([0.8, 0.5, -0.33]);
  const second = perpendicular(first);
  return [first, second, cross(first, second)];
})();

/** A volume whose value is a linear function of the point in the patient. */
function rampVolume(grid: GridLps, slope: Vec3 = [1.5, -0.75, 2], constant = 40): Volume<Float32Array> {
  const data = new Float32Array(voxelCount(grid));
  forEachVoxel(grid, (point, index) => {
    data[index] = dot(point, slope) + constant;
  });
  return { grid, data };
}

function forEachVoxel(grid: GridLps, visit: (pointLps: Vec3, index: number) => void): void {
  const [nI, nJ, nK] = grid.sizeIjk;
  let index = 0;
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) for (let i = 0; i < nI; i++) visit(ijkToLps(grid, [i, j, k]), index++);
  }
}

/** The largest difference from the ramp over the voxels of a grid. */
function worstError(
  values: Float32Array,
  grid: GridLps,
  slope: Vec3 = [1.5, -0.75, 2],
  constant = 40,
): number {
  let worst = 0;
  forEachVoxel(grid, (point, index) => {
    worst = Math.max(worst, Math.abs(values[index]! - dot(point, slope) - constant));
  });
  return worst;
}

const source: GridLps = {
  sizeIjk: [20, 24, 16],
  originLpsMm: [-5, -6, -7],
  spacingMm: [0.5, 0.5, 0.9],
  directions: LPS_AXES,
};
const TILTED: GridLps = { ...source, directions: OBLIQUE };
/** Turned and flipped ways to store the same box: permuted, left-handed. */
const LEFT_HANDED: GridLps = {
  sizeIjk: [16, 20, 24],
  originLpsMm: [-5, 5.5, -7],
  spacingMm: [0.9, 0.5, 0.5],
  directions: [
    [0, 0, 1],
    [1, 0, 0],
    [0, -1, 0],
  ],
};

describe('resampleTrilinear', () => {
  it.each([
    ['its own grid', source, source],
    ['a finer oblique grid', source, { ...cubeGridLps([-0.5, -0.5, -0.5], 3, 9), directions: OBLIQUE }],
    ['an LPS cube from an oblique scan', TILTED, cubeGridLps(gridCentreLps(TILTED), 3, 8)],
    ['a cube from a left-handed grid', LEFT_HANDED, cubeGridLps([0, 0, 0], 4, 7)],
  ])('is exact for linear ramps: %s', (_, from, to) => {
    const values = resampleTrilinear(rampVolume(from), to, OUTSIDE_HU);
    expect(Math.min(...values)).toBeGreaterThan(-100);
    expect(worstError(values, to)).toBeLessThan(1e-5);
  });

  it('gives the same bits along axes that run together as point by point', () => {
    const { sizeIjk } = source;
    const data = Int16Array.from(
      { length: voxelCount(source) },
      (_, voxel) => ((voxel * 7919) % 2000) - 1000,
    );
    const targets: GridLps[] = [
      cubeGridLps([1.3, -0.2, 0.4], 9.7, 13),
      { ...source, sizeIjk: [31, 9, 40], spacingMm: [0.31, 1.3, 0.37] },
      { ...source, originLpsMm: [4, 3, 2], directions: LPS_AXES.map((axis) => scale(axis, -1)) as never },
    ];
    /** Along one axis: the lower neighbour, the way to the next one, and whether the place is within the scan. */
    const placeOf = (size: number, at: number) => {
      const within = Math.min(Math.max(at, 0), size - 1);
      const low = Math.min(Math.floor(within), size - 2);
      return { low, share: within - low, isWithin: at >= -0.5 && at <= size - 0.5 };
    };
    for (const target of targets) {
      const place = (axis: 0 | 1 | 2, n: number) => {
        const unit = perAxis((other) => (other === axis ? 1 : 0));
        const first = lpsToIjk(source, ijkToLps(target, [0, 0, 0]))[axis];
        const second = lpsToIjk(source, ijkToLps(target, unit))[axis];
        return placeOf(sizeIjk[axis], first + n * (second - first));
      };
      const values = resampleTrilinear({ grid: source, data }, target, OUTSIDE_HU);
      const [nI, nJ, nK] = target.sizeIjk;
      const expected = new Float32Array(voxelCount(target));
      for (let voxel = 0; voxel < nI * nJ * nK; voxel++) {
        const i = place(0, voxel % nI);
        const j = place(1, Math.floor(voxel / nI) % nJ);
        const k = place(2, Math.floor(voxel / (nI * nJ)));
        const at = (dj: number, dk: number): number => {
          const row = sizeIjk[0] * (j.low + dj + sizeIjk[1] * (k.low + dk)) + i.low;
          return data[row]! * (1 - i.share) + data[row + 1]! * i.share;
        };
        const low = at(0, 0) * (1 - j.share) + at(1, 0) * j.share;
        const high = at(0, 1) * (1 - j.share) + at(1, 1) * j.share;
        const isWithin = i.isWithin && j.isWithin && k.isWithin;
        expected[voxel] = isWithin ? low * (1 - k.share) + high * k.share : OUTSIDE_HU;
      }
      expect(values).toEqual(expected);
      expect(values).toContain(OUTSIDE_HU);
    }
  });

  it('returns exactly the same values on the same grid', () => {
    const volume = rampVolume(source);
    expect(resampleTrilinear(volume, source, 0)).toEqual(volume.data);
  });

  it('is exact for ramps on any pair of grids that overlap', () => {
    const unit = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(unit, fc.double({ min: 0.2, max: 0.9, noNaN: true }), ([a, b], spacing) => {
        const first = normalize([1, a, b]);
        const second = perpendicular(first);
        const grid: GridLps = {
          sizeIjk: [4, 3, 5],
          originLpsMm: [-1, -1, -1],
          spacingMm: [spacing, 0.5, 0.3],
          directions: [first, second, cross(second, first)],
        };
        expect(worstError(resampleTrilinear(rampVolume(source), grid, OUTSIDE_HU), grid)).toBeLessThan(1e-5);
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  it('continues to the outer faces of the voxels and no further', () => {
    const line: Volume<Int16Array> = {
      grid: { sizeIjk: [2, 1, 1], originLpsMm: [0, 0, 0], spacingMm: [1, 1, 1], directions: LPS_AXES },
      data: Int16Array.of(10, 20),
    };
    const at = (x: number): number =>
      resampleTrilinear(line, { ...line.grid, sizeIjk: [1, 1, 1], originLpsMm: [x, 0, 0] }, -7)[0]!;
    expect([-0.6, -0.5, 0, 0.25, 1, 1.5, 1.6].map(at)).toEqual([-7, 10, 10, 12.5, 20, 20, -7]);
  });
});

describe('axis weights', () => {
  it('area weights of a whole ratio are equal', () => {
    const { count, first, weights } = areaWeights(4, {
      outputs: 2,
      startIndex: 0.5,
      stepIndex: 2,
      widthIndex: 2,
    });
    expect([Array.from(first), Array.from(count)]).toEqual([
      [0, 2],
      [2, 2],
    ]);
    expect(Array.from(weights)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
  it('cut voxels count by the part that is covered', () => {
    const { weights } = areaWeights(3, { outputs: 2, startIndex: 0.25, stepIndex: 1.5, widthIndex: 1.5 });
    expect(Array.from(weights, (weight) => Math.round(weight * 300) / 100)).toEqual([2, 1, 1, 2]);
  });
  it.each([areaWeights, linearMeanWeights])('sum to one, inside and at the edges', (make) => {
    for (const widthIndex of [0.3, 1, 1.7, 4.2]) {
      const { count, offset, weights } = make(11, {
        outputs: 40,
        startIndex: -1,
        stepIndex: 0.31,
        widthIndex,
      });
      for (let o = 0; o < 40; o++) {
        const own = weights.subarray(offset[o]!, offset[o]! + count[o]!);
        if (own.length > 0) expect(own.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
      }
    }
  });
});

describe('squeeze', () => {
  it('is the mean of blocks for whole ratios', () => {
    const grid: GridLps = {
      sizeIjk: [4, 4, 2],
      originLpsMm: [1, 2, 3],
      spacingMm: [1, 2, 4],
      directions: LPS_AXES,
    };
    const data = Int16Array.from({ length: 32 }, (_, v) => v * v);
    const small = squeeze({ grid, data }, [2, 2, 1]);
    const mean = [0, 1, 4, 5, 16, 17, 20, 21].reduce((sum, v) => sum + v * v, 0) / 8;
    expect(small.data[0]).toBeCloseTo(mean, 4);
    expect(small.grid).toEqual({
      sizeIjk: [2, 2, 1],
      originLpsMm: [1.5, 3, 5],
      spacingMm: [2, 4, 8],
      directions: LPS_AXES,
    });
  });
  it('preserves the mean for any ratio, and fills the same box', () => {
    const volume = rampVolume(source);
    const small = squeeze(volume, [7, 5, 3]);
    const mean = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(mean(small.data)).toBeCloseTo(mean(volume.data), 4);
    expect(ijkToLps(small.grid, [-0.5, -0.5, -0.5]).map((x) => Math.round(x * 1e6))).toEqual(
      ijkToLps(source, [-0.5, -0.5, -0.5]).map((x) => Math.round(x * 1e6)),
    );
    expect(worstError(small.data, small.grid)).toBeLessThan(0.2);
  });
});

describe('averageToGrid', () => {
  it.each([
    ['coarser', source, cubeGridLps([-0.3, -0.4, -0.4], 8, 5)],
    ['finer', source, cubeGridLps([-0.3, -0.4, -0.4], 3, 16)],
    ['from a left-handed, permuted grid', LEFT_HANDED, cubeGridLps([-0.3, -0.1, -0.4], 6, 5)],
    [
      'onto a permuted grid',
      source,
      {
        ...LEFT_HANDED,
        sizeIjk: [4, 5, 3] as Vec3,
        spacingMm: [1.8, 1.1, 1.3] as Vec3,
        originLpsMm: [-3, 3, -5] as Vec3,
      },
    ],
  ])('is exact for linear ramps away from the edges: %s', (_, from, to) => {
    expect(worstError(averageToGrid(rampVolume(from), to), to)).toBeLessThan(1e-4);
  });

  it('is exact for ramps on oblique grids where averaging is mild, and close where it is strong', () => {
    const fine = cubeGridLps(gridCentreLps(TILTED), 3, 6);
    expect(worstError(averageToGrid(rampVolume(TILTED), fine), fine)).toBeLessThan(1e-5);
    const coarse = cubeGridLps(gridCentreLps(TILTED), 3, 2);
    expect(worstError(averageToGrid(rampVolume(TILTED), coarse), coarse)).toBeLessThan(0.2);
  });

  it('does not alias: a pattern finer than the target is its mean', () => {
    const data = Float32Array.from({ length: voxelCount(source) }, (_, v) => (v % 2 ? 100 : 0));
    const target = cubeGridLps([-0.25, -0.25, -0.25], 8, 4);
    for (const value of averageToGrid({ grid: source, data }, target))
      expect(Math.abs(value - 50)).toBeLessThan(0.5);
  });

  it('is air where less than half of a voxel is scanned, and where the scan is padding', () => {
    const grid: GridLps = {
      sizeIjk: [4, 1, 1],
      originLpsMm: [0, 0, 0],
      spacingMm: [1, 1, 1],
      directions: LPS_AXES,
    };
    const data = Int16Array.of(40, 40, OUTSIDE_HU, OUTSIDE_HU);
    const target: GridLps = { ...grid, originLpsMm: [-2, 0, 0], sizeIjk: [8, 1, 1] };
    const values = Array.from(averageToGrid({ grid, data }, target));
    expect(values.slice(0, 2)).toEqual([AIR_HU, AIR_HU]);
    expect(values[2]).toBe(40);
    expect(values.slice(5)).toEqual([AIR_HU, AIR_HU, AIR_HU]);
  });

  it.each([
    ['the whole scan', cubeGridLps([0, 0, 0], 19, 8)],
    ['a cube within', cubeGridLps([1.3, 0.4, -0.2], 6, 12)],
    ['a number that is no multiple of four', cubeGridLps([1.3, 0.4, -0.2], 6, 7)],
    ['a cube that reaches out of it', cubeGridLps([4, -5, 6], 9, 4)],
    ['a cube beside it', cubeGridLps([60, 0, 0], 9, 4)],
  ])('has the same bits from 16-bit voxels, which the kernel averages, as from others: %s', (_, target) => {
    const grid: GridLps = { ...source, sizeIjk: [37, 21, 18] };
    const values = Array.from({ length: voxelCount(grid) }, (_, v) => ((v * 7919) % 6200) - 3100);
    const bits = (data: VoxelArray): Uint32Array =>
      new Uint32Array(averageToGrid({ grid, data }, target).buffer);
    expect(bits(Int16Array.from(values))).toEqual(bits(Float32Array.from(values)));
  });

  it('agrees with flipping by hand', () => {
    const up = rampVolume({ ...source, sizeIjk: [3, 2, 4] });
    const down: Volume = {
      grid: {
        ...up.grid,
        originLpsMm: ijkToLps(up.grid, [0, 0, 3]),
        directions: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, -1],
        ],
      },
      data: Float32Array.from(up.data, (_, v) => up.data[(v % 6) + 6 * (3 - Math.floor(v / 6))]!),
    };
    const target = up.grid;
    const [a, b] = [averageToGrid(up, target), averageToGrid(down, target)];
    a.forEach((value, v) => {
      expect(b[v]).toBeCloseTo(value, 4);
    });
  });
});
