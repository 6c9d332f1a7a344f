import type { SliceHeader } from '#shared/dicom/sliceHeader.ts';
import { squeezeSlice } from './coarseCopy.ts';
import type { Picture } from './studyTasks.ts';

const LARGEST_EDGE = 128;
const SOFT_TISSUE = { centreHu: 40, widthHu: 400 };

/** A slice in grey, at most 128 pixels wide and high, in the proportions that it has in the patient. */
export function drawThumbnail(valuesHu: Int16Array, { plane, labels, window }: SliceHeader): Picture {
  const { rows, columns, rowSpacingMm, columnSpacingMm } = plane;
  const widthMm = columns * columnSpacingMm;
  const heightMm = rows * rowSpacingMm;
  const pixelMm = Math.max(widthMm, heightMm) / LARGEST_EDGE;
  const pixels = (lengthMm: number, voxels: number): number =>
    Math.max(1, Math.min(voxels, LARGEST_EDGE, Math.round(lengthMm / pixelMm)));
  const width = pixels(widthMm, columns);
  const height = pixels(heightMm, rows);
  const { centreHu, widthHu } = labels.modality === 'CT' ? SOFT_TISSUE : (window ?? SOFT_TISSUE);
  const values = squeezeSlice(valuesHu, [columns, rows, 1], [width, height, 1]);
  const rgba = new Uint8ClampedArray(4 * width * height);
  values.forEach((valueHu, at) => {
    const grey = 255 * ((valueHu - centreHu) / widthHu + 0.5);
    rgba.fill(grey, 4 * at, 4 * at + 3);
    rgba[4 * at + 3] = 255;
  });
  return { width, height, rgba };
}
