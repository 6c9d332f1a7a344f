import type { Vec3 } from '../geometry/vec3.ts';
import { OUTSIDE_HU } from '../volume/volume.ts';
import { placesOnGrid, type RegularGeometry } from './stackCorrection.ts';

/** Planes `from` to `to` − 1. */
export interface PlaneRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Puts slice k, in HU, where it belongs in the volume; slices may come in any order, each once.
 * @returns the planes that are complete now and were not before
 */
export type AddSlice = (k: number, valuesHu: Int16Array) => PlaneRange;

/**
 * How the slices of a series fill the volume on its lattice. Slices that are the lattice's own are copied. Those of a
 * tilted stack are shifted, linearly interpolated where they are shifted by parts of a voxel. Between unevenly spaced
 * slices planes are interpolated linearly. What no slice shows is OUTSIDE_HU, and no value is mixed with it.
 *
 * @param data as many values as the grid has voxels; every one is written by the time that all slices have come
 */
export function placeSlices({ grid, correction }: RegularGeometry, data: Int16Array): AddSlice {
  const [columns, rows] = grid.sizeIjk;
  const area = columns * rows;
  if (correction === undefined) {
    return (k, valuesHu) => {
      data.set(valuesHu, k * area);
      return { from: k, to: k + 1 };
    };
  }
  const places = placesOnGrid(grid, correction);
  const { slices } = correction;
  const isWhole = (at: number): boolean => places[at]![0] === 0 && places[at]![1] === 0;
  const shifted = (k: number, valuesHu: Int16Array): Int16Array =>
    isWhole(k) && slices.columns === columns && slices.rows === rows
      ? valuesHu
      : shiftSlice(valuesHu, [slices.columns, slices.rows], [columns, rows], places[k]!);
  if (!correction.isResampled) {
    return (k, valuesHu) => {
      data.set(shifted(k, valuesHu), k * area);
      return { from: k, to: k + 1 };
    };
  }
  return fillBetween(
    places.map(([, , plane]) => plane),
    area,
    data,
    shifted,
  );
}

/** Fills the planes between two slices as soon as both are there. */
function fillBetween(
  planes: readonly number[],
  area: number,
  data: Int16Array,
  shifted: (k: number, valuesHu: Int16Array) => Int16Array,
): AddSlice {
  const last = planes.length - 1;
  const waiting = new Map<number, Int16Array>();
  const uses = planes.map((_, k) => (k === 0 || k === last ? 1 : 2));
  /** Planes from slice k on, before slice k + 1; the last interval has the last slice's plane too. */
  const between = (k: number): PlaneRange => ({
    from: Math.ceil(planes[k]!),
    to: k + 1 === last ? Math.round(planes[last]!) + 1 : Math.ceil(planes[k + 1]!),
  });
  const fill = (k: number): PlaneRange => {
    const [below, above] = [waiting.get(k), waiting.get(k + 1)];
    const range = between(k);
    if (below === undefined || above === undefined) return { from: range.to, to: range.to };
    for (let plane = range.from; plane < range.to; plane++) {
      const share = (plane - planes[k]!) / (planes[k + 1]! - planes[k]!);
      mix(below, above, share, data.subarray(plane * area, (plane + 1) * area));
    }
    for (const slice of [k, k + 1]) {
      uses[slice]!--;
      if (uses[slice] === 0) waiting.delete(slice);
    }
    return range;
  };
  return (k, valuesHu) => {
    waiting.set(k, shifted(k, valuesHu));
    const ranges = [...(k > 0 ? [fill(k - 1)] : []), ...(k < last ? [fill(k)] : [])].filter(
      ({ from, to }) => to > from,
    );
    // Slice k lies between both ranges: they are one.
    return ranges.length === 0 ? { from: 0, to: 0 } : { from: ranges[0]!.from, to: ranges.at(-1)!.to };
  };
}

/** A value between two: never one mixed with what lies outside of the scan, but the nearer of both then. */
const between = (a: number, b: number, share: number): number => {
  if (a === OUTSIDE_HU || b === OUTSIDE_HU) return share < 0.5 ? a : b;
  return Math.round(a + share * (b - a));
};

function mix(a: Int16Array, b: Int16Array, share: number, out: Int16Array): void {
  if (share <= 0) out.set(a);
  else if (share >= 1) out.set(b);
  else for (let v = 0; v < out.length; v++) out[v] = between(a[v]!, b[v]!, share);
}

/** A slice on longer rows and columns, its first voxel at a (fractional) column and row of these. */
function shiftSlice(
  values: Int16Array,
  [columns, rows]: readonly [number, number],
  [longerRow, longerColumn]: readonly [number, number],
  [toColumn, toRow]: Vec3,
): Int16Array {
  const wide = new Int16Array(longerRow * rows).fill(OUTSIDE_HU);
  const alongRow = neighbours(columns, longerRow, toColumn);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * columns, row * longerRow];
    for (let i = alongRow.first; i <= alongRow.last; i++) {
      const [a, b] = [values[from + alongRow.low(i)]!, values[from + alongRow.high(i)]!];
      wide[to + i] = alongRow.share === 0 ? a : between(a, b, alongRow.share);
    }
  }
  const out = new Int16Array(longerRow * longerColumn).fill(OUTSIDE_HU);
  const downColumn = neighbours(rows, longerColumn, toRow);
  const lineOf = (array: Int16Array, j: number): Int16Array =>
    array.subarray(j * longerRow, (j + 1) * longerRow);
  for (let j = downColumn.first; j <= downColumn.last; j++) {
    const [a, b] = [lineOf(wide, downColumn.low(j)), lineOf(wide, downColumn.high(j))];
    mix(a, b, downColumn.share, lineOf(out, j));
  }
  return out;
}

/**
 * Between which values of a line those of a longer line lie that starts `to` before it, and how near to the second;
 * a voxel reaches half a voxel beyond its centre.
 */
function neighbours(length: number, longer: number, to: number) {
  const offset = Math.floor(-to);
  return {
    share: -to - offset,
    first: Math.max(0, Math.ceil(to - 0.5)),
    last: Math.min(longer - 1, Math.ceil(to + length - 0.5) - 1),
    low: (at: number): number => Math.max(0, at + offset),
    high: (at: number): number => Math.min(length - 1, at + offset + 1),
  };
}
