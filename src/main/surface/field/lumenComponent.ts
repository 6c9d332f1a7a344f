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
 */
export function keepAppendage(
  lattice: FieldLattice,
  score: (piece: LabelledPiece) => number = nearTheCentre(lattice),
): LumenSelection {
  const pieces = labelPieces(lattice);
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

/** The connected pieces of the inside, in the order in which their first corners come. */
export function labelPieces(lattice: FieldLattice): LabelledPiece[] {
  const { side, signedMm } = lattice;
  const visited = new Uint8Array(signedMm.length);
  const pieces: LabelledPiece[] = [];
  let queue = new Uint32Array(1 << 16);
  const [stepJ, stepK] = [side, side * side];
  for (let seed = 0; seed < signedMm.length; seed++) {
    if (signedMm[seed]! >= 0 || visited[seed] === 1) continue;
    let tail = 0;
    const push = (corner: number): void => {
      if (visited[corner] === 1 || signedMm[corner]! >= 0) return;
      visited[corner] = 1;
      if (tail === queue.length) {
        const larger = new Uint32Array(2 * queue.length);
        larger.set(queue);
        queue = larger;
      }
      queue[tail++] = corner;
    };
    const low = [side, side, side];
    const high = [-1, -1, -1];
    const sum = [0, 0, 0];
    push(seed);
    for (let head = 0; head < tail; head++) {
      const corner = queue[head]!;
      const i = corner % side;
      const row = (corner - i) / side;
      const j = row % side;
      const k = (row - j) / side;
      if (i < low[0]!) low[0] = i;
      if (i > high[0]!) high[0] = i;
      if (j < low[1]!) low[1] = j;
      if (j > high[1]!) high[1] = j;
      if (k < low[2]!) low[2] = k;
      if (k > high[2]!) high[2] = k;
      sum[0]! += i;
      sum[1]! += j;
      sum[2]! += k;
      if (i > 0) push(corner - 1);
      if (i < side - 1) push(corner + 1);
      if (j > 0) push(corner - stepJ);
      if (j < side - 1) push(corner + stepJ);
      if (k > 0) push(corner - stepK);
      if (k < side - 1) push(corner + stepK);
    }
    const half = lattice.frame.edgeMm / 2;
    const centre = lattice.frame.centreLpsMm;
    const coordinate = (axis: 0 | 1 | 2): number =>
      centre[axis] - half + (sum[axis]! / tail) * lattice.cellMm;
    pieces.push({
      volumeMl: (tail * lattice.cellMm ** 3) / 1000,
      centroidLpsMm: [coordinate(0), coordinate(1), coordinate(2)],
      touchesBorder: Math.min(...low) === 0 || Math.max(...high) === side - 1,
      boxIjk: { low: [low[0]!, low[1]!, low[2]!], high: [high[0]!, high[1]!, high[2]!] },
      corners: queue.slice(0, tail),
    });
  }
  return pieces;
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
