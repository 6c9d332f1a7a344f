import type { Vec3 } from '#shared/geometry/vec3.ts';
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

/** The twelve edges of a cell: the corner where each begins, and the one where it ends. */
const EDGE_STARTS = Uint8Array.of(0, 2, 4, 6, 0, 1, 4, 5, 0, 1, 2, 3);
const EDGE_ENDS = Uint8Array.of(1, 3, 5, 7, 2, 3, 6, 7, 4, 5, 6, 7);

/** The block of cells that can be crossed: the box and one cell before it, as far as the lattice goes. */
interface CellBlock {
  /** The first cell along i, j and k. */
  readonly first: Vec3;
  /** Cells along i, j and k. */
  readonly size: Vec3;
}

/**
 * Surface nets (Gibson 1998): a vertex at the mean of a cell's edge crossings, a quadrilateral round each crossed
 * edge. The lattice's inside must be well composed within the box and outside on the cube's faces; the net is then a
 * closed, oriented 2-manifold.
 * @param isUsable false for cells, by their first corner, that get no vertex: the net then has borders along them
 */
export function surfaceNets(
  lattice: FieldLattice,
  box: LatticeBox,
  isUsable: (firstCorner: number) => boolean = () => true,
): QuadNet {
  const from = (axis: 0 | 1 | 2): number => Math.max(0, box.low[axis] - 1);
  const count = (axis: 0 | 1 | 2): number => Math.min(lattice.cells - 1, box.high[axis]) - from(axis) + 1;
  const block: CellBlock = { first: [from(0), from(1), from(2)], size: [count(0), count(1), count(2)] };
  const { vertexOfCell, cellOfVertex, positions } = cellVertices(lattice, block, isUsable);
  return {
    cellOfVertex: Uint32Array.from(cellOfVertex),
    quads: Uint32Array.from(crossedEdgeQuads(lattice, block, vertexOfCell, cellOfVertex)),
    positionsIjk: Float32Array.from(positions),
  };
}

interface CellVertices {
  /** Vertex of each cell of the block, i fastest; −1 where the surface does not cross it. */
  readonly vertexOfCell: Int32Array;
  readonly cellOfVertex: readonly number[];
  /** 3·V, in corner units. */
  readonly positions: readonly number[];
}

/** One vertex in each crossed cell, at the mean of the places where the field is zero on the cell's edges. */
function cellVertices(
  { side, signedMm }: FieldLattice,
  { first: origin, size }: CellBlock,
  isUsable: (firstCorner: number) => boolean,
): CellVertices {
  const [i0, j0, k0] = origin;
  const [nI, nJ, nK] = size;
  const offsets = cornerOffsets(side);
  const vertexOfCell = new Int32Array(nI * nJ * nK).fill(-1);
  const cellOfVertex: number[] = [];
  const positions: number[] = [];
  const values = new Float64Array(8);
  const patterns = new Uint8Array(nI);
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      const row = i0 + side * (j + j0 + side * (k + k0));
      insidePatterns(signedMm, row, side, patterns);
      for (let i = 0; i < nI; i++) {
        const pattern = patterns[i]!;
        const first = row + i;
        if (pattern === 0 || pattern === 255 || !isUsable(first)) continue;
        for (let corner = 0; corner < 8; corner++) values[corner] = signedMm[first + offsets[corner]!]!;
        let count = 0;
        let x = 0;
        let y = 0;
        let z = 0;
        for (let edge = 0; edge < 12; edge++) {
          const a = EDGE_STARTS[edge]!;
          const b = EDGE_ENDS[edge]!;
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
  return { vertexOfCell, cellOfVertex, positions };
}

/**
 * For each cell of a row a bit for each of its eight corners that is inside. Two neighbours share four corners, which are
 * looked at once.
 */
function insidePatterns(signedMm: Float32Array, row: number, side: number, patterns: Uint8Array): void {
  const [alongJ, alongK, alongBoth] = [row + side, row + side * side, row + side + side * side];
  let before = 0;
  for (let i = 0; i <= patterns.length; i++) {
    let own = signedMm[row + i]! < 0 ? 1 : 0;
    if (signedMm[alongJ + i]! < 0) own |= 4;
    if (signedMm[alongK + i]! < 0) own |= 16;
    if (signedMm[alongBoth + i]! < 0) own |= 64;
    if (i > 0) patterns[i - 1] = before | (own << 1);
    before = own;
  }
}

/**
 * A quadrilateral round each crossed edge, through the vertices of the four cells that share it; 4 vertices each. Every
 * crossed edge starts at the first corner of some crossed cell, or on a high face of the box, where none is crossed.
 */
function crossedEdgeQuads(
  { side, signedMm }: FieldLattice,
  { first: [i0, j0, k0], size: [nI, nJ] }: CellBlock,
  vertexOfCell: Int32Array,
  cellOfVertex: readonly number[],
): number[] {
  const offsets = cornerOffsets(side);
  const quads: number[] = [];
  const cellSteps = [1, nI, nI * nJ];
  for (const first of cellOfVertex) {
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
      // A cell beside this one is not usable: the net ends here.
      if (b < 0 || c < 0 || d < 0) continue;
      // Seen from +axis, a → b → c → d turns counter-clockwise; that is outside when the edge starts inside.
      if (startInside) quads.push(a, b, c, d);
      else quads.push(a, d, c, b);
    }
  }
  return quads;
}
