import { freehandOutline } from '#shared/annotations/freehandOutline.ts';
import type { AnnotationKind, AnnotationShape } from '#shared/contract/annotations.ts';
import { addScaled, distance, dot, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { pixelDistance } from '../hitTests.ts';
import type { PaneHost } from '../pane.ts';
import type { Drag } from '../paneInput.ts';
import { heightAbovePlane, type PixelPoint, type PlaneFrame, pixelToLps } from '../planeFrame.ts';
import type { PlaneView } from './planeView.ts';

/** Draws new annotations in a pane: by a drag, or point by point with clicks. */
export interface AnnotationDrawing {
  begin(tool: AnnotationKind, from: PixelPoint): Drag;
  /** The pointer is here: the next point follows it. */
  hover(at: PixelPoint | null, isDragging: boolean): void;
  /** What is drawn so far; null where nothing is. */
  shown(): AnnotationShape | null;
  /** Draws one of a usual size at the crosshair with the tool that is chosen. */
  place(): void;
  /** Abandons what is half drawn. @returns whether there was anything */
  cancel(): boolean;
}

/** A press that moves less than this is a click. */
const CLICK_PIXELS = 4;
/** From what a text points to, to where it stands, where a click alone set it; towards the pane's middle. */
const TEXT_OFFSET_PIXELS = 28;
/** Points of a line drawn by hand that are nearer to it are left out. */
const THIN_PIXELS = 0.5;
/** A plane that moved less than this is the same one, mm. */
const SAME_PLANE_MM = 1e-3;

const POINTS_NEEDED: Readonly<Record<Exclude<AnnotationKind, 'freehand'>, number>> = {
  ruler: 2,
  angle: 3,
  ellipse: 2,
  text: 2,
};

/** The shape of a tool through points; null where they are too few, or make nothing. */
function shapeOf(
  tool: Exclude<AnnotationKind, 'freehand'>,
  points: readonly Vec3[],
  { right, down, mmPerPixel }: PlaneFrame,
): AnnotationShape | null {
  const [a, b, c] = points;
  if (!a || !b || distance(a, b) < mmPerPixel) return null;
  switch (tool) {
    case 'ruler':
      return { kind: 'ruler', pointsLpsMm: [a, b] };
    case 'text':
      return { kind: 'text', pointsLpsMm: [a, b] };
    case 'angle':
      return c && distance(b, c) >= mmPerPixel ? { kind: 'angle', pointsLpsMm: [a, b, c] } : null;
    case 'ellipse': {
      const across = subtract(b, a);
      const [first, second] = [scale(right, dot(across, right) / 2), scale(down, dot(across, down) / 2)];
      const isFlat = [first, second].some((half) => Math.hypot(...half) < mmPerPixel);
      return isFlat
        ? null
        : { kind: 'ellipse', centreLpsMm: addScaled(a, across, 0.5), halfAxesLpsMm: [first, second] };
    }
  }
}

/** A line drawn by hand as a region; null where it encloses nothing. */
function regionOf(path: readonly Vec3[], frame: PlaneFrame): AnnotationShape | null {
  const flat = path.map((point): readonly [number, number] => {
    const offset = subtract(point, frame.centreLpsMm);
    return [dot(offset, frame.right), dot(offset, frame.down)];
  });
  const outline = freehandOutline(flat, THIN_PIXELS * frame.mmPerPixel);
  if (outline.length < 3) return null;
  const pointsLpsMm = outline.map(([x, y]) =>
    addScaled(addScaled(frame.centreLpsMm, frame.right, x), frame.down, y),
  );
  return { kind: 'freehand', pointsLpsMm };
}

/** Of a usual size, where a key draws them; mm to the right and down of the crosshair. */
const USUAL_POINTS_MM: Readonly<Record<AnnotationKind, readonly PixelPoint[]>> = {
  ruler: [
    [-5, 0],
    [5, 0],
  ],
  angle: [
    [-5, -5],
    [0, 0],
    [5, -5],
  ],
  ellipse: [
    [-5, -5],
    [5, 5],
  ],
  freehand: [
    [-5, -5],
    [5, -5],
    [5, 5],
    [-5, 5],
  ],
  text: [
    [0, 0],
    [8, -8],
  ],
};

/** Where the words of a text stand that a click set, in pixels. */
const besideClick = ([x, y]: PixelPoint, { widthPixels, heightPixels }: PlaneFrame): PixelPoint => [
  x + (x < widthPixels / 2 ? TEXT_OFFSET_PIXELS : -TEXT_OFFSET_PIXELS),
  y + (y < heightPixels / 2 ? TEXT_OFFSET_PIXELS : -TEXT_OFFSET_PIXELS),
];

export function createAnnotationDrawing(host: PaneHost, view: PlaneView): AnnotationDrawing {
  let tool: AnnotationKind | null = null;
  let placed: Vec3[] = [];
  /** The point that follows the pointer. */
  let next: Vec3 | null = null;
  /** Of the first point: what is half drawn ends where the plane moves on. */
  let startFrame: PlaneFrame | null = null;

  const reset = (): void => {
    tool = null;
    placed = [];
    next = null;
    startFrame = null;
    host.requestDraw(view.plane);
  };
  const lpsAt = (pixel: PixelPoint): Vec3 => pixelToLps(view.frame(), pixel);

  const isStillHere = (): boolean => {
    if (!startFrame || tool !== host.scene().tool) return false;
    const now = view.frame();
    return (
      dot(now.normal, startFrame.normal) > 1 - 1e-9 &&
      Math.abs(heightAbovePlane(now, startFrame.centreLpsMm)) < SAME_PLANE_MM
    );
  };

  const emit = (shape: AnnotationShape | null, frame: PlaneFrame): void => {
    if (!shape) return;
    const plane = { pointLpsMm: frame.centreLpsMm, normal: frame.normal };
    host.events.onAnnotation({ kind: 'drawn', shape, plane });
  };

  /** Adds the point that follows the pointer, and ends where none is missing. */
  const put = (kind: Exclude<AnnotationKind, 'freehand'>): void => {
    const frame = startFrame;
    if (!next || !frame) return;
    const last = placed.at(-1);
    // The second press of a double click is the same point.
    if (last && distance(last, next) < frame.mmPerPixel) return;
    placed.push(next);
    next = null;
    if (placed.length < POINTS_NEEDED[kind]) return;
    const shape = shapeOf(kind, placed, frame);
    reset();
    emit(shape, frame);
  };

  const beginRegion = (from: PixelPoint): Drag => {
    const frame = view.frame();
    reset();
    [tool, startFrame, placed] = ['freehand', frame, [lpsAt(from)]];
    const path = placed;
    return {
      move(positions) {
        if (placed === path) path.push(...positions.map(lpsAt));
      },
      end() {
        if (placed !== path) return;
        reset();
        emit(regionOf(path, frame), frame);
      },
    };
  };

  return {
    begin(kind, from) {
      if (kind === 'freehand') return beginRegion(from);
      if (tool !== kind || !isStillHere()) {
        reset();
        [tool, startFrame] = [kind, view.frame()];
      }
      const isFirst = placed.length === 0;
      if (isFirst) placed.push(lpsAt(from));
      const points = placed;
      next = lpsAt(from);
      let farthest = 0;
      return {
        move(positions) {
          const now = positions.at(-1);
          if (placed !== points || !now) return;
          farthest = Math.max(farthest, pixelDistance(now, from));
          next = lpsAt(now);
        },
        end() {
          if (placed !== points) return;
          const isClick = isFirst && farthest < CLICK_PIXELS;
          if (isClick && kind === 'text') next = lpsAt(besideClick(from, view.frame()));
          if (!isClick || kind === 'text') put(kind);
        },
      };
    },
    hover(at, isDragging) {
      if (isDragging || placed.length === 0 || tool === 'freehand') return;
      if (!isStillHere()) reset();
      else next = at && lpsAt(at);
    },
    shown() {
      if (!tool || placed.length === 0 || !startFrame || !isStillHere()) return null;
      if (tool === 'freehand') return { kind: 'freehand', pointsLpsMm: placed };
      const points = next ? [...placed, next] : placed;
      const shape = shapeOf(tool, points, startFrame);
      // An angle's first arm is a line.
      return shape ?? shapeOf('ruler', points, startFrame);
    },
    place() {
      const { tool: kind } = host.scene();
      if (!host.scene().volume || !(kind in USUAL_POINTS_MM)) return;
      reset();
      const frame = view.frame();
      const chosen = kind as AnnotationKind; // one of the keys, as was just seen
      const centre = host.scene().crosshairLpsMm;
      const points = USUAL_POINTS_MM[chosen].map(([right, down]) =>
        addScaled(addScaled(centre, frame.right, right), frame.down, down),
      );
      emit(
        chosen === 'freehand' ? { kind: 'freehand', pointsLpsMm: points } : shapeOf(chosen, points, frame),
        frame,
      );
    },
    cancel() {
      const wasDrawing = placed.length > 0 && isStillHere();
      reset();
      return wasDrawing;
    },
  };
}
