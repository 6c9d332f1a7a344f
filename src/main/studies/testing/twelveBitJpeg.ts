import { readFileSync } from 'node:fs';
import path from 'node:path';
import { frameOfItems } from '#shared/dicom/encapsulated.ts';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { storedRange } from '#shared/dicom/sliceHeader.ts';

/** A slice compressed with loss as JPEG of 12 bits, and what another decoder makes of it. */
export interface TwelveBitJpeg {
  readonly file: Uint8Array;
  readonly codeStream: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly storedValues: Uint16Array;
}

/** The slice of the folder `jpegExtended12Bit`, whose README says how it was made. */
export function twelveBitJpeg(): TwelveBitJpeg {
  const folder = path.join(import.meta.dirname, 'jpegExtended12Bit');
  const file = Uint8Array.from(readFileSync(path.join(folder, 'slice.dcm')));
  const parsed = parseSliceHeader(file);
  if (parsed.kind !== 'slice') throw new Error(`The file is not a slice: ${JSON.stringify(parsed)}`);
  const { from, to } = storedRange(parsed.header);
  const codeStream = frameOfItems(file.subarray(from, to), true);
  if (codeStream === undefined) throw new Error('The file holds no code stream.');
  const stored = Uint8Array.from(readFileSync(path.join(folder, 'stored.raw')));
  const { rows, columns } = parsed.header.plane;
  return { file, codeStream, rows, columns, storedValues: new Uint16Array(stored.buffer) };
}
