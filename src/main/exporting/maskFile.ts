import { createHash } from 'node:crypto';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { encodeNiftiLabels } from '../interchange/nifti.ts';
import { encodeNrrdLabels } from '../interchange/nrrd.ts';
import { type DescribedMask, MASK_EXTENT_WORDS, type MaskExtent } from '../report/describedFile.ts';
import { maskSlices } from './labelSlices.ts';
import type { ExportRequest } from './meshProducts.ts';

export type MaskFormat = ExportRequest['options']['maskFormats'][number];

const LABEL = 'left atrial appendage, closed lumen';

export const maskExtent = ({ scanGrid, report }: Pick<ExportRequest, 'scanGrid' | 'report'>): MaskExtent =>
  scanGrid || report.source.correction ? 'whole scan' : 'part of the scan';

/**
 * The label map as a file, on the whole scan's grid where that is known, and what a reader must know of it.
 * @throws UserError for an empty map and for one that does not lie on the scan's voxels; CancelledError.
 */
export async function maskFile(
  format: MaskFormat,
  request: Pick<ExportRequest, 'labels' | 'scanGrid' | 'appendage' | 'report'>,
  { signal, onProgress }: JobOptions,
): Promise<{ bytes: Uint8Array; description: DescribedMask }> {
  if (!request.labels.data.includes(1)) throw new UserError(failure('export.labels-empty'));
  const extent = maskExtent(request);
  const sliced = maskSlices(request, (fraction) => onProgress?.({ stage: 'Making the label map', fraction }));
  const encode = (): Promise<Uint8Array> => {
    switch (format) {
      case 'nrrd':
        return encodeNrrdLabels(sliced, { label_1: LABEL, extent: MASK_EXTENT_WORDS[extent] }, signal);
      case 'nii.gz':
        return encodeNiftiLabels(sliced, `Auricle: 1 = ${LABEL}; ${extent}`, signal);
    }
  };
  const bytes = await encode();
  const description: DescribedMask = {
    kind: 'mask',
    name: `laa-mask.${format}`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    product: 'label map',
    description: `1 where the closed lumen of the appendage is, else 0; ${MASK_EXTENT_WORDS[extent]}.`,
    extent,
    frame: format === 'nrrd' ? 'LPS' : 'RAS',
    unit: 'mm',
    gridLps: sliced.grid,
    ...(sliced.stack ? { slicesLps: sliced.stack } : {}),
  };
  return { bytes, description };
}
