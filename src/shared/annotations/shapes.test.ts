import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GridLps, ijkToLps } from '../geometry/gridLps.ts';
import {
  add,
  addScaled,
  cross,
  distance,
  dot,
  length,
  normalize,
  perpendicular,
  scale,
  subtract,
  type Vec3,
} from '../geometry/vec3.ts';
import { annotationLines, annotationNumbers, annotationValue } from './annotationInWords.ts';
import { freehandOutline } from './freehandOutline.ts';
import {
  angleDegrees,
  areaMm2,
  ellipseOutline,
  handlesOf,
  lengthMm,
  middleOf,
  moved,
  withHandle,
} from './shapes.ts';

const coordinate = fc.double({ min: -200, max: 200, noNaN: true });
const anyPoint = fc.tuple(coordinate, coordinate, coordinate) as fc.Arbitrary<Vec3>;
const anyPlane = fc
  .tuple(
    anyPoint,
    anyPoint.filter((v) => length(v) > 1),
  )
  .map(([pointLpsMm, towards]) => ({ pointLpsMm, normal: normalize(towards) }));

describe('lengths and angles', () => {
  it('are those of the patient, whatever the spacing of the voxels', () => {
    const grid: GridLps = {
      sizeIjk: [9, 9, 9],
      originLpsMm: [5, -7, 2],
      spacingMm: [0.4, 0.7, 3],
      directions: [
        [0, 1, 0],
        [1, 0, 0],
        [0, 0, 1],
      ],
    };
    const points = [ijkToLps(grid, [1, 2, 3]), ijkToLps(grid, [7, 5, 6])] as const;
    expect(lengthMm(points)).toBeCloseTo(Math.hypot(6 * 0.4, 3 * 0.7, 3 * 3), 12);
    const corner = ijkToLps(grid, [0, 0, 0]);
    const arms = [ijkToLps(grid, [7, 0, 0]), corner, ijkToLps(grid, [7, 4, 0])] as const;
    // 2.8 mm along and 2.8 mm across: in voxels it would be another angle.
    expect(angleDegrees(arms)).toBeCloseTo(45, 10);
  });

  it('know flat and straight angles, and one without an arm', () => {
    expect(
      angleDegrees([
        [1, 0, 0],
        [0, 0, 0],
        [-3, 0, 0],
      ]),
    ).toBeCloseTo(180, 12);
    expect(
      angleDegrees([
        [1, 0, 0],
        [0, 0, 0],
        [3, 0, 0],
      ]),
    ).toBe(0);
    expect(
      angleDegrees([
        [0, 0, 0],
        [0, 0, 0],
        [3, 0, 0],
      ]),
    ).toBe(0);
  });
});

describe('areas', () => {
  it('of ellipses are πab, of regions those of their polygon, on any plane', () => {
    fc.assert(
      fc.property(anyPlane, ({ pointLpsMm, normal }) => {
        const along = perpendicular(normal);
        const across = cross(normal, along);
        const shape = {
          kind: 'ellipse',
          centreLpsMm: pointLpsMm,
          halfAxesLpsMm: [scale(along, 6), scale(across, 2.5)],
        } as const;
        expect(areaMm2(shape)).toBeCloseTo(Math.PI * 15, 8);
        const outline = ellipseOutline(shape, 720);
        expect(areaMm2({ kind: 'freehand', pointsLpsMm: outline })).toBeCloseTo(Math.PI * 15, 2);
        // An L: 4 × 4 without 2 × 2.
        const corners = [
          [0, 0],
          [4, 0],
          [4, 2],
          [2, 2],
          [2, 4],
          [0, 4],
        ] as const;
        const pointsLpsMm = corners.map(([x, y]) => addScaled(addScaled(pointLpsMm, along, x), across, y));
        expect(areaMm2({ kind: 'freehand', pointsLpsMm })).toBeCloseTo(12, 8);
      }),
      { numRuns: 20 },
    );
  });
});

describe('handles', () => {
  it('stay on the plane, and the others where they were', () => {
    fc.assert(
      fc.property(anyPlane, anyPoint, fc.nat(2), (plane, target, handle) => {
        const along = perpendicular(plane.normal);
        const pointsLpsMm = [0, 5, 9].map((by) => addScaled(plane.pointLpsMm, along, by)) as [
          Vec3,
          Vec3,
          Vec3,
        ];
        const shape = withHandle({ kind: 'angle', pointsLpsMm }, plane, handle, target);
        const after = handlesOf(shape);
        for (const [at, point] of after.entries()) {
          expect(Math.abs(dot(subtract(point, plane.pointLpsMm), plane.normal))).toBeLessThan(1e-9);
          if (at !== handle) expect(point).toEqual(pointsLpsMm[at]);
        }
        const whole = handlesOf(moved(shape, plane, target));
        expect(lengthMm([whole[0]!, whole[2]!])).toBeCloseTo(lengthMm([after[0]!, after[2]!]), 8);
        for (const point of whole)
          expect(Math.abs(dot(subtract(point, plane.pointLpsMm), plane.normal))).toBeLessThan(1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it('of an ellipse turn it about its centre; the other axis keeps its length and stays perpendicular', () => {
    const plane = { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] } as const;
    const shape = {
      kind: 'ellipse',
      centreLpsMm: [1, 1, 0],
      halfAxesLpsMm: [
        [4, 0, 0],
        [0, 2, 0],
      ],
    } as const;
    const turned = withHandle(shape, plane, 1, [1, -5, 0]);
    if (turned.kind !== 'ellipse') throw new TypeError('An ellipse stays one.');
    const [first, second] = turned.halfAxesLpsMm;
    expect(distance(first, [0, 6, 0])).toBeLessThan(1e-12);
    expect(distance(second, [-2, 0, 0])).toBeLessThan(1e-12);
    expect(handlesOf(turned)[1]).toEqual([1, -5, 0]);
    expect(middleOf(turned)).toEqual([1, 1, 0]);
    expect(withHandle(shape, plane, 0, [1, 1, 0])).toBe(shape);
    expect(add(turned.centreLpsMm, first)).toEqual([1, 7, 0]);
  });
});

describe('freehandOutline', () => {
  const circle = (from: number, to: number, radius: number, count = 100) =>
    Array.from({ length: count }, (_, at): readonly [number, number] => {
      const angle = from + ((to - from) * at) / (count - 1);
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
  const areaOf = (points: readonly (readonly [number, number])[]): number =>
    areaMm2({ kind: 'freehand', pointsLpsMm: points.map(([x, y]): Vec3 => [x, y, 0]) });

  it('keeps a loop, thinned', () => {
    const outline = freehandOutline(circle(0, 2 * Math.PI * 0.98, 10), 0.05);
    expect(outline.length).toBeLessThan(60);
    expect(areaOf(outline)).toBeGreaterThan(0.985 * Math.PI * 100);
  });

  it('cuts off the ends of a loop that overshoot', () => {
    const spiral = circle(0, 2 * Math.PI * 1.1, 1, 120).map(([x, y], at): readonly [number, number] => [
      (10 + at / 60) * x,
      (10 + at / 60) * y,
    ]);
    const crossed = [
      [9, -3] as const,
      ...circle(-0.1, 2 * Math.PI - 0.2, 10),
      [9, 4] as const,
      [12, 6] as const,
    ];
    const outline = freehandOutline(crossed, 0.02);
    expect(Math.abs(areaOf(outline) - Math.PI * 100)).toBeLessThan(0.1 * Math.PI * 100);
    expect(outline.some(([x]) => x > 10.5)).toBe(false);
    expect(freehandOutline(spiral, 0.02).length).toBeGreaterThan(10);
  });

  it('keeps the larger half of a figure of eight', () => {
    const eight = [
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
      [-8, 5],
    ] as const;
    const outline = freehandOutline([...eight], 0.01);
    const crossings = outline.filter(([x, y]) => x === 5 && y === 5);
    expect(crossings).toHaveLength(1);
    expect(areaOf(outline)).toBeCloseTo(65, 8);
  });

  it('is nothing where no area was drawn', () => {
    expect(freehandOutline([], 0.1)).toEqual([]);
    expect(
      freehandOutline(
        [
          [0, 0],
          [5, 5],
        ],
        0.1,
      ),
    ).toEqual([]);
    expect(
      freehandOutline(
        [
          [0, 0],
          [5, 5],
          [2, 2],
          [0, 0],
        ],
        0.1,
      ),
    ).toEqual([]);
  });
});

describe('in words', () => {
  const hu = {
    meanHu: 312.4,
    deviationHu: 23.6,
    minimumHu: -4,
    maximumHu: 401,
    samples: 99,
    sampling: 'voxels',
    outsideShare: 0.376,
  } as const;
  const shape = {
    kind: 'freehand',
    pointsLpsMm: [
      [0, 0, 0],
      [10, 0, 0],
      [0, 10, 0],
    ],
  } as const;

  it('an area has mean, deviation, range and area, and says what lies outside', () => {
    const region = { name: 'Free region 1', shape, hu, withheld: null };
    expect(annotationLines(region)).toEqual([
      'Mean 312 ± 24 HU',
      '-4 to 401 HU',
      '50 mm²',
      '38 % outside of the scan, left out.',
    ]);
    expect(annotationNumbers(region).map(({ key }) => key)).toEqual([
      'meanHu',
      'deviationHu',
      'minimumHu',
      'maximumHu',
      'areaMm2',
    ]);
  });

  it('a length and an angle have one decimal; a text is what it says', () => {
    const nothing = { hu: null, withheld: null, name: 'Ridge' };
    const ruler = {
      ...nothing,
      shape: {
        kind: 'ruler',
        pointsLpsMm: [
          [0, 0, 0],
          [3, 4, 0],
        ],
      },
    } as const;
    expect(annotationValue(ruler)).toBe('5.0 mm');
    const text = {
      ...nothing,
      shape: {
        kind: 'text',
        pointsLpsMm: [
          [0, 0, 0],
          [3, 4, 0],
        ],
      },
    } as const;
    expect(annotationLines(text)).toEqual(['Ridge']);
    expect(annotationNumbers(text)).toEqual([]);
  });
});
