import { type Failure, failure } from '../failures/failure.ts';
import type { Volume } from '../volume/volume.ts';

/** Values are cut to these, HU, so that metal that lies within one slice does not count for more than tissue. */
const CUT_HU = { from: -200, to: 300 } as const;
const SAMPLED = { rows: 8, columns: 4 } as const;
/** Below so many samples noise decides. */
const LEAST_SAMPLES = 2000;
const LEAST_PLANES = 8;
/**
 * How much less a slice must be like its neighbours than these are like each other. In the order of the anatomy a half to
 * 0.8, in noise 1.0, exchanged 1.0 to 1.4 and more (docs/dicom.md, "Exchanged slices").
 */
const EXCHANGED_RATIO = 1.1;
/** Of a stack in which more slices are so, every second one is of another kind. */
const MOST_EXCHANGED = 0.1;

/** A warning where single planes do not fit between their neighbours: pixels of two slices may have been exchanged. */
export function exchangedSlices({ grid, data }: Volume<Int16Array>): Failure[] {
  const [columns, rows, planes] = grid.sizeIjk;
  const samples = Math.floor(rows / SAMPLED.rows) * Math.floor(columns / SAMPLED.columns);
  if (samples < LEAST_SAMPLES || planes < LEAST_PLANES) return [];
  const next = Array.from({ length: planes - 1 }, (_, k) => difference(data, columns, rows, k, k + 1));
  let slices = 0;
  for (let k = 1; k < planes - 1; k++) {
    const toNeighbours = next[k - 1]! + next[k]!;
    const between = difference(data, columns, rows, k - 1, k + 1);
    if (toNeighbours > 2 * EXCHANGED_RATIO * between && between > 0) slices++;
  }
  return slices === 0 || slices > Math.max(2, MOST_EXCHANGED * planes)
    ? []
    : [failure('series.slices-exchanged', { slices })];
}

/** The sum of the differences of two planes at the same samples. */
function difference(data: Int16Array, columns: number, rows: number, a: number, b: number): number {
  const area = columns * rows;
  let sum = 0;
  for (let row = SAMPLED.rows >> 1; row < rows; row += SAMPLED.rows) {
    const from = a * area + row * columns;
    const shift = (b - a) * area;
    for (let at = from + (SAMPLED.columns >> 1); at < from + columns; at += SAMPLED.columns) {
      sum += Math.abs(cut(data[at]!) - cut(data[at + shift]!));
    }
  }
  return sum;
}

const cut = (valueHu: number): number =>
  valueHu < CUT_HU.from ? CUT_HU.from : valueHu > CUT_HU.to ? CUT_HU.to : valueHu;
