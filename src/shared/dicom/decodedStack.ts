import type { Failure } from '../failures/failure.ts';
import type { ImageSeries } from './imageSeries.ts';

/** Slices that were decoded while their headers were read. */
export interface DecodedStack<Data extends Int16Array = Int16Array> {
  readonly data: Data;
  readonly voxelsPerPlane: number;
  /** By `SliceFile.sourceId`. */
  readonly planes: ReadonlyMap<string, DecodedPlane>;
}

export interface DecodedPlane {
  readonly plane: number;
  /** What a user should know of the slice's values. */
  readonly remarks: readonly Failure[];
}

/** Where the slices of a series lie in a decoded stack. */
export interface SeriesInStack {
  /** The planes of the slices, in their order. */
  readonly planes: readonly number[];
  /** What a user should know of their values. */
  readonly remarks: readonly Failure[];
  /** The part of the stack that is the series' volume as it stands; undefined where it has to be copied. */
  readonly inOrder: { readonly from: number; readonly to: number } | undefined;
}

/** Of a volume within larger memory no more than this share of it may be of use to nobody. */
const MOST_UNUSED = 0.1;

/** Where a series lies in the stack; undefined unless all of its slices were decoded, and need not be moved within their planes. */
export function seriesInStack(
  { slices, geometry }: ImageSeries,
  { data, voxelsPerPlane, planes: decoded }: DecodedStack,
): SeriesInStack | undefined {
  if (geometry.kind !== 'regular' || geometry.correction !== undefined) return undefined;
  const own = slices.flatMap(({ sourceId }) => decoded.get(sourceId) ?? []);
  const first = own[0]?.plane;
  if (first === undefined || own.length < slices.length) return undefined;
  const planes = own.map(({ plane }) => plane);
  const [from, to] = [first * voxelsPerPlane, (first + planes.length) * voxelsPerPlane];
  const isInOrder = planes.every((plane, k) => plane === first + k);
  return {
    planes,
    remarks: own.flatMap(({ remarks }) => remarks),
    inOrder: isInOrder && to - from >= (1 - MOST_UNUSED) * data.length ? { from, to } : undefined,
  };
}
