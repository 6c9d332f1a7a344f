import { orientationLetters } from '#shared/geometry/orientationLetters.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { COLOURS, FONT, FONT_BOLD } from './colours.ts';

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
export function fitText(
  context: CanvasRenderingContext2D,
  text: string,
  width: number,
  font: string = FONT,
): string {
  context.font = font;
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

const PART_SEPARATOR = ' · ';

/**
 * A text's parts ("name · date · description") on lines that fit, broken between parts.
 * @param broken what becomes of a part that does not fit by itself
 */
export function wrapParts(
  text: string,
  fits: (text: string) => boolean,
  broken: (part: string) => readonly string[] = (part) => [part],
): string[] {
  const lines: string[] = [];
  for (const part of text.split(PART_SEPARATOR)) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last}${PART_SEPARATOR}${part}`;
    if (last === undefined || !fits(joined)) lines.push(...broken(part));
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** A line in pieces that fit, broken between words, after a hyphen, else within a word that is too long alone. */
export function breakLine(line: string, fits: (text: string) => boolean): string[] {
  if (line.length <= 1 || fits(line)) return [line];
  let kept = line.length - 1;
  while (kept > 1 && !fits(line.slice(0, kept))) kept--;
  const space = line.lastIndexOf(' ', kept);
  const hyphen = line.lastIndexOf('-', kept - 1);
  const end = Math.max(space, hyphen + 1) > 0 ? Math.max(space, hyphen + 1) : kept;
  return [line.slice(0, end), ...breakLine(line.slice(end).trimStart(), fits)];
}

/** The letters at the upper edge's middle reach this far to either side of it, with a gap. */
const HALF_LETTERS = 20;
/** Between the banner and what stands left of it. */
const BANNER_GAP = 8;

/** A pane's title and lines about it in the upper left corner; none reaches into the side's letters or the banner. */
export function drawTitle(
  context: CanvasRenderingContext2D,
  title: string,
  about: readonly { readonly text: string; readonly colour: string }[],
  width: number,
): void {
  const left = 18;
  drawText(context, fitText(context, title, width / 2 - HALF_LETTERS - left, FONT_BOLD), left, 18, {
    font: FONT_BOLD,
  });
  const widest = width - left - BANNER_GAP - 10 - widestBanner(width);
  let y = 18;
  for (const { text, colour } of about) {
    context.font = FONT;
    for (const line of wrapParts(text, (joined) => context.measureText(joined).width <= widest)) {
      y += 16;
      drawText(context, fitText(context, line, widest), left, y, { colour });
    }
  }
}

const widestBanner = (width: number): number => width / 2 - 30;

/** The banner in the upper right corner, on as many lines as it needs: no pane may hide whose scan this is. */
export function drawBanner(context: CanvasRenderingContext2D, banner: string, width: number): void {
  const widest = widestBanner(width);
  context.font = FONT;
  const fits = (text: string): boolean => context.measureText(text).width <= widest;
  const lines = wrapParts(banner, fits, (part) => breakLine(part, fits));
  lines.forEach((line, index) => {
    drawText(context, line, width - 10, 18 + 16 * index, { align: 'right' });
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
