import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { FieldLattice } from './fieldLattice.ts';

/** A connected piece of the inside (signed distance < 0) on the lattice. */
export interface LumenPiece {
  readonly volumeMl: number;
  readonly centroidLpsMm: Vec3;
  /** Whether the piece reaches the faces of the cube: the anatomy continues outside what the network saw. */
  readonly touchesBorder: boolean;
}

/** First and last corner index along each axis, both included. */
export interface LatticeBox {
  readonly low: Vec3;
  readonly high: Vec3;
}

export interface LumenSelection {
  /** The piece that was kept; undefined when nothing is inside. */
  readonly kept?: LumenPiece & { readonly boxIjk: LatticeBox };
  /** The others, largest first. Their corners were turned positive in the lattice. */
  readonly dropped: readonly LumenPiece[];
}

/** A piece with the lattice's corners that it holds. */
export interface LabelledPiece extends LumenPiece {
  readonly boxIjk: LatticeBox;
  readonly corners: Uint32Array;
}

/** At this distance of its centroid from the cube's centre a piece's volume counts half. */
const HALF_WEIGHT_DISTANCE_MM = 15;

/**
 * Keeps one piece of the inside: the largest, with a preference for the cube's centre, where the region network put
 * the appendage. Pieces are connected through lattice edges (6-neighbourhood), so a gap of one corner separates. The
 * corners of the others and those on the cube's faces are turned outside (their distance's sign flipped), so that
 * what is left closes within the cube.
 * @param score which piece is kept, the highest, where it is not that one
 * @param within holds every corner that is inside
 */
export function keepAppendage(
  lattice: FieldLattice,
  score: (piece: LabelledPiece) => number = nearTheCentre(lattice),
  within: LatticeBox = wholeOf(lattice),
): LumenSelection {
  const pieces = labelPieces(lattice, within);
  let kept: LabelledPiece | undefined;
  for (const piece of pieces) if (!kept || score(piece) > score(kept)) kept = piece;
  const dropped = pieces.filter((piece) => piece !== kept);
  for (const piece of dropped) {
    for (const corner of piece.corners) lattice.signedMm[corner] = outside(lattice.signedMm[corner]!);
  }
  if (!kept) return { dropped: [] };
  if (kept.touchesBorder) closeBorder(lattice);
  return {
    kept: { ...summary(kept), boxIjk: kept.boxIjk },
    dropped: dropped.map(summary).sort((a, b) => b.volumeMl - a.volumeMl),
  };
}

const nearTheCentre = ({ frame }: FieldLattice): ((piece: LumenPiece) => number) => {
  const [cx, cy, cz] = frame.centreLpsMm;
  return ({ volumeMl, centroidLpsMm: [x, y, z] }) => {
    const distanceMm = Math.hypot(x - cx, y - cy, z - cz);
    return volumeMl / (1 + (distanceMm / HALF_WEIGHT_DISTANCE_MM) ** 2);
  };
};

const summary = ({ volumeMl, centroidLpsMm, touchesBorder }: LabelledPiece): LumenPiece => ({
  volumeMl,
  centroidLpsMm,
  touchesBorder,
});

/** The smallest distance that still counts as outside, in mm. */
const BARELY_MM = 1e-4;
const outside = (valueMm: number): number => Math.max(Math.abs(valueMm), BARELY_MM);

const wholeOf = ({ cells }: FieldLattice): LatticeBox => ({ low: [0, 0, 0], high: [cells, cells, cells] });

/**
 * The connected pieces of the inside, in the order in which their first corners come.
 * @param within holds every corner that is inside
 */
export function labelPieces(lattice: FieldLattice, within: LatticeBox = wholeOf(lattice)): LabelledPiece[] {
  const { side, signedMm } = lattice;
  const { low, high } = within;
  const visited = new Uint8Array(signedMm.length);
  const flood: Flood = { visited, queue: new Uint32Array(1 << 16) };
  const pieces: LabelledPiece[] = [];
  for (let k = low[2]; k <= high[2]; k++) {
    for (let j = low[1]; j <= high[1]; j++) {
      const end = high[0] + side * (j + side * k);
      for (let seed = low[0] + side * (j + side * k); seed <= end; seed++) {
        if (signedMm[seed]! < 0 && visited[seed] === 0) pieces.push(pieceFrom(lattice, seed, flood));
      }
    }
  }
  return pieces;
}

/** What the pieces of a lattice are found with. */
interface Flood {
  readonly visited: Uint8Array;
  /** Grows. */
  queue: Uint32Array;
}

/** The piece that a corner belongs to; marks its corners visited. */
function pieceFrom(lattice: FieldLattice, seed: number, flood: Flood): LabelledPiece {
  const { side, signedMm } = lattice;
  const { visited } = flood;
  let { queue } = flood;
  const steps = [-1, 1, -side, side, -side * side, side * side];
  const last = side - 1;
  let [lowI, lowJ, lowK] = [side, side, side];
  let [highI, highJ, highK] = [-1, -1, -1];
  let [sumI, sumJ, sumK] = [0, 0, 0];
  let tail = 1;
  queue[0] = seed;
  visited[seed] = 1;
  for (let head = 0; head < tail; head++) {
    if (tail + 6 > queue.length) {
      const larger = new Uint32Array(2 * queue.length);
      larger.set(queue);
      queue = larger;
    }
    const corner = queue[head]!;
    const i = corner % side;
    const row = (corner - i) / side;
    const j = row % side;
    const k = (row - j) / side;
    if (i < lowI) lowI = i;
    if (i > highI) highI = i;
    if (j < lowJ) lowJ = j;
    if (j > highJ) highJ = j;
    if (k < lowK) lowK = k;
    if (k > highK) highK = k;
    sumI += i;
    sumJ += j;
    sumK += k;
    // Bits of the steps that lead out of the lattice.
    const barred =
      (i === 0 ? 1 : 0) |
      (i === last ? 2 : 0) |
      (j === 0 ? 4 : 0) |
      (j === last ? 8 : 0) |
      (k === 0 ? 16 : 0) |
      (k === last ? 32 : 0);
    for (let way = 0; way < 6; way++) {
      if (((barred >> way) & 1) === 1) continue;
      const next = corner + steps[way]!;
      if (visited[next] === 1 || signedMm[next]! >= 0) continue;
      visited[next] = 1;
      queue[tail++] = next;
    }
  }
  flood.queue = queue;
  const half = lattice.frame.edgeMm / 2;
  const centre = lattice.frame.centreLpsMm;
  const coordinate = (axis: 0 | 1 | 2, sum: number): number =>
    centre[axis] - half + (sum / tail) * lattice.cellMm;
  return {
    volumeMl: (tail * lattice.cellMm ** 3) / 1000,
    centroidLpsMm: [coordinate(0, sumI), coordinate(1, sumJ), coordinate(2, sumK)],
    touchesBorder: Math.min(lowI, lowJ, lowK) === 0 || Math.max(highI, highJ, highK) === last,
    boxIjk: { low: [lowI, lowJ, lowK], high: [highI, highJ, highK] },
    corners: queue.slice(0, tail),
  };
}

/** Turns the corners on the cube's faces outside. */
function closeBorder({ side, signedMm }: FieldLattice): void {
  const close = (i: number, j: number, k: number): void => {
    const corner = i + side * (j + side * k);
    if (signedMm[corner]! < 0) signedMm[corner] = BARELY_MM;
  };
  for (let a = 0; a < side; a++) {
    for (let b = 0; b < side; b++) {
      for (const face of [0, side - 1]) {
        close(face, a, b);
        close(a, face, b);
        close(a, b, face);
      }
    }
  }
}
