import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../cropFrame.ts';

/**
 * The signed field on the corners of cells³ cubic cells that fill the crop's cube. Corner (i, j, k), 0 … cells along
 * each axis, lies at normalised −1 + 2·i/cells; `index = i + side·(j + side·k)` with side = cells + 1.
 *
 * Stored densely (68 MB at 256 cells: a hash of the 0.3 % that is evaluated would be slower and hardly smaller in
 * V8); evaluated sparsely: `known` marks the corners at which the field was evaluated. The others carry a value that is
 * right in sign only.
 */
export interface FieldLattice {
  readonly frame: CropFrame;
  readonly cells: number;
  /** Corners per axis: cells + 1. */
  readonly side: number;
  /** Edge of a cell in mm. */
  readonly cellMm: number;
  /** Signed distance at each corner, mm. */
  readonly signedMm: Float32Array;
  /** 1 where the field was evaluated. */
  readonly known: Uint8Array;
}

/** What an unknown corner holds until its sign is found: far outside. */
export const FAR_OUTSIDE_MM = 5;

/** A lattice on which nothing is known yet: every corner is far outside. */
export function createFieldLattice(frame: CropFrame, cells: number): FieldLattice {
  const lattice = createBlankLattice(frame, cells);
  lattice.signedMm.fill(FAR_OUTSIDE_MM);
  return lattice;
}

/**
 * The same with a distance of 0, which is outside too, at every corner: the system gives such memory when it is first
 * written, and most of a lattice never is (of 68 MB at 256 cells a tenth). See {@link fillFarOutside}.
 */
export function createBlankLattice(frame: CropFrame, cells: number): FieldLattice {
  const side = cells + 1;
  return {
    frame,
    cells,
    side,
    cellMm: frame.edgeMm / cells,
    signedMm: new Float32Array(side ** 3),
    known: new Uint8Array(side ** 3),
  };
}

/** Makes the unknown corners outside far outside, between two corners of a blank lattice. */
export function fillFarOutside({ side, signedMm, known }: FieldLattice, low: Vec3, high: Vec3): void {
  const last = side - 1;
  const [lowI, highI] = [Math.max(0, low[0]), Math.min(last, high[0])];
  for (let k = Math.max(0, low[2]); k <= Math.min(last, high[2]); k++) {
    for (let j = Math.max(0, low[1]); j <= Math.min(last, high[1]); j++) {
      const row = side * (j + side * k);
      for (let corner = row + lowI; corner <= row + highI; corner++)
        if (signedMm[corner] === 0 && known[corner] === 0) signedMm[corner] = FAR_OUTSIDE_MM;
    }
  }
}

/** LPS position in mm of a (possibly fractional) corner index. */
export function latticeToLps(lattice: FieldLattice, cornerIjk: Vec3): Vec3 {
  const [x, y, z] = lattice.frame.centreLpsMm;
  const half = lattice.frame.edgeMm / 2;
  const step = lattice.cellMm;
  return [x - half + cornerIjk[0] * step, y - half + cornerIjk[1] * step, z - half + cornerIjk[2] * step];
}

/** Offsets in the lattice of a cell's 8 corners; bit 0 of the corner's number is i, bit 1 is j, bit 2 is k. */
export function cornerOffsets(side: number, stride = 1): readonly number[] {
  const [i, j, k] = [stride, stride * side, stride * side * side];
  return [0, i, j, i + j, k, i + k, j + k, i + j + k];
}
