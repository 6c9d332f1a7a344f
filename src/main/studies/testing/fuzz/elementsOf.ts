import type { ElementEncoding } from '#shared/dicom/elementHeader.ts';
import { hasVr, readElementHeader, UNDEFINED_LENGTH } from '#shared/dicom/elementHeader.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';

/** Where an element of a sound file lies. */
export interface PlacedElement {
  readonly tag: number;
  /** Of its header. */
  readonly at: number;
  readonly valueAt: number;
  /** Where the next one begins. */
  readonly to: number;
  readonly encoding: ElementEncoding;
}

/** The elements of a sound file, the meta group and those of items of defined length among them. */
export function elementsOf(bytes: Uint8Array): PlacedElement[] {
  const found: PlacedElement[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walk = (from: number, to: number, encoding: ElementEncoding): void => {
    let at = from;
    while (at < to) {
      const header = readElementHeader(view, at, encoding);
      if (header === undefined) return;
      const isOpen = header.length === UNDEFINED_LENGTH;
      const end = isOpen ? to : header.valueAt + header.length;
      if (end > to) return;
      found.push({ tag: header.tag, at, valueAt: header.valueAt, to: end, encoding });
      const isContainer = header.vr === 'SQ' || header.tag === 0xfffee000;
      if (isContainer && !isOpen) walk(header.valueAt, end, encoding);
      at = end;
    }
  };
  const file = findFileEncoding(bytes);
  if (file.kind !== 'dicom') return found;
  const metaAt = bytes.length > 132 && view.getUint32(128) === 0x4449434d ? 132 : 0;
  walk(metaAt, file.dataSetOffset, { explicitVr: true, bigEndian: false });
  if (file.transferSyntaxUid === '1.2.840.10008.1.2.1.99') return found;
  const explicitVr = hasVr(view, file.dataSetOffset);
  const bigEndian = explicitVr && view.getUint8(file.dataSetOffset) === 0;
  walk(file.dataSetOffset, bytes.length, { explicitVr, bigEndian });
  return found;
}
