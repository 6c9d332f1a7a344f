import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { chosenMask, type Label, type LabelImage } from '#shared/dicom/labelImage.ts';
import { appendageLabel, maskOnScan } from '#shared/dicom/maskOnGrid.ts';
import { segmentationOnScan } from '#shared/dicom/segmentationOnScan.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { ReviewCase } from './reviewCase.ts';

/**
 * The segments of a DICOM Segmentation among which a person has to say which is the appendage; undefined where that is
 * clear, and where the file cannot be read.
 */
export function segmentsToChoose(file: Uint8Array, name: string): readonly Label[] | undefined {
  try {
    const image = readDicomSegmentation(file, name, { isAnyStack: true });
    return image.labels.length > 1 && appendageLabel(image) === undefined ? image.labels : undefined;
  } catch (thrown) {
    // Opening it says why.
    if (thrown instanceof UserError) return undefined;
    throw thrown;
  }
}

/** Of this program or of another. */
export const OPEN_SEGMENTATION = 'Open segmentation';

/** What a person calls a series of the open study; undefined where it is not there. */
export type NameOfSeries = (seriesInstanceUid: string) => string | undefined;

type CaseOfScan = Pick<ReviewCase, 'labels' | 'report' | 'sourceSeries'>;

/**
 * A segmentation as it is to be put on the scan under review, and what must be said of it.
 * @throws UserError where its frame of reference is another
 */
export function segmentationUnderReview(
  image: LabelImage,
  name: string,
  { labels: { grid }, report: { source }, sourceSeries }: CaseOfScan,
  nameOfSeries?: NameOfSeries,
): ReturnType<typeof segmentationOnScan> {
  if (image.frameOfReferenceUid === '' || image.frameOfReferenceUid !== source.frameOfReferenceUid)
    throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  const uids = sourceSeries?.instances.map(({ sopInstanceUid }) => sopInstanceUid) ?? [];
  const images = {
    seriesInstanceUid: source.seriesInstanceUid,
    sopInstanceUids: new Set(uids.filter((uid) => uid !== '')),
  };
  return segmentationOnScan(image, name, { grid, correction: source.correction, images, nameOfSeries });
}

/**
 * The appendage of a DICOM Segmentation on the voxels that are under review, and what must be said of it.
 * @param segment its number; left out where it is the only one or the only one called appendage
 * @throws UserError where it cannot be read, is of another scan, or does not say which of several labels it is
 */
export function openedSegmentation(
  file: Uint8Array,
  name: string,
  reviewCase: CaseOfScan,
  segment?: number,
  nameOfSeries?: NameOfSeries,
): { readonly mask: Uint8Array<ArrayBuffer>; readonly warnings: readonly Failure[] } {
  const read = readDicomSegmentation(file, name, { isAnyStack: true });
  const wanted = segment ?? appendageLabel(read);
  // Says which labels there are where none is asked for.
  chosenMask(read, wanted, name);
  const { image, warnings } = segmentationUnderReview(read, name, reviewCase, nameOfSeries);
  const { labels, report } = reviewCase;
  const mask =
    wanted === undefined ? undefined : maskOnScan(image, wanted, labels.grid, report.source.correction);
  if (!mask?.includes(1)) throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  return { mask, warnings };
}
