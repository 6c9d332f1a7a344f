import { cornerOffsets, type FieldLattice } from '../field/fieldLattice.ts';
import type { LatticeBox } from '../field/lumenComponent.ts';

/** The boundary of the lattice's inside as quadrilaterals, one vertex in each cell that it crosses. */
export interface QuadNet {
  /** Index in the lattice of the first corner of each vertex's cell. */
  readonly cellOfVertex: Uint32Array;
  /** 4·Q vertex indices, counter-clockwise seen from outside; one quadrilateral round each lattice edge crossed. */
  readonly quads: Uint32Array;
  /** 3·V positions in corner units (0 … cells along each axis). */
  readonly positionsIjk: Float32Array;
}

/** The twelve edges of a cell as pairs of corner numbers. */
const CELL_EDGES: readonly (readonly [number, number])[] = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
];

/**
 * Surface nets (Gibson 1998): a vertex at the mean of a cell's edge crossings, a quadrilateral round each crossed
 * edge. The lattice's inside must be well composed within the box and outside on the cube's faces; the net is then a
 * closed, oriented 2-manifold.
 */
export function surfaceNets(lattice: FieldLattice, box: LatticeBox): QuadNet {
  const { side, cells, signedMm } = lattice;
  const offsets = cornerOffsets(side);
  const from = (axis: 0 | 1 | 2): number => Math.max(0, box.low[axis] - 1);
  const to = (axis: 0 | 1 | 2): number => Math.min(cells - 1, box.high[axis]);
  const [i0, j0, k0] = [from(0), from(1), from(2)];
  const nI = to(0) - i0 + 1;
  const nJ = to(1) - j0 + 1;
  const nK = to(2) - k0 + 1;
  const vertexOfCell = new Int32Array(nI * nJ * nK).fill(-1);
  const cellOfVertex: number[] = [];
  const positions: number[] = [];
  const values = new Float64Array(8);
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      const row = i0 + side * (j + j0 + side * (k + k0));
      for (let i = 0; i < nI; i++) {
        const first = row + i;
        let pattern = 0;
        for (let corner = 0; corner < 8; corner++) {
          const value = signedMm[first + offsets[corner]!]!;
          values[corner] = value;
          if (value < 0) pattern |= 1 << corner;
        }
        if (pattern === 0 || pattern === 255) continue;
        let count = 0;
        let [x, y, z] = [0, 0, 0];
        for (const [a, b] of CELL_EDGES) {
          if (((pattern >> a) & 1) === ((pattern >> b) & 1)) continue;
          const t = values[a]! / (values[a]! - values[b]!);
          x += (a & 1) + t * ((b & 1) - (a & 1));
          y += ((a >> 1) & 1) + t * (((b >> 1) & 1) - ((a >> 1) & 1));
          z += (a >> 2) + t * ((b >> 2) - (a >> 2));
          count++;
        }
        vertexOfCell[i + nI * (j + nJ * k)] = cellOfVertex.length;
        cellOfVertex.push(first);
        positions.push(i + i0 + x / count, j + j0 + y / count, k + k0 + z / count);
      }
    }
  }

  // Each crossed edge starts at the first corner of some crossed cell or on a high face of the box, where none is.
  const quads: number[] = [];
  const cellSteps = [1, nI, nI * nJ];
  for (let vertex = 0; vertex < cellOfVertex.length; vertex++) {
    const first = cellOfVertex[vertex]!;
    const i = (first % side) - i0;
    const j = (Math.floor(first / side) % side) - j0;
    const k = Math.floor(first / (side * side)) - k0;
    const cell = i + nI * (j + nJ * k);
    const startInside = signedMm[first]! < 0;
    for (let axis = 0; axis < 3; axis++) {
      if (signedMm[first + offsets[1 << axis]!]! < 0 === startInside) continue;
      const u = cellSteps[(axis + 1) % 3]!;
      const v = cellSteps[(axis + 2) % 3]!;
      const a = vertexOfCell[cell]!;
      const b = vertexOfCell[cell - u]!;
      const c = vertexOfCell[cell - u - v]!;
      const d = vertexOfCell[cell - v]!;
      // Seen from +axis, a → b → c → d turns counter-clockwise; that is outside when the edge starts inside.
      if (startInside) quads.push(a, b, c, d);
      else quads.push(a, d, c, b);
    }
  }
  return {
    cellOfVertex: Uint32Array.from(cellOfVertex),
    quads: Uint32Array.from(quads),
    positionsIjk: Float32Array.from(positions),
  };
}
