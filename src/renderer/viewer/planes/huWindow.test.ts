import { describe, expect, it } from 'vitest';
import type { HuWindow } from '../types.ts';
import { dragWindow, NO_HU, paintGrey } from './huWindow.ts';

const WINDOW = { centreHu: 200, widthHu: 800, inverted: false };

/** The grey (0–255) of a HU value that is painted. */
function greyOf(hu: number, window: HuWindow): number {
  const rgba = new Uint32Array(1);
  paintGrey(Int16Array.of(hu), window, rgba);
  return rgba[0]! & 0xff;
}

describe('grey levels', () => {
  it('run from black at the lower to white at the upper edge of the window', () => {
    expect([-200, 600].map((hu) => greyOf(hu, WINDOW))).toEqual([0, 255]);
    expect(Math.abs(greyOf(200, WINDOW) - 127.5)).toBeLessThanOrEqual(0.5);
    expect([-900, 3000].map((hu) => greyOf(hu, WINDOW))).toEqual([0, 255]);
  });

  it('are reversed when inverted', () => {
    expect([-200, 600].map((hu) => greyOf(hu, { ...WINDOW, inverted: true }))).toEqual([255, 0]);
  });

  it('are linear over the window and painted opaque', () => {
    const hu = Int16Array.from([-1000, -200, -37, 0, 199, 200, 201, 599, 600, 1500]);
    for (const inverted of [false, true]) {
      const rgba = new Uint32Array(hu.length);
      paintGrey(hu, { ...WINDOW, inverted }, rgba);
      const bytes = new Uint8Array(rgba.buffer);
      hu.forEach((value, pixel) => {
        const share = Math.min(1, Math.max(0, (value + 200) / 800));
        const grey = bytes[4 * pixel]!;
        expect(Math.abs(grey - 255 * (inverted ? 1 - share : share))).toBeLessThanOrEqual(1);
        expect([...bytes.subarray(4 * pixel, 4 * pixel + 4)]).toEqual([grey, grey, grey, 255]);
      });
    }
  });

  it('leave the outside of the scan in the background, also when inverted', () => {
    const rgba = new Uint32Array(1);
    paintGrey(Int16Array.of(NO_HU), { ...WINDOW, inverted: true }, rgba);
    expect([...new Uint8Array(rgba.buffer)]).toEqual([0x0a, 0x0b, 0x0e, 255]);
  });
});

describe('dragging the window', () => {
  it('widens to the right and darkens downwards', () => {
    const dragged = dragWindow(WINDOW, 10, 5);
    expect(dragged.widthHu).toBe(832);
    expect(dragged.centreHu).toBe(216);
  });

  it('never closes it', () => {
    expect(dragWindow(WINDOW, -10000, 0).widthHu).toBe(1);
  });
});
