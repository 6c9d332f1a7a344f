import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { add, dot, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Slab, ViewedVolume } from '../types.ts';
import { NO_HU } from './huWindow.ts';
import { type PlaneFrame, pixelToLps } from './planeFrame.ts';

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

/** The lattice of a pane on a grid, `samplesPerPixel` samples to the CSS pixel in each direction. */
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

/** The columns of a row whose samples lie inside of the voxels (index ± 0.5), from first to one past the last. */
export function columnsInside(
  lattice: SampleLattice,
  rowStart: Vec3,
  sizeIjk: Vec3,
): readonly [number, number] {
  let [first, last] = [0, lattice.columns - 1];
  for (let axis = 0; axis < 3; axis++) {
    const start = rowStart[axis]!;
    const step = lattice.rightIjk[axis]!;
    const [low, high] = [-0.5, sizeIjk[axis]! - 0.5];
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

/** Trilinear samples of one plane, shifted along the normal, into `out`; the scan's outside becomes {@link NO_HU}. */
function samplePlane(volume: ViewedVolume, lattice: SampleLattice, offsetIjk: Vec3, out: Int16Array): void {
  const { data } = volume;
  const [nI, nJ, nK] = volume.grid.sizeIjk;
  const strideK = nI * nJ;
  const [dI, dJ, dK] = lattice.rightIjk;
  const [lastI, lastJ, lastK] = [nI - 1, nJ - 1, nK - 1];
  for (let row = 0; row < lattice.rows; row++) {
    const rowStart = add(add(lattice.startIjk, offsetIjk), scale(lattice.downIjk, row));
    const [from, to] = columnsInside(lattice, rowStart, volume.grid.sizeIjk);
    const base = row * lattice.columns;
    out.fill(NO_HU, base, base + from);
    out.fill(NO_HU, base + to, base + lattice.columns);
    for (let column = from; column < to; column++) {
      let i = rowStart[0] + column * dI;
      let j = rowStart[1] + column * dJ;
      let k = rowStart[2] + column * dK;
      i = i < 0 ? 0 : i > lastI ? lastI : i;
      j = j < 0 ? 0 : j > lastJ ? lastJ : j;
      k = k < 0 ? 0 : k > lastK ? lastK : k;
      const i0 = i | 0;
      const j0 = j | 0;
      const k0 = k | 0;
      const stepI = i0 < lastI ? 1 : 0;
      const stepJ = j0 < lastJ ? nI : 0;
      const fI = i - i0;
      const fJ = j - j0;
      const fK = k - k0;
      const at = i0 + nI * j0 + strideK * k0;
      let value = data[at]! + fI * (data[at + stepI]! - data[at]!);
      const next = data[at + stepJ]! + fI * (data[at + stepJ + stepI]! - data[at + stepJ]!);
      value += fJ * (next - value);
      // On a slice itself, as straight planes mostly are, its neighbour need not be read.
      if (fK > 1e-4) {
        const up = at + (k0 < lastK ? strideK : 0);
        let above = data[up]! + fI * (data[up + stepI]! - data[up]!);
        const aboveNext = data[up + stepJ]! + fI * (data[up + stepJ + stepI]! - data[up + stepJ]!);
        above += fJ * (aboveNext - above);
        value += fK * (above - value);
      }
      // The typed array would cut towards zero.
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

/** The HU at a point, trilinear; null outside of the scan. */
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
