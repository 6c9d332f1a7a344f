import { z } from 'zod';

/** A rectangle of the desktop, in its own pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const windowStateSchema = z.strictObject({
  bounds: z.strictObject({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }),
  isMaximized: z.boolean(),
});
export type WindowState = z.output<typeof windowStateSchema>;

export const LEAST_SIZE = { width: 1024, height: 680 } as const;
const USUAL_SIZE = { width: 1440, height: 900 } as const;
/** So much of the window has to lie on a display for a person to find it. */
const VISIBLE = 100;

/** The kept state, where it can be read; text of another shape counts as none. */
export function parseWindowState(text: string): WindowState | undefined {
  try {
    return windowStateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const overlap = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.min(a + aLength, b + bLength) - Math.max(a, b);

/**
 * Where the window opens: as it was left where that can still be seen, else in the middle at its usual size.
 * @param displays the work areas of the displays that are there now
 */
export function initialWindow(
  kept: WindowState | undefined,
  displays: readonly Bounds[],
): { readonly bounds: Partial<Bounds>; readonly isMaximized: boolean } {
  if (!kept) return { bounds: USUAL_SIZE, isMaximized: false };
  const { x, y } = kept.bounds;
  const width = Math.max(kept.bounds.width, LEAST_SIZE.width);
  const height = Math.max(kept.bounds.height, LEAST_SIZE.height);
  const isVisible = displays.some(
    (display) =>
      overlap(x, width, display.x, display.width) >= VISIBLE &&
      // The title bar has to be in reach.
      y >= display.y - 1 &&
      y <= display.y + display.height - VISIBLE,
  );
  return isVisible
    ? { bounds: { x, y, width, height }, isMaximized: kept.isMaximized }
    : { bounds: USUAL_SIZE, isMaximized: kept.isMaximized };
}
