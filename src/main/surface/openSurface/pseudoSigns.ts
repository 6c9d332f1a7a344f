import FlatQueue from 'flatqueue';
import type { FieldLattice } from '../field/fieldLattice.ts';

/** Corners near an unsigned field's zero set, each on one side of it. */
export interface PseudoSigns {
  /** 1 or −1 in the band, 0 elsewhere. */
  readonly signs: Int8Array;
  /** Pieces of the band that are connected; each has its sides by itself. */
  readonly pieces: number;
}

/** Where two sides meet away from a surface, between two sheets, less is known than on a surface. */
const RIDGE_SHARE = 0.1;
/** How much less the farthest pairs of the band count. */
const FAR_PENALTY = 0.2;
const SMOOTHING_ROUNDS = 2;
/** A slope this steep is taken in full; half a cell from an exact surface it is 0.5. */
const FULL_SLOPE = 0.5;

/**
 * Gives the corners of a lattice of *unsigned* distances a side of the surface. Along a surface the slope of the
 * distance turns round: left of it it leads away to the left, right of it to the right. So two neighbouring corners
 * whose slopes agree are on one side, and two whose slopes point away from each other are on either side. Sides are
 * carried from corner to corner, always over the pair that is surest. The pairs across and along a surface are far surer
 * than those on the way round an open rim, where the slope turns little by little; so both sides of the wall are known
 * before the rim is reached, and where the two sides meet beyond the rim the slopes do not turn round: no surface.
 *
 * Slopes are differences over two cells. In the cell of the surface they are small and say little (a network's distance
 * never quite vanishes); so corners two steps apart are compared as well. Far from the surface a pair counts less.
 * @param lattice its `signedMm` holds the unsigned distances; corners that are not `known` are left out
 * @param withinMm only corners this near to the surface are given a side
 */
export function pseudoSigns(lattice: FieldLattice, withinMm: number): PseudoSigns {
  const { side, signedMm: unsignedMm } = lattice;
  const { members, slopes, slopeOf } = bandSlopes(lattice, withinMm);
  const steps = [1, side, side * side];
  const signs = new Int8Array(unsignedMm.length);

  /** How sure it is that two neighbours along `axis` are on one side (positive) or on two (negative). */
  const relation = (a: number, b: number, axis: number): number => {
    const [from, to] = a < b ? [3 * slopeOf[a]!, 3 * slopeOf[b]!] : [3 * slopeOf[b]!, 3 * slopeOf[a]!];
    const cosine =
      slopes[from]! * slopes[to]! + slopes[from + 1]! * slopes[to + 1]! + slopes[from + 2]! * slopes[to + 2]!;
    const farMm = Math.max(0, (unsignedMm[a]! + unsignedMm[b]!) / 2 - lattice.cellMm);
    const agreement = cosine * (1 - (FAR_PENALTY * farMm) / withinMm);
    if (agreement >= 0) return agreement;
    // They point away from each other across a surface, and towards each other between two.
    return slopes[to + axis]! > slopes[from + axis]! ? agreement : -RIDGE_SHARE * agreement;
  };
  const forEachNeighbour = (corner: number, visit: (other: number, sure: number) => void): void => {
    for (let axis = 0; axis < 3; axis++) {
      const step = steps[axis]!;
      for (const other of [corner - step, corner + step, corner - 2 * step, corner + 2 * step]) {
        // Two steps stay in the lattice: no corner of the band is on its faces.
        if (slopeOf[other]! >= 0) visit(other, relation(corner, other, axis));
      }
    }
  };

  let pieces = 0;
  const queue = new FlatQueue<number>();
  /** Puts a corner's neighbours in the queue, each with the side that it would have: `corner · 2 + (side is −1)`. */
  const reach = (corner: number): void =>
    forEachNeighbour(corner, (other, sure) => {
      if (signs[other] !== 0) return;
      const next = sure < 0 ? -signs[corner]! : signs[corner]!;
      queue.push(2 * other + (next < 0 ? 1 : 0), -Math.abs(sure));
    });
  for (const seed of members) {
    if (signs[seed] !== 0) continue;
    pieces++;
    signs[seed] = 1;
    reach(seed);
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      const corner = entry >> 1;
      if (signs[corner] !== 0) continue;
      signs[corner] = (entry & 1) === 1 ? -1 : 1;
      reach(corner);
    }
  }
  // A corner that all its neighbours would put on the other side was reached over an unsure pair.
  for (let round = 0; round < SMOOTHING_ROUNDS; round++) {
    for (const corner of members) {
      let votes = 0;
      forEachNeighbour(corner, (other, sure) => {
        votes += sure * signs[other]!;
      });
      if (votes * signs[corner]! < 0) signs[corner] = votes < 0 ? -1 : 1;
    }
  }
  return { signs, pieces };
}

interface BandSlopes {
  /** The band's corners. */
  readonly members: readonly number[];
  /** Three for each member: the slope's direction, shorter than 1 where it is too flat to be sure of. */
  readonly slopes: Float32Array;
  /** Where a corner's slopes are, in threes; −1 outside of the band. */
  readonly slopeOf: Int32Array;
}

function bandSlopes({ side, known, signedMm, cellMm }: FieldLattice, withinMm: number): BandSlopes {
  const steps = [1, side, side * side];
  const slopeOf = new Int32Array(signedMm.length).fill(-1);
  const members: number[] = [];
  for (let k = 1; k < side - 1; k++) {
    for (let j = 1; j < side - 1; j++) {
      const row = side * (j + side * k);
      for (let corner = row + 1; corner < row + side - 1; corner++) {
        if (known[corner] === 0 || !(signedMm[corner]! < withinMm)) continue;
        if (!steps.every((step) => known[corner - step] === 1 && known[corner + step] === 1)) continue;
        slopeOf[corner] = members.length;
        members.push(corner);
      }
    }
  }
  const slopes = new Float32Array(3 * members.length);
  members.forEach((corner, member) => {
    for (let axis = 0; axis < 3; axis++) {
      const step = steps[axis]!;
      slopes[3 * member + axis] = (signedMm[corner + step]! - signedMm[corner - step]!) / (2 * cellMm);
    }
    const [x, y, z] = [slopes[3 * member]!, slopes[3 * member + 1]!, slopes[3 * member + 2]!];
    const factor = 1 / Math.max(Math.hypot(x, y, z), FULL_SLOPE);
    slopes.set([factor * x, factor * y, factor * z], 3 * member);
  });
  return { members, slopes, slopeOf };
}
