import { annotationLines, annotationValue, KIND_WORDS } from '#shared/annotations/annotationInWords.ts';
import { measureAnnotation } from '#shared/annotations/huStatistics.ts';
import { handlesOf } from '#shared/annotations/shapes.ts';
import type { Annotation, AnnotationShape } from '#shared/contract/annotations.ts';
import { type PageWords, wordsIn } from '../../words/index.ts';
import { drawKnob, drawText, fitText } from '../canvasText.ts';
import { COLOURS } from '../colours.ts';
import { lpsToPixel, type PixelPoint, type PlaneFrame } from '../planeFrame.ts';
import type { ViewerScene } from '../types.ts';
import { annotationsInPlane, outlineOf } from './annotationHandles.ts';
import { apart, type LabelBox } from './labelPlaces.ts';

type Context = CanvasRenderingContext2D;

const LINE_PIXELS = 15;
/** Letters reach so far below their line. */
const DESCENT_PIXELS = 3;
/** Between a shape and its words, and between words and the pane's edge. */
const GAP_PIXELS = 8;
const WIDEST_LABEL_PIXELS = 240;
const ARROW_PIXELS = 9;
const TICK_PIXELS = 5;

/**
 * Draws what lies in a pane's plane with its values, and what a tool has drawn so far.
 * @returns what is drawn, in words
 */
export function drawAnnotations(
  context: Context,
  frame: PlaneFrame,
  scene: ViewerScene,
  drawing: AnnotationShape | null,
): string[] {
  if (!scene.volume) return [];
  const inWords = wordsIn(scene.language);
  const shown = annotationsInPlane(scene, frame);
  const labels: Label[] = [];
  for (const annotation of shown) {
    const selected = scene.annotations.selected?.id === annotation.id ? scene.annotations.selected : null;
    drawShape(context, frame, annotation.shape, selected !== null);
    if (selected) drawHandles(context, frame, annotation.shape, selected.handle);
    labels.push(...labelOf(context, frame, annotation.shape, labelLines(annotation, inWords)));
  }
  if (drawing) {
    drawShape(context, frame, drawing, true);
    labels.push(...labelOf(context, frame, drawing, draftLines(drawing, frame, scene)));
  }
  const boxes = apart(labels, frame);
  labels.forEach((label, at) => {
    drawLeader(context, label, boxes[at]!);
  });
  labels.forEach((label, at) => {
    drawLabel(context, label, boxes[at]!);
  });
  return shown.map((annotation) =>
    [annotation.name, annotationValue(annotation, inWords)].filter((text) => text !== '').join(': '),
  );
}

/** Its own name only where a reader gave it: the usual ones say nothing that the shape does not. */
function labelLines(annotation: Annotation, inWords: PageWords): string[] {
  const { name, shape } = annotation;
  const isUsual = shape.kind === 'text' || new RegExp(`^${KIND_WORDS[shape.kind]} \\d+$`).test(name);
  return isUsual ? annotationLines(annotation, inWords) : [name, ...annotationLines(annotation, inWords)];
}

/** A line by hand encloses nothing yet, and a text says nothing yet. */
function draftLines(shape: AnnotationShape, frame: PlaneFrame, { volume, language }: ViewerScene): string[] {
  if (shape.kind === 'freehand' || shape.kind === 'text') return [];
  const plane = { pointLpsMm: frame.centreLpsMm, normal: frame.normal };
  return annotationLines({ name: '', shape, ...measureAnnotation(shape, plane, volume) }, wordsIn(language));
}

function drawShape(context: Context, frame: PlaneFrame, shape: AnnotationShape, isSelected: boolean): void {
  const { points, isClosed } = outlineOf(shape);
  const pixels = points.map((point) => lpsToPixel(frame, point));
  const path = new Path2D();
  pixels.forEach(([x, y], at) => {
    if (at === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  });
  if (isClosed) path.closePath();
  if (shape.kind === 'ruler') addTicks(path, pixels);
  if (shape.kind === 'text') addArrow(path, pixels);
  if (shape.kind === 'angle') addArc(path, pixels);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const [width, colour] of [
    [isSelected ? 4.5 : 3.5, COLOURS.halo],
    [isSelected ? 2.25 : 1.5, COLOURS.annotation],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke(path);
  }
  context.lineCap = 'butt';
}

/** Short strokes across both ends. */
function addTicks(path: Path2D, [from, to]: readonly PixelPoint[]): void {
  if (!from || !to) return;
  const long = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [x, y] = [(-(to[1] - from[1]) / long) * TICK_PIXELS, ((to[0] - from[0]) / long) * TICK_PIXELS];
  for (const end of [from, to]) {
    path.moveTo(end[0] - x, end[1] - y);
    path.lineTo(end[0] + x, end[1] + y);
  }
}

/** The head of an arrow at the first point. */
function addArrow(path: Path2D, [tip, from]: readonly PixelPoint[]): void {
  if (!tip || !from) return;
  const angle = Math.atan2(from[1] - tip[1], from[0] - tip[0]);
  for (const side of [-0.45, 0.45]) {
    path.moveTo(tip[0], tip[1]);
    path.lineTo(
      tip[0] + ARROW_PIXELS * Math.cos(angle + side),
      tip[1] + ARROW_PIXELS * Math.sin(angle + side),
    );
  }
}

/** Between the arms, round the vertex. */
function addArc(path: Path2D, [from, vertex, to]: readonly PixelPoint[]): void {
  if (!from || !vertex || !to) return;
  const [start, end] = [from, to].map(([x, y]) => Math.atan2(y - vertex[1], x - vertex[0])) as [
    number,
    number,
  ];
  const arms = [from, to].map(([x, y]) => Math.hypot(x - vertex[0], y - vertex[1]));
  const radius = Math.min(18, ...arms.map((arm) => 0.6 * arm));
  const turn = (((end - start) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
  path.moveTo(vertex[0] + radius * Math.cos(start), vertex[1] + radius * Math.sin(start));
  path.arc(vertex[0], vertex[1], radius, start, end, turn > Math.PI);
}

function drawHandles(
  context: Context,
  frame: PlaneFrame,
  shape: AnnotationShape,
  selected: number | null,
): void {
  handlesOf(shape).forEach((point, at) => {
    const isChosen = at === selected;
    drawKnob(
      context,
      lpsToPixel(frame, point),
      isChosen ? COLOURS.section : COLOURS.annotation,
      isChosen ? 6 : 4.5,
    );
  });
}

interface Label extends LabelBox {
  readonly lines: readonly string[];
  /** The place of the shape that the words belong to. */
  readonly anchor: PixelPoint;
}

/** The words stand right of the shape's last point, or rightmost point of an area, moved into the pane; none where there are none. */
function labelOf(
  context: Context,
  frame: PlaneFrame,
  shape: AnnotationShape,
  lines: readonly string[],
): readonly Label[] {
  if (lines.length === 0) return [];
  const fitted = lines.map((line) => fitText(context, line, WIDEST_LABEL_PIXELS));
  const width = Math.max(...fitted.map((line) => context.measureText(line).width));
  const anchor = labelPlace(frame, shape);
  const [x, y] = anchor;
  const left = Math.max(GAP_PIXELS, Math.min(x + GAP_PIXELS, frame.widthPixels - width - GAP_PIXELS));
  const lowest = frame.heightPixels - GAP_PIXELS - LINE_PIXELS * (fitted.length - 1);
  const firstLine = Math.max(GAP_PIXELS + LINE_PIXELS, Math.min(y + 4, lowest));
  const top = firstLine - LINE_PIXELS + DESCENT_PIXELS;
  return [{ lines: fitted, anchor, left, top, width, height: LINE_PIXELS * fitted.length }];
}

function drawLabel(context: Context, { lines }: Label, { left, top }: LabelBox): void {
  lines.forEach((line, at) => {
    drawText(context, line, left, top + LINE_PIXELS * (at + 1) - DESCENT_PIXELS, {
      colour: COLOURS.annotationText,
    });
  });
}

/** From a shape to its words, where they had to move away from it. */
function drawLeader(context: Context, { anchor: [x, y], ...own }: Label, box: LabelBox): void {
  if (box.top === own.top && box.left === own.left) return;
  const to = [
    Math.min(Math.max(x, box.left), box.left + box.width),
    Math.min(Math.max(y, box.top), box.top + box.height),
  ] as const;
  for (const [width, colour] of [
    [2.5, COLOURS.halo],
    [1, COLOURS.annotation],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(...to);
    context.stroke();
  }
}

function labelPlace(frame: PlaneFrame, shape: AnnotationShape): PixelPoint {
  if (shape.kind === 'angle') return lpsToPixel(frame, shape.pointsLpsMm[1]);
  if (shape.kind === 'text') return lpsToPixel(frame, shape.pointsLpsMm[1]);
  const pixels = outlineOf(shape).points.map((point) => lpsToPixel(frame, point));
  return pixels.reduce((most, one) => (one[0] > most[0] ? one : most));
}
