import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { gaussianMean } from '#shared/volume/gaussian.ts';
import { boxSize, type VoxelBox } from '#shared/volume/labelBox.ts';
import { createFieldLattice, type FieldLattice, latticeToLps } from '../surface/field/fieldLattice.ts';
import { signedDistanceMm } from './signedDistance.ts';

/** Edge of a cell, mm; larger only for maps so large that the lattice would not fit. */
const CELL_MM = 0.5;
const MOST_CELLS = 240;
/** Standard deviation of the smoothing, mm: it takes the voxels' steps away. */
const SMOOTHING_MM = 0.5;
/** Empty room round the labels, mm: more than the smoothing reaches. */
const MARGIN_MM = 3;
/** The level that keeps the volume is sought this far from the border, mm. */
const LEVEL_REACH_MM = 2;

/** The box of voxels that the distance is computed in: the labels' with a margin, possibly beyond the grid. */
export function roomyBox(box: VoxelBox, { spacingMm }: GridLps): VoxelBox {
  const margin = (axis: 0 | 1 | 2): number => Math.ceil(MARGIN_MM / spacingMm[axis]) + 1;
  return {
    low: [box.low[0] - margin(0), box.low[1] - margin(1), box.low[2] - margin(2)],
    high: [box.high[0] + margin(0), box.high[1] + margin(1), box.high[2] + margin(2)],
  };
}

/**
 * A smooth signed distance on a cubic lattice whose inside has the volume of the labels.
 * @param mask the labels within `box` of the grid, i fastest.
 * @param labelled where the labels are.
 */
export function labelLattice(
  mask: Uint8Array,
  box: VoxelBox,
  labelled: VoxelBox,
  grid: GridLps,
): FieldLattice {
  const size = boxSize(box);
  const distances = signedDistanceMm(mask, size, grid.spacingMm);
  const { low, high } = lpsBox(labelled, grid);
  const extent = (axis: 0 | 1 | 2): number => high[axis] - low[axis] + 2 * MARGIN_MM;
  const cellMm = Math.max(CELL_MM, Math.max(extent(0), extent(1), extent(2)) / MOST_CELLS);
  const corners: Vec3 = [
    Math.ceil(extent(0) / cellMm) + 1,
    Math.ceil(extent(1) / cellMm) + 1,
    Math.ceil(extent(2) / cellMm) + 1,
  ];
  const cells = Math.max(...corners) - 1;
  const centreLpsMm: Vec3 = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
  const lattice = createFieldLattice({ centreLpsMm, edgeMm: cells * cellMm }, cells);
  // The part of the cube that the labels need lies in its middle.
  const offset: Vec3 = [
    Math.floor((cells + 1 - corners[0]) / 2),
    Math.floor((cells + 1 - corners[1]) / 2),
    Math.floor((cells + 1 - corners[2]) / 2),
  ];
  const sampled = resampled(distances, size, box, grid, corners, (corner) =>
    latticeToLps(lattice, [offset[0] + corner[0], offset[1] + corner[1], offset[2] + corner[2]]),
  );
  const smooth = smoothed(sampled, corners, SMOOTHING_MM / cellMm);
  let voxels = 0;
  for (const value of mask) voxels += value;
  const volumeMm3 = voxels * grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2];
  const level = levelOfCount(smooth, volumeMm3 / cellMm ** 3);
  const { side, signedMm } = lattice;
  const [nI, nJ, nK] = corners;
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      const to = offset[0] + side * (j + offset[1] + side * (k + offset[2]));
      const from = nI * (j + nJ * k);
      for (let i = 0; i < nI; i++) signedMm[to + i] = smooth[from + i]! - level;
    }
  }
  return lattice;
}

/** The box in LPS mm of all voxels of a box. */
export function lpsBox({ low, high }: VoxelBox, grid: GridLps): { low: Vec3; high: Vec3 } {
  const points: Vec3[] = [];
  for (let corner = 0; corner < 8; corner++) {
    const pick = (axis: 0 | 1 | 2): number => ((corner >> axis) & 1 ? high[axis] + 0.5 : low[axis] - 0.5);
    points.push(ijkToLps(grid, [pick(0), pick(1), pick(2)]));
  }
  const over = (choose: (...values: number[]) => number): Vec3 => [
    choose(...points.map((p) => p[0])),
    choose(...points.map((p) => p[1])),
    choose(...points.map((p) => p[2])),
  ];
  return { low: over(Math.min), high: over(Math.max) };
}

/** Trilinear samples of a box of voxels; beyond the box its nearest voxels count. */
export function resampled(
  values: Float32Array,
  [nI, nJ, nK]: Vec3,
  box: VoxelBox,
  grid: GridLps,
  corners: Vec3,
  lpsOf: (corner: Vec3) => Vec3,
): Float32Array {
  const result = new Float32Array(corners[0] * corners[1] * corners[2]);
  const placeOf = (corner: Vec3): Vec3 => {
    const ijk = lpsToIjk(grid, lpsOf(corner));
    return [ijk[0] - box.low[0], ijk[1] - box.low[1], ijk[2] - box.low[2]];
  };
  const start = placeOf([0, 0, 0]);
  const step = ([a, b, c]: Vec3): Vec3 => [a - start[0], b - start[1], c - start[2]];
  const [di, dj, dk] = [
    step(placeOf([1, 0, 0])),
    step(placeOf([0, 1, 0])),
    step(placeOf([0, 0, 1])),
  ] as const;
  // Numbers rather than arrays, whose elements are of several kinds: looked up anew for each corner otherwise.
  const [startX, startY, startZ] = start;
  const [diX, diY, diZ] = di;
  const [djX, djY, djZ] = dj;
  const [dkX, dkY, dkZ] = dk;
  const [lastX, lastY, lastZ] = [nI - 1.001, nJ - 1.001, nK - 1.001];
  const [nA, nB, nC] = corners;
  const [stepJ, stepK] = [nI, nI * nJ];
  let at = 0;
  for (let c = 0; c < nC; c++) {
    for (let b = 0; b < nB; b++) {
      for (let a = 0; a < nA; a++, at++) {
        const x = Math.min(lastX, Math.max(0, startX + a * diX + b * djX + c * dkX));
        const y = Math.min(lastY, Math.max(0, startY + a * diY + b * djY + c * dkY));
        const z = Math.min(lastZ, Math.max(0, startZ + a * diZ + b * djZ + c * dkZ));
        const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
        const [fx, fy, fz] = [x - i, y - j, z - k];
        const first = i + stepJ * j + stepK * k;
        const x00 = values[first]! + fx * (values[first + 1]! - values[first]!);
        const x10 = values[first + stepJ]! + fx * (values[first + stepJ + 1]! - values[first + stepJ]!);
        const x01 = values[first + stepK]! + fx * (values[first + stepK + 1]! - values[first + stepK]!);
        const last = first + stepJ + stepK;
        const x11 = values[last]! + fx * (values[last + 1]! - values[last]!);
        const y0 = x00 + fy * (x10 - x00);
        result[at] = y0 + fz * (x01 + fy * (x11 - x01) - y0);
      }
    }
  }
  return result;
}

/** Twice the Gaussian mean less its own mean: to second order curved parts stay where they are. */
function smoothed(values: Float32Array, corners: Vec3, sigma: number): Float32Array {
  const once = gaussianMean(values, corners, [sigma, sigma, sigma]);
  const twice = gaussianMean(once, corners, [sigma, sigma, sigma]);
  for (let at = 0; at < once.length; at++) once[at] = 2 * once[at]! - twice[at]!;
  return once;
}

/** The level below which as many corners lie as asked for. */
function levelOfCount(values: Float32Array, count: number): number {
  let below = 0;
  let near = 0;
  for (const value of values) {
    if (value < -LEVEL_REACH_MM) below++;
    else if (value < LEVEL_REACH_MM) near++;
  }
  const sorted = new Float32Array(near);
  let at = 0;
  for (const value of values) {
    if (value >= -LEVEL_REACH_MM && value < LEVEL_REACH_MM) sorted[at++] = value;
  }
  if (near === 0) return 0;
  sorted.sort();
  const wanted = Math.min(near - 1, Math.max(0, Math.round(count) - below));
  return sorted[wanted]!;
}
