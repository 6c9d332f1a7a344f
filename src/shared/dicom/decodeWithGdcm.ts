import type { GdcmModule } from './codecModules.ts';
import type { FrameDescription } from './pixelCodecs.ts';
import { writeDicomFile } from './writeElements.ts';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const JPEG_EXTENDED = '1.2.840.10008.1.2.4.51';
const FILE = 'slice.dcm';
/** Indices of the program's outputs: whether it could read the file, and the image. */
const COULD_READ = '0';
const IMAGE = '1';

/**
 * Decodes lossy JPEG of 12 bits. GDCM reads whole files, so the code stream is wrapped in a file that only says how
 * its values are stored. That file has no rescale; the caller, who has the slice's own header, interprets the sign.
 *
 * @returns the stored values, 16 bits each, little-endian
 * @throws where GDCM cannot read the code stream; the module must not be used again
 */
export function decodeWithGdcm(
  gdcm: GdcmModule,
  codeStream: Uint8Array,
  frame: FrameDescription,
): Uint8Array {
  gdcm.fs_writeFile(FILE, fileOf(codeStream, frame));
  const stack = gdcm.stackSave();
  const status = gdcm.callMain([FILE, COULD_READ, IMAGE, '--memory-io']);
  gdcm.stackRestore(stack);
  if (status !== 0) throw new RangeError('GDCM could not read the code stream.');
  const decoded = outputArray(gdcm, Number(IMAGE));
  gdcm.ccall('itk_wasm_free_all', null, [], []);
  gdcm.fs_unlink(FILE);
  if (decoded.length !== 2 * frame.rows * frame.columns) {
    throw new RangeError('The decoded image has another size than its header says.');
  }
  return decoded;
}

/** A copy of the values of an output. */
function outputArray(gdcm: GdcmModule, output: number): Uint8Array {
  const ask = (question: 'address' | 'size'): number => {
    const answer = gdcm.ccall(
      `itk_wasm_output_array_${question}`,
      'number',
      ['number', 'number', 'number'],
      [0, output, 0],
    );
    // Addresses are unsigned.
    return (answer ?? 0) >>> 0;
  };
  const from = ask('address');
  return gdcm.HEAPU8.slice(from, from + ask('size'));
}

/** A DICOM file whose only frame is the code stream, 12 bits unsigned. */
function fileOf(codeStream: Uint8Array, { rows, columns }: FrameDescription): Uint8Array {
  const uid = '2.25.1';
  const head = writeDicomFile(
    [
      { tag: 0x00020001, vr: 'OB', value: new Uint8Array([0, 1]) },
      { tag: 0x00020002, vr: 'UI', value: SECONDARY_CAPTURE },
      { tag: 0x00020003, vr: 'UI', value: uid },
      { tag: 0x00020010, vr: 'UI', value: JPEG_EXTENDED },
    ],
    [
      { tag: 0x00080016, vr: 'UI', value: SECONDARY_CAPTURE },
      { tag: 0x00080018, vr: 'UI', value: uid },
      { tag: 0x00280002, vr: 'US', value: 1 },
      { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
      { tag: 0x00280010, vr: 'US', value: rows },
      { tag: 0x00280011, vr: 'US', value: columns },
      { tag: 0x00280100, vr: 'US', value: 16 },
      { tag: 0x00280101, vr: 'US', value: 12 },
      { tag: 0x00280102, vr: 'US', value: 11 },
      { tag: 0x00280103, vr: 'US', value: 0 },
    ],
  );
  const pixelData = encapsulated(codeStream);
  const file = new Uint8Array(head.length + pixelData.length);
  file.set(head);
  file.set(pixelData, head.length);
  return file;
}

/** The Pixel Data element (PS3.5 annex A.4): an empty offset table, one fragment, the delimiter. */
function encapsulated(codeStream: Uint8Array): Uint8Array {
  const start = [0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff];
  const item = [0xfe, 0xff, 0x00, 0xe0];
  const delimiter = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
  const length = codeStream.length + (codeStream.length % 2);
  const codeStreamAt = start.length + 16;
  const bytes = new Uint8Array(codeStreamAt + length + delimiter.length);
  bytes.set([...start, ...item, 0, 0, 0, 0, ...item]);
  new DataView(bytes.buffer).setUint32(codeStreamAt - 4, length, true);
  bytes.set(codeStream, codeStreamAt);
  bytes.set(delimiter, codeStreamAt + length);
  return bytes;
}
