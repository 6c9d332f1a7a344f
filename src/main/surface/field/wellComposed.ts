import type { FieldLattice } from './fieldLattice.ts';
import { cornerOffsets } from './fieldLattice.ts';
import type { LatticeBox } from './lumenComponent.ts';

/** What a corner holds that was turned, in mm. */
const BARELY_MM = 1e-4;

/** For each of a cell's six faces, its corners in the order around it. */
const FACES: readonly (readonly [number, number, number, number])[] = [
  [0, 2, 6, 4],
  [1, 3, 7, 5],
  [0, 1, 5, 4],
  [2, 3, 7, 6],
  [0, 1, 3, 2],
  [4, 5, 7, 6],
];

/** For each of the 256 sign patterns of a cell, the outside corner to turn, or −1 where the pattern is well composed. */
const CORNER_TO_TURN: Int8Array = Int8Array.from({ length: 256 }, (_, pattern) => {
  const inside = (corner: number): boolean => ((pattern >> corner) & 1) === 1;
  for (const [a, b, c, d] of FACES) {
    if (inside(a) && inside(c) && !inside(b) && !inside(d)) return b;
    if (inside(b) && inside(d) && !inside(a) && !inside(c)) return a;
  }
  for (let corner = 0; corner < 4; corner++) {
    const pair = (1 << corner) | (1 << (7 - corner));
    if (pattern === pair) return corner ^ 1;
    if (pattern === 255 - pair) return corner;
  }
  return -1;
});

/**
 * Makes the inside of the lattice *well composed* (Latecki, "3D well-composed pictures", 1997): no two of its corners
 * meet across a face's or a cell's diagonal only, nor do two outside ones. The boundary of such a set is a 2-manifold,
 * each cell meets it in one disc, and one vertex per cell is enough (see surfaceNets). Corners are only ever turned
 * one way, by the smallest amount, so the repair ends; turned inside, what was connected stays so.
 *
 * The corners on the cube's faces must be outside; they then stay outside, for a critical pattern that touches the
 * border has an inside corner on it.
 * @param turn which way corners are turned
 * @returns how many corners were turned.
 */
export function makeWellComposed(
  lattice: FieldLattice,
  box: LatticeBox,
  turn: 'inside' | 'outside' = 'inside',
): number {
  const { side, cells, signedMm } = lattice;
  const offsets = cornerOffsets(side);
  const patternAt = (first: number): number => {
    let pattern = 0;
    for (let corner = 0; corner < 8; corner++) {
      if (signedMm[first + offsets[corner]!]! < 0) pattern |= 1 << corner;
    }
    return pattern;
  };
  // A pattern and its complement are critical alike.
  const cornerToTurn = (first: number): number =>
    CORNER_TO_TURN[turn === 'inside' ? patternAt(first) : 255 - patternAt(first)]!;
  let turned = 0;
  const pending: number[] = [];
  const visit = (first: number): void => {
    for (let corner = cornerToTurn(first); corner >= 0; ) {
      const index = first + offsets[corner]!;
      signedMm[index] = turn === 'inside' ? -BARELY_MM : BARELY_MM;
      turned++;
      // The eight cells round the corner change with it.
      for (const offset of offsets) pending.push(index - offset);
      corner = cornerToTurn(first);
    }
  };
  const from = (axis: 0 | 1 | 2): number => Math.max(0, box.low[axis] - 1);
  const to = (axis: 0 | 1 | 2): number => Math.min(cells - 1, box.high[axis]);
  for (let k = from(2); k <= to(2); k++) {
    for (let j = from(1); j <= to(1); j++) {
      const row = side * (j + side * k);
      for (let i = from(0); i <= to(0); i++) visit(row + i);
    }
  }
  while (pending.length > 0) visit(pending.pop()!);
  return turned;
}
