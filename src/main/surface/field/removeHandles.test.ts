import { describe, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { createRandom } from '#shared/random/random.ts';
import { handlesOfNet, triangulateNet } from '../extraction/quadMesh.ts';
import { surfaceNets } from '../extraction/surfaceNets.ts';
import { createFieldLattice, type FieldLattice } from './fieldLattice.ts';
import { keepAppendage } from './lumenComponent.ts';
import { removeHandles } from './removeHandles.ts';
import { makeWellComposed } from './wellComposed.ts';

const CELLS = 32;

/** The lattice of a signed distance, with places in corners from the lattice's middle. */
function latticeOf(signedCells: (x: number, y: number, z: number) => number, cellMm = 0.5): FieldLattice {
  const lattice = createFieldLattice({ centreLpsMm: [0, 0, 0], edgeMm: CELLS * cellMm }, CELLS);
  const { side, signedMm } = lattice;
  for (let corner = 0; corner < signedMm.length; corner++) {
    const [i, j, k] = [corner % side, Math.floor(corner / side) % side, Math.floor(corner / side / side)];
    const half = CELLS / 2;
    signedMm[corner] = Math.max(-5, Math.min(5, signedCells(i - half, j - half, k - half) * cellMm));
  }
  return lattice;
}

/** Keeps one piece, removes its handles, and counts them before and after. */
function repaired(lattice: FieldLattice) {
  const { kept } = keepAppendage(lattice);
  const box = kept!.boxIjk;
  makeWellComposed(lattice, box);
  const topology = () => meshTopology(triangulateNet(lattice, surfaceNets(lattice, box)));
  const inside = () => lattice.signedMm.reduce((count, value) => count + (value < 0 ? 1 : 0), 0);
  const [before, corners] = [topology(), inside()];
  const result = removeHandles(lattice, box, () => handlesOfNet(surfaceNets(lattice, box)));
  return { before, after: topology(), change: inside() - corners, ...result };
}

/** A ring about the z axis of radius 9, its tube of radius `thick` but `thin` about the x axis' positive end. */
const ring =
  (thick: number, thin: number) =>
  (x: number, y: number, z: number): number => {
    const towardsX = Math.max(0, x / Math.hypot(x, y, 1e-9)) ** 8;
    return Math.hypot(Math.hypot(x, y) - 9, z) - (thick + (thin - thick) * towardsX);
  };

/** A plate with a hole of a radius in it. */
const plate =
  (hole: number) =>
  (x: number, y: number, z: number): number =>
    Math.max(Math.abs(z) - 1.2, Math.hypot(x, y) - 11.4, hole - Math.hypot(x - 1, y));

describe('handles', () => {
  it('are cut where the bridge is thinnest', () => {
    // Oblique, so that the thinnest cut is a staircase of corners.
    const thinnest = [0.8, 0.36, 0.48] as const;
    const [across, axis] = [[-0.6, 0.48, 0.64] as const, [0, -0.8, 0.6] as const];
    const along = (u: readonly number[], x: number, y: number, z: number): number =>
      u[0]! * x + u[1]! * y + u[2]! * z;
    const thin = ring(4.3, 1.6);
    const lattice = latticeOf((x, y, z) =>
      thin(along(thinnest, x, y, z), along(across, x, y, z), along(axis, x, y, z)),
    );
    const { before, after, removed, change, cutCorners } = repaired(lattice);
    expect([before.genus, after.genus, removed]).toEqual([1, 0, 1]);
    expect(change).toBeLessThan(0);
    expect(change).toBeGreaterThan(-60);
    expect(cutCorners).toHaveLength(-change);
    for (const corner of cutCorners) {
      const { side } = lattice;
      const ijk = [corner % side, Math.floor(corner / side) % side, Math.floor(corner / side / side)];
      const [x, y, z] = ijk.map((at) => at - CELLS / 2);
      expect(along(thinnest, x!, y!, z!)).toBeGreaterThan(6);
    }
  });

  it('are filled where a hole is smaller than the way round it', () => {
    const { before, after, removed, change, cutCorners } = repaired(latticeOf(plate(1.3)));
    expect([before.genus, after.genus, removed]).toEqual([1, 0, 1]);
    expect(change).toBeGreaterThan(0);
    expect(change).toBeLessThan(40);
    expect(cutCorners).toEqual([]);
  });

  it('stay where they are wide', () => {
    const lattice = latticeOf(ring(5.2, 5.2), 1);
    const values = lattice.signedMm.slice();
    const { before, after, removed, change } = repaired(lattice);
    expect([before.genus, after.genus, removed, change]).toEqual([1, 1, 0, 0]);
    expect(lattice.signedMm).toEqual(values);
  });

  it('are removed from the nastiest fields without leaving anything but one closed manifold', () => {
    for (let seed = 0; seed < 2; seed++) {
      const random = createRandom(seed);
      const lattice = latticeOf((x, y, z) => Math.hypot(x, y, z) - 9 + random.uniform(-3, 5));
      const { before, after, removed } = repaired(lattice);
      expect(before.genus).toBeGreaterThan(10);
      expect(removed).toBeGreaterThan(0);
      expect(after).toMatchObject({
        watertight: true,
        nonManifoldEdges: 0,
        nonManifoldVertices: 0,
        misorientedEdges: 0,
      });
    }
  });
});
