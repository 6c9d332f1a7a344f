import { describe, expect, it } from 'vitest';
import { evaluateAdaptively } from './adaptiveEvaluation.ts';
import type { FieldFunction } from './fieldFunction.ts';
import { rememberLattice } from './rememberLattice.ts';

const FRAME = { centreLpsMm: [0, 0, 0], edgeMm: 70 } as const;

/** A sphere off the centre, radius 14 mm, and at how many points it was asked. */
function countedSphere(): { field: FieldFunction; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    field: async (points) => {
      asked += points.length / 3;
      const signedMm = new Float32Array(points.length / 3);
      for (let at = 0; at < signedMm.length; at++) {
        const [x, y, z] = points.subarray(3 * at, 3 * at + 3);
        signedMm[at] = 35 * Math.hypot(x! - 0.11, y! + 0.07, z! - 0.02) - 14;
      }
      return { signedMm, unsignedMm: signedMm.map((mm) => Math.abs(mm) + 1) };
    },
  };
}

describe('a field that remembers a lattice', () => {
  it('gives lattices of every resolution what the field itself gives', async () => {
    const { field } = countedSphere();
    const remembered = rememberLattice(field, 16);
    for (const resolution of [8, 16, 32]) {
      const expected = await evaluateAdaptively(field, FRAME, { resolution, coarseCells: 8 });
      expect(await evaluateAdaptively(remembered, FRAME, { resolution, coarseCells: 8 })).toEqual(expected);
    }
  });

  it('asks the field once at each corner', async () => {
    const { field, asked } = countedSphere();
    const remembered = rememberLattice(field, 16);
    await evaluateAdaptively(remembered, FRAME, { resolution: 16, coarseCells: 8 });
    const once = asked();
    expect(once).toBeGreaterThan(9 ** 3);
    await evaluateAdaptively(remembered, FRAME, { resolution: 16, coarseCells: 8 });
    await evaluateAdaptively(remembered, FRAME, { resolution: 8, coarseCells: 8 });
    expect(asked()).toBe(once);
  });

  it('asks again beside the corners and outside the cube, in the order of the points', async () => {
    const { field, asked } = countedSphere();
    const remembered = rememberLattice(field, 64);
    const points = Float32Array.of(0, 0, 0, 0.01, 0, 0, 0.5, -0.5, 1, 1.5, 0, 0);
    const expected = await field(points);
    expect(await remembered(points)).toEqual(expected);
    expect(asked()).toBe(8);
    expect(await remembered(points)).toEqual(expected);
    expect(asked()).toBe(10);
  });

  it('remembers nothing of an evaluation that failed', async () => {
    const { field } = countedSphere();
    let fails = true;
    const remembered = rememberLattice(async (points) => {
      if (fails) throw new Error('no engine');
      return field(points);
    }, 64);
    await expect(remembered(Float32Array.of(0, 0, 0))).rejects.toThrow('no engine');
    fails = false;
    expect(await remembered(Float32Array.of(0, 0, 0))).toEqual(await field(Float32Array.of(0, 0, 0)));
  });
});
