import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { add, dot, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { type PlaneFrame, pixelToLps } from '../planeFrame.ts';
import type { Slab, ViewedVolume } from '../types.ts';
import { NO_HU } from './huWindow.ts';

/** A picture's samples in voxel coordinates: sample (column, row) lies at `start + column·right + row·down`. */
export interface SampleLattice {
  readonly columns: number;
  readonly rows: number;
  readonly startIjk: Vec3;
  readonly rightIjk: Vec3;
  readonly downIjk: Vec3;
  readonly normalIjkPerMm: Vec3;
}

const directionToIjk = (grid: GridLps, direction: Vec3): Vec3 => [
  dot(direction, grid.directions[0]) / grid.spacingMm[0],
  dot(direction, grid.directions[1]) / grid.spacingMm[1],
  dot(direction, grid.directions[2]) / grid.spacingMm[2],
];

/** The lattice of a pane on a grid, `samplesPerPixel` samples to the pane's pixel in each direction. */
export function sampleLattice(grid: GridLps, frame: PlaneFrame, samplesPerPixel: number): SampleLattice {
  const step = frame.mmPerPixel / samplesPerPixel;
  const half = 0.5 / samplesPerPixel;
  return {
    columns: Math.max(1, Math.ceil(frame.widthPixels * samplesPerPixel)),
    rows: Math.max(1, Math.ceil(frame.heightPixels * samplesPerPixel)),
    startIjk: lpsToIjk(grid, pixelToLps(frame, [half, half])),
    rightIjk: scale(directionToIjk(grid, frame.right), step),
    downIjk: scale(directionToIjk(grid, frame.down), step),
    normalIjkPerMm: directionToIjk(grid, frame.normal),
  };
}

/** Offsets along the normal, mm, at which a slab is sampled: one per voxel along the normal, the middle included. */
export function slabOffsetsMm(slab: Slab, normalIjkPerMm: Vec3): number[] {
  const voxelMm = 1 / Math.hypot(...normalIjkPerMm);
  const oneSide = Math.floor(slab.thicknessMm / 2 / voxelMm + 1e-6);
  return Array.from({ length: 2 * oneSide + 1 }, (_, index) => (index - oneSide) * voxelMm);
}

/** The columns of a row whose samples lie between `−margin` and `size − 1 + margin`, from first to one past the last. */
function columnsWithin(
  lattice: SampleLattice,
  rowStart: Vec3,
  sizeIjk: Vec3,
  margin: number,
): readonly [number, number] {
  let [first, last] = [0, lattice.columns - 1];
  for (let axis = 0; axis < 3; axis++) {
    const start = rowStart[axis]!;
    const step = lattice.rightIjk[axis]!;
    const [low, high] = [-margin, sizeIjk[axis]! - 1 + margin];
    if (Math.abs(step) < 1e-9) {
      if (start < low || start > high) return [0, 0];
      continue;
    }
    const [a, b] = [(low - start) / step, (high - start) / step];
    first = Math.max(first, Math.ceil(Math.min(a, b) - 1e-7));
    last = Math.min(last, Math.floor(Math.max(a, b) + 1e-7));
  }
  return first <= last ? [first, last + 1] : [0, 0];
}

/** The columns of a row whose samples lie inside the voxels (index ± 0.5), from first to one past the last. */
export const columnsInside = (
  lattice: SampleLattice,
  rowStart: Vec3,
  sizeIjk: Vec3,
): readonly [number, number] => columnsWithin(lattice, rowStart, sizeIjk, 0.5);

const INSIDE_BY = 1e-5;

/** A row that runs along the scan's outermost slice, moved just inside it, where the fast path samples it. */
const withinCentres = (rowStart: Vec3, right: Vec3, sizeIjk: Vec3): Vec3 =>
  rowStart.map((start, axis) =>
    Math.abs(right[axis]!) < 1e-9
      ? Math.min(sizeIjk[axis]! - 1 - 2 * INSIDE_BY, Math.max(2 * INSIDE_BY, start))
      : start,
  ) as [number, number, number];

/** Some of a row's samples; their voxel coordinates are kept between the centres of the outermost voxels. */
function sampleNearBorder(
  { data, grid }: ViewedVolume,
  rowStart: Vec3,
  right: Vec3,
  columns: readonly [number, number],
  out: Int16Array,
  base: number,
): void {
  const [nI, nJ] = grid.sizeIjk;
  for (let column = columns[0]; column < columns[1]; column++) {
    let value = 0;
    const low = [0, 0, 0];
    const share = [0, 0, 0];
    const step = [0, 0, 0];
    for (let axis = 0; axis < 3; axis++) {
      const last = grid.sizeIjk[axis]! - 1;
      const at = Math.min(last, Math.max(0, rowStart[axis]! + column * right[axis]!));
      low[axis] = Math.floor(at);
      share[axis] = at - low[axis]!;
      step[axis] = low[axis]! < last ? 1 : 0;
    }
    for (let corner = 0; corner < 8; corner++) {
      let [weight, at, stride] = [1, 0, 1];
      for (let axis = 0; axis < 3; axis++) {
        const isUpper = (corner >> axis) & 1;
        weight *= isUpper ? share[axis]! : 1 - share[axis]!;
        at += stride * (low[axis]! + isUpper * step[axis]!);
        stride *= axis === 0 ? nI : nJ;
      }
      if (weight > 0) value += weight * data[at]!;
    }
    out[base + column] = Math.round(value);
  }
}

/** Trilinear samples of one plane, shifted along the normal, into `out`; the scan's outside becomes {@link NO_HU}. */
function samplePlane(volume: ViewedVolume, lattice: SampleLattice, offsetIjk: Vec3, out: Int16Array): void {
  const { data } = volume;
  const { sizeIjk } = volume.grid;
  const [nI, nJ] = sizeIjk;
  const nIJ = nI * nJ;
  const [dI, dJ, dK] = lattice.rightIjk;
  for (let row = 0; row < lattice.rows; row++) {
    const rowStart = add(add(lattice.startIjk, offsetIjk), scale(lattice.downIjk, row));
    const [from, to] = columnsInside(lattice, rowStart, sizeIjk);
    const base = row * lattice.columns;
    out.fill(NO_HU, base, base + from);
    out.fill(NO_HU, base + to, base + lattice.columns);
    const inner = withinCentres(rowStart, lattice.rightIjk, sizeIjk);
    // A little inside the outermost centres, so that all eight neighbours exist without a check.
    const [firstInner, lastInner] = columnsWithin(lattice, inner, sizeIjk, -INSIDE_BY);
    const innerFrom = Math.min(to, Math.max(from, firstInner));
    const innerTo = Math.max(innerFrom, Math.min(to, lastInner));
    sampleNearBorder(volume, rowStart, lattice.rightIjk, [from, innerFrom], out, base);
    sampleNearBorder(volume, rowStart, lattice.rightIjk, [innerTo, to], out, base);
    const [startI, startJ, startK] = inner;
    for (let column = innerFrom; column < innerTo; column++) {
      const i = startI + column * dI;
      const j = startJ + column * dJ;
      const k = startK + column * dK;
      const i0 = i | 0;
      const j0 = j | 0;
      const k0 = k | 0;
      const fI = i - i0;
      const fJ = j - j0;
      const fK = k - k0;
      const at = i0 + nI * j0 + nIJ * k0;
      const a = data[at]!;
      const b = data[at + nI]!;
      const near = a + fI * (data[at + 1]! - a);
      let value = near + fJ * (b + fI * (data[at + nI + 1]! - b) - near);
      // Straight planes mostly lie on a slice itself; the next slice is not read then.
      if (fK > 1e-4) {
        const up = at + nIJ;
        const c = data[up]!;
        const d = data[up + nI]!;
        const far = c + fI * (data[up + 1]! - c);
        value += fK * (far + fJ * (d + fI * (data[up + nI + 1]! - d) - far) - value);
      }
      // Storing in the typed array truncates towards zero.
      out[base + column] = value < 0 ? value - 0.5 : value + 0.5;
    }
  }
}

/**
 * The HU values of a pane: a single plane, or the maximum, minimum or mean of the planes of a slab. `out` holds
 * rows × columns values; what the scan does not cover is {@link NO_HU}.
 */
export function reslice(volume: ViewedVolume, lattice: SampleLattice, slab: Slab, out: Int16Array): void {
  const offsets = slabOffsetsMm(slab, lattice.normalIjkPerMm);
  if (offsets.length === 1) {
    samplePlane(volume, lattice, [0, 0, 0], out);
    return;
  }
  const plane = new Int16Array(out.length);
  const sum = new Float32Array(slab.mode === 'mean' ? out.length : 0);
  const count = new Uint16Array(sum.length);
  out.fill(NO_HU);
  for (const offsetMm of offsets) {
    samplePlane(volume, lattice, scale(lattice.normalIjkPerMm, offsetMm), plane);
    for (let pixel = 0; pixel < out.length; pixel++) {
      const value = plane[pixel]!;
      if (value === NO_HU) continue;
      const held = out[pixel]!;
      if (slab.mode === 'mean') {
        sum[pixel]! += value;
        count[pixel]!++;
      } else if (held === NO_HU || (slab.mode === 'maximum' ? value > held : value < held)) {
        out[pixel] = value;
      }
    }
  }
  for (let pixel = 0; pixel < count.length; pixel++) {
    if (count[pixel]! > 0) out[pixel] = sum[pixel]! / count[pixel]!;
  }
}

/** The HU at a point, trilinear; null outside the scan. */
export function huAt(volume: ViewedVolume, pointLpsMm: Vec3): number | null {
  const out = new Int16Array(1);
  samplePlane(
    volume,
    {
      columns: 1,
      rows: 1,
      startIjk: lpsToIjk(volume.grid, pointLpsMm),
      rightIjk: [0, 0, 0],
      downIjk: [0, 0, 0],
      normalIjkPerMm: [0, 0, 1],
    },
    [0, 0, 0],
    out,
  );
  return out[0] === NO_HU ? null : out[0]!;
}
