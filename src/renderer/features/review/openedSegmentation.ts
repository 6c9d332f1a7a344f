import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { chosenMask, type Label } from '#shared/dicom/labelImage.ts';
import { appendageLabel, maskOnScan } from '#shared/dicom/maskOnGrid.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
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

/**
 * The appendage of a DICOM Segmentation on the voxels that are under review.
 * @param segment its number; left out where it is the only one or the only one called appendage
 * @throws UserError where it cannot be read, is of another scan, or does not say which of several labels it is
 */
export function openedSegmentation(
  file: Uint8Array,
  name: string,
  { labels, report }: Pick<ReviewCase, 'labels' | 'report'>,
  segment?: number,
): Uint8Array<ArrayBuffer> {
  const image = readDicomSegmentation(file, name, { isAnyStack: true });
  const wanted = segment ?? appendageLabel(image);
  // Says which labels there are where none is asked for.
  chosenMask(image, wanted, name);
  const isSameFrame =
    image.frameOfReferenceUid !== '' && image.frameOfReferenceUid === report.source.frameOfReferenceUid;
  const mask =
    isSameFrame && wanted !== undefined
      ? maskOnScan(image, wanted, labels.grid, report.source.correction)
      : undefined;
  if (!mask?.includes(1)) throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  return mask;
}
