/** A colour as red, green, blue in 0…255. */
export type Rgb = readonly [number, number, number];
/** The preview's colours: calm and dark, wall and ostium told apart by hue and brightness (also by the colour-blind). */
export const PALETTE = {
  background: [16, 19, 24],
  panel: [25, 29, 36],
  beyond: [20, 25, 33],
  shadow: [0, 0, 0],
  text: [226, 231, 238],
  quiet: [139, 149, 163],
  rule: [48, 55, 66],
  letter: [240, 214, 140],
  wall: [62, 207, 196],
  ostium: [255, 171, 64],
  /** The lumen's side of the wall. */
  inside: [34, 110, 106],
  cap: [255, 190, 112],
  warning: [255, 196, 110],
} as const satisfies Record<string, Rgb>;

/** A point in pixels, x to the right, y down; (0, 0) is the upper left corner of the first pixel. */
export type Point = readonly [number, number];

/** A picture being made: opaque RGB, rows from the top. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
}

export function createCanvas(width: number, height: number, background: Rgb): Canvas {
  const canvas = { width, height, pixels: new Uint8ClampedArray(3 * width * height) };
  fillRectangle(canvas, 0, 0, width, height, background);
  return canvas;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function blendPixel(canvas: Canvas, x: number, y: number, [r, g, b]: Rgb, opacity: number): void {
  const at = 3 * (x + canvas.width * y);
  const { pixels } = canvas;
  pixels[at] = pixels[at]! + (r - pixels[at]!) * opacity;
  pixels[at + 1] = pixels[at + 1]! + (g - pixels[at + 1]!) * opacity;
  pixels[at + 2] = pixels[at + 2]! + (b - pixels[at + 2]!) * opacity;
}

export function fillRectangle(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: Rgb,
  opacity = 1,
): void {
  const right = Math.min(canvas.width, Math.round(x + width));
  const bottom = Math.min(canvas.height, Math.round(y + height));
  const left = Math.max(0, Math.round(x));
  const top = Math.max(0, Math.round(y));
  if (opacity === 1) {
    fillRows(canvas, left, top, right, bottom, colour);
    return;
  }
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      blendPixel(canvas, column, row, colour, opacity);
    }
  }
}

/** The first row pixel by pixel, the others as its copies. */
function fillRows(
  { width, pixels }: Canvas,
  left: number,
  top: number,
  right: number,
  bottom: number,
  colour: Rgb,
): void {
  if (left >= right || top >= bottom) return;
  const first = 3 * (left + width * top);
  const end = 3 * (right + width * top);
  for (let at = first; at < end; at += 3) pixels.set(colour, at);
  for (let row = top + 1; row < bottom; row++) pixels.copyWithin(3 * (left + width * row), first, end);
}

/** A rectangle with rounded corners, its edge smoothed over one pixel. */
export function fillRounded(canvas: Canvas, area: Rectangle, radius: number, colour: Rgb, opacity = 1): void {
  const [halfW, halfH] = [area.width / 2, area.height / 2];
  for (let y = Math.floor(area.y); y < Math.ceil(area.y + area.height); y++) {
    for (let x = Math.floor(area.x); x < Math.ceil(area.x + area.width); x++) {
      const dx = Math.max(0, Math.abs(x + 0.5 - area.x - halfW) - halfW + radius);
      const dy = Math.max(0, Math.abs(y + 0.5 - area.y - halfH) - halfH + radius);
      // Along the edges, most of the rectangle, the distance needs no root.
      const beyond = dx === 0 || dy === 0 ? dx + dy : Math.hypot(dx, dy);
      const coverage = Math.min(1, Math.max(0, radius - beyond + 0.5));
      if (coverage > 0) blendPixel(canvas, x, y, colour, opacity * coverage);
    }
  }
}

export interface StrokeStyle {
  readonly colour: Rgb;
  readonly widthPixels: number;
  readonly opacity?: number;
  /** Nothing is drawn outside of it. */
  readonly clip?: Rectangle;
}

/**
 * Draws lines with round ends and joins, smoothed over one pixel. All lines of a call are one shape: where they
 * overlap or meet, a translucent colour is not laid on twice.
 */
export function strokeLines(canvas: Canvas, lines: readonly (readonly Point[])[], style: StrokeStyle): void {
  const { colour, widthPixels, opacity = 1, clip } = style;
  const reach = widthPixels / 2 + 0.5;
  const farthest = reach * reach * (1 + 1e-9);
  const left = Math.max(0, clip?.x ?? 0);
  const top = Math.max(0, clip?.y ?? 0);
  const right = Math.min(canvas.width, clip ? clip.x + clip.width : canvas.width) - 1;
  const bottom = Math.min(canvas.height, clip ? clip.y + clip.height : canvas.height) - 1;
  const coverage = new Map<number, number>();
  const segment = (a: Point, b: Point): void => {
    const x0 = Math.max(left, Math.floor(Math.min(a[0], b[0]) - reach));
    const x1 = Math.min(right, Math.ceil(Math.max(a[0], b[0]) + reach));
    const y0 = Math.max(top, Math.floor(Math.min(a[1], b[1]) - reach));
    const y1 = Math.min(bottom, Math.ceil(Math.max(a[1], b[1]) + reach));
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const squared = dx * dx + dy * dy;
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const [px, py] = [x + 0.5 - a[0], y + 0.5 - a[1]];
        const t = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
        const [ox, oy] = [px - t * dx, py - t * dy];
        // Surely outside, as most of a slanting line's box is; the margin is for rounding.
        if (ox * ox + oy * oy > farthest) continue;
        const covered = Math.min(1, reach - Math.hypot(ox, oy));
        if (covered <= 0) continue;
        const key = x + canvas.width * y;
        if (covered > (coverage.get(key) ?? 0)) coverage.set(key, covered);
      }
    }
  };
  for (const line of lines) {
    const [only] = line;
    if (line.length === 1 && only !== undefined) segment(only, only);
    for (let at = 1; at < line.length; at++) segment(line[at - 1]!, line[at]!);
  }
  for (const [key, covered] of coverage) {
    blendPixel(canvas, key % canvas.width, Math.floor(key / canvas.width), colour, opacity * covered);
  }
}
