import { afterEach, describe, expect, it, vi } from 'vitest';
import { deviceRatio, fitCanvas, panePoint, paneSize } from './pane.ts';
import type { PlaneFrame } from './planeFrame.ts';

afterEach(() => vi.unstubAllGlobals());

/** A page whose style sheet enlarges it by `scale`, on a screen with `ratio` device pixels to the CSS pixel. */
function enlarge(scale: string, ratio: number): void {
  vi.stubGlobal('document', { documentElement: {} });
  vi.stubGlobal('getComputedStyle', () => ({
    getPropertyValue: (name: string) => (name === '--scale' ? scale : ''),
  }));
  vi.stubGlobal('window', { devicePixelRatio: ratio });
}

const element = {
  clientWidth: 1750,
  clientHeight: 0,
  getBoundingClientRect: () => ({ left: 100, top: 50 }),
  // What is used of an element, and nothing else.
} as unknown as HTMLElement;
// Nor of an event.
const event = { clientX: 800, clientY: 400 } as MouseEvent;

describe('on a screen of usual width', () => {
  it('counts a pane in CSS pixels', () => {
    enlarge('', 2);
    expect(paneSize(element)).toEqual([1750, 1]);
    expect(panePoint(element, event)).toEqual([700, 350]);
    expect(deviceRatio()).toBe(2);
  });
});

describe('on a wide screen, where panels are enlarged', () => {
  it('counts a pane and a pointer in it in larger pixels, and draws those on as many device pixels', () => {
    enlarge('1.75', 2);
    expect(paneSize(element)).toEqual([1000, 1 / 1.75]);
    expect(panePoint(element, event)).toEqual([400, 200]);
    const drawn: unknown[] = [];
    const canvas = { width: 0, height: 0 };
    const context = { canvas, setTransform: (...matrix: number[]) => drawn.push(matrix) };
    fitCanvas(
      // What is used of a context and of a frame, and nothing else.
      context as unknown as CanvasRenderingContext2D,
      { widthPixels: 1000, heightPixels: 600 } as PlaneFrame,
    );
    expect(canvas).toEqual({ width: 3500, height: 2100 });
    expect(drawn).toEqual([[3.5, 0, 0, 3.5, 0, 0]]);
  });
});
