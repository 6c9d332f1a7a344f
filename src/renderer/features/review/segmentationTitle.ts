import { parseElements } from '#shared/dicom/dataElements.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { transferSyntaxOf } from '#shared/dicom/transferSyntax.ts';

/** Who made a segmentation and what it is called; '' where the file does not say. */
export interface SegmentationTitle {
  readonly maker: string;
  readonly description: string;
}

/** Reads the title of a DICOM file; both '' where it is none, or deflated. */
export function segmentationTitle(file: Uint8Array): SegmentationTitle {
  const encoding = findFileEncoding(file);
  const syntax = encoding.kind === 'dicom' ? transferSyntaxOf(encoding.transferSyntaxUid) : undefined;
  if (encoding.kind !== 'dicom' || syntax?.kind !== 'native') return { maker: '', description: '' };
  const { elements } = parseElements(file, encoding.dataSetOffset, syntax);
  const parts = [elements.text('x00080070'), elements.text('x00081090')].filter((part) => part !== '');
  return {
    maker: [...new Set(parts)].join(' '),
    description: elements.text('x0008103e') || elements.text('x00700080'),
  };
}
