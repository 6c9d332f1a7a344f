import { add, cross, dot, lerp, type Vec3 } from '#shared/geometry/vec3.ts';
import { wordsIn } from '../words/index.ts';
import { drawKnob, drawText } from './canvasText.ts';
import { COLOURS, FONT } from './colours.ts';
import { distanceToSegment, pixelDistance } from './hitTests.ts';
import type { PaneHost } from './pane.ts';
import { type Drag, dragTo } from './paneInput.ts';
import { drawDiameters, isInPlane } from './planDrawing.ts';
import {
  heightAbovePlane,
  lpsToPixel,
  type PixelPoint,
  type PlaneFrame,
  pixelShiftToLps,
} from './planeFrame.ts';
import type { MarkedPoint, ViewerScene } from './types.ts';

type Context = CanvasRenderingContext2D;

/** A point is shown and held in a plane as far as it is this near to it, mm. */
const NEAR_MM = 3;
/** What a network found is no line to be held: only what lies in the plane. */
const FOUND_NEAR_MM = 1.5;
const FOUND_RADIUS = 1.8;
const GRAB_PIXELS = 10;

/** So far from the centre line stands the landing zone's handle, on its section: beside the line's points, one of which it would cover. */
const ASIDE_PIXELS = 16;
/** Where the section is seen face on more nearly than this (sine), its handle stands to the right. */
const FACE_ON = 0.05;

const isEditing = ({ tool }: ViewerScene): boolean =>
  tool === 'brush' || tool === 'eraser' || tool === 'scissors';

/** Whether a plane shows a point: an outline's only where it is the outline's own; the landing zone's not there. */
function isNear(frame: PlaneFrame, { pointLpsMm, plane, kind }: MarkedPoint): boolean {
  const nearMm = kind === 'found' ? FOUND_NEAR_MM : NEAR_MM;
  const isClose = Math.abs(heightAbovePlane(frame, pointLpsMm)) <= nearMm;
  if (!plane) return isClose;
  return kind === 'zone' ? isClose && !isInPlane(frame, { plane }) : isInPlane(frame, { plane });
}

/** Where a point is drawn and held: at its place; the landing zone's handle aside on its section, to the right or above. */
function pixelOf(frame: PlaneFrame, { pointLpsMm, kind, plane }: MarkedPoint): PixelPoint {
  const [x, y] = lpsToPixel(frame, pointLpsMm);
  if (kind !== 'zone' || !plane) return [x, y];
  const along = cross(plane.normal, frame.normal);
  const [right, down] = [dot(along, frame.right), dot(along, frame.down)];
  const sine = Math.hypot(right, down);
  if (sine < FACE_ON) return [x + ASIDE_PIXELS, y];
  const isRight = Math.abs(right) >= Math.abs(down) ? right > 0 : down < 0;
  const pixels = (isRight ? ASIDE_PIXELS : -ASIDE_PIXELS) / sine;
  return [x + pixels * right, y + pixels * down];
}

/** In 3D an outline's points would hide the others, and be dragged out of its plane; what was found would hide all. */
const isInThree = ({ kind }: MarkedPoint): boolean => kind !== 'outline' && kind !== 'found';

/** The points that a plane shows: those near to it; over them the diameters of its sections, for a dot on a digit makes it another. */
export function drawPointsInPlane(context: Context, frame: PlaneFrame, scene: ViewerScene): void {
  /** Of each structure, the dots furthest to the left and to the right. */
  const ends = new Map<string, readonly [PixelPoint, PixelPoint]>();
  for (const point of scene.points) {
    if (!isNear(frame, point)) continue;
    if (point.kind !== 'found') {
      drawPoint(context, frame, point);
      continue;
    }
    const pixel = lpsToPixel(frame, point.pointLpsMm);
    drawDot(context, pixel);
    const [left, right] = ends.get(point.label) ?? [pixel, pixel];
    ends.set(point.label, [pixel[0] < left[0] ? pixel : left, pixel[0] > right[0] ? pixel : right]);
  }
  drawNames(context, frame, ends);
  if (scene.plan) drawDiameters(context, frame, scene.plan, wordsIn(scene.language));
}

/** Of a line of words. */
const LINE_PIXELS = 15;
/** The banner stands in the upper right corner. */
const BANNER_PIXELS = 70;

/** Names over all dots and beside those of their own, which hid letters; none on another, on the banner or past the edge. */
function drawNames(
  context: Context,
  { widthPixels }: PlaneFrame,
  ends: ReadonlyMap<string, readonly [PixelPoint, PixelPoint]>,
): void {
  const taken: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  context.font = FONT;
  for (const [label, [left, right]] of ends) {
    const { width } = context.measureText(label);
    const edge = right[1] < BANNER_PIXELS ? widthPixels / 2 : widthPixels;
    const isRight = right[0] + 7 + width < edge || left[0] - 7 - width < 0;
    const [x, beside] = isRight ? [right[0] + 7, right[1] + 4] : [left[0] - 7, left[1] + 4];
    const [from, to] = isRight ? [x, x + width] : [x - width, x];
    let y = beside;
    while (taken.some((other) => other.from < to && from < other.to && Math.abs(other.y - y) < LINE_PIXELS))
      y += LINE_PIXELS;
    taken.push({ from, to, y });
    drawText(context, label, x, y, { align: isRight ? 'left' : 'right', colour: COLOURS.found });
  }
}

function drawDot(context: Context, [x, y]: PixelPoint): void {
  context.beginPath();
  context.arc(x, y, FOUND_RADIUS + 1, 0, 2 * Math.PI);
  context.fillStyle = COLOURS.halo;
  context.fill();
  context.beginPath();
  context.arc(x, y, FOUND_RADIUS, 0, 2 * Math.PI);
  context.fillStyle = COLOURS.found;
  context.fill();
}

/** In 3D points are seen through the surface. */
export function drawPointsInThree(context: Context, frame: PlaneFrame, scene: ViewerScene): void {
  for (const point of scene.points) if (isInThree(point)) drawPoint(context, frame, point);
}

const COLOUR_OF_KIND: Readonly<Record<MarkedPoint['kind'], string>> = {
  landmark: COLOURS.landmark,
  line: COLOURS.centreLine,
  outline: COLOURS.section,
  zone: COLOURS.landingZone,
  found: COLOURS.found,
};
const HALF_DIAMOND = 6;

/** Landmarks as a diamond with its name, so that they are not taken for handles of the planes; others as knobs. */
function drawPoint(context: Context, frame: PlaneFrame, point: MarkedPoint): void {
  const { label, kind } = point;
  const colour = COLOUR_OF_KIND[kind];
  const [x, y] = pixelOf(frame, point);
  if (kind !== 'landmark') {
    drawKnob(context, [x, y], colour);
    return;
  }
  context.beginPath();
  context.moveTo(x - HALF_DIAMOND, y);
  context.lineTo(x, y - HALF_DIAMOND);
  context.lineTo(x + HALF_DIAMOND, y);
  context.lineTo(x, y + HALF_DIAMOND);
  context.closePath();
  context.lineWidth = 4;
  context.strokeStyle = COLOURS.halo;
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
  if (label !== '') drawText(context, label, x + HALF_DIAMOND + 4, y - 5, { colour });
}

/** The point that a press at a pixel of a plane holds; null where there is none. */
export const pointInPlane = (pixel: PixelPoint, frame: PlaneFrame, scene: ViewerScene): MarkedPoint | null =>
  nearestPoint(pixel, frame, scene, (point) => isNear(frame, point));

/** The same in 3D, whatever their depth. */
export const pointInThree = (pixel: PixelPoint, frame: PlaneFrame, scene: ViewerScene): MarkedPoint | null =>
  nearestPoint(pixel, frame, scene, isInThree);

function nearestPoint(
  pixel: PixelPoint,
  frame: PlaneFrame,
  scene: ViewerScene,
  isHeld: (point: MarkedPoint) => boolean,
): MarkedPoint | null {
  if (isEditing(scene)) return null;
  let nearest: MarkedPoint | null = null;
  let shortest = GRAB_PIXELS;
  for (const point of scene.points) {
    const away = pixelDistance(pixelOf(frame, point), pixel);
    if (point.kind === 'found' || away >= shortest || !isHeld(point)) continue;
    nearest = point;
    shortest = away;
  }
  return nearest;
}

/** A drag within the pane's plane; in 3D within the picture: the point's depth stays. */
export function dragPoint(
  host: PaneHost,
  frame: PlaneFrame,
  { id, pointLpsMm }: MarkedPoint,
  from: PixelPoint,
): Drag {
  let now: Vec3 | null = null;
  return dragTo(
    (at) => {
      now = add(pointLpsMm, pixelShiftToLps(frame, [at[0] - from[0], at[1] - from[1]]));
      host.events.onPoint(id, now, false);
    },
    // A press without a move changes nothing.
    () => now && host.events.onPoint(id, now, true),
  );
}

const NEAR_LINE_PIXELS = 8;

/**
 * The place on the outline that is corrected, or else on the centre line, under a pixel, LPS mm; null where there is none.
 * @param reachMm as in planes; infinite in 3D
 */
export function placeOnLine(
  pixel: PixelPoint,
  frame: PlaneFrame,
  scene: ViewerScene,
  reachMm = NEAR_MM,
): Vec3 | null {
  if (isEditing(scene) || !scene.plan) return null;
  const { centreLineLpsMm, edited } = scene.plan;
  const [start] = edited && isInPlane(frame, edited) ? edited.outlineLpsMm : [];
  const onOutline =
    start && edited ? placeOnPath(pixel, frame, [...edited.outlineLpsMm, start], NEAR_MM) : null;
  return onOutline ?? placeOnPath(pixel, frame, centreLineLpsMm, reachMm);
}

function placeOnPath(
  pixel: PixelPoint,
  frame: PlaneFrame,
  line: readonly Vec3[],
  reachMm: number,
): Vec3 | null {
  let place: Vec3 | null = null;
  let shortest = NEAR_LINE_PIXELS;
  for (let index = 1; index < line.length; index++) {
    const [from, to] = [line[index - 1]!, line[index]!];
    if (Math.abs(heightAbovePlane(frame, from)) > reachMm || Math.abs(heightAbovePlane(frame, to)) > reachMm)
      continue;
    const [a, b] = [lpsToPixel(frame, from), lpsToPixel(frame, to)];
    const away = distanceToSegment(pixel, a, b);
    if (away >= shortest) continue;
    shortest = away;
    const span = pixelDistance(a, b);
    const share = span > 0 ? Math.sqrt(Math.max(0, pixelDistance(a, pixel) ** 2 - away ** 2)) / span : 0;
    place = lerp(from, to, Math.min(1, share));
  }
  return place;
}

/** Delete removes the point under the pointer, Insert or + adds one on the line. @returns whether the key meant that */
export function keyOnPoints(
  key: string,
  host: PaneHost,
  point: MarkedPoint | null,
  place: Vec3 | null,
): boolean {
  if ((key === 'Delete' || key === 'Backspace') && point) {
    host.events.onRemovePoint(point.id);
    return true;
  }
  if ((key === 'Insert' || key === '+') && place) {
    host.events.onAddPoint(place);
    return true;
  }
  return false;
}

/**
 * A double click on the line adds a point; the owner says so where there is one already. On a landmark, and on the landing
 * zone's handle, it means nothing.
 * @returns whether it was on any of them
 */
export function doubleClickOnLine(host: PaneHost, point: MarkedPoint | null, place: Vec3 | null): boolean {
  if (point && (point.kind === 'landmark' || point.kind === 'zone' || !place)) return true;
  if (place) host.events.onAddPoint(place);
  return place !== null;
}
