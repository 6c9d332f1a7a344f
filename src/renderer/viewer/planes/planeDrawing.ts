import type { PolylineLps } from '#shared/mesh/sliceMesh.ts';
import { type PageWords, wordsIn } from '../../words/index.ts';
import { drawBanner, drawKnob, drawSideLetters, drawText, drawTitle } from '../canvasText.ts';
import { COLOURS, PLANE_COLOURS } from '../colours.ts';
import { lpsToPixel, type PixelPoint, type PlaneFrame } from '../planeFrame.ts';
import { boxSection } from '../region.ts';
import type { PlaneName, Slab, ViewerScene } from '../types.ts';
import { crosshairLines, ostiumLine } from './planeHandles.ts';

type Context = CanvasRenderingContext2D;

export function drawContours(
  context: Context,
  frame: PlaneFrame,
  lines: readonly PolylineLps[],
  style: { readonly colour: string; readonly width: number; readonly dash: readonly number[] },
): void {
  if (lines.length === 0) return;
  const path = new Path2D();
  for (const { pointsLpsMm, closed } of lines) {
    pointsLpsMm.forEach((point, index) => {
      const [x, y] = lpsToPixel(frame, point);
      if (index === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
    if (closed) path.closePath();
  }
  context.lineJoin = 'round';
  context.setLineDash([...style.dash]);
  context.lineWidth = style.width + 1.5;
  context.strokeStyle = 'rgba(0, 0, 0, 0.45)';
  if (style.dash.length === 0) context.stroke(path);
  context.lineWidth = style.width;
  context.strokeStyle = style.colour;
  context.stroke(path);
  context.setLineDash([]);
}

function strokeLine(context: Context, [ax, ay]: PixelPoint, [bx, by]: PixelPoint): void {
  context.beginPath();
  context.moveTo(ax, ay);
  context.lineTo(bx, by);
  context.stroke();
}

/** The other planes' lines with a gap in the middle, knobs to turn them, and the borders of their slabs. */
export function drawCrosshair(
  context: Context,
  plane: PlaneName,
  frame: PlaneFrame,
  scene: ViewerScene,
  showKnobs: boolean,
): void {
  const centre = lpsToPixel(frame, scene.crosshairLpsMm);
  const isActive = scene.tool === 'crosshair';
  for (const line of crosshairLines(plane, frame, scene)) {
    const colour = PLANE_COLOURS[line.plane];
    const [dx, dy] = line.directionPixels;
    context.strokeStyle = colour;
    context.globalAlpha = isActive ? 0.8 : 0.4;
    context.lineWidth = 1;
    for (const [end, side] of [
      [line.ends[0], -1],
      [line.ends[1], 1],
    ] as const) {
      const start: PixelPoint = [centre[0] + side * 14 * dx, centre[1] + side * 14 * dy];
      const isBeyond = side * ((end[0] - start[0]) * dx + (end[1] - start[1]) * dy) > 0;
      if (isBeyond) strokeLine(context, start, end);
    }
    if (scene.slab.thicknessMm > 0) {
      context.setLineDash([3, 5]);
      context.globalAlpha = 0.45;
      const half = scene.slab.thicknessMm / 2 / frame.mmPerPixel;
      for (const side of [-half, half]) {
        const shift = ([x, y]: PixelPoint): PixelPoint => [x - side * dy, y + side * dx];
        strokeLine(context, shift(line.ends[0]), shift(line.ends[1]));
      }
      context.setLineDash([]);
    }
    context.globalAlpha = 1;
    if (showKnobs && isActive) for (const knob of line.knobs) drawKnob(context, knob, colour);
  }
}

export function drawRegion(context: Context, frame: PlaneFrame, scene: ViewerScene): void {
  if (!scene.region) return;
  const section = boxSection(frame, scene.region.box);
  if (section.length === 0) return;
  const { editable } = scene.region;
  context.strokeStyle = editable ? COLOURS.region : COLOURS.regionFixed;
  context.lineWidth = editable ? 1.5 : 1;
  context.setLineDash(editable ? [] : [6, 4]);
  context.beginPath();
  for (const [x, y] of section) context.lineTo(x, y);
  context.closePath();
  context.stroke();
  context.setLineDash([]);
  if (editable) for (const corner of section) drawKnob(context, corner, COLOURS.region);
}

export function drawOstium(context: Context, frame: PlaneFrame, scene: ViewerScene): void {
  if (!scene.ostium) return;
  const line = ostiumLine(frame, scene.ostium);
  if (!line) return;
  const [a, b] = line.endsLpsMm.map((end) => lpsToPixel(frame, end)) as [PixelPoint, PixelPoint];
  context.lineWidth = 3.5;
  context.strokeStyle = 'rgba(0, 0, 0, 0.45)';
  strokeLine(context, a, b);
  context.lineWidth = 2;
  context.strokeStyle = COLOURS.ostium;
  strokeLine(context, a, b);
  if (!scene.ostium.editable) return;
  for (const end of [a, b]) drawKnob(context, end, COLOURS.ostium);
  drawKnob(context, lpsToPixel(frame, line.middleLpsMm), COLOURS.ostium, 5.5);
}

/** The brush's circle around the pointer. */
export function drawBrush(context: Context, frame: PlaneFrame, scene: ViewerScene, at: PixelPoint): void {
  const radius = scene.brushRadiusMm / frame.mmPerPixel;
  for (const [width, colour] of [
    [3, COLOURS.halo],
    [1.25, COLOURS.brush],
  ] as const) {
    context.beginPath();
    context.arc(at[0], at[1], Math.max(1, radius), 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.setLineDash(scene.tool === 'eraser' && colour === COLOURS.brush ? [4, 3] : []);
    context.stroke();
  }
  context.setLineDash([]);
}

export function drawOutline(context: Context, outline: readonly PixelPoint[]): void {
  if (outline.length < 2) return;
  context.beginPath();
  for (const [x, y] of outline) context.lineTo(x, y);
  context.lineWidth = 1.5;
  context.strokeStyle = COLOURS.brush;
  context.stroke();
  context.setLineDash([4, 4]);
  strokeLine(context, outline.at(-1)!, outline[0]!);
  context.setLineDash([]);
  context.fillStyle = 'rgba(255, 255, 255, 0.08)';
  context.fill();
}

const slabInWords = (slab: Slab, { panes, plain }: PageWords): string =>
  slab.thicknessMm <= 0 ? '' : panes.slab(slab.mode, plain(Number(slab.thicknessMm.toFixed(1))));

/** Lengths that a person reads at a glance, mm. */
const LENGTHS_MM = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** The longest round length that fits in `widestPixels`; the shortest one where none fits. */
export function scaleBar(
  mmPerPixel: number,
  widestPixels: number,
): { readonly lengthMm: number; readonly pixels: number } {
  const fitting = LENGTHS_MM.filter((lengthMm) => lengthMm / mmPerPixel <= widestPixels);
  const lengthMm = fitting.at(-1) ?? LENGTHS_MM[0]!;
  return { lengthMm, pixels: lengthMm / mmPerPixel };
}

/** What stands in a pane's corners. */
interface CornerWords {
  readonly title: string;
  readonly place: string;
  readonly probe: string;
}

/** Title, place, banner, letters, scale, window and the value under the pointer. */
export function drawLabels(
  context: Context,
  plane: PlaneName,
  frame: PlaneFrame,
  scene: ViewerScene,
  words: CornerWords,
): void {
  const { widthPixels: width, heightPixels: height } = frame;
  const inWords = wordsIn(scene.language);
  context.fillStyle = PLANE_COLOURS[plane];
  context.fillRect(10, 8, 3, 12);
  const about = [
    { text: words.place, colour: COLOURS.text },
    { text: slabInWords(scene.slab, inWords), colour: COLOURS.contour },
  ];
  drawTitle(context, words.title, about, width);
  drawBanner(context, scene.banner, width);
  drawSideLetters(context, frame.right, frame.down, width, height);
  if (!scene.volume) return;
  drawText(context, words.probe, width - 10, height - 10, { align: 'right' });
  const { centreHu, widthHu, inverted } = scene.window;
  const window = inWords.panes.windowLevel(Math.round(centreHu), Math.round(widthHu), inverted);
  drawText(context, window, width - 10, height - 26, { align: 'right', colour: COLOURS.text });
  const bar = scaleBar(frame.mmPerPixel, Math.min(160, width / 4));
  drawScaleBar(context, bar.pixels, height - 12.5, `${inWords.plain(bar.lengthMm)} mm`);
}

/** A bar with ticks at its ends, in the lower left corner. */
function drawScaleBar(context: Context, length: number, y: number, label: string): void {
  for (const [lineWidth, colour] of [
    [4, COLOURS.halo],
    [1.5, COLOURS.text],
  ] as const) {
    context.lineWidth = lineWidth;
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(12.5, y - 5);
    context.lineTo(12.5, y);
    context.lineTo(12.5 + length, y);
    context.lineTo(12.5 + length, y - 5);
    context.stroke();
  }
  drawText(context, label, 12 + length / 2, y - 7, { align: 'center' });
}
