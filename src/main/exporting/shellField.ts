import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { boundingBoxLpsMm, faceCross } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type NearestOnMesh, nearestOnMesh, type TriangleTree } from '../mesh/triangleTree.ts';
import { createFieldLattice, type FieldLattice } from '../surface/field/fieldLattice.ts';

/**
 * Everything here is in the ostium's frame (see planeFrame.ts): the third coordinate is the height over the plane, and
 * the shell's solid is where 0 < distance < thickness and, where there is an ostium, height > 0; with a base, up to the base's
 * height, 0 < distance < thickness + the base's width.
 */
export interface ShellSource {
  /** The closed lumen. */
  readonly closed: TriangleMesh;
  /** What the shell is offset from: the open wall, or the closed lumen where there is none. */
  readonly wall: TriangleTree;
  /** Whether the plane (height 0) cuts the shell. */
  readonly isCut: boolean;
  readonly thicknessMm: number;
  /** How far a base reaches out of the wall, mm; 0: none. */
  readonly baseWidthMm: number;
}

/** Of the base, mm. */
export const BASE_HEIGHT_MM = 2;

export interface ShellField {
  /** Negative inside the solid. */
  readonly lattice: FieldLattice;
  /** Signed distance to the wall at the corners, mm, negative in the lumen; NaN where it was not needed. */
  readonly distanceMm: Float32Array;
  /** Height of a corner over the plane, mm; +∞ where nothing is cut. */
  heightMm(corner: number): number;
}

/** Coarse enough to be computed in less than minutes, fine enough to resolve a wall of the thickness. */
const CELLS_MM = { finest: 0.25, coarsest: 0.4 };
const MOST_CELLS = 400;
/** Corners are visited in blocks of this many along each axis; a block far from the wall costs one query. */
const BLOCK = 8;

export const shellCellMm = (thicknessMm: number): number =>
  Math.min(CELLS_MM.coarsest, Math.max(CELLS_MM.finest, thicknessMm / 3));

/** The shell's implicit function on a lattice, exact within two cells of its surface. */
export async function shellField(
  source: ShellSource,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<ShellField> {
  const lattice = latticeRound(source);
  const { side, cells, cellMm, signedMm, known, frame } = lattice;
  const low = frame.centreLpsMm.map((centre) => centre - frame.edgeMm / 2);
  const grid: GridLps = {
    sizeIjk: [side, side, side],
    originLpsMm: [low[0]!, low[1]!, low[2]!],
    spacingMm: [cellMm, cellMm, cellMm],
    directions: LPS_AXES,
  };
  const inLumen = rasterizeClosedMesh(source.closed, grid);
  if (source.isCut) fillBelowCap(source, grid, inLumen);
  const { thicknessMm, isCut, wall } = source;
  const baseWidthMm = isCut ? source.baseWidthMm : 0;
  const distanceMm = new Float32Array(signedMm.length).fill(Number.NaN);
  const nearest: NearestOnMesh = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 };
  const at = (axis: 0 | 1 | 2, index: number): number => low[axis]! + index * cellMm;

  const visitBlock = (i0: number, j0: number, k0: number): void => {
    const hasBase = baseWidthMm > 0 && at(2, k0) < BASE_HEIGHT_MM + 2 * cellMm;
    const reach = thicknessMm + (hasBase ? baseWidthMm : 0) + 2 * cellMm;
    const blockReach = reach + (Math.sqrt(3) / 2) * BLOCK * cellMm;
    const half = (BLOCK - 1) / 2;
    nearestOnMesh(wall, at(0, i0 + half), at(1, j0 + half), at(2, k0 + half), nearest, blockReach);
    if (nearest.face < 0) return;
    for (let k = k0; k < Math.min(side, k0 + BLOCK); k++) {
      const height = isCut ? at(2, k) : Infinity;
      if (height < -2 * cellMm) continue;
      for (let j = j0; j < Math.min(side, j0 + BLOCK); j++) {
        // A corner is no further from the wall than its neighbour and the step to it: most of the tree need not be seen.
        let within = reach;
        for (let i = i0; i < Math.min(side, i0 + BLOCK); i++) {
          const corner = i + side * (j + side * k);
          nearestOnMesh(wall, at(0, i), at(1, j), at(2, k), nearest, within);
          within = nearest.face < 0 ? reach : Math.min(reach, nearest.distanceMm + 1.001 * cellMm);
          if (nearest.face < 0) continue;
          const distance = inLumen[corner] === 1 ? -nearest.distanceMm : nearest.distanceMm;
          distanceMm[corner] = distance;
          const width = height < BASE_HEIGHT_MM ? thicknessMm + baseWidthMm : thicknessMm;
          signedMm[corner] = Math.max(-distance, distance - width, -height);
          known[corner] = 1;
        }
      }
    }
  };
  for (let k = 0; k <= cells; k += BLOCK) {
    throwIfCancelled(signal);
    for (let j = 0; j <= cells; j += BLOCK) {
      for (let i = 0; i <= cells; i += BLOCK) visitBlock(i, j, k);
    }
    onProgress?.(k / cells);
    // Waits once, so that a cancellation can arrive.
    await setImmediate();
  }
  const layer = side * side;
  return {
    lattice,
    distanceMm,
    heightMm: (corner) => (isCut ? at(2, Math.floor(corner / layer)) : Infinity),
  };
}

/** A cube of cells round the shell. The plane runs through the middle of a layer of cells, so that it comes out flat. */
function latticeRound({ closed, isCut, thicknessMm, baseWidthMm }: ShellSource): FieldLattice {
  const cellMm = shellCellMm(thicknessMm);
  const margin = thicknessMm + (isCut ? baseWidthMm : 0) + 2.5 * cellMm;
  const { low, high } = boundingBoxLpsMm(closed);
  const bottom = isCut ? -2.5 * cellMm : low[2] - margin;
  const extent = Math.max(
    high[0] - low[0] + 2 * margin,
    high[1] - low[1] + 2 * margin,
    high[2] + margin - bottom,
  );
  const cells = Math.ceil(extent / cellMm);
  if (!(cells <= MOST_CELLS)) throw new UserError(failure('export.shell-too-large'));
  const edgeMm = cells * cellMm;
  return createFieldLattice(
    {
      centreLpsMm: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, bottom + edgeMm / 2],
      edgeMm,
    },
    cells,
  );
}

/** A face of the closed lumen that is this far from the wall belongs to the ostium's cap, mm. */
const OFF_WALL_MM = 1e-3;
/** The cap is looked for this far from the plane, mm. */
const CAP_BAND_MM = 4;

/**
 * The ostium's cap is not quite plane: where it bulges into the appendage the lumen would end above the plane and a skin
 * would be left across the opening. What lies between plane and cap is therefore lumen too.
 */
function fillBelowCap({ closed, wall }: ShellSource, grid: GridLps, inLumen: Uint8Array): void {
  const { positionsLpsMm: p, triangles } = closed;
  const [nI, nJ, nK] = grid.sizeIjk;
  const cell = grid.spacingMm[0];
  const [lowU, lowV, lowH] = grid.originLpsMm;
  for (let face = 0; face < faceCount(closed); face++) {
    const [a, b, c] = [0, 1, 2].map((corner) => 3 * triangles[3 * face + corner]!) as [
      number,
      number,
      number,
    ];
    const top = Math.max(p[a + 2]!, p[b + 2]!, p[c + 2]!);
    if (top <= 0 || top > CAP_BAND_MM || faceCross(closed, face)[2] >= 0) continue;
    const middle = [0, 1, 2].map((axis) => (p[a + axis]! + p[b + axis]! + p[c + axis]!) / 3);
    if (nearestOnMesh(wall, middle[0]!, middle[1]!, middle[2]!, undefined, OFF_WALL_MM).face >= 0) continue;
    const [au, av] = [(p[a]! - lowU) / cell, (p[a + 1]! - lowV) / cell];
    const [bu, bv] = [(p[b]! - lowU) / cell, (p[b + 1]! - lowV) / cell];
    const [cu, cv] = [(p[c]! - lowU) / cell, (p[c + 1]! - lowV) / cell];
    const area = (bu - au) * (cv - av) - (bv - av) * (cu - au);
    const toJ = Math.min(nJ - 1, Math.floor(Math.max(av, bv, cv)));
    const toI = Math.min(nI - 1, Math.floor(Math.max(au, bu, cu)));
    for (let j = Math.max(0, Math.ceil(Math.min(av, bv, cv))); j <= toJ; j++) {
      for (let i = Math.max(0, Math.ceil(Math.min(au, bu, cu))); i <= toI; i++) {
        const wb = ((i - au) * (cv - av) - (j - av) * (cu - au)) / area;
        const wc = ((bu - au) * (j - av) - (bv - av) * (i - au)) / area;
        // Slightly past the edges, so that no column between two faces is missed.
        if (wb < -1e-6 || wc < -1e-6 || wb + wc > 1 + 1e-6) continue;
        const height = p[a + 2]! + wb * (p[b + 2]! - p[a + 2]!) + wc * (p[c + 2]! - p[a + 2]!);
        const toK = Math.min(nK - 1, Math.floor((height - lowH) / cell));
        for (let k = 0; k <= toK; k++) inLumen[i + nI * (j + nJ * k)] = 1;
      }
    }
  }
}
