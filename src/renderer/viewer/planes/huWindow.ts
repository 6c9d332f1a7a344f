import type { HuWindow } from '../types.ts';

/** What a reslice holds where the scan does not reach. */
export const NO_HU = -32768;

const OUTSIDE_COLOUR = 0xff0e0b0a;

/** A drag in pixels: to the right widens, downwards makes darker; faster on wide windows. */
export function dragWindow(window: HuWindow, dxPixels: number, dyPixels: number): HuWindow {
  const huPerPixel = Math.max(0.5, window.widthHu / 250);
  return {
    ...window,
    widthHu: Math.max(1, Math.round(window.widthHu + dxPixels * huPerPixel)),
    centreHu: Math.round(window.centreHu + dyPixels * huPerPixel),
  };
}

/**
 * Little-endian RGBA words of HU values, grey linear over the window (DICOM PS3.3 C.11.2.1.3.2, LINEAR_EXACT); the
 * scan's outside in the panes' own background.
 */
export function paintGrey(hu: Int16Array, window: HuWindow, rgba: Uint32Array): void {
  const low = window.centreHu - window.widthHu / 2;
  const factor = 255 / window.widthHu;
  const flip = window.inverted ? 255 : 0;
  for (let pixel = 0; pixel < hu.length; pixel++) {
    const value = hu[pixel]!;
    if (value === NO_HU) {
      rgba[pixel] = OUTSIDE_COLOUR;
      continue;
    }
    const level = (value - low) * factor;
    const grey = (level <= 0 ? 0 : level >= 255 ? 255 : (level + 0.5) | 0) ^ flip;
    rgba[pixel] = 0xff000000 | (grey * 0x010101);
  }
}
