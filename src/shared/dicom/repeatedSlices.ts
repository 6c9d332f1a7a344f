import { type Failure, failure } from '../failures/failure.ts';
import type { Volume } from '../volume/volume.ts';

/** A prime, so that samples fall on all columns. */
const SAMPLE_STEP = 997;

/**
 * A warning where planes hold exactly what the plane before them holds. Noise makes any two slices differ: one was
 * copied into the place of a lost one, or planes were doubled. Planes of one value are left out, as of these it is said
 * that they are blank.
 */
export function repeatedSlices({ grid, data }: Volume<Int16Array>): Failure[] {
  const [columns, rows, planes] = grid.sizeIjk;
  const perPlane = columns * rows;
  let slices = 0;
  for (let k = 1; k < planes; k++) {
    const from = k * perPlane;
    if (areEqual(data, from - perPlane, from, perPlane, SAMPLE_STEP))
      slices += isRepeated(data, from, perPlane) ? 1 : 0;
  }
  return slices === 0 ? [] : [failure('series.slices-repeated', { slices })];
}

const isRepeated = (data: Int16Array, from: number, count: number): boolean =>
  areEqual(data, from - count, from, count, 1) && !areEqual(data, from, from + 1, count - 1, 1);

function areEqual(data: Int16Array, a: number, b: number, count: number, step: number): boolean {
  for (let at = 0; at < count; at += step) if (data[a + at] !== data[b + at]) return false;
  return true;
}
