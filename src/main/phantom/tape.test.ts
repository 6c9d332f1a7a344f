import { describe, expect, it } from 'vitest';
import { evaluateNamed } from './evaluateShape.ts';
import { shapeProgram } from './program.ts';
import { smoothMin } from './runCode.ts';
import type { PhantomScene, Shape } from './scene.ts';
import { compileTape } from './tape.ts';
import { emptyScene, IDENTITY_AXES } from './testing/testScenes.ts';

const sphere = (x: number, radius: number): Shape => ({
  kind: 'ellipsoid',
  centreLpsMm: [x, 0, 0],
  radiiMm: [radius, radius, radius],
  axes: IDENTITY_AXES,
});
const sceneOf = (shapes: Record<string, Shape>): PhantomScene => ({
  ...emptyScene(),
  shapes: Object.entries(shapes).map(([name, shape]) => ({ name, shape })),
});
const at = (shape: Shape, ...point: [number, number, number]): number =>
  evaluateNamed(compileTape(sceneOf({ it: shape })), 'it', Float32Array.from(point))[0]!;

describe('primitives', () => {
  it('measures a sphere exactly', () => {
    expect(at(sphere(1, 5), 1, 7, 0)).toBeCloseTo(2, 5);
    expect(at(sphere(1, 5), 1, 0, 0.5)).toBeCloseTo(-4.5, 5);
  });

  it('vanishes on an ellipsoid and is exact on its axes', () => {
    const shape: Shape = {
      kind: 'ellipsoid',
      centreLpsMm: [0, 0, 0],
      radiiMm: [3, 6, 9],
      axes: IDENTITY_AXES,
    };
    const s = Math.sqrt(1 / 3);
    expect(at(shape, 3 * s, 6 * s, 9 * s)).toBeCloseTo(0, 5);
    expect(at(shape, 0, 8, 0)).toBeCloseTo(2, 5);
    expect(at(shape, 0, 0, 0)).toBeCloseTo(-3, 5);
  });

  it('measures a rounded, turned box exactly', () => {
    const shape: Shape = {
      kind: 'box',
      centreLpsMm: [1, 1, 1],
      halfSizesMm: [2, 3, 4],
      axes: [
        [0, 1, 0],
        [-1, 0, 0],
        [0, 0, 1],
      ],
      roundingMm: 0.5,
    };
    expect(at(shape, 1, 4, 1)).toBeCloseTo(1, 5); // its first axis is y
    expect(at(shape, 5, 1, 1)).toBeCloseTo(1, 5);
    expect(at(shape, 1 + 5, 1 + 3, 1 + 4)).toBeCloseTo(Math.hypot(2.5, 1.5, 0.5) - 0.5, 5);
  });

  it('measures a capsule, a taper and a half space', () => {
    const tube: Shape = {
      kind: 'tube',
      pointsLpsMm: [
        [0, 0, 0],
        [10, 0, 0],
      ],
      radiiMm: [2, 4],
    };
    expect(at(tube, 5, 6, 0)).toBeCloseTo(3, 5);
    expect(at(tube, -5, 0, 0)).toBeCloseTo(3, 5);
    expect(at(tube, 13, 4, 0)).toBeCloseTo(1, 5);
    expect(at({ kind: 'halfSpace', pointLpsMm: [0, 0, 2], outwardNormal: [0, 0, 1] }, 9, 9, 5)).toBeCloseTo(
      3,
      5,
    );
  });

  it('squashes a tube along an axis', () => {
    const oval: Shape = {
      kind: 'tube',
      pointsLpsMm: [
        [0, 0, -20],
        [0, 0, 20],
      ],
      radiiMm: [6, 6],
      squash: { axis: [1, 0, 0], factor: 0.5 },
    };
    expect(at(oval, 5, 0, 0)).toBeCloseTo(2, 5);
    expect(at(oval, 0, 5, 0)).toBeCloseTo(-1, 5);
    expect(at(oval, 0, 0, 0)).toBeCloseTo(-3, 5);
  });

  it('splits a long tube without changing it', () => {
    const pointsLpsMm = Array.from({ length: 14 }, (_, n) => [n, Math.sin(n), 0.1 * n * n] as const);
    const radiiMm = pointsLpsMm.map((_, n) => 1 + 0.1 * n);
    const whole: Shape = { kind: 'tube', pointsLpsMm, radiiMm };
    const pieces: Shape = {
      kind: 'union',
      of: pointsLpsMm.slice(1).map((point, n) => ({
        kind: 'tube',
        pointsLpsMm: [pointsLpsMm[n]!, point],
        radiiMm: [radiiMm[n]!, radiiMm[n + 1]!],
      })),
    };
    for (let n = 0; n < 20; n++) {
      const point = [n * 0.7, Math.cos(3 * n) * 3, n * 0.5] as [number, number, number];
      expect(at(whole, ...point)).toBeCloseTo(at(pieces, ...point), 5);
      // A complement mirrors the union inside it.
      expect(at({ kind: 'complement', of: whole }, ...point)).toBeCloseTo(-at(pieces, ...point), 5);
    }
  });
});

describe('combinations', () => {
  it('blends by the quadratic smooth minimum, folded from the left', () => {
    const [a, b, c] = [at(sphere(0, 5), 4, 4, 0), at(sphere(8, 5), 4, 4, 0), at(sphere(4, 1), 4, 4, 0)];
    const of = [sphere(0, 5), sphere(8, 5), sphere(4, 1)];
    expect(at({ kind: 'smoothUnion', of, blendMm: 3 }, 4, 4, 0)).toBeCloseTo(
      smoothMin(smoothMin(a, b, 3), c, 3),
      5,
    );
    expect(smoothMin(1, 1, 4)).toBeCloseTo(0, 6); // equal members: a quarter of the blend less
    expect(at({ kind: 'smoothIntersection', of, blendMm: 3 }, 4, 4, 0)).toBeCloseTo(
      -smoothMin(-(-smoothMin(-a, -b, 3)), -c, 3),
      5,
    );
  });

  it('pushes complements and offsets through groups', () => {
    const of = [sphere(0, 5), sphere(8, 5)];
    const blended: Shape = { kind: 'smoothUnion', of, blendMm: 3 };
    const direct = at(blended, 4, 4, 0);
    expect(at({ kind: 'complement', of: { kind: 'offset', of: blended, growMm: 2 } }, 4, 4, 0)).toBeCloseTo(
      2 - direct,
      5,
    );
    const nested: Shape = { kind: 'intersection', of: [sphere(0, 9), { kind: 'complement', of: blended }] };
    expect(at(nested, 4, 4, 0)).toBeCloseTo(Math.max(at(sphere(0, 9), 4, 4, 0), -direct), 5);
    const grouped: Shape = { kind: 'smoothUnion', of: [sphere(4, 2), { kind: 'union', of }], blendMm: 2 };
    expect(at(grouped, 4, 4, 0)).toBeCloseTo(
      smoothMin(at(sphere(4, 2), 4, 4, 0), Math.min(at(of[0]!, 4, 4, 0), at(of[1]!, 4, 4, 0)), 2),
      5,
    );
  });

  it('stays exact under a large offset, where a bare primitive may answer with a bound', () => {
    const long: Shape = {
      kind: 'tube',
      pointsLpsMm: [
        [-60, 0, 0],
        [60, 0, 0],
      ],
      radiiMm: [1, 1],
    };
    expect(at({ kind: 'offset', of: long, growMm: 30 }, 0, 50, 0)).toBeGreaterThanOrEqual(16);
    expect(at({ kind: 'offset', of: long, growMm: 30 }, 100, 20, 0)).toBeCloseTo(Math.hypot(40, 20) - 31, 4);
  });

  it('roughens within its amplitude and in a repeatable way', () => {
    const rough: Shape = {
      kind: 'rough',
      of: sphere(0, 5),
      amplitudeMm: 0.5,
      wavelengthMm: 3,
      seed: 0xdeadbeef,
    };
    const differences = Array.from(
      { length: 50 },
      (_, n) => at(rough, n * 0.37, 1, 2) - at(sphere(0, 5), n * 0.37, 1, 2),
    );
    expect(Math.max(...differences.map(Math.abs))).toBeLessThanOrEqual(0.5);
    expect(Math.max(...differences) - Math.min(...differences)).toBeGreaterThan(0.3);
    expect(at(rough, 1, 2, 3)).toBe(at(rough, 1, 2, 3));
  });

  it('evaluates a named shape once and slices away what is not asked for', () => {
    const tape = compileTape(
      sceneOf({
        a: sphere(0, 5),
        b: { kind: 'union', of: [{ kind: 'named', name: 'a' }, sphere(8, 5)] },
        c: { kind: 'offset', of: { kind: 'named', name: 'b' }, growMm: 1 },
        unused: sphere(20, 1),
      }),
    );
    const valueAt = (name: string): number => evaluateNamed(tape, name, Float32Array.of(4, 6, 0))[0]!;
    expect(valueAt('c')).toBeCloseTo(valueAt('b') - 1, 6);
    expect(valueAt('unused')).toBeGreaterThan(15);
    expect(shapeProgram(tape, ['c']).code.length / 4).toBe(4); // a; b from a and its second member; c from b
    expect(() => compileTape(sceneOf({ x: { kind: 'named', name: 'y' } }))).toThrow('not defined before');
  });
});
