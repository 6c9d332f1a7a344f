import { z } from 'zod';
import { type Failure, failure } from '../failures/failure.ts';

/** Characters of the hospital's name, which has to fit the head of a page. */
export const LONGEST_NAME = 160;

/** In whose name reports are made. */
export const letterheadSchema = z.strictObject({
  /** The hospital's or department's; '' for none. */
  name: z.string().max(LONGEST_NAME),
  /** PNG or JPEG as base64; null for none. */
  logoBase64: z.string().max(1_400_000).nullable(),
});

export type Letterhead = z.output<typeof letterheadSchema>;

export const NO_LETTERHEAD: Letterhead = { name: '', logoBase64: null };

const MOST_BYTES = 2 ** 20;
const MOST_PIXELS = 4000;
/** A longer one would be a line on the page. */
const MOST_TIMES_AS_LONG = 16;

export type LogoType = 'image/png' | 'image/jpeg';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** By its first bytes; undefined where it is neither. */
export function logoType(bytes: Uint8Array): LogoType | undefined {
  if (PNG.every((value, at) => bytes[at] === value)) return 'image/png';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'image/jpeg' : undefined;
}

/** Why a file cannot be a logo; null where it can. Its size is read from its header, its pixels are not decoded. */
export function logoProblem(bytes: Uint8Array, fileName: string): Failure | null {
  const type = logoType(bytes);
  if (type === undefined) return failure('report.logo-format', { fileName });
  const tooLarge = failure('report.logo-too-large', { fileName, megabytes: 1, pixels: MOST_PIXELS });
  if (bytes.length > MOST_BYTES) return tooLarge;
  const size = pictureSize(bytes);
  if (!size || size.some((pixels) => pixels === 0)) return failure('report.logo-damaged', { fileName });
  if (size.some((pixels) => pixels > MOST_PIXELS)) return tooLarge;
  return Math.max(...size) > MOST_TIMES_AS_LONG * Math.min(...size)
    ? failure('report.logo-proportions', { fileName, times: MOST_TIMES_AS_LONG })
    : null;
}

/** Width and height of a PNG or JPEG in pixels, by its header; undefined where it says none. */
export const pictureSize = (bytes: Uint8Array): readonly [number, number] | undefined =>
  logoType(bytes) === 'image/png' ? pngSize(bytes) : jpegSize(bytes);

/** Of the header chunk, which is the first. */
function pngSize(bytes: Uint8Array): readonly [number, number] | undefined {
  if (bytes.length < 45) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [view.getUint32(16), view.getUint32(20)];
}

/** Of the frame header: the first marker C0 to CF that is no table (C4, C8, CC). */
function jpegSize(bytes: Uint8Array): readonly [number, number] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
