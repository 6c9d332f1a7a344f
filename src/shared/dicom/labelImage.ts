import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { SliceStack } from '#shared/geometry/sliceStack.ts';

export interface Label {
  readonly value: number;
  /** What the file calls it; '' where it says nothing. */
  readonly name: string;
}

/** A segmentation as voxels of one label or several, which may overlap. */
export interface LabelImage {
  readonly grid: GridLps;
  /** In the order of their values. */
  readonly labels: readonly Label[];
  /** Whether its slices are the grid's; false only where a reader was asked for slices of any kind. */
  readonly isLattice: boolean;
  /** 1 where the label is, i fastest; of slices that are no lattice one after the other. */
  mask(value: number): Uint8Array<ArrayBuffer>;
  /** The same on the slices of a scan, where all of the image's slices are among them; else null. */
  maskOnSlices(value: number, slices: SliceStack): Uint8Array<ArrayBuffer> | null;
  /**
   * The same with its slices as near as those of a scan, every one without a frame empty; null where a frame lies on
   * none of the planes that the scan's slices continue.
   */
  onPlanesOf(grid: GridLps): LabelImage | null;
  /** Whether the grid's distance of slices is stated: else it is the smallest between those that hold something. */
  readonly isStepStated: boolean;
  /** '' where the file names none. */
  readonly frameOfReferenceUid: string;
  readonly madeOn: SegmentedImages;
}

/** The images that a segmentation says it was made on. */
export interface SegmentedImages {
  readonly seriesInstanceUids: readonly string[];
  readonly sopInstanceUids: ReadonlySet<string>;
}

export const NO_IMAGES: SegmentedImages = { seriesInstanceUids: [], sopInstanceUids: new Set() };

/** More different values than this are no labels, but a picture. */
const MOST_LABELS = 4096;

/**
 * A map of one value for each voxel.
 * @throws UserError where the values are no labels
 */
export function labelImage(
  grid: GridLps,
  values: ArrayLike<number>,
  name: string,
  frameOfReferenceUid = '',
): LabelImage {
  const found = new Set<number>();
  for (let voxel = 0; voxel < values.length; voxel++) {
    const value = values[voxel]!;
    if (value === 0 || found.has(value)) continue;
    if (!Number.isInteger(value) || found.size === MOST_LABELS) {
      throw new UserError(failure('preparation.not-labels', { name }));
    }
    found.add(value);
  }
  return {
    grid,
    labels: [...found].sort((a, b) => a - b).map((value) => ({ value, name: '' })),
    frameOfReferenceUid,
    isLattice: true,
    maskOnSlices: () => null,
    onPlanesOf: () => null,
    isStepStated: true,
    madeOn: NO_IMAGES,
    mask(wanted) {
      const mask = new Uint8Array(values.length);
      for (let voxel = 0; voxel < mask.length; voxel++) if (values[voxel] === wanted) mask[voxel] = 1;
      return mask;
    },
  };
}

/**
 * The voxels of a label: the one that is asked for, or the only one that there is.
 * @throws UserError where it is empty, or which one is meant is not clear
 */
export function chosenMask(
  image: LabelImage,
  wanted: number | undefined,
  name: string,
): Uint8Array<ArrayBuffer> {
  const list = image.labels
    .map(({ value, name: text }) => (text === '' ? `${value}` : `${value} (${text})`))
    .join(', ');
  const [only, ...others] = image.labels;
  if (wanted === undefined && others.length > 0) {
    throw new UserError(failure('preparation.which-label', { name, labels: list }));
  }
  const value = wanted ?? only?.value;
  const mask = value === undefined ? undefined : image.mask(value);
  if (value === undefined || !mask?.includes(1)) {
    throw new UserError(failure('preparation.label-empty', { name, label: value ?? 1, labels: list }));
  }
  return mask;
}
