import type { SlicePlane } from '#shared/dicom/sliceHeader.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { SliceStack } from '#shared/geometry/sliceStack.ts';
import { addScaled, cross, distance, dot, subtract } from '#shared/geometry/vec3.ts';

/** A larger data set, or a larger mask, is refused. */
export const MOST_SEGMENTATION_BYTES = 2 ** 31;
/** Positions that belong to one lattice agree within this, mm. */
const TOLERANCE_MM = 0.05;
/** How far the cosine of two normals may be from one. */
const PARALLEL = 1e-6;

/** A frame: its place, and the segment that it shows (0 in a label map, which shows all). */
export interface SegmentationFrame {
  readonly plane: SlicePlane;
  readonly segment: number;
}

export interface PlacedFrames {
  readonly grid: GridLps;
  /** The slice of each frame. */
  readonly sliceOfFrame: readonly number[];
}

/**
 * The lattice of all frames, and each frame's slice on it; undefined where they lie on none. Frames may be missing, be
 * in any order, and share a place.
 * @param statedSpacingMm the distance of slices that the file states
 */
export function latticeOf(
  frames: readonly SegmentationFrame[],
  statedSpacingMm: number | undefined,
): PlacedFrames | undefined {
  const heights = heightsOf(frames);
  if (!heights) return undefined;
  const sorted = [...heights].sort((a, b) => a - b);
  return placedAt(frames, heights, sliceSpacing(sorted, frames[0]!.plane, statedSpacingMm));
}

/**
 * The frames on the planes of a scan's slices, continued beyond the first and the last; undefined where one lies between
 * them, or the scan's slices lie otherwise.
 */
export function onPlanesOf(frames: readonly SegmentationFrame[], scan: GridLps): PlacedFrames | undefined {
  const heights = heightsOf(frames);
  const { positionLpsMm, alongRow, alongColumn } = frames[0]!.plane;
  const [, , scanNormal] = scan.directions;
  const isParallel = Math.abs(dot(cross(alongRow, alongColumn), scanNormal)) > 1 - PARALLEL;
  const [, , stepMm] = scan.spacingMm;
  const planes = dot(subtract(positionLpsMm, scan.originLpsMm), scanNormal) / stepMm;
  const isOff = Math.abs(planes - Math.round(planes)) * stepMm > TOLERANCE_MM;
  return heights && isParallel && !isOff ? placedAt(frames, heights, stepMm) : undefined;
}

/** Along their normal, from the first frame on; undefined where they are no stack. */
function heightsOf(frames: readonly SegmentationFrame[]): number[] | undefined {
  const first = frames[0]!.plane;
  const normal = cross(first.alongRow, first.alongColumn);
  const heights = frames.map(({ plane }) => {
    const offset = subtract(plane.positionLpsMm, first.positionLpsMm);
    const height = dot(offset, normal);
    const isAlike =
      distance(plane.alongRow, first.alongRow) < 1e-3 &&
      distance(plane.alongColumn, first.alongColumn) < 1e-3 &&
      Math.hypot(...offset) ** 2 - height ** 2 < TOLERANCE_MM ** 2;
    return isAlike ? height : Number.NaN;
  });
  return heights.some(Number.isNaN) ? undefined : heights;
}

function placedAt(
  frames: readonly SegmentationFrame[],
  heights: readonly number[],
  spacing: number,
): PlacedFrames | undefined {
  const first = frames[0]!.plane;
  const normal = cross(first.alongRow, first.alongColumn);
  const lowest = Math.min(...heights);
  const sliceOfFrame = heights.map((height) => Math.round((height - lowest) / spacing));
  const isOff = heights.some(
    (height, index) =>
      Math.abs(height - lowest - sliceOfFrame[index]! * spacing) > TOLERANCE_MM + spacing * 0.01,
  );
  if (isOff) return undefined;
  const slices = Math.max(...sliceOfFrame) + 1;
  if (slices * first.rows * first.columns > MOST_SEGMENTATION_BYTES) return undefined;
  return {
    grid: {
      sizeIjk: [first.columns, first.rows, slices],
      spacingMm: [first.columnSpacingMm, first.rowSpacingMm, spacing],
      originLpsMm: addScaled(first.positionLpsMm, normal, lowest),
      directions: [first.alongRow, first.alongColumn, normal],
    },
    sliceOfFrame,
  };
}

/** Frames that lie on no lattice, each a slice; the grid has their size alone. */
export function stackOf(frames: readonly SegmentationFrame[]): PlacedFrames {
  const { plane } = frames[0]!;
  return {
    grid: {
      sizeIjk: [plane.columns, plane.rows, frames.length],
      spacingMm: [plane.columnSpacingMm, plane.rowSpacingMm, plane.sliceThicknessMm || 1],
      originLpsMm: plane.positionLpsMm,
      directions: [plane.alongRow, plane.alongColumn, cross(plane.alongRow, plane.alongColumn)],
    },
    sliceOfFrame: frames.map((_, index) => index),
  };
}

/** On which of a scan's slices each frame lies; null where one lies on none of them. */
export function placesOnSlices(frames: readonly SegmentationFrame[], slices: SliceStack): number[] | null {
  const [alongRow, alongColumn] = slices.directions;
  const places = frames.map(({ plane }) =>
    plane.rows === slices.rows &&
    plane.columns === slices.columns &&
    distance(plane.alongRow, alongRow) < 1e-3 &&
    distance(plane.alongColumn, alongColumn) < 1e-3
      ? slices.positionsLpsMm.findIndex((position) => distance(position, plane.positionLpsMm) < TOLERANCE_MM)
      : -1,
  );
  return places.includes(-1) ? null : places;
}

/** The smallest step between frames; of a single slice what the file states. */
function sliceSpacing(sorted: readonly number[], plane: SlicePlane, statedMm: number | undefined): number {
  let step = Infinity;
  for (let index = 1; index < sorted.length; index++) {
    const gap = sorted[index]! - sorted[index - 1]!;
    if (gap > TOLERANCE_MM) step = Math.min(step, gap);
  }
  // Where slices are missing everywhere the smallest step is a multiple of what is stated.
  if (statedMm !== undefined && statedMm > TOLERANCE_MM && statedMm < step) return statedMm;
  return Number.isFinite(step) ? step : (plane.sliceThicknessMm ?? 1);
}
