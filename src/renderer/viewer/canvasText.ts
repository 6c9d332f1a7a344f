import type { Vec3 } from '#shared/geometry/vec3.ts';
import { COLOURS, FONT } from './colours.ts';
import { orientationLetters } from './orientationLetters.ts';

/** Text that stays readable on white bone and on black air. */
export function drawText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  options: { align?: CanvasTextAlign; colour?: string; font?: string } = {},
): number {
  context.font = options.font ?? FONT;
  context.textAlign = options.align ?? 'left';
  context.textBaseline = 'alphabetic';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = COLOURS.halo;
  context.strokeText(text, x, y);
  context.fillStyle = options.colour ?? COLOURS.text;
  context.fillText(text, x, y);
  return context.measureText(text).width;
}

/** As much of a text as fits, with an ellipsis where some is left out. */
export function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  context.font = FONT;
  if (context.measureText(text).width <= width) return text;
  let kept = text.length;
  while (kept > 0 && context.measureText(`${text.slice(0, kept)}…`).width > width) kept--;
  return kept > 0 ? `${text.slice(0, kept)}…` : '';
}

/** The patient's sides in the middle of a pane's four edges. */
export function drawSideLetters(
  context: CanvasRenderingContext2D,
  right: Vec3,
  down: Vec3,
  width: number,
  height: number,
): void {
  const opposite = ([x, y, z]: Vec3): Vec3 => [-x, -y, -z];
  const style = { align: 'center', font: '600 14px system-ui, sans-serif' } as const;
  drawText(context, orientationLetters(opposite(down)), width / 2, 18, style);
  drawText(context, orientationLetters(down), width / 2, height - 8, style);
  drawText(context, orientationLetters(right), width - 8, height / 2 + 5, { ...style, align: 'right' });
  drawText(context, orientationLetters(opposite(right)), 8, height / 2 + 5, { ...style, align: 'left' });
}

const BANNER_SEPARATOR = ' · ';

/** A banner's parts ("name · date · description") on lines that fit, broken between parts only. */
export function wrapBanner(banner: string, fits: (text: string) => boolean): string[] {
  const lines: string[] = [];
  for (const part of banner.split(BANNER_SEPARATOR)) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last}${BANNER_SEPARATOR}${part}`;
    if (last === undefined || !fits(joined)) lines.push(part);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** The banner in the upper right corner, on as many lines as it needs: no pane may hide whose scan this is. */
export function drawBanner(context: CanvasRenderingContext2D, banner: string, width: number): void {
  const widest = width / 2 - 30;
  context.font = FONT;
  const lines = wrapBanner(banner, (text) => context.measureText(text).width <= widest);
  lines.forEach((line, index) => {
    drawText(context, fitText(context, line, widest), width - 10, 18 + 16 * index, { align: 'right' });
  });
}

/** A round handle. */
export function drawKnob(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  colour: string,
  radius = 4.5,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = 'rgba(10, 11, 14, 0.85)';
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.75;
  context.stroke();
}
