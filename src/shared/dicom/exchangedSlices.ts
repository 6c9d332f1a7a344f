import { type Failure, failure } from '../failures/failure.ts';
import type { Volume } from '../volume/volume.ts';

/** Values are cut to these, HU, so that metal that lies within one slice does not count for more than tissue. */
const CUT_HU = { from: -200, to: 300 } as const;
/** In each plane: every fourth column of every eighth row, or of fewer rows where that gives more than these. */
const SAMPLES = { columnStep: 4, leastRowStep: 8, most: 4096 } as const;
/** Below so many noise decides. */
const LEAST_SAMPLES = 2000;
const LEAST_PLANES = 8;
/**
 * How much less a slice must be like its neighbours than these are like each other. In the order of the anatomy a half to
 * 0.8, in noise 1.0, exchanged 1.0 to 1.4 and more (docs/dicom.md, "Exchanged slices").
 */
const EXCHANGED_RATIO = 1.1;
/** Of a stack in which more slices are so, every second one is of another kind. */
const MOST_EXCHANGED = 0.1;

/** In fewer planes noise could decide how every second one compares. */
const LEAST_ALTERNATING = 16;
/**
 * The same for the middle of all slices, where every second one is of another heart phase: 1.0 in noise alone, at most
 * 0.97 in order (docs/dicom.md, "Phases in turn").
 */
const ALTERNATING_RATIO = 1.03;
/** The same for what differences have beyond noise: a heart that moves in a chest that does not. In order at most 0.8. */
const EDGES = { fromHu: 100, leastHu: 1000, ratio: 1.1 } as const;

/**
 * A warning where single planes do not fit between their neighbours: pixels of two slices may have been exchanged; and
 * one where planes are more like the next but one than like their neighbours: two volumes may lie in turn.
 */
export function exchangedSlices({ grid, data }: Volume<Int16Array>): Failure[] {
  const [columns, rows, planes] = grid.sizeIjk;
  if (planes < LEAST_PLANES) return [];
  let [before, own] = [samplesOf(data, columns, rows, 0), samplesOf(data, columns, rows, 1)];
  if (own.length < LEAST_SAMPLES) return [];
  let toBefore = difference(before, own);
  let slices = 0;
  const ratios: number[] = [];
  const edgeRatios: number[] = [];
  for (let k = 2; k < planes; k++) {
    const next = samplesOf(data, columns, rows, k);
    const toNext = difference(own, next);
    const between = difference(before, next);
    const unlike = toBefore.all + toNext.all;
    if (unlike > 2 * EXCHANGED_RATIO * between.all && between.all > 0) slices++;
    // Planes of one value throughout say nothing.
    if (unlike > 0) ratios.push(unlike / (2 * between.all));
    const unlikeAtEdges = toBefore.edges + toNext.edges;
    if (Math.max(unlikeAtEdges, between.edges) >= EDGES.leastHu)
      edgeRatios.push(unlikeAtEdges / (2 * between.edges));
    [before, own, toBefore] = [own, next, toNext];
  }
  if (isAbove(ALTERNATING_RATIO, ratios) || isAbove(EDGES.ratio, edgeRatios))
    return [failure('series.slices-alternate')];
  return slices === 0 || slices > Math.max(2, MOST_EXCHANGED * planes)
    ? []
    : [failure('series.slices-exchanged', { slices })];
}

/** Whether the middle one of many ratios is. */
function isAbove(limit: number, ratios: readonly number[]): boolean {
  const sorted = [...ratios].sort((a, b) => a - b);
  return ratios.length >= LEAST_ALTERNATING && sorted[sorted.length >> 1]! > limit;
}

/** Values of a plane, cut, always at the same places. */
function samplesOf(data: Int16Array, columns: number, rows: number, k: number): Int16Array {
  const { columnStep, leastRowStep, most } = SAMPLES;
  const inRow = Math.floor(columns / columnStep);
  const rowStep = Math.max(leastRowStep, Math.ceil((inRow * rows) / most));
  const samples = new Int16Array(inRow * Math.floor(rows / rowStep));
  for (let sample = 0, row = rowStep >> 1; sample < samples.length; row += rowStep) {
    let at = (k * rows + row) * columns + (columnStep >> 1);
    for (let column = 0; column < inRow; column++, at += columnStep) samples[sample++] = cut(data[at]!);
  }
  return samples;
}

interface Difference {
  readonly all: number;
  /** What single differences have beyond noise. */
  readonly edges: number;
}

function difference(a: Int16Array, b: Int16Array): Difference {
  let all = 0;
  let edges = 0;
  for (let at = 0; at < a.length; at++) {
    const hu = Math.abs(a[at]! - b[at]!);
    all += hu;
    if (hu > EDGES.fromHu) edges += hu - EDGES.fromHu;
  }
  return { all, edges };
}

const cut = (valueHu: number): number =>
  valueHu < CUT_HU.from ? CUT_HU.from : valueHu > CUT_HU.to ? CUT_HU.to : valueHu;
