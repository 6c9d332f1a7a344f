import type { LabelMap } from '#shared/contract/values.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { add, scale } from '#shared/geometry/vec3.ts';
import { columnsInside, type SampleLattice } from './reslice.ts';

/** Amber, a little over a quarter opaque; little-endian RGBA. */
const TINT = 0x4a38aaff;
const TINT_EDGE = 0xc838aaff;

/** Columns and rows of a lattice, the upper bounds one past the last. */
export interface LatticePart {
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly fromRow: number;
  readonly toRow: number;
}

export const wholeLattice = ({ columns, rows }: SampleLattice): LatticePart => ({
  fromColumn: 0,
  toColumn: columns,
  fromRow: 0,
  toRow: rows,
});

/** Labels of the nearest voxels, 1 or 0, for a part of a lattice. */
export function sampleLabels(
  labels: LabelMap,
  lattice: SampleLattice,
  part: LatticePart,
  out: Uint8Array,
): void {
  const [nI, nJ] = labels.grid.sizeIjk;
  const [dI, dJ, dK] = lattice.rightIjk;
  for (let row = part.fromRow; row < part.toRow; row++) {
    const start = add(lattice.startIjk, scale(lattice.downIjk, row));
    const [inside, outside] = columnsInside(lattice, start, labels.grid.sizeIjk);
    const from = Math.min(part.toColumn, Math.max(part.fromColumn, inside));
    const to = Math.max(from, Math.min(part.toColumn, outside));
    const base = row * lattice.columns;
    out.fill(0, base + part.fromColumn, base + from);
    out.fill(0, base + to, base + part.toColumn);
    for (let column = from; column < to; column++) {
      // Rounding to the nearest centre; the clamps keep a sample on the scan's border inside.
      const i = Math.min(labels.grid.sizeIjk[0] - 1, (start[0] + column * dI + 0.5) | 0);
      const j = Math.min(labels.grid.sizeIjk[1] - 1, (start[1] + column * dJ + 0.5) | 0);
      const k = Math.min(labels.grid.sizeIjk[2] - 1, (start[2] + column * dK + 0.5) | 0);
      out[base + column] = labels.data[i + nI * (j + nJ * k)]! === 0 ? 0 : 1;
    }
  }
}

/** Colours of sampled labels: a tint, denser where a neighbouring sample is not labelled. */
export function paintTint(
  labels: Uint8Array,
  { columns, rows }: SampleLattice,
  part: LatticePart,
  rgba: Uint32Array,
): void {
  for (let row = part.fromRow; row < part.toRow; row++) {
    for (let column = part.fromColumn; column < part.toColumn; column++) {
      const at = row * columns + column;
      if (labels[at] === 0) {
        rgba[at] = 0;
        continue;
      }
      const isEdge =
        (column > 0 && labels[at - 1] === 0) ||
        (column < columns - 1 && labels[at + 1] === 0) ||
        (row > 0 && labels[at - columns] === 0) ||
        (row < rows - 1 && labels[at + columns] === 0);
      rgba[at] = isEdge ? TINT_EDGE : TINT;
    }
  }
}

/**
 * The part of a lattice that an index box (inclusive) can colour: the box's shadow on the picture, one sample wider
 * for the edges; null where the plane misses the box.
 */
export function partTouched(lattice: SampleLattice, lowIjk: Vec3, highIjk: Vec3): LatticePart | null {
  // Rows and columns of a point: least squares over the lattice's two directions, which need not be orthogonal in
  // voxel coordinates.
  const { rightIjk: a, downIjk: b, startIjk } = lattice;
  const inner = (p: Vec3, q: Vec3): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  const cross: Vec3 = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  let [lowest, highest] = [Infinity, -Infinity];
  let [fromColumn, toColumn, fromRow, toRow] = [Infinity, -Infinity, Infinity, -Infinity];
  const [aa, ab, bb] = [inner(a, a), inner(a, b), inner(b, b)];
  const determinant = aa * bb - ab * ab;
  for (let corner = 0; corner < 8; corner++) {
    const point: Vec3 = [
      (corner & 1 ? highIjk[0] + 0.5 : lowIjk[0] - 0.5) - startIjk[0],
      (corner & 2 ? highIjk[1] + 0.5 : lowIjk[1] - 0.5) - startIjk[1],
      (corner & 4 ? highIjk[2] + 0.5 : lowIjk[2] - 0.5) - startIjk[2],
    ];
    const height = inner(point, cross);
    lowest = Math.min(lowest, height);
    highest = Math.max(highest, height);
    const [pa, pb] = [inner(point, a), inner(point, b)];
    const column = (pa * bb - pb * ab) / determinant;
    const row = (pb * aa - pa * ab) / determinant;
    fromColumn = Math.min(fromColumn, column);
    toColumn = Math.max(toColumn, column);
    fromRow = Math.min(fromRow, row);
    toRow = Math.max(toRow, row);
  }
  if (lowest > 1e-9 || highest < -1e-9) return null;
  const part = {
    fromColumn: Math.max(0, Math.floor(fromColumn) - 1),
    toColumn: Math.min(lattice.columns, Math.ceil(toColumn) + 2),
    fromRow: Math.max(0, Math.floor(fromRow) - 1),
    toRow: Math.min(lattice.rows, Math.ceil(toRow) + 2),
  };
  return part.fromColumn < part.toColumn && part.fromRow < part.toRow ? part : null;
}
