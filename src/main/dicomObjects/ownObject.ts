import { parseElements } from '#shared/dicom/dataElements.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { MANUFACTURER } from './objectContext.ts';

/** Whether a file is a DICOM object of a class that Auricle wrote, so that a new one may take its place. */
export function isOwnObject(file: Uint8Array, sopClassUid: string): boolean {
  try {
    const encoding = findFileEncoding(file);
    if (encoding.kind !== 'dicom') return false;
    const { elements } = parseElements(file, encoding.dataSetOffset, { explicitVr: true, bigEndian: false });
    return elements.text('x00080016') === sopClassUid && elements.text('x00080070') === MANUFACTURER;
  } catch {
    // Damaged, or encoded as Auricle writes none.
    return false;
  }
}
