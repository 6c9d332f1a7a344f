import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { RgbImage } from './secondaryCapture.ts';

/** Sharp on a workstation's screen and in print; an A4 page has 1239 × 1752 pixels. */
const DOTS_PER_INCH = 150;
const POINTS_PER_INCH = 72;
/** Pages of more than this on a side (2 m in a drawing, say) are drawn smaller. */
const MOST_PIXELS = 4096;
const RGBA_CHANNELS = 4;

/**
 * Draws the pages of a PDF with PDFium, on white. The same file gives the same pixels on every machine.
 * @param fileName for messages
 * @throws UserError where it is no PDF or needs a password
 */
export async function pdfPages(pdf: Uint8Array, fileName: string): Promise<RgbImage[]> {
  // Loaded only where it is needed.
  const { PDFiumLibrary } = await import('@hyzyla/pdfium');
  const pdfium = await PDFiumLibrary.init();
  try {
    const document = await pdfium.loadDocument(pdf).catch(() => {
      throw new UserError(failure('objects.pdf-unreadable', { fileName }));
    });
    const images: RgbImage[] = [];
    for (const page of document.pages()) {
      const { originalWidth, originalHeight } = page.getOriginalSize();
      const fitting = MOST_PIXELS / Math.max(1, originalWidth, originalHeight);
      const scale = Math.min(DOTS_PER_INCH / POINTS_PER_INCH, fitting);
      const { width, height, data } = await page.render({ scale, render: 'bitmap' });
      images.push({ width, height, rgb: withoutAlpha(data, width * height) });
    }
    document.destroy();
    return images;
  } finally {
    pdfium.destroy();
  }
}

function withoutAlpha(rgba: Uint8Array, pixels: number): Uint8Array {
  const rgb = new Uint8Array(3 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = RGBA_CHANNELS * pixel;
    rgb[3 * pixel] = rgba[from]!;
    rgb[3 * pixel + 1] = rgba[from + 1]!;
    rgb[3 * pixel + 2] = rgba[from + 2]!;
  }
  return rgb;
}
