import { parseElements } from '#shared/dicom/dataElements.ts';
import { isDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { ObjectContext } from './objectContext.ts';
import type { WrittenObject } from './segmentation.ts';

/**
 * The UIDs of a segmentation that was written before, so that a report can refer to it.
 * @throws UserError where it is none, or of another study
 */
export function segmentationReference(
  file: Uint8Array,
  name: string,
  { source }: ObjectContext,
): Omit<WrittenObject, 'bytes'> {
  const encoding = findFileEncoding(file);
  if (encoding.kind === 'dicom' && isDicomSegmentation(file)) {
    const { elements } = parseElements(file, encoding.dataSetOffset, { explicitVr: true, bigEndian: false });
    if (elements.text('x0020000d') === source.attributes.StudyInstanceUID) {
      return {
        sopClassUid: elements.text('x00080016'),
        sopInstanceUid: elements.text('x00080018'),
        seriesInstanceUid: elements.text('x0020000e'),
      };
    }
  }
  throw new UserError(failure('objects.segmentation-of-another-study', { name }));
}
