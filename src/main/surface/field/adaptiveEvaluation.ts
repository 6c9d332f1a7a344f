import { perAxis } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../cropFrame.ts';
import { DEFAULT_CHUNK_POINTS, evaluateInChunks, type FieldFunction } from './fieldFunction.ts';
import {
  cornerOffsets,
  createBlankLattice,
  createFieldLattice,
  type FieldLattice,
  fillFarOutside,
} from './fieldLattice.ts';
import type { LatticeBox } from './lumenComponent.ts';

export interface AdaptiveOptions {
  /** Cells per axis of the finest level, a power of two times `coarseCells`. */
  readonly resolution: number;
  /**
   * Cells per axis of the first level. Default 32 (2.2 mm for the 70 mm cube). It is evaluated where the sieve, cells of
   * twice that size, leaves something, and in full with `bandMm`.
   */
  readonly coarseCells?: number;
  /**
   * Refinement margin at the coarsest level: a cell is refined while the smallest |d| at its corners is below half
   * its diagonal times this. 1 is exact for a field with unit slope; the network's is steeper in places, so 1.5.
   * It falls linearly to {@link FINEST_MARGIN}, for the finer the cells, the less can hide in one, and tracking
   * follows what the margin leaves out. Default 1.5.
   */
  readonly margin?: number;
  /**
   * Everything nearer to the zero set than this is evaluated on the finest level, mm, whatever the margin: for a field
   * without a sign, whose zero set cannot be followed from cell to cell.
   */
  readonly bandMm?: number;
  /**
   * With `bandMm`: a distance beyond this says only that it is larger, for training clamped it, mm. Cells whose corners all
   * lie beyond are refined where a neighbour's do not, rather than by their own distances, which would never leave one out.
   */
  readonly clampMm?: number;
  readonly chunkPoints?: number;
}

/**
 * The margin of the last refinement (0.55 mm to 0.27 mm for the appendage): a cell is left out when it lies wholly to
 * one side by more than 0.28 mm at every corner. What a smooth surface then hides in it is thinner than a voxel.
 */
const FINEST_MARGIN = 0.6;

/**
 * The margin of the sieve: cells of twice the coarse size (4.4 mm for the appendage) are looked at first, and left out
 * when all their corners lie to one side by 1.2 of half their diagonal, 4.5 mm. A larger margin would leave out none: the
 * network was trained on distances of at most 5 mm.
 */
const SIEVE_MARGIN = 1.2;

/** So many corners round what is inside, all that a surface is drawn from, carry distances. */
const ROUND_INSIDE = 4;

export interface AdaptiveField {
  /** Unknown corners further outside than 4 from anything inside may hold 0. */
  readonly lattice: FieldLattice;
  /** Points at which the field was evaluated, level by level, the coarsest first. */
  readonly evaluatedPoints: readonly number[];
  /** Holds every corner that is inside; of no corner (high below low) where none is. */
  readonly insideBox: LatticeBox;
}

/**
 * The signed field on a fine lattice, evaluated only where it can still be zero: a sieve of cells of twice the coarse size
 * in full, the coarse level where that leaves something, then ×2 where a cell may hold the zero set, then along the zero
 * set into any neighbour that the margin missed, level by level. No corner is evaluated twice. At the end every cell that
 * the zero set crosses has 8 known corners, and every unknown corner has the right sign.
 *
 * Worked example, 128 cells over 70 mm: the levels have 32, 64 and 128 cells of 2.19, 1.09 and 0.55 mm.
 * - Sieve of 16 cells: half the diagonal is 3.79 mm, so a cell of corners of 4.6 mm and more is left out. Of the 35,937
 *   corners of level 32 some 7,400 are evaluated for an appendage.
 * - Level 32, margin 1.5: a cell is refined unless all its corners lie to one side by half its diagonal × 1.5 =
 *   1.89 mm × 1.5 = 2.84 mm. Corners of 3.0 to 4.9 mm: certainly outside, left out. Corners of −4.9 to −3.0 mm: certainly
 *   inside, left out, and the lattice's corners in it are marked inside. Corners of 1.2 to 3.1 mm: eight cells of level 64.
 * - Level 64, margin 0.6: half the diagonal is 0.95 mm, so the limit is 0.57 mm. Of the eight cells, one with corners of
 *   0.4 to 1.2 mm is refined to level 128, one with corners of 0.7 to 1.6 mm is not.
 * - At level 64 and 128, wherever the sign changes on a face of an evaluated cell, the neighbour across that face is
 *   evaluated too, even if the margin had left it out, and then its neighbours likewise: the surface has no holes.
 * @throws RangeError for a resolution that is not coarseCells·2ⁿ; CancelledError when the signal fires.
 */
export async function evaluateAdaptively(
  field: FieldFunction,
  frame: CropFrame,
  options: AdaptiveOptions,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<AdaptiveField> {
  const { resolution, coarseCells = 32, margin = 1.5, chunkPoints = DEFAULT_CHUNK_POINTS } = options;
  const levels = Math.log2(resolution / coarseCells);
  if (!Number.isInteger(levels) || levels < 0) {
    throw new RangeError(`The resolution must be ${coarseCells} times a power of two, not ${resolution}.`);
  }
  // With a band the zero set is looked for everywhere, later on.
  const isBanded = options.bandMm !== undefined;
  const lattice = (isBanded ? createFieldLattice : createBlankLattice)(frame, resolution);
  const inside = createInsideBox(lattice.side);
  const evaluatedPoints: number[] = [];
  const request = (corners: Uint32Array) =>
    evaluateCorners(lattice, inside, field, corners, chunkPoints, signal);

  const isSieved = options.bandMm === undefined && coarseCells % 2 === 0;
  let cells = fullLevel(isSieved ? coarseCells / 2 : coarseCells);
  let sieveCount = 0;
  if (isSieved) {
    sieveCount = await request(collectUnknownCorners(lattice, cells, coarseCells / 2));
    cells = refine(
      lattice,
      inside,
      cells,
      coarseCells / 2,
      (halfDiagonalMm) => halfDiagonalMm * SIEVE_MARGIN,
    );
  }
  for (let level = 0; level <= levels; level++) {
    const cellsPerAxis = coarseCells * 2 ** level;
    let count = await request(collectUnknownCorners(lattice, cells, cellsPerAxis));
    if (level === 0) count += sieveCount;
    if (level > 0 || isSieved) {
      const active = new Uint8Array(cellsPerAxis ** 3);
      for (let index = 0; index < cells.length; index++) active[cells[index]!] = 1;
      // Follow the zero set through faces into cells that the margin left out, until it is closed.
      const fronts = [cells];
      for (let front = cells; front.length > 0; fronts.push(front)) {
        front = trackSurface(lattice, front, active, cellsPerAxis);
        count += await request(collectUnknownCorners(lattice, front, cellsPerAxis));
      }
      cells = joined(fronts);
    }
    evaluatedPoints.push(count);
    onProgress?.((level + 1) / (levels + 1));
    if (level < levels) {
      const levelMargin =
        levels === 1 ? margin : margin + (Math.min(margin, FINEST_MARGIN) - margin) * (level / (levels - 1));
      const { bandMm, clampMm } = options;
      const reachOf = (halfDiagonalMm: number): number =>
        bandMm === undefined ? halfDiagonalMm * levelMargin : halfDiagonalMm + bandMm;
      cells = refine(
        lattice,
        inside,
        cells,
        cellsPerAxis,
        reachOf,
        bandMm === undefined ? undefined : clampMm,
      );
    }
  }
  const insideBox = boxOf(inside);
  if (!isBanded) {
    const { low, high } = insideBox;
    fillFarOutside(
      lattice,
      perAxis((axis) => low[axis] - ROUND_INSIDE),
      perAxis((axis) => high[axis] + ROUND_INSIDE),
    );
  }
  return { lattice, evaluatedPoints, insideBox };
}

/** First and last corner along i, j and k of what is inside: low i, j, k, high i, j, k. */
type InsideBox = Int32Array;

const createInsideBox = (side: number): InsideBox => Int32Array.of(side, side, side, -1, -1, -1);

const boxOf = (box: InsideBox): LatticeBox => ({
  low: [box[0]!, box[1]!, box[2]!],
  high: [box[3]!, box[4]!, box[5]!],
});

/** Takes a cube of corners into the box. */
function take(box: InsideBox, { side }: FieldLattice, corner: number, stride: number): void {
  const i = corner % side;
  const row = (corner - i) / side;
  const j = row % side;
  const k = (row - j) / side;
  if (i < box[0]!) box[0] = i;
  if (j < box[1]!) box[1] = j;
  if (k < box[2]!) box[2] = k;
  if (i + stride > box[3]!) box[3] = i + stride;
  if (j + stride > box[4]!) box[4] = j + stride;
  if (k + stride > box[5]!) box[5] = k + stride;
}

function fullLevel(cellsPerAxis: number): Uint32Array {
  const cells = new Uint32Array(cellsPerAxis ** 3);
  for (let cell = 0; cell < cells.length; cell++) cells[cell] = cell;
  return cells;
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The list with room for so many more after `count`. */
function withRoom(list: Uint32Array, count: number, more: number): Uint32Array {
  if (count + more <= list.length) return list;
  const larger = new Uint32Array(2 * (count + more));
  larger.set(list);
  return larger;
}

/** Lattice index of the first corner of a cell of a level. */
function firstCorner({ side, cells }: FieldLattice, cell: number, cellsPerAxis: number): number {
  const i = cell % cellsPerAxis;
  const row = (cell - i) / cellsPerAxis;
  const j = row % cellsPerAxis;
  const k = (row - j) / cellsPerAxis;
  return (cells / cellsPerAxis) * (i + side * (j + side * k));
}

/** The corners of the cells that are not known yet. Marks them known: they are about to be evaluated. */
function collectUnknownCorners(lattice: FieldLattice, cells: Uint32Array, cellsPerAxis: number): Uint32Array {
  const { known } = lattice;
  const offsets = cornerOffsets(lattice.side, lattice.cells / cellsPerAxis);
  let corners: Uint32Array = new Uint32Array(cells.length + 8);
  let count = 0;
  for (let index = 0; index < cells.length; index++) {
    const first = firstCorner(lattice, cells[index]!, cellsPerAxis);
    corners = withRoom(corners, count, 8);
    for (let at = 0; at < 8; at++) {
      const corner = first + offsets[at]!;
      if (known[corner] === 1) continue;
      known[corner] = 1;
      corners[count++] = corner;
    }
  }
  return corners.subarray(0, count);
}

async function evaluateCorners(
  lattice: FieldLattice,
  inside: InsideBox,
  field: FieldFunction,
  corners: Uint32Array,
  chunkPoints: number,
  signal?: AbortSignal,
): Promise<number> {
  if (corners.length === 0) return 0;
  const points = pointsOf(lattice, corners);
  const { signedMm } = await evaluateInChunks(field, points, signal, chunkPoints);
  put(lattice, inside, corners, signedMm);
  return corners.length;
}

function pointsOf({ side, cells }: FieldLattice, corners: Uint32Array): Float32Array {
  const points = new Float32Array(3 * corners.length);
  for (let index = 0; index < corners.length; index++) {
    const corner = corners[index]!;
    const i = corner % side;
    const row = (corner - i) / side;
    const j = row % side;
    const k = (row - j) / side;
    points[3 * index] = (2 * i) / cells - 1;
    points[3 * index + 1] = (2 * j) / cells - 1;
    points[3 * index + 2] = (2 * k) / cells - 1;
  }
  return points;
}

function put(lattice: FieldLattice, inside: InsideBox, corners: Uint32Array, values: Float32Array): void {
  const { signedMm } = lattice;
  for (let index = 0; index < corners.length; index++) {
    const corner = corners[index]!;
    const value = values[index]!;
    signedMm[corner] = value;
    if (value < 0) take(inside, lattice, corner, 0);
  }
}

/**
 * The eight children of each cell that may hold the zero set. A cell that certainly does not hold it is dropped;
 * where it is inside, its unknown corners are marked so.
 */
function refine(
  lattice: FieldLattice,
  inside: InsideBox,
  cells: Uint32Array,
  cellsPerAxis: number,
  reachOf: (halfDiagonalMm: number) => number,
  clampMm = Infinity,
): Uint32Array {
  const { signedMm } = lattice;
  const stride = lattice.cells / cellsPerAxis;
  const offsets = cornerOffsets(lattice.side, stride);
  const reach = reachOf((Math.sqrt(3) / 2) * lattice.cellMm * stride);
  const nearest = Math.min(reach, clampMm);
  const near = new Uint32Array(cells.length);
  let count = 0;
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index]!;
    const first = firstCorner(lattice, cell, cellsPerAxis);
    let lowest = Infinity;
    let highest = -Infinity;
    for (let at = 0; at < 8; at++) {
      const value = signedMm[first + offsets[at]!]!;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    if (lowest < nearest && highest > -reach) near[count++] = cell;
    else if (highest < 0) {
      fillInside(lattice, first, stride, highest);
      take(inside, lattice, first, stride);
    }
  }
  const kept = near.subarray(0, count);
  return childrenOf(reach > clampMm ? withNeighbours(kept, cells, cellsPerAxis) : kept, cellsPerAxis);
}

/** The cells, and those of `others` that touch one of them, if only at a corner. */
function withNeighbours(cells: Uint32Array, others: Uint32Array, cellsPerAxis: number): Uint32Array {
  const touched = new Uint8Array(cellsPerAxis ** 3);
  const around = (at: number): number[] => [at - 1, at, at + 1].filter((to) => to >= 0 && to < cellsPerAxis);
  for (const cell of cells) {
    const [i, j, k] = placeOf(cell, cellsPerAxis);
    for (const z of around(k)) {
      for (const y of around(j)) {
        for (const x of around(i)) touched[x + cellsPerAxis * (y + cellsPerAxis * z)] = 1;
      }
    }
  }
  return others.filter((cell) => touched[cell] === 1);
}

function childrenOf(cells: Uint32Array, cellsPerAxis: number): Uint32Array {
  const childAxis = cellsPerAxis * 2;
  const offsets = cornerOffsets(childAxis);
  const children = new Uint32Array(8 * cells.length);
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index]!;
    const i = cell % cellsPerAxis;
    const row = (cell - i) / cellsPerAxis;
    const j = row % cellsPerAxis;
    const k = (row - j) / cellsPerAxis;
    const child = 2 * (i + childAxis * (j + childAxis * k));
    for (let at = 0; at < 8; at++) children[8 * index + at] = child + offsets[at]!;
  }
  return children;
}

const placeOf = (cell: number, cellsPerAxis: number): [number, number, number] => [
  cell % cellsPerAxis,
  Math.floor(cell / cellsPerAxis) % cellsPerAxis,
  Math.floor(cell / (cellsPerAxis * cellsPerAxis)),
];

function fillInside(lattice: FieldLattice, first: number, stride: number, valueMm: number): void {
  const { side, known, signedMm } = lattice;
  for (let k = 0; k <= stride; k++) {
    for (let j = 0; j <= stride; j++) {
      const row = first + side * (j + side * k);
      for (let i = 0; i <= stride; i++) if (known[row + i] === 0) signedMm[row + i] = valueMm;
    }
  }
}

/** Neighbours, not active yet, that share with a front cell a face on which the sign changes; marks them active. */
function trackSurface(
  lattice: FieldLattice,
  front: Uint32Array,
  active: Uint8Array,
  cellsPerAxis: number,
): Uint32Array {
  const offsets = cornerOffsets(lattice.side, lattice.cells / cellsPerAxis);
  const { signedMm } = lattice;
  let found: Uint32Array = new Uint32Array(64);
  let count = 0;
  for (let index = 0; index < front.length; index++) {
    const cell = front[index]!;
    const first = firstCorner(lattice, cell, cellsPerAxis);
    let pattern = 0;
    for (let corner = 0; corner < 8; corner++) {
      if (signedMm[first + offsets[corner]!]! < 0) pattern |= 1 << corner;
    }
    if (pattern === 0 || pattern === 255) continue;
    found = withRoom(found, count, 6);
    let rest = cell;
    let step = 1;
    for (let axis = 0; axis < 3; axis++, step *= cellsPerAxis) {
      const position = rest % cellsPerAxis;
      rest = (rest - position) / cellsPerAxis;
      for (let end = 0; end < 2; end++) {
        if (position === (end === 0 ? 0 : cellsPerAxis - 1)) continue;
        const neighbour = cell + (end === 0 ? -step : step);
        if (active[neighbour] === 1) continue;
        const mask = FACE_MASKS[2 * axis + end]!;
        const face = pattern & mask;
        if (face === 0 || face === mask) continue;
        active[neighbour] = 1;
        found[count++] = neighbour;
      }
    }
  }
  return found.subarray(0, count);
}

/** Corner bits of the faces −i, +i, −j, +j, −k, +k. */
const FACE_MASKS: readonly number[] = [0x55, 0xaa, 0x33, 0xcc, 0x0f, 0xf0];
