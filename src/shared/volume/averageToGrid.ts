import { type GridLps, ijkToLps, lpsToIjk } from '../geometry/gridLps.ts';
import { dot, perAxis, type Vec3 } from '../geometry/vec3.ts';
import { type AxisWeights, areaWeights, linearMeanWeights } from './axisWeights.ts';
import { resampleTrilinear } from './resample.ts';
import { OUTSIDE_HU, type Volume, type VoxelArray } from './volume.ts';

/** What averages assume outside of the scan and in padding: air. */
export const AIR_HU = -1024;

/** Axes closer than this (1 − cosine) are the same: a tilt that moves nothing by a tenth of a voxel. */
const SAME_AXIS = 1e-7;

/**
 * The scan squeezed to `sizeIjk` voxels on its own axes: each value is the mean of the box of voxels that it covers,
 * with exact weights where boxes cut voxels. The grid fills the same box in space.
 */
export function squeeze(volume: Volume, sizeIjk: Vec3): Volume<Float32Array> {
  const weights = squeezeWeights(volume.grid.sizeIjk, sizeIjk);
  return {
    grid: squeezedGrid(volume.grid, sizeIjk),
    data: applyWeights(volume.data, volume.grid.sizeIjk, weights),
  };
}

/** The grid of {@link squeeze}: the same box in space in fewer voxels. */
export function squeezedGrid(grid: GridLps, sizeIjk: Vec3): GridLps {
  const ratios = ratiosOf(grid.sizeIjk, sizeIjk);
  return {
    sizeIjk,
    // The first new voxel covers old indices −0.5 … ratio − 0.5, so its centre is at (ratio − 1)/2.
    originLpsMm: ijkToLps(
      grid,
      perAxis((axis) => (ratios[axis] - 1) / 2),
    ),
    spacingMm: [grid.spacingMm[0] * ratios[0], grid.spacingMm[1] * ratios[1], grid.spacingMm[2] * ratios[2]],
    directions: grid.directions,
  };
}

/** Planes `from` to `to` − 1. */
export interface PlaneSpan {
  readonly from: number;
  readonly to: number;
}

/** The planes of a scan that some planes of its squeezed copy are made of. */
export function planesBehind(sizeIjk: Vec3, toIjk: Vec3, { from, to }: PlaneSpan): PlaneSpan {
  const [, , { first, count }] = squeezeWeights(sizeIjk, toIjk);
  return { from: first[from]!, to: first[to - 1]! + count[to - 1]! };
}

/**
 * Some planes of what {@link squeeze} makes of a scan, the same numbers bit for bit.
 *
 * @param planes the scan's planes that {@link planesBehind} names
 */
export function squeezePlanes(
  planes: Int16Array,
  sizeIjk: Vec3,
  toIjk: Vec3,
  wanted: PlaneSpan,
): Float32Array {
  const [alongI, alongJ, alongK] = squeezeWeights(sizeIjk, toIjk);
  const behind = planesBehind(sizeIjk, toIjk, wanted);
  const part = {
    first: alongK.first.subarray(wanted.from, wanted.to).map((plane) => plane - behind.from),
    count: alongK.count.subarray(wanted.from, wanted.to),
    offset: alongK.offset.subarray(wanted.from, wanted.to),
    weights: alongK.weights,
  };
  const partIjk: Vec3 = [sizeIjk[0], sizeIjk[1], behind.to - behind.from];
  return applyWeights(planes, partIjk, [alongI, alongJ, part]);
}

/** The weights of {@link squeeze} along i, j and k. */
function squeezeWeights(fromIjk: Vec3, toIjk: Vec3): [AxisWeights, AxisWeights, AxisWeights] {
  const ratios = ratiosOf(fromIjk, toIjk);
  return [0, 1, 2].map((axis) =>
    areaWeights(fromIjk[axis]!, {
      outputs: toIjk[axis]!,
      startIndex: (ratios[axis]! - 1) / 2,
      stepIndex: ratios[axis]!,
      widthIndex: ratios[axis]!,
    }),
  ) as [AxisWeights, AxisWeights, AxisWeights];
}

const ratiosOf = (fromIjk: Vec3, toIjk: Vec3): Vec3 => perAxis((axis) => fromIjk[axis] / toIjk[axis]);

/**
 * The volume's mean over each voxel of a grid of any axes and spacing, free of aliasing: for the networks' input
 * blocks, whatever the scan's orientation. Voxels that lie by more than half outside of the scan are AIR_HU, as is
 * padding. Where the axes of both are parallel (flipped and swapped ones included) the means are exact; otherwise the
 * scan is first averaged on its own axes to the target's spacing, then interpolated.
 */
export function averageToGrid(volume: Volume, target: GridLps): Float32Array {
  const axes = parallelAxes(volume.grid, target);
  return axes === undefined ? averageOblique(volume, target) : averageParallel(volume, target, axes);
}

/** For each axis of the source the parallel axis of the target, or undefined where they are oblique. */
function parallelAxes(source: GridLps, target: GridLps): [number, number, number] | undefined {
  const axes = source.directions.map((direction) =>
    target.directions.findIndex((other) => Math.abs(dot(direction, other)) > 1 - SAME_AXIS),
  );
  return axes.includes(-1) || new Set(axes).size < 3 ? undefined : (axes as [number, number, number]);
}

function averageParallel(volume: Volume, target: GridLps, axes: [number, number, number]): Float32Array {
  const source = volume.grid;
  const start = lpsToIjk(source, target.originLpsMm);
  const weights = axes.map((targetAxis, axis) => {
    const width = target.spacingMm[targetAxis]! / source.spacingMm[axis]!;
    const sign = Math.sign(dot(source.directions[axis]!, target.directions[targetAxis]!));
    return linearMeanWeights(source.sizeIjk[axis]!, {
      outputs: target.sizeIjk[targetAxis]!,
      startIndex: start[axis]!,
      stepIndex: sign * width,
      widthIndex: width,
    });
  }) as [AxisWeights, AxisWeights, AxisWeights];
  const inSourceOrder = applyWeights(volume.data, volume.grid.sizeIjk, weights);
  if (axes[0] === 0 && axes[1] === 1) return inSourceOrder;
  return permute(inSourceOrder, target.sizeIjk, axes);
}

/**
 * Moves data stored along the source's axes to the target's order; `axes[a]` is the target axis that source axis a
 * becomes.
 */
function permute(data: Float32Array, targetSize: Vec3, axes: [number, number, number]): Float32Array {
  const targetStride = [1, targetSize[0], targetSize[0] * targetSize[1]];
  const [nA, nB, nC] = axes.map((axis) => targetSize[axis]!) as [number, number, number];
  const [strideA, strideB, strideC] = axes.map((axis) => targetStride[axis]!) as [number, number, number];
  const out = new Float32Array(data.length);
  let read = 0;
  for (let c = 0; c < nC; c++) {
    for (let b = 0; b < nB; b++) {
      let write = c * strideC + b * strideB;
      for (let a = 0; a < nA; a++, write += strideA) out[write] = data[read++]!;
    }
  }
  return out;
}

/** Averaging by less than this is not worth a copy of the volume. */
const LEAST_RATIO = 1.25;

function averageOblique(volume: Volume, target: GridLps): Float32Array {
  const source = volume.grid;
  const targetMm = Math.min(...target.spacingMm);
  const ratios = perAxis((axis) => Math.max(1, targetMm / source.spacingMm[axis]));
  const size = perAxis((axis) => Math.max(1, Math.round(source.sizeIjk[axis] / ratios[axis]!)));
  const averaged = Math.max(...ratios) > LEAST_RATIO ? squeeze(volume, size) : volume;
  const out = resampleTrilinear(averaged, target, AIR_HU);
  // Where the volume was not squeezed, its padding was interpolated like any value.
  for (let v = 0; v < out.length; v++) out[v] = Math.max(out[v]!, AIR_HU);
  return out;
}

/**
 * Averages along the three axes in turn, slice by slice, so that only two small buffers are needed beside the output.
 * Output is stored in the source's axis order.
 */
function applyWeights(
  data: VoxelArray,
  [sizeI, sizeJ, sizeK]: Vec3,
  [alongI, alongJ, alongK]: [AxisWeights, AxisWeights, AxisWeights],
): Float32Array {
  const [outI, outJ, outK] = [alongI.first.length, alongJ.first.length, alongK.first.length];
  const out = new Float32Array(outI * outJ * outK);
  const rowsOfI = new Float32Array(outI * sizeJ);
  const slice = new Float32Array(outI * outJ);
  const neededRows = covered(alongJ, sizeJ);
  for (let k = 0; k < sizeK; k++) {
    const users = usersOf(alongK, k);
    if (users.length === 0) continue;
    averageRows(data.subarray(sizeI * sizeJ * k, sizeI * sizeJ * (k + 1)), alongI, neededRows, rowsOfI);
    averageColumns(rowsOfI, outI, alongJ, slice);
    for (const { output, weight } of users) {
      const offset = output * outI * outJ;
      addWeighted(slice, weight, out.subarray(offset, offset + slice.length));
    }
  }
  markOutside(out, alongI, alongJ, alongK);
  return out;
}

/** A function of its own, as the row's below: one that is called often is compiled sooner than a long loop. */
function addWeighted(values: Float32Array, weight: number, sums: Float32Array): void {
  for (let v = 0; v < values.length; v++) sums[v]! += weight * values[v]!;
}

function averageRows(slice: VoxelArray, along: AxisWeights, rows: Uint8Array, result: Float32Array): void {
  const outputs = along.first.length;
  const sizeI = slice.length / rows.length;
  const row = new Float64Array(sizeI);
  for (let j = 0; j < rows.length; j++) {
    if (!rows[j]) continue;
    for (let i = 0, at = sizeI * j; i < sizeI; i++, at++) {
      const value = slice[at]!;
      row[i] = value <= OUTSIDE_HU ? AIR_HU : value;
    }
    averageRow(row, along, result, outputs * j);
  }
}

function averageRow(
  row: Float64Array,
  { first, count, offset, weights }: AxisWeights,
  result: Float32Array,
  write: number,
): void {
  for (let o = 0; o < first.length; o++) {
    let from = first[o]!;
    let w = offset[o]!;
    const end = w + count[o]!;
    let sum = 0;
    while (w < end) sum += weights[w++]! * row[from++]!;
    result[write + o] = sum;
  }
}

function averageColumns(rows: Float32Array, outI: number, along: AxisWeights, result: Float32Array): void {
  const { first, count, offset, weights } = along;
  result.fill(0);
  for (let o = 0; o < first.length; o++) {
    const write = outI * o;
    for (let t = 0; t < count[o]!; t++) {
      const read = outI * (first[o]! + t);
      addWeighted(
        rows.subarray(read, read + outI),
        weights[offset[o]! + t]!,
        result.subarray(write, write + outI),
      );
    }
  }
}

function covered({ first, count }: AxisWeights, size: number): Uint8Array {
  const needed = new Uint8Array(size);
  for (let o = 0; o < first.length; o++) needed.fill(1, first[o]!, first[o]! + count[o]!);
  return needed;
}

/** The outputs that an input contributes to, and how much. */
function usersOf(
  { first, count, offset, weights }: AxisWeights,
  index: number,
): { output: number; weight: number }[] {
  const users: { output: number; weight: number }[] = [];
  for (let o = 0; o < first.length; o++) {
    const at = index - first[o]!;
    if (at >= 0 && at < count[o]!) users.push({ output: o, weight: weights[offset[o]! + at]! });
  }
  return users;
}

function markOutside(out: Float32Array, alongI: AxisWeights, alongJ: AxisWeights, alongK: AxisWeights): void {
  // Mostly the whole grid lies within the scan.
  if ([alongI, alongJ, alongK].every(({ count }) => !count.includes(0))) return;
  let v = 0;
  for (const k of alongK.count) {
    for (const j of alongJ.count) {
      for (const i of alongI.count) {
        if (i === 0 || j === 0 || k === 0) out[v] = AIR_HU;
        v++;
      }
    }
  }
}
