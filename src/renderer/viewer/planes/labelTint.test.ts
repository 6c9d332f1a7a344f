import { describe, expect, it } from 'vitest';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { turnAxes } from '../obliqueAxes.ts';
import { planeDirections, planeFrame } from '../planeFrame.ts';
import { paintTint, partTouched, sampleLabels, wholeLattice } from './labelTint.ts';
import { sampleLattice } from './reslice.ts';

const STRAIGHT: readonly [Vec3, Vec3, Vec3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const grid: GridLps = {
  sizeIjk: [12, 10, 8],
  originLpsMm: [0, 0, 0],
  spacingMm: [1, 1, 1],
  directions: STRAIGHT,
};
const emptyLabels = () => ({ grid, data: new Uint8Array(12 * 10 * 8) });
const axialAt = (z: number) =>
  planeFrame(planeDirections('axial', STRAIGHT), [0, 0, z], [5.5, 4.5, z], {
    mmPerPixel: 0.5,
    widthPixels: 24,
    heightPixels: 20,
  });

describe('sampling labels', () => {
  it('shows each voxel as the square it fills', () => {
    const labels = emptyLabels();
    labels.data[3 + 12 * (2 + 10 * 4)] = 1;
    const lattice = sampleLattice(grid, axialAt(4.3), 1);
    const out = new Uint8Array(lattice.columns * lattice.rows).fill(9);
    sampleLabels(labels, lattice, wholeLattice(lattice), out);
    const shown = [...out].flatMap((value, at) => (value === 1 ? [[at % 24, Math.floor(at / 24)]] : []));
    expect(shown).toEqual([
      [6, 4],
      [7, 4],
      [6, 5],
      [7, 5],
    ]);
    expect(out.includes(9)).toBe(false);
  });

  it('colours what is labelled, denser at its edge', () => {
    const lattice = { ...sampleLattice(grid, axialAt(4), 1), columns: 5, rows: 5 };
    const labels = Uint8Array.from([
      0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0,
    ]);
    const rgba = new Uint32Array(25);
    paintTint(labels, lattice, wholeLattice(lattice), rgba);
    const alpha = (at: number): number => rgba[at]! >>> 24;
    expect(alpha(0)).toBe(0);
    expect(alpha(12)).toBeGreaterThan(0);
    expect(alpha(6)).toBeGreaterThan(alpha(12));
  });
});

describe('what a change touches', () => {
  it('covers every sample that the change can alter, on straight and oblique planes', () => {
    const axes = turnAxes(turnAxes(STRAIGHT, 2, 0.5), 0, 0.4);
    for (const frame of [
      axialAt(4),
      planeFrame(planeDirections('coronal', axes), [5, 5, 4], [5, 5, 4], {
        mmPerPixel: 0.4,
        widthPixels: 40,
        heightPixels: 40,
      }),
    ]) {
      const lattice = sampleLattice(grid, frame, 1);
      const labels = emptyLabels();
      const before = new Uint8Array(lattice.columns * lattice.rows);
      sampleLabels(labels, lattice, wholeLattice(lattice), before);
      for (let k = 3; k <= 5; k++)
        for (let j = 4; j <= 6; j++) for (let i = 4; i <= 5; i++) labels.data[i + 12 * (j + 10 * k)] = 1;
      const after = new Uint8Array(before.length);
      sampleLabels(labels, lattice, wholeLattice(lattice), after);
      expect(after.includes(1)).toBe(true);
      const part = partTouched(lattice, [4, 4, 3], [5, 6, 5]);
      sampleLabels(labels, lattice, part!, before);
      expect(before).toEqual(after);
      expect((part!.toColumn - part!.fromColumn) * (part!.toRow - part!.fromRow)).toBeLessThan(
        before.length / 2,
      );
    }
  });

  it('is nothing where the plane misses the change', () => {
    const lattice = sampleLattice(grid, axialAt(1), 1);
    expect(partTouched(lattice, [4, 4, 3], [5, 6, 5])).toBeNull();
    expect(partTouched(sampleLattice(grid, axialAt(3), 1), [4, 4, 3], [5, 6, 5])).not.toBeNull();
  });
});
