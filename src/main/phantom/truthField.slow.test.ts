import { describe, expect, it } from 'vitest';
import { createRandom } from '#shared/random/random.ts';
import { evaluateNamed } from './evaluateShape.ts';
import type { PhantomScene, Shape } from './scene.ts';
import { CAP, SURFEL_WORDS } from './surfels.ts';
import { compileTape } from './tape.ts';
import { emptyScene, randomScene } from './testing/testScenes.ts';
import { createTruthField } from './truthField.ts';

const frame = { centreLpsMm: [3, -2, 5], edgeMm: 70 } as const;
const [cx, cy, cz] = frame.centreLpsMm;

const truthScene = (body: Shape, height: number): PhantomScene => ({
  ...emptyScene(),
  shapes: [{ name: 'body', shape: body }],
  appendage: {
    ...emptyScene().appendage,
    bodyShape: 'body',
    ostiumPointLpsMm: [cx, cy, cz + height],
    ostiumNormal: [0, 0, 1],
  },
});
/** A capsule along z, from far below the ostium plane at 0 to a tip at 20, radius r. */
const capsule = (r: number): PhantomScene =>
  truthScene(
    {
      kind: 'tube',
      pointsLpsMm: [
        [cx, cy, cz - 60],
        [cx, cy, cz + 20],
      ],
      radiiMm: [r, r],
    },
    0,
  );

/**
 * Distance to the capsule's open wall (a cylinder of radius r over 0 ≤ z ≤ 20 with a hemisphere) and to its cap (a
 * disc at z = 0).
 */
const capsuleTruth = (r: number, x: number, y: number, z: number): { signed: number; unsigned: number } => {
  const rho = Math.hypot(x, y);
  const unsigned = z < 0 ? Math.hypot(rho - r, z) : Math.abs(Math.hypot(rho, Math.max(z - 20, 0)) - r);
  const cap = Math.hypot(Math.max(rho - r, 0), z);
  const inside = z > 0 && Math.hypot(rho, Math.max(z - 20, 0)) < r;
  return { signed: (inside ? -1 : 1) * Math.min(unsigned, cap), unsigned };
};

describe('createTruthField', () => {
  it.each([3, 6, 9])('measures a capsule of radius %i mm that a plane cuts', (r) => {
    const truth = createTruthField(capsule(r), frame);
    const random = createRandom(r);
    const points = Float32Array.from({ length: 3 * 4000 }, () => random.uniform(-1, 1));
    for (let n = 0; n < 1500; n++) {
      // Many of them near the wall and round the rim.
      const angle = random.uniform(0, 2 * Math.PI);
      const rho = r + random.uniform(-1.5, 1.5);
      const z = n < 500 ? random.uniform(-1, 1) : random.uniform(-1, 20);
      points.set([(rho * Math.cos(angle)) / 35, (rho * Math.sin(angle)) / 35, z / 35], 3 * n);
    }
    const targets = truth.distances(points);
    let nearError = 0;
    let farError = 0;
    for (let n = 0; n < points.length / 3; n++) {
      const [x, y, z] = [35 * points[3 * n]!, 35 * points[3 * n + 1]!, 35 * points[3 * n + 2]!];
      const exact = capsuleTruth(r, x, y, z);
      // The sign at the surface itself is decided by rounding.
      const signed = Math.abs(exact.signed) < 1e-4 ? Math.abs(exact.signed) : exact.signed;
      const error = Math.max(
        Math.abs(targets[2 * n]! - signed) * (Math.abs(exact.signed) < 1e-4 ? 0 : 1),
        Math.abs(targets[2 * n + 1]! - exact.unsigned),
      );
      if (exact.unsigned < 3) nearError = Math.max(nearError, error);
      else farError = Math.max(farError, error);
    }
    expect(nearError).toBeLessThan(0.05);
    expect(farError).toBeLessThan(0.1);
  });

  it('measures a sphere that no plane cuts, whose truth has no cap', () => {
    const sphere: Shape = {
      kind: 'ellipsoid',
      centreLpsMm: [cx, cy, cz],
      radiiMm: [9, 9, 9],
      axes: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    };
    const truth = createTruthField(truthScene(sphere, -30), frame);
    const points = Float32Array.from({ length: 300 }, (_, n) => Math.sin(n * 1.7));
    const targets = truth.distances(points);
    for (let n = 0; n < 100; n++) {
      const exact = 35 * Math.hypot(points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!) - 9;
      expect(Math.abs(targets[2 * n]! - exact)).toBeLessThan(0.05);
      expect(Math.abs(targets[2 * n + 1]! - Math.abs(exact))).toBeLessThan(0.05);
    }
    // Each surfel stands for |n|∞ of a voxel's face: together, for the whole area.
    const { data, count, voxelMm } = truth.surfels;
    let area = 0;
    for (let s = 0; s < count; s++) area += data[SURFEL_WORDS * s + 7]! * voxelMm ** 2;
    expect(area / (4 * Math.PI * 81)).toBeGreaterThan(0.97);
    expect(area / (4 * Math.PI * 81)).toBeLessThan(1.03);
  });

  it('puts surfels on the surface, with outward normals, and the cap on the ostium plane', () => {
    const drawn = randomScene(4);
    const tape = compileTape(drawn);
    const random = createRandom(1);
    let inside: [number, number, number];
    do inside = [random.uniform(-20, 20), random.uniform(-20, 20), random.uniform(-20, 20)];
    while (evaluateNamed(tape, 'body', Float32Array.from(inside))[0]! > -2);
    const scene = { ...drawn, appendage: { ...drawn.appendage, ostiumPointLpsMm: inside } };
    const { surfels } = createTruthField(scene, { centreLpsMm: [0, 0, 0], edgeMm: 70 });
    const { data, count } = surfels;
    expect(count).toBeGreaterThan(3000);
    const points = Float32Array.from({ length: 6 * count }, (_, n) => {
      const s = Math.floor(n / 6) * SURFEL_WORDS;
      const axis = n % 3;
      return data[s + axis]! + (n % 6 < 3 ? 0 : 0.2 * data[s + 4 + axis]!);
    });
    const values = evaluateNamed(tape, 'body', points);
    const normal = scene.appendage.ostiumNormal;
    let outward = 0;
    let wallCount = 0;
    for (let s = 0; s < count; s++) {
      const o = s * SURFEL_WORDS;
      const height = inside.reduce((sum, at, axis) => sum + (data[o + axis]! - at) * normal[axis]!, 0);
      if (data[o + 3] === CAP) {
        expect(Math.abs(height)).toBeLessThan(1e-4); // on the plane
        expect(values[2 * s]!).toBeLessThan(1e-3);
        continue;
      }
      wallCount++;
      expect(Math.abs(values[2 * s]!)).toBeLessThan(1e-2);
      expect(height).toBeGreaterThan(-1e-4);
      if (values[2 * s + 1]! > 0) outward++;
    }
    expect(wallCount).toBeGreaterThan(1000);
    expect(count - wallCount).toBeGreaterThan(20);
    expect(outward / wallCount).toBeGreaterThan(0.99);
  });

  it('draws points in the documented shares, the same ones for the same seed', () => {
    const truth = createTruthField(capsule(6), frame, { resolution: 64 });
    const { pointsNormalized, targetsMm } = truth.sample(11, 4000);
    expect(truth.sample(11, 4000).pointsNormalized).toEqual(pointsNormalized);
    expect(truth.sample(12, 4000).pointsNormalized).not.toEqual(pointsNormalized);
    const of = (kinds: readonly number[], column: number): number[] =>
      Array.from({ length: 4000 }, (_, n) => n)
        .filter((n) => kinds.includes(n % 8))
        .map((n) => Math.abs(targetsMm[2 * n + column]!));
    const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    // Mean of |offset along the normal| of a Gaussian: SD·√(2/π), a little less where the surface is curved.
    expect(mean(of([0, 1, 2], 1))).toBeGreaterThan(0.95);
    expect(mean(of([0, 1, 2], 1))).toBeLessThan(1.3);
    expect(mean(of([3], 1))).toBeGreaterThan(0.33);
    expect(mean(of([3], 1))).toBeLessThan(0.45);
    expect(Math.max(...of([4, 5], 0))).toBeLessThan(3.05);
    expect(mean(of([4, 5], 0))).toBeGreaterThan(1.3);
    expect(mean(of([6, 7], 0))).toBeGreaterThan(10);
    expect(pointsNormalized.every((v) => Math.abs(v) <= 1)).toBe(true);
  });
});
