import { type Failure, failure } from '../failures/failure.ts';
import type { PixelFormat, SlicePlane } from './sliceHeader.ts';

/** From fat to dense contrast medium: values that no scanner should mark the outside with. */
const TISSUE_HU = { from: -200, to: 600 } as const;

const [VALUE, PADDING, TISSUE] = [0, 1, 2] as const;

/**
 * A warning where a header's Pixel Padding Value takes values of tissue for the outside: it is obeyed, but pixels that
 * no padding joins with the image's rim may be anything but outside.
 *
 * @param bytes the stored values, little-endian
 */
export function paddingInTissue(
  bytes: Uint8Array,
  { rows, columns }: SlicePlane,
  pixels: PixelFormat,
): Failure | undefined {
  const range = tissueRange(pixels);
  if (range === undefined) return undefined;
  const kinds = kindsOf(bytes, rows * columns, pixels);
  if (!kinds.includes(TISSUE)) return undefined;
  clearFromRim(kinds, rows, columns);
  const taken = kinds.reduce((sum, kind) => sum + (kind === TISSUE ? 1 : 0), 0);
  return taken === 0 ? undefined : failure('dicom.padding-in-tissue', { pixels: taken, ...range });
}

/** Warnings about slices as those about a scan: each once, pixels of all slices added. */
export function joinRemarks(remarks: readonly Failure[]): Failure[] {
  const joined = new Map<string, Failure>();
  for (const remark of remarks) {
    const key = remark.code === 'dicom.padding-in-tissue' ? remark.code : JSON.stringify(remark);
    const earlier = joined.get(key);
    joined.set(
      key,
      earlier?.code === 'dicom.padding-in-tissue' && remark.code === 'dicom.padding-in-tissue'
        ? failure('dicom.padding-in-tissue', {
            pixels: earlier.fields.pixels + remark.fields.pixels,
            fromHu: Math.min(earlier.fields.fromHu, remark.fields.fromHu),
            toHu: Math.max(earlier.fields.toHu, remark.fields.toHu),
          })
        : remark,
    );
  }
  return [...joined.values()];
}

/** What of the padding lies in tissue, HU. */
function tissueRange({
  padding,
  slope,
  intercept,
}: PixelFormat): { readonly fromHu: number; readonly toHu: number } | undefined {
  if (padding === undefined) return undefined;
  const ends = [padding.from, padding.to].map((stored) => stored * slope + intercept);
  const fromHu = Math.max(TISSUE_HU.from, Math.min(...ends));
  const toHu = Math.min(TISSUE_HU.to, Math.max(...ends));
  return fromHu <= toHu ? { fromHu, toHu } : undefined;
}

function kindsOf(bytes: Uint8Array, count: number, pixels: PixelFormat): Uint8Array {
  const { bitsAllocated, bitsStored, highBit, signed, slope, intercept, padding } = pixels;
  const shift = highBit - bitsStored + 1;
  const mask = (1 << bitsStored) - 1;
  const signBit = signed ? 1 << (bitsStored - 1) : 0;
  const kinds = new Uint8Array(count);
  for (let pixel = 0; pixel < count; pixel++) {
    const word = bitsAllocated === 8 ? bytes[pixel]! : bytes[2 * pixel]! | (bytes[2 * pixel + 1]! << 8);
    const stored = (((word >> shift) & mask) ^ signBit) - signBit;
    if (padding === undefined || stored < padding.from || stored > padding.to) continue;
    const valueHu = stored * slope + intercept;
    kinds[pixel] = valueHu >= TISSUE_HU.from && valueHu <= TISSUE_HU.to ? TISSUE : PADDING;
  }
  return kinds;
}

/** Clears the padding that reaches the rim of the image. */
function clearFromRim(kinds: Uint8Array, rows: number, columns: number): void {
  const toVisit: number[] = [];
  const visit = (pixel: number): void => {
    if (kinds[pixel] === VALUE) return;
    kinds[pixel] = VALUE;
    toVisit.push(pixel);
  };
  for (let column = 0; column < columns; column++) {
    visit(column);
    visit((rows - 1) * columns + column);
  }
  for (let row = 0; row < rows; row++) {
    visit(row * columns);
    visit(row * columns + columns - 1);
  }
  for (let pixel = toVisit.pop(); pixel !== undefined; pixel = toVisit.pop()) {
    const column = pixel % columns;
    if (column > 0) visit(pixel - 1);
    if (column < columns - 1) visit(pixel + 1);
    if (pixel >= columns) visit(pixel - columns);
    if (pixel < (rows - 1) * columns) visit(pixel + columns);
  }
}
