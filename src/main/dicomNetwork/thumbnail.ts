import { encode } from 'fast-png';
import { decodeSlice } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { storedRange } from '#shared/dicom/sliceHeader.ts';
import { pixelCodecs } from '../studies/pixelCodecs.ts';

const EDGE_PIXELS = 96;
/** Soft tissue with contrast. */
const WINDOW_HU = { from: -150, to: 350 };

export interface Thumbnail {
  readonly mediaType: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A small picture of a CT slice; undefined where the file is none or cannot be decoded. */
export async function renderThumbnail(file: Uint8Array): Promise<Thumbnail | undefined> {
  const parsed = parseSliceHeader(file);
  if (parsed.kind !== 'slice') return undefined;
  const { header } = parsed;
  const { from, to } = storedRange(header);
  const slice = await decodeSlice(file.subarray(from, to), header, pixelCodecs, createHounsfieldTables());
  if (slice.kind !== 'decoded') return undefined;
  const { rows, columns } = header.plane;
  const step = Math.max(1, rows / EDGE_PIXELS, columns / EDGE_PIXELS);
  const [width, height] = [Math.floor(columns / step), Math.floor(rows / step)];
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const hu = slice.valuesHu[Math.floor(y * step) * columns + Math.floor(x * step)] ?? 0;
      const share = (hu - WINDOW_HU.from) / (WINDOW_HU.to - WINDOW_HU.from);
      grey[y * width + x] = 255 * Math.min(1, Math.max(0, share));
    }
  return {
    mediaType: 'image/png',
    bytes: Uint8Array.from(encode({ width, height, data: grey, channels: 1 })),
  };
}
