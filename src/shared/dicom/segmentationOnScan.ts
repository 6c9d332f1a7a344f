import { type Failure, failure } from '../failures/failure.ts';
import type { GridLps } from '../geometry/gridLps.ts';
import type { ImageSeries } from './imageSeries.ts';
import type { LabelImage } from './labelImage.ts';
import type { StackCorrection } from './stackCorrection.ts';

/** The images of a series, as far as they are known. */
export interface ScanImages {
  readonly seriesInstanceUid: string;
  /** Empty where nobody knows. */
  readonly sopInstanceUids: ReadonlySet<string>;
}

export function imagesOf({
  seriesInstanceUid,
  slices,
}: Pick<ImageSeries, 'seriesInstanceUid' | 'slices'>): ScanImages {
  const uids = slices.map(({ header }) => header.identity.sopInstanceUid).filter((uid) => uid !== '');
  return { seriesInstanceUid, sopInstanceUids: new Set(uids) };
}

/** What a segmentation is put on: a scan, or a part of it. */
export interface SegmentedScan {
  readonly grid: GridLps;
  readonly correction?: StackCorrection | undefined;
  readonly images: ScanImages;
  /** What a person calls a series of the study; undefined where it is not there. */
  readonly nameOfSeries?: ((seriesInstanceUid: string) => string | undefined) | undefined;
}

/**
 * How the images that a segmentation says it was made on are those of a scan: the same ones, others of the same series
 * (another heart phase, say), those of another series, or nobody knows.
 */
export type MadeOn = 'these images' | 'other images' | 'another series' | 'unknown';

export function madeOn({ madeOn: named }: Pick<LabelImage, 'madeOn'>, scan: ScanImages): MadeOn {
  const isSeriesNamed = named.seriesInstanceUids.includes(scan.seriesInstanceUid);
  if (named.sopInstanceUids.size > 0 && scan.sopInstanceUids.size > 0) {
    for (const uid of named.sopInstanceUids) if (scan.sopInstanceUids.has(uid)) return 'these images';
    return isSeriesNamed ? 'other images' : 'another series';
  }
  if (isSeriesNamed) return 'these images';
  return named.seriesInstanceUids.length > 0 ? 'another series' : 'unknown';
}

/**
 * A segmentation as it is to be put on a scan, and what must be said of it. Writers leave empty slices out, so that a
 * file that does not state the distance of its slices may seem to have slices twice as thick as they are: where it was
 * not made on another series, and its frames lie on the scan's slices, these are its own.
 */
export function segmentationOnScan(
  image: LabelImage,
  name: string,
  { grid, correction, images, nameOfSeries }: SegmentedScan,
): { readonly image: LabelImage; readonly warnings: readonly Failure[] } {
  const source = madeOn(image, images);
  const warnings: Failure[] = [];
  if (source === 'other images') warnings.push(failure('objects.segmentation-of-other-images', { name }));
  if (source === 'unknown') warnings.push(failure('objects.segmentation-source-unknown', { name }));
  if (source === 'another series') {
    const names = image.madeOn.seriesInstanceUids.map((uid) => nameOfSeries?.(uid) ?? uid);
    warnings.push(failure('objects.segmentation-of-another-series', { name, series: names.join(', ') }));
  }
  const isOnOwnSlices =
    correction !== undefined &&
    image.labels.some(({ value }) => image.maskOnSlices(value, correction.slices) !== null);
  if ((image.isStepStated && image.isLattice) || isOnOwnSlices) return { image, warnings };
  const [, , stepMm] = image.grid.spacingMm;
  const [, , scanStepMm] = grid.spacingMm;
  const onPlanes =
    correction === undefined && (source !== 'another series' || !image.isLattice)
      ? image.onPlanesOf(grid)
      : null;
  if (onPlanes) {
    const hasGaps = !image.isLattice || stepMm > scanStepMm * 1.01;
    if (hasGaps) warnings.push(failure('objects.segmentation-gaps-empty', { name, stepMm: scanStepMm }));
    return { image: onPlanes, warnings };
  }
  if (image.isLattice) warnings.push(failure('objects.segmentation-step-assumed', { name, stepMm }));
  return { image, warnings };
}
