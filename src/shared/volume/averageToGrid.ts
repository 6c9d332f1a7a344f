import { type GridLps, ijkToLps, lpsToIjk } from '../geometry/gridLps.ts';
import { dot, perAxis, type Vec3 } from '../geometry/vec3.ts';
import { averageByKernel } from './averageKernel.ts';
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
  const averages = sliceAverages(data, [sizeI, sizeJ], alongI, alongJ);
  for (let k = 0; k < sizeK; k++) {
    const users = usersOf(alongK, k);
    if (users.length === 0) continue;
    averages.read(sizeI * sizeJ * k);
    for (const { output, weight } of users) {
      const offset = output * outI * outJ;
      addWeighted(averages.means, weight, out, offset);
    }
  }
  markOutside(out, alongI, alongJ, alongK);
  return out;
}

/** The means along i and j of a slice at a time, by the kernel where it can. */
function sliceAverages(
  data: VoxelArray,
  [sizeI, sizeJ]: readonly [number, number],
  alongI: AxisWeights,
  alongJ: AxisWeights,
): { readonly means: Float32Array; read(offset: number): void } {
  const rows = spanOf(alongJ);
  const columns = spanOf(alongI);
  if (data instanceof Int16Array) {
    const task = { sizeI, sizeJ, alongI, alongJ, rows, columns, limit: OUTSIDE_HU, instead: AIR_HU };
    const kernel = averageByKernel(task);
    if (kernel) return { means: kernel.means, read: (offset) => kernel.read(data, offset) };
  }
  const [outI, outJ] = [alongI.first.length, alongJ.first.length];
  const rowsOfI = new Float32Array(outI * sizeJ);
  const means = new Float32Array(outI * outJ);
  const scratch = { values: new Float32Array(sizeI * sizeJ), sums: new Float64Array(sizeJ) };
  return {
    means,
    read(offset) {
      readSlice(data, offset, sizeI, rows, columns, scratch.values);
      averageRows(scratch, sizeI, alongI, rows, rowsOfI);
      averageColumns(rowsOfI, outI, alongJ, means);
    },
  };
}

/** A function of its own, as the row's below: one that is called often is compiled sooner than a long loop. */
function addWeighted(values: Float32Array, weight: number, sums: Float32Array, offset: number): void {
  for (let v = 0; v < values.length; v++) sums[offset + v]! += weight * values[v]!;
}

/** From the first input that any output uses to the last one. */
function spanOf({ first, count }: AxisWeights): PlaneSpan {
  let [from, to] = [Infinity, 0];
  for (let o = 0; o < first.length; o++) {
    if (count[o] === 0) continue;
    from = Math.min(from, first[o]!);
    to = Math.max(to, first[o]! + count[o]!);
  }
  return { from: Math.min(from, to), to };
}

/** The values of a slice, air where it is padding: of 16 bits or float32, so that float32 holds them. */
function readSlice(
  data: VoxelArray,
  offset: number,
  sizeI: number,
  rows: PlaneSpan,
  columns: PlaneSpan,
  values: Float32Array,
): void {
  for (let j = rows.from; j < rows.to; j++) {
    const end = sizeI * j + columns.to;
    for (let at = sizeI * j + columns.from; at < end; at++) {
      const value = data[offset + at]!;
      values[at] = value <= OUTSIDE_HU ? AIR_HU : value;
    }
  }
}

/** An output's sum is taken for all rows at once, some of its inputs at a time, in their order. */
function averageRows(
  { values, sums }: { readonly values: Float32Array; readonly sums: Float64Array },
  sizeI: number,
  { first, count, offset, weights }: AxisWeights,
  rows: PlaneSpan,
  result: Float32Array,
): void {
  const outputs = first.length;
  for (let o = 0; o < outputs; o++) {
    sums.fill(0, rows.from, rows.to);
    let input = first[o]!;
    let weight = offset[o]!;
    for (let left = count[o]!; left > 0; ) {
      const taken = left > 4 ? Math.min(left, 6) : left;
      if (taken > 4) addSix(values, sizeI, input, weights, weight, taken, rows, sums);
      else addFour(values, sizeI, input, weights, weight, taken, rows, sums);
      input += taken;
      weight += taken;
      left -= taken;
    }
    for (let j = rows.from; j < rows.to; j++) result[o + outputs * j] = sums[j]!;
  }
}

/** Adds up to four weighted inputs of each row. What is missing is the last one with a weight of 0, which changes no sum. */
function addFour(
  values: Float32Array,
  sizeI: number,
  input: number,
  weights: Float32Array,
  weight: number,
  taken: number,
  { from, to }: PlaneSpan,
  sums: Float64Array,
): void {
  const last = taken - 1;
  const b = Math.min(1, last);
  const c = Math.min(2, last);
  const d = Math.min(3, last);
  const weightA = weights[weight]!;
  const weightB = taken > 1 ? weights[weight + 1]! : 0;
  const weightC = taken > 2 ? weights[weight + 2]! : 0;
  const weightD = taken > 3 ? weights[weight + 3]! : 0;
  for (let j = from, at = sizeI * from + input; j < to; j++, at += sizeI) {
    sums[j] =
      sums[j]! +
      weightA * values[at]! +
      weightB * values[at + b]! +
      weightC * values[at + c]! +
      weightD * values[at + d]!;
  }
}

/** The same for five or six inputs. */
function addSix(
  values: Float32Array,
  sizeI: number,
  input: number,
  weights: Float32Array,
  weight: number,
  taken: number,
  { from, to }: PlaneSpan,
  sums: Float64Array,
): void {
  const weightA = weights[weight]!;
  const weightB = weights[weight + 1]!;
  const weightC = weights[weight + 2]!;
  const weightD = weights[weight + 3]!;
  const weightE = weights[weight + 4]!;
  const weightF = taken > 5 ? weights[weight + 5]! : 0;
  const f = taken - 1;
  for (let j = from, at = sizeI * from + input; j < to; j++, at += sizeI) {
    sums[j] =
      sums[j]! +
      weightA * values[at]! +
      weightB * values[at + 1]! +
      weightC * values[at + 2]! +
      weightD * values[at + 3]! +
      weightE * values[at + 4]! +
      weightF * values[at + f]!;
  }
}

function averageColumns(rows: Float32Array, outI: number, along: AxisWeights, result: Float32Array): void {
  const { first, count, offset, weights } = along;
  result.fill(0);
  for (let o = 0; o < first.length; o++) {
    for (let t = 0; t < count[o]!; t += 3)
      addThree(rows, outI, first[o]! + t, weights, offset[o]! + t, count[o]! - t, result, outI * o);
  }
}

/** Adds up to three weighted rows, rounded to float32 after each; missing ones are the first with a weight of 0. */
function addThree(
  rows: Float32Array,
  outI: number,
  row: number,
  weights: Float32Array,
  weight: number,
  left: number,
  result: Float32Array,
  write: number,
): void {
  const weightA = weights[weight]!;
  const weightB = left > 1 ? weights[weight + 1]! : 0;
  const weightC = left > 2 ? weights[weight + 2]! : 0;
  const a = outI * row;
  const b = left > 1 ? a + outI : a;
  const c = left > 2 ? b + outI : a;
  for (let i = 0; i < outI; i++) {
    const one = Math.fround(result[write + i]! + weightA * rows[a + i]!);
    const two = Math.fround(one + weightB * rows[b + i]!);
    result[write + i] = two + weightC * rows[c + i]!;
  }
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
