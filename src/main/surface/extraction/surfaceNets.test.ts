import { describe, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { createRandom } from '#shared/random/random.ts';
import { createFieldLattice, type FieldLattice } from '../field/fieldLattice.ts';
import { keepAppendage } from '../field/lumenComponent.ts';
import { makeWellComposed } from '../field/wellComposed.ts';
import { triangulateNet } from './quadMesh.ts';
import { surfaceNets } from './surfaceNets.ts';
import { relaxOnLattice } from './zeroSet.ts';

const frame = { centreLpsMm: [0, 0, 0], edgeMm: 12 } as const;

/** A lattice of independent random values, outside on the cube's faces: as nasty as a field can be. */
function noiseLattice(seed: number, insideShare: number, cells = 12): FieldLattice {
  const lattice = createFieldLattice(frame, cells);
  const random = createRandom(seed);
  for (let k = 1; k < cells; k++) {
    for (let j = 1; j < cells; j++) {
      for (let i = 1; i < cells; i++) {
        lattice.signedMm[i + lattice.side * (j + lattice.side * k)] = random.uniform(-1, 0) + 1 - insideShare;
      }
    }
  }
  return lattice;
}

const whole = (lattice: FieldLattice) =>
  ({ low: [0, 0, 0], high: [lattice.cells, lattice.cells, lattice.cells] }) as const;

describe('surfaceNets on a well-composed lattice', () => {
  it('is a closed oriented manifold for any field', () => {
    let handles = 0;
    for (let seed = 0; seed < 150; seed++) {
      const lattice = noiseLattice(seed, 0.1 + 0.8 * ((seed % 10) / 10));
      makeWellComposed(lattice, whole(lattice));
      const net = surfaceNets(lattice, whole(lattice));
      relaxOnLattice(lattice, net, 2);
      const topology = meshTopology(triangulateNet(lattice, net));
      expect(topology, `seed ${seed}`).toMatchObject({
        watertight: true,
        nonManifoldEdges: 0,
        nonManifoldVertices: 0,
        misorientedEdges: 0,
        boundaryLoops: 0,
        unusedVertices: 0,
      });
      handles += topology.genus;
    }
    // The fields were nasty indeed.
    expect(handles).toBeGreaterThan(1000);
  });

  it('would not be one without the repair', () => {
    let broken = 0;
    for (let seed = 0; seed < 20; seed++) {
      const lattice = noiseLattice(seed, 0.4);
      const topology = meshTopology(triangulateNet(lattice, surfaceNets(lattice, whole(lattice))));
      if (topology.nonManifoldEdges + topology.nonManifoldVertices > 0) broken++;
    }
    expect(broken).toBe(20);
  });

  it('is one component for one piece of a percolating field, cavities apart', () => {
    for (let seed = 0; seed < 30; seed++) {
      const lattice = noiseLattice(seed, 0.5, 16);
      const { kept } = keepAppendage(lattice);
      makeWellComposed(lattice, kept!.boxIjk);
      const mesh = triangulateNet(lattice, surfaceNets(lattice, kept!.boxIjk));
      expect(signedVolumeMm3(mesh)).toBeGreaterThan(0);
      expect(keepAppendage(lattice).dropped).toHaveLength(0);
    }
  });

  it('changes nothing that is well composed already', () => {
    const lattice = createFieldLattice(frame, 24);
    const { side } = lattice;
    for (let corner = 0; corner < lattice.signedMm.length; corner++) {
      const [i, j, k] = [corner % side, Math.floor(corner / side) % side, Math.floor(corner / side / side)];
      lattice.signedMm[corner] = (Math.hypot(i - 12, j - 12, k - 12) - 7.3) / 2;
    }
    expect(makeWellComposed(lattice, whole(lattice))).toBe(0);
    const net = surfaceNets(lattice, whole(lattice));
    relaxOnLattice(lattice, net, 4);
    const mesh = triangulateNet(lattice, net);
    // Radius 7.3 corners of 0.5 mm.
    for (let vertex = 0; vertex < mesh.positionsLpsMm.length; vertex += 3) {
      expect(Math.hypot(...mesh.positionsLpsMm.subarray(vertex, vertex + 3))).toBeCloseTo(3.65, 1);
    }
    expect(signedVolumeMm3(mesh) / ((4 / 3) * Math.PI * 3.65 ** 3)).toBeCloseTo(1, 1);
  });
});
