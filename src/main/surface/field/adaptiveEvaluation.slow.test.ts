import { describe, expect, it } from 'vitest';
import type { CropFrame } from '../cropFrame.ts';
import { evaluateAdaptively } from './adaptiveEvaluation.ts';
import type { FieldFunction } from './fieldFunction.ts';
import { keepAppendage } from './lumenComponent.ts';

const frame: CropFrame = { centreLpsMm: [5, -7, 11], edgeMm: 70 };

/** A field from a signed distance in mm, with (x, y, z) in mm from the cube's centre. */
const fieldOf =
  (distance: (x: number, y: number, z: number) => number): FieldFunction =>
  async (points) => {
    const signedMm = new Float32Array(points.length / 3);
    for (let i = 0; i < signedMm.length; i++) {
      signedMm[i] = Math.max(
        -5,
        Math.min(5, distance(35 * points[3 * i]!, 35 * points[3 * i + 1]!, 35 * points[3 * i + 2]!)),
      );
    }
    return { signedMm, unsignedMm: signedMm.map(Math.abs) };
  };

const ball = (x: number, y: number, z: number, radius: number) => (px: number, py: number, pz: number) =>
  Math.hypot(px - x, py - y, pz - z) - radius;

describe('evaluateAdaptively', () => {
  const shape = (x: number, y: number, z: number): number =>
    Math.min(
      ball(1, 2, 3, 12)(x, y, z),
      ball(14, 2, 3, 2)(x, y, z),
      Math.max(Math.hypot(x, y) - 1, Math.abs(z) - 24),
    );

  it('gives every corner the right sign, and the exact value at the zero set, from few points', async () => {
    const asked = new Set<string>();
    let points = 0;
    const field = fieldOf(shape);
    const { lattice, evaluatedPoints } = await evaluateAdaptively(
      async (batch) => {
        for (let i = 0; i < batch.length; i += 3) asked.add(`${batch[i]},${batch[i + 1]},${batch[i + 2]}`);
        points += batch.length / 3;
        return field(batch);
      },
      frame,
      { resolution: 128 },
    );
    expect(asked.size).toBe(points);
    expect(evaluatedPoints.reduce((a, b) => a + b)).toBe(points);
    expect(points).toBeLessThan(0.1 * lattice.side ** 3);
    const step = 70 / 128;
    let [wrongSigns, unknownNearSurface] = [0, 0];
    for (let k = 0, corner = 0; k < lattice.side; k++) {
      for (let j = 0; j < lattice.side; j++) {
        for (let i = 0; i < lattice.side; i++, corner++) {
          const truth = shape(i * step - 35, j * step - 35, k * step - 35);
          if (Math.abs(truth) > 1e-4 && truth < 0 !== lattice.signedMm[corner]! < 0) wrongSigns++;
          if (Math.abs(truth) < step / 2 && lattice.known[corner] === 0) unknownNearSurface++;
        }
      }
    }
    expect(wrongSigns).toBe(0);
    expect(unknownNearSurface).toBe(0);
  });

  it('leaves out most of the coarse level, and finds a speck in the middle between the corners that it looks at first', async () => {
    const middleMm = 3.5 * (70 / 16);
    const field = fieldOf((x, y, z) =>
      Math.min(ball(0, 0, 0, 8)(x, y, z), ball(middleMm - 0.3, middleMm, middleMm, 0.6)(x, y, z)),
    );
    const { lattice, evaluatedPoints } = await evaluateAdaptively(field, frame, { resolution: 32 });
    expect(evaluatedPoints[0]).toBeLessThan(0.25 * lattice.side ** 3);
    expect(keepAppendage(lattice).dropped).toHaveLength(1);
  });

  it('follows a thin lobe that the coarse corners only graze', async () => {
    // A rod of radius 0.5 mm in the middle between coarse corners (2.19 mm apart), off the ball.
    const rod = (x: number, y: number, z: number): number =>
      Math.max(Math.hypot(y - 1.09, z - 1.09) - 0.5, Math.abs(x - 14) - 14);
    const field = fieldOf((x, y, z) => Math.min(ball(0, 0, 0, 8)(x, y, z), rod(x, y, z)));
    const { lattice } = await evaluateAdaptively(field, frame, { resolution: 256 });
    const { kept } = keepAppendage(lattice);
    // The rod's tip, x = 28 mm, in corners.
    expect(kept!.boxIjk.high[0]).toBeCloseTo(((28 + 35) / 70) * 256, -0.5);
  });

  it('closes the zero set of a field that is steeper than a distance', async () => {
    const steep = (x: number, y: number, z: number): number =>
      4 * ball(3, 1, -2, 9)(x, y, z) + 2 * Math.sin(2 * x) * Math.sin(2 * y) * Math.sin(2 * z);
    const { lattice } = await evaluateAdaptively(fieldOf(steep), frame, { resolution: 128 });
    const { side, signedMm, known } = lattice;
    let unknown = 0;
    for (let corner = side * side + side + 1; corner < signedMm.length; corner++) {
      for (const step of [1, side, side * side]) {
        if (signedMm[corner]! < 0 === signedMm[corner - step]! < 0) continue;
        if (known[corner] === 0 || known[corner - step] === 0) unknown++;
      }
    }
    expect(unknown).toBe(0);
  });

  it('stops when cancelled, and refuses a resolution that is not a power of two', async () => {
    const controller = new AbortController();
    const field = fieldOf(shape);
    let calls = 0;
    const run = evaluateAdaptively(
      async (points) => {
        calls++;
        controller.abort();
        return field(points);
      },
      frame,
      { resolution: 128, chunkPoints: 1000 },
      controller.signal,
    );
    await expect(run).rejects.toThrow('Cancelled');
    expect(calls).toBe(1);
    await expect(evaluateAdaptively(field, frame, { resolution: 100 })).rejects.toThrow(RangeError);
  });
});

describe('keepAppendage', () => {
  it('keeps the largest piece and turns the others outside', async () => {
    const field = fieldOf((x, y, z) =>
      Math.min(ball(0, 0, 0, 8)(x, y, z), ball(15, 0, 0, 5)(x, y, z), ball(0, 16, 0, 3)(x, y, z)),
    );
    const { lattice } = await evaluateAdaptively(field, frame, { resolution: 64 });
    const { kept, dropped } = keepAppendage(lattice);
    expect(kept!.volumeMl).toBeCloseTo(((4 / 3) * Math.PI * 512) / 1000, 1);
    expect(kept!.touchesBorder).toBe(false);
    for (const axis of [0, 1, 2] as const) {
      expect(kept!.centroidLpsMm[axis]).toBeCloseTo(frame.centreLpsMm[axis], 1);
    }
    expect(dropped).toHaveLength(2);
    expect(dropped[0]!.volumeMl).toBeGreaterThan(dropped[1]!.volumeMl);
    expect(keepAppendage(lattice).dropped).toHaveLength(0);
  });

  it('prefers the centre to a somewhat larger piece at the border, which it reports as cut', async () => {
    const field = fieldOf((x, y, z) => Math.min(ball(0, 0, 0, 10)(x, y, z), ball(35, 0, 0, 13.5)(x, y, z)));
    const { lattice } = await evaluateAdaptively(field, frame, { resolution: 64 });
    const { kept, dropped } = keepAppendage(lattice);
    expect(kept!.touchesBorder).toBe(false);
    expect(dropped.map((piece) => piece.touchesBorder)).toEqual([true]);
  });

  it('finds nothing where nothing is inside', async () => {
    const { lattice } = await evaluateAdaptively(
      fieldOf(() => 3),
      frame,
      { resolution: 64 },
    );
    expect(keepAppendage(lattice)).toEqual({ dropped: [] });
  });
});
