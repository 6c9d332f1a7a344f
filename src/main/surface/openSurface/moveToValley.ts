import type { QuadNet } from '../extraction/surfaceNets.ts';
import { evaluateInChunks, type FieldFunction } from '../field/fieldFunction.ts';
import { cornerOffsets, type FieldLattice } from '../field/fieldLattice.ts';

/** Vertices stay this far, in cells, from their cell's faces. */
const CELL_RIM = 0.02;

/**
 * Moves the vertices of a net to the bottom of an unsigned field. The distance itself has no zero to step to, and a
 * network's has a floor; but the difference of the distances one cell before and behind the surface, halved, is the
 * signed distance from it: (|d + δ| − |d − δ|)/2 = d for |d| < δ.
 * @param lattice distances with pseudo-signs, which give each vertex its direction
 * @returns the unsigned distance at the vertices, mm
 */
export async function moveToValley(
  field: FieldFunction,
  lattice: FieldLattice,
  net: QuadNet,
  steps: number,
  signal?: AbortSignal,
): Promise<{ readonly unsignedMm: Float32Array; readonly evaluatedPoints: number }> {
  const { side, cells, cellMm } = lattice;
  const { positionsIjk, cellOfVertex } = net;
  const count = cellOfVertex.length;
  const directions = slopeDirections(lattice, net);
  const normalized = (ijk: number): number => (2 * ijk) / cells - 1;
  for (let step = 0; step < steps; step++) {
    const asked = new Float32Array(6 * count);
    for (let index = 0; index < 3 * count; index++) {
      asked[index] = normalized(positionsIjk[index]! + directions[index]!);
      asked[3 * count + index] = normalized(positionsIjk[index]! - directions[index]!);
    }
    const { unsignedMm } = await evaluateInChunks(field, asked, signal);
    for (let vertex = 0; vertex < count; vertex++) {
      const cellsOff = (unsignedMm[vertex]! - unsignedMm[count + vertex]!) / 2 / cellMm;
      const first = cellOfVertex[vertex]!;
      const origin = [first % side, Math.floor(first / side) % side, Math.floor(first / (side * side))];
      for (let axis = 0; axis < 3; axis++) {
        const at = 3 * vertex + axis;
        const local = positionsIjk[at]! - origin[axis]! - cellsOff * directions[at]!;
        positionsIjk[at] = Math.min(1 - CELL_RIM, Math.max(CELL_RIM, local)) + origin[axis]!;
      }
    }
  }
  const points = positionsIjk.map(normalized);
  const { unsignedMm } = await evaluateInChunks(field, points, signal);
  return { unsignedMm, evaluatedPoints: (2 * steps + 1) * count };
}

/** The unit direction at each vertex from the side of −1 to the side of +1, in cells: the mean slope of its cell. */
function slopeDirections({ side, signedMm }: FieldLattice, { cellOfVertex }: QuadNet): Float32Array {
  const offsets = cornerOffsets(side);
  const directions = new Float32Array(3 * cellOfVertex.length);
  cellOfVertex.forEach((first, vertex) => {
    const slope = [0, 0, 0];
    offsets.forEach((offset, corner) => {
      const value = signedMm[first + offset]!;
      for (let axis = 0; axis < 3; axis++) slope[axis]! += (corner >> axis) & 1 ? value : -value;
    });
    const length = Math.hypot(...slope);
    if (length === 0) return;
    for (let axis = 0; axis < 3; axis++) directions[3 * vertex + axis] = slope[axis]! / length;
  });
  return directions;
}
