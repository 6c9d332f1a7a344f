import type { CropFrame } from '../cropFrame.ts';
import { DEFAULT_CHUNK_POINTS, evaluateInChunks, type FieldFunction } from './fieldFunction.ts';
import { cornerOffsets, createFieldLattice, type FieldLattice } from './fieldLattice.ts';

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

export interface AdaptiveField {
  readonly lattice: FieldLattice;
  /** Points at which the field was evaluated, level by level, the coarsest first. */
  readonly evaluatedPoints: readonly number[];
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
  const lattice = createFieldLattice(frame, resolution);
  const evaluatedPoints: number[] = [];
  const request = (corners: readonly number[]) =>
    evaluateCorners(lattice, field, corners, chunkPoints, signal);

  const isSieved = options.bandMm === undefined && coarseCells % 2 === 0;
  let cells = fullLevel(isSieved ? coarseCells / 2 : coarseCells);
  let sieveCount = 0;
  if (isSieved) {
    sieveCount = await request(collectUnknownCorners(lattice, cells, coarseCells / 2));
    cells = refine(lattice, cells, coarseCells / 2, (halfDiagonalMm) => halfDiagonalMm * SIEVE_MARGIN);
  }
  for (let level = 0; level <= levels; level++) {
    const cellsPerAxis = coarseCells * 2 ** level;
    let count = await request(collectUnknownCorners(lattice, cells, cellsPerAxis));
    if (level === 0) count += sieveCount;
    if (level > 0 || isSieved) {
      const active = new Uint8Array(cellsPerAxis ** 3);
      for (const cell of cells) active[cell] = 1;
      // Follow the zero set through faces into cells that the margin left out, until it is closed.
      let front = cells;
      while (front.length > 0) {
        front = trackSurface(lattice, front, active, cellsPerAxis);
        count += await request(collectUnknownCorners(lattice, front, cellsPerAxis));
        cells = cells.concat(front);
      }
    }
    evaluatedPoints.push(count);
    onProgress?.((level + 1) / (levels + 1));
    if (level < levels) {
      const levelMargin =
        levels === 1 ? margin : margin + (Math.min(margin, FINEST_MARGIN) - margin) * (level / (levels - 1));
      const { bandMm, clampMm } = options;
      const reachOf = (halfDiagonalMm: number): number =>
        bandMm === undefined ? halfDiagonalMm * levelMargin : halfDiagonalMm + bandMm;
      cells = refine(lattice, cells, cellsPerAxis, reachOf, bandMm === undefined ? undefined : clampMm);
    }
  }
  return { lattice, evaluatedPoints };
}

function fullLevel(cellsPerAxis: number): number[] {
  return Array.from({ length: cellsPerAxis ** 3 }, (_, cell) => cell);
}

/** Lattice index of the first corner of a cell of a level. */
function firstCorner(lattice: FieldLattice, cell: number, cellsPerAxis: number): number {
  const stride = lattice.cells / cellsPerAxis;
  const [i, j, k] = placeOf(cell, cellsPerAxis);
  return stride * (i + lattice.side * (j + lattice.side * k));
}

/** The corners of the cells that are not known yet. Marks them known: they are about to be evaluated. */
function collectUnknownCorners(
  lattice: FieldLattice,
  cells: readonly number[],
  cellsPerAxis: number,
): number[] {
  const offsets = cornerOffsets(lattice.side, lattice.cells / cellsPerAxis);
  const corners: number[] = [];
  for (const cell of cells) {
    const first = firstCorner(lattice, cell, cellsPerAxis);
    for (const offset of offsets) {
      const corner = first + offset;
      if (lattice.known[corner] === 1) continue;
      lattice.known[corner] = 1;
      corners.push(corner);
    }
  }
  return corners;
}

async function evaluateCorners(
  lattice: FieldLattice,
  field: FieldFunction,
  corners: readonly number[],
  chunkPoints: number,
  signal?: AbortSignal,
): Promise<number> {
  if (corners.length === 0) return 0;
  const { side, cells } = lattice;
  const points = new Float32Array(3 * corners.length);
  for (let index = 0; index < corners.length; index++) {
    const corner = corners[index]!;
    points[3 * index] = (2 * (corner % side)) / cells - 1;
    points[3 * index + 1] = (2 * (Math.floor(corner / side) % side)) / cells - 1;
    points[3 * index + 2] = (2 * Math.floor(corner / (side * side))) / cells - 1;
  }
  const { signedMm } = await evaluateInChunks(field, points, signal, chunkPoints);
  for (let index = 0; index < corners.length; index++) lattice.signedMm[corners[index]!] = signedMm[index]!;
  return corners.length;
}

/**
 * The eight children of each cell that may hold the zero set. A cell that certainly does not hold it is dropped;
 * where it is inside, its unknown corners are marked so.
 */
function refine(
  lattice: FieldLattice,
  cells: readonly number[],
  cellsPerAxis: number,
  reachOf: (halfDiagonalMm: number) => number,
  clampMm = Infinity,
): number[] {
  const stride = lattice.cells / cellsPerAxis;
  const offsets = cornerOffsets(lattice.side, stride);
  const reach = reachOf((Math.sqrt(3) / 2) * lattice.cellMm * stride);
  const near: number[] = [];
  for (const cell of cells) {
    const first = firstCorner(lattice, cell, cellsPerAxis);
    let lowest = Infinity;
    let highest = -Infinity;
    for (const offset of offsets) {
      const value = lattice.signedMm[first + offset]!;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    if (lowest < Math.min(reach, clampMm) && highest > -reach) near.push(cell);
    else if (highest < 0) fillInside(lattice, first, stride, highest);
  }
  return childrenOf(reach > clampMm ? withNeighbours(near, cells, cellsPerAxis) : near, cellsPerAxis);
}

/** The cells, and those of `others` that touch one of them, if only at a corner. */
function withNeighbours(cells: readonly number[], others: readonly number[], cellsPerAxis: number): number[] {
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

function childrenOf(cells: readonly number[], cellsPerAxis: number): number[] {
  const childAxis = cellsPerAxis * 2;
  const offsets = cornerOffsets(childAxis);
  return cells.flatMap((cell) => {
    const [i, j, k] = placeOf(cell, cellsPerAxis);
    const child = 2 * (i + childAxis * (j + childAxis * k));
    return offsets.map((offset) => child + offset);
  });
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
  front: readonly number[],
  active: Uint8Array,
  cellsPerAxis: number,
): number[] {
  const offsets = cornerOffsets(lattice.side, lattice.cells / cellsPerAxis);
  const { signedMm } = lattice;
  const found: number[] = [];
  const cellSteps = [1, cellsPerAxis, cellsPerAxis * cellsPerAxis];
  for (const cell of front) {
    const first = firstCorner(lattice, cell, cellsPerAxis);
    let pattern = 0;
    for (let corner = 0; corner < 8; corner++) {
      if (signedMm[first + offsets[corner]!]! < 0) pattern |= 1 << corner;
    }
    if (pattern === 0 || pattern === 255) continue;
    for (let axis = 0; axis < 3; axis++) {
      const step = cellSteps[axis]!;
      const position = Math.floor(cell / step) % cellsPerAxis;
      for (let end = 0; end < 2; end++) {
        if (position === (end === 0 ? 0 : cellsPerAxis - 1)) continue;
        const neighbour = cell + (end === 0 ? -step : step);
        if (active[neighbour] === 1) continue;
        const mask = FACE_MASKS[2 * axis + end]!;
        const face = pattern & mask;
        if (face === 0 || face === mask) continue;
        active[neighbour] = 1;
        found.push(neighbour);
      }
    }
  }
  return found;
}

/** Corner bits of the faces −i, +i, −j, +j, −k, +k. */
const FACE_MASKS: readonly number[] = [0x55, 0xaa, 0x33, 0xcc, 0x0f, 0xf0];
