import FlatQueue from 'flatqueue';
import type { FieldLattice } from './fieldLattice.ts';
import { FAR_OUTSIDE_MM } from './fieldLattice.ts';
import { type LatticeBox, labelPieces } from './lumenComponent.ts';
import { makeWellComposed } from './wellComposed.ts';

/** What a corner holds that was turned outside or inside, in mm. */
const BARELY_MM = 1e-4;

/** No handle is worth more than this: what would change more of the lumen is left as it is. */
const LARGEST_CHANGE_MM3 = 30;

/** At most so many places are tried: a field with more is not saved by it. */
const MOST_PLACES = 40;

/** Corners round the box that are outside, so that every corner of it has all its neighbours. */
const PADDING = 2;

/** The block of corners in which handles are looked for. */
interface Block {
  readonly size: readonly [number, number, number];
  /** The block's corners in the lattice; −1 for those that lie beyond it. */
  readonly latticeCorner: Int32Array;
  readonly signedMm: Float32Array;
}

/** The 27 corners of a neighbourhood as bits, the corner itself in the middle. */
const CENTRE = 13;
const step = (bit: number): readonly [number, number, number] => [
  (bit % 3) - 1,
  (Math.floor(bit / 3) % 3) - 1,
  Math.floor(bit / 9) - 1,
];
const steps = Array.from({ length: 27 }, (_, bit) => step(bit));
/** Bits of the corners that lie at most `axes` apart from a corner, one along each axis. */
const maskOf = (bit: number, axes: 1 | 2 | 3): number =>
  steps.reduce((mask, other, index) => {
    const apart = other.map((value, axis) => Math.abs(value - steps[bit]![axis]!));
    const differing = apart.filter((value) => value > 0).length;
    const isNear = index !== bit && differing <= axes && Math.max(...apart) === 1;
    return isNear ? mask | (1 << index) : mask;
  }, 0);
const ACROSS_FACES = steps.map((_, bit) => maskOf(bit, 1));
const ACROSS_ALL = steps.map((_, bit) => maskOf(bit, 3));
const FACE_NEIGHBOURS = maskOf(CENTRE, 1);
const EDGE_NEIGHBOURS = maskOf(CENTRE, 2);
const ALL_NEIGHBOURS = maskOf(CENTRE, 3);

/** The bits of `within` that can be reached from `seed` by steps that `next` allows. */
function reached(seed: number, within: number, next: readonly number[]): number {
  let found = seed;
  for (let pending = seed; pending !== 0; ) {
    const bit = 31 - Math.clz32(pending);
    const fresh = next[bit]! & within & ~found;
    found |= fresh;
    pending = (pending & ~(1 << bit)) | fresh;
  }
  return found;
}

/**
 * Whether a corner is simple (Bertrand and Malandain 1994): whether it may be turned from outside to inside, or back,
 * without a change of topology. The inside is connected across faces, the outside also across edges and corners.
 * @param inside the neighbourhood's corners that are inside, as bits
 */
function isSimple(inside: number): boolean {
  const own = inside & EDGE_NEIGHBOURS;
  const seeds = own & FACE_NEIGHBOURS;
  if (seeds === 0 || (reached(seeds & -seeds, own, ACROSS_FACES) & seeds) !== seeds) return false;
  const others = ~inside & ALL_NEIGHBOURS;
  return others !== 0 && reached(others & -others, others, ACROSS_ALL) === others;
}

/**
 * Turns handles of the inside into what they nearly are: a bridge is cut where it is thinnest, a hole is filled,
 * whichever changes less. Inside and outside are grown anew from their deepest corners, one corner at a time and only
 * where that leaves them without a handle (Han et al. 2003, "A topology preserving level set method"): what cannot be
 * added is where a handle would close. Each such place is turned and kept only if fewer handles are counted then and nothing was cut off.
 * The inside must be one well-composed piece and stays so.
 * @param handles counts the handles of the lattice as it stands
 * @returns the corners that a cut turned outside, and how many handles are gone
 */
export function removeHandles(
  lattice: FieldLattice,
  box: LatticeBox,
  handles: () => number,
): { readonly cutCorners: readonly number[]; readonly removed: number } {
  const before = handles();
  const asItWas = lattice.signedMm.slice();
  const block = blockOf(lattice, box);
  const places = [
    ...unreached(block, 'inside').map((corners) => ({ corners, cut: true })),
    ...unreached(block, 'outside').map((corners) => ({ corners, cut: false })),
  ].map((place) => ({
    ...place,
    costMm: place.corners.reduce((sum, at) => sum + Math.abs(block.signedMm[at]!), 0),
  }));
  const mostCorners = LARGEST_CHANGE_MM3 / lattice.cellMm ** 3;
  const small = places.filter(({ corners }) => corners.length <= mostCorners);
  let left = before;
  for (const { corners, cut } of small.sort((a, b) => a.costMm - b.costMm).slice(0, MOST_PLACES)) {
    if (left === 0) break;
    const previous = lattice.signedMm.slice();
    for (const at of corners) lattice.signedMm[block.latticeCorner[at]!] = cut ? BARELY_MM : -BARELY_MM;
    makeWellComposed(lattice, box, cut ? 'outside' : 'inside');
    const now = handles();
    if (now < left && labelPieces(lattice).length === 1) left = now;
    else lattice.signedMm.set(previous);
  }
  const cutCorners: number[] = [];
  for (let corner = 0; corner < asItWas.length; corner++) {
    if (asItWas[corner]! < 0 && lattice.signedMm[corner]! >= 0) cutCorners.push(corner);
  }
  return { cutCorners, removed: before - left };
}

function blockOf({ side, signedMm }: FieldLattice, { low, high }: LatticeBox): Block {
  const extent = (axis: 0 | 1 | 2): number => high[axis] - low[axis] + 1 + 2 * PADDING;
  const size = [extent(0), extent(1), extent(2)] as const;
  const count = size[0] * size[1] * size[2];
  const block = {
    size,
    latticeCorner: new Int32Array(count).fill(-1),
    signedMm: new Float32Array(count).fill(FAR_OUTSIDE_MM),
  };
  let at = 0;
  for (let k = low[2] - PADDING; k <= high[2] + PADDING; k++) {
    for (let j = low[1] - PADDING; j <= high[1] + PADDING; j++) {
      for (let i = low[0] - PADDING; i <= high[0] + PADDING; i++, at++) {
        if (Math.min(i, j, k) < 0 || Math.max(i, j, k) >= side) continue;
        const corner = i + side * (j + side * k);
        block.latticeCorner[at] = corner;
        block.signedMm[at] = signedMm[corner]!;
      }
    }
  }
  return block;
}

/** The places of one side, each connected, at which growing from its depth would close a handle. */
function unreached(block: Block, which: 'inside' | 'outside'): number[][] {
  const { size, signedMm } = block;
  const [stepJ, stepK] = [size[0], size[0] * size[1]];
  const offsets = steps.map(([i, j, k]) => i + stepJ * j + stepK * k);
  const isInside = which === 'inside';
  /** How shallow: what is grown first has the least. */
  const shallow = (at: number): number => (isInside ? signedMm[at]! : -signedMm[at]!);
  const belongs = (at: number): boolean => signedMm[at]! < 0 === isInside;
  const grown = new Uint8Array(signedMm.length);
  const queued = new Uint8Array(signedMm.length);
  const queue = new FlatQueue<number>();
  const offer = (at: number): void => {
    if (grown[at] === 1 || queued[at] === 1 || !belongs(at) || onEdge(block, at)) return;
    queued[at] = 1;
    queue.push(at, shallow(at));
  };
  if (isInside) {
    let deepest = 0;
    for (let at = 0; at < signedMm.length; at++) if (signedMm[at]! < signedMm[deepest]!) deepest = at;
    grown[deepest] = 1;
    for (const offset of offsets) offer(deepest + offset);
  } else {
    for (let at = 0; at < grown.length; at++) if (onEdge(block, at)) grown[at] = 1;
    for (let at = 0; at < grown.length; at++) {
      if (grown[at] === 0 && offsets.some((offset) => grown[at + offset] === 1)) offer(at);
    }
  }
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    queued[at] = 0;
    let inside = 0;
    for (let bit = 0; bit < 27; bit++) {
      if (bit !== CENTRE && (grown[at + offsets[bit]!] === 1) === isInside) inside |= 1 << bit;
    }
    if (!isSimple(inside)) continue;
    grown[at] = 1;
    // What could not be added before may be simple now.
    for (const offset of offsets) offer(at + offset);
  }
  return connected(block, (at) => grown[at] === 0 && belongs(at), offsets);
}

/** Whether a corner lies on the block's outermost layer, which is outside. */
function onEdge({ size }: Block, at: number): boolean {
  const i = at % size[0];
  const j = Math.floor(at / size[0]) % size[1];
  const k = Math.floor(at / (size[0] * size[1]));
  return i === 0 || j === 0 || k === 0 || i === size[0] - 1 || j === size[1] - 1 || k === size[2] - 1;
}

function connected(block: Block, holds: (at: number) => boolean, offsets: readonly number[]): number[][] {
  const pieces: number[][] = [];
  const seen = new Uint8Array(block.signedMm.length);
  for (let seed = 0; seed < seen.length; seed++) {
    if (seen[seed] === 1 || !holds(seed)) continue;
    seen[seed] = 1;
    const piece = [seed];
    for (let next = 0; next < piece.length; next++) {
      for (const offset of offsets) {
        const at = piece[next]! + offset;
        if (seen[at] === 1 || !holds(at)) continue;
        seen[at] = 1;
        piece.push(at);
      }
    }
    pieces.push(piece);
  }
  return pieces;
}
