import { hypot3 } from '#shared/geometry/vec3.ts';
import { evaluateInChunks, type FieldFunction } from '../field/fieldFunction.ts';
import { cornerOffsets, type FieldLattice } from '../field/fieldLattice.ts';
import type { QuadNet } from './surfaceNets.ts';

/** Vertices stay this far, in cells, from their cell's faces: neighbours can then never fold over each other. */
const CELL_RIM = 0.02;
/** Corners this close to zero, in mm, were set by hand (border, repair): no slope can be read from their cells. */
const HAND_SET_MM = 1.5e-4;

/** Writes value and gradient (per cell) of the trilinear field in a cell at the local place (x, y, z) to `out`. */
function trilinear(corners: Float64Array, x: number, y: number, z: number, out: Float64Array): void {
  const c0 = corners[0]!;
  const c1 = corners[1]!;
  const c2 = corners[2]!;
  const c3 = corners[3]!;
  const c4 = corners[4]!;
  const c5 = corners[5]!;
  const c6 = corners[6]!;
  const c7 = corners[7]!;
  const x00 = c0 + (c1 - c0) * x;
  const x10 = c2 + (c3 - c2) * x;
  const x01 = c4 + (c5 - c4) * x;
  const x11 = c6 + (c7 - c6) * x;
  const y0 = x00 + (x10 - x00) * y;
  const y1 = x01 + (x11 - x01) * y;
  out[0] = y0 + (y1 - y0) * z;
  const dx0 = c1 - c0 + (c3 - c2 - c1 + c0) * y;
  const dx1 = c5 - c4 + (c7 - c6 - c5 + c4) * y;
  out[1] = dx0 + (dx1 - dx0) * z;
  out[2] = x10 - x00 + (x11 - x01 - x10 + x00) * z;
  out[3] = y1 - y0;
}

const clampToCell = (value: number): number => Math.min(1 - CELL_RIM, Math.max(CELL_RIM, value));

/**
 * Moves each vertex of the net, within its cell, onto the zero set of the lattice's trilinear field while evening out
 * the distances to its neighbours (tangential relaxation). Costs no evaluation of the field.
 */
export function relaxOnLattice(lattice: FieldLattice, net: QuadNet, rounds: number): void {
  const { side, signedMm } = lattice;
  const offsets = cornerOffsets(side);
  const { positionsIjk, cellOfVertex, quads } = net;
  const count = cellOfVertex.length;
  const sums = new Float64Array(3 * count);
  const valence = new Uint16Array(count);
  for (let index = 0; index < quads.length; index++) valence[quads[index]!]!++;
  const corners = new Float64Array(8);
  const at = new Float64Array(4);
  for (let round = 0; round < rounds; round++) {
    sums.fill(0);
    for (let quad = 0; quad < quads.length; quad += 4) {
      // Each quad adds the next vertex round it; over the quads about a vertex that visits every neighbour once.
      for (let corner = 0; corner < 4; corner++) {
        const vertex = 3 * quads[quad + corner]!;
        const next = 3 * quads[quad + ((corner + 1) & 3)]!;
        sums[vertex]! += positionsIjk[next]!;
        sums[vertex + 1]! += positionsIjk[next + 1]!;
        sums[vertex + 2]! += positionsIjk[next + 2]!;
      }
    }
    for (let vertex = 0; vertex < count; vertex++) {
      const first = cellOfVertex[vertex]!;
      const i = first % side;
      const row = (first - i) / side;
      const j = row % side;
      const k = (row - j) / side;
      for (let corner = 0; corner < 8; corner++) corners[corner] = signedMm[first + offsets[corner]!]!;
      let x = positionsIjk[3 * vertex]! - i;
      let y = positionsIjk[3 * vertex + 1]! - j;
      let z = positionsIjk[3 * vertex + 2]! - k;
      trilinear(corners, x, y, z, at);
      const gx = at[1]!;
      const gy = at[2]!;
      const gz = at[3]!;
      const steepness = gx * gx + gy * gy + gz * gz + 1e-12;
      const share = 1 / valence[vertex]!;
      const mx = sums[3 * vertex]! * share - i - x;
      const my = sums[3 * vertex + 1]! * share - j - y;
      const mz = sums[3 * vertex + 2]! * share - k - z;
      const along = (mx * gx + my * gy + mz * gz) / steepness;
      x = clampToCell(x + mx - along * gx);
      y = clampToCell(y + my - along * gy);
      z = clampToCell(z + mz - along * gz);
      for (let step = 0; step < 2; step++) {
        trilinear(corners, x, y, z, at);
        const factor = at[0]! / (at[1]! ** 2 + at[2]! ** 2 + at[3]! ** 2 + 1e-12);
        x = clampToCell(x - factor * at[1]!);
        y = clampToCell(y - factor * at[2]!);
        z = clampToCell(z - factor * at[3]!);
      }
      positionsIjk[3 * vertex] = x + i;
      positionsIjk[3 * vertex + 1] = y + j;
      positionsIjk[3 * vertex + 2] = z + k;
    }
  }
}

export interface ZeroSetResult {
  /** Unsigned distance to the open wall at each vertex, mm, from the last evaluation. */
  readonly unsignedMm: Float32Array;
  /** |signed distance| at the vertices in the last evaluation, before the last move: mean and maximum, mm. */
  readonly meanResidualMm: number;
  readonly maxResidualMm: number;
  readonly evaluatedPoints: number;
}

/**
 * Moves the vertices onto the zero set of the field itself: `steps` Newton steps along the lattice's gradient, one
 * evaluation per vertex and step; from the second step on the slope along that line is the measured one (secant).
 * Each vertex stays in its cell, which is the trust region.
 */
export async function moveToZeroSet(
  field: FieldFunction,
  lattice: FieldLattice,
  net: QuadNet,
  steps: number,
  signal?: AbortSignal,
): Promise<ZeroSetResult> {
  const { side, cells, cellMm } = lattice;
  const { positionsIjk, cellOfVertex } = net;
  const count = cellOfVertex.length;
  const direction = new Float32Array(3 * count);
  const slope = cellSlopes(lattice, net, direction);
  const previousValue = new Float32Array(count);
  const previousMove = new Float32Array(count);
  const points = new Float32Array(3 * count);
  let unsignedMm: Float32Array = new Float32Array(count);
  let [sum, maximum] = [0, 0];
  for (let step = 0; step < steps; step++) {
    for (let index = 0; index < 3 * count; index++) points[index] = (2 * positionsIjk[index]!) / cells - 1;
    const samples = await evaluateInChunks(field, points, signal);
    unsignedMm = samples.unsignedMm;
    sum = 0;
    maximum = 0;
    for (let vertex = 0; vertex < count; vertex++) {
      const value = samples.signedMm[vertex]!;
      if (slope[vertex] === 0) continue;
      sum += Math.abs(value);
      maximum = Math.max(maximum, Math.abs(value));
      if (step > 0 && Math.abs(previousMove[vertex]!) > 1e-3) {
        const measured = (value - previousValue[vertex]!) / (previousMove[vertex]! * cellMm);
        // A slope far from the lattice's is noise or a kink; the lattice's is then the safer one.
        if (measured > 0.5 * slope[vertex]! && measured < 2 * slope[vertex]!) slope[vertex] = measured;
      }
      const move = -value / (slope[vertex]! * cellMm);
      let moved = 0;
      const first = cellOfVertex[vertex]!;
      let rest = first;
      for (let axis = 0; axis < 3; axis++) {
        const origin = axis < 2 ? rest % side : rest;
        rest = (rest - origin) / side;
        const unit = direction[3 * vertex + axis]!;
        const local = positionsIjk[3 * vertex + axis]! - origin;
        const next = clampToCell(local + move * unit);
        moved += (next - local) * unit;
        positionsIjk[3 * vertex + axis] = next + origin;
      }
      previousMove[vertex] = moved;
      previousValue[vertex] = value;
    }
  }
  return {
    unsignedMm,
    meanResidualMm: count > 0 ? sum / count : 0,
    maxResidualMm: maximum,
    evaluatedPoints: steps * count,
  };
}

/** Slope (mm per mm) of the lattice's field at each vertex; 0 where it is unknown. Writes its unit direction. */
function cellSlopes(lattice: FieldLattice, net: QuadNet, direction: Float32Array): Float32Array {
  const { side, signedMm, cellMm } = lattice;
  const offsets = cornerOffsets(side);
  const slope = new Float32Array(net.cellOfVertex.length);
  const corners = new Float64Array(8);
  const at = new Float64Array(4);
  for (let vertex = 0; vertex < slope.length; vertex++) {
    const first = net.cellOfVertex[vertex]!;
    let measured = true;
    for (let corner = 0; corner < 8; corner++) {
      const index = first + offsets[corner]!;
      corners[corner] = signedMm[index]!;
      if (Math.abs(corners[corner]!) < HAND_SET_MM || lattice.known[index] === 0) measured = false;
    }
    const x = net.positionsIjk[3 * vertex]! - (first % side);
    const y = net.positionsIjk[3 * vertex + 1]! - (Math.floor(first / side) % side);
    const z = net.positionsIjk[3 * vertex + 2]! - Math.floor(first / (side * side));
    trilinear(corners, x, y, z, at);
    const steepness = hypot3(at[1]!, at[2]!, at[3]!);
    if (!measured || steepness < 0.2 * cellMm) continue;
    slope[vertex] = steepness / cellMm;
    for (let axis = 0; axis < 3; axis++) direction[3 * vertex + axis] = at[axis + 1]! / steepness;
  }
  return slope;
}
