import { ellipseOutline, handlesOf, moved, withHandle } from '#shared/annotations/shapes.ts';
import type { Annotation, AnnotationShape } from '#shared/contract/annotations.ts';
import { isAnnotationKind } from '#shared/contract/annotations.ts';
import { add, addScaled, dot, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { distanceToOutline, distanceToSegment, pixelDistance } from '../hitTests.ts';
import type { PaneHost } from '../pane.ts';
import { type Drag, dragTo } from '../paneInput.ts';
import {
  heightAbovePlane,
  lpsToPixel,
  type PixelPoint,
  type PlaneFrame,
  pixelShiftToLps,
} from '../planeFrame.ts';
import type { AnnotationEvent, SelectedAnnotation, ViewerScene } from '../types.ts';
import type { PlaneView } from './planeView.ts';

const GRAB_PIXELS = 7;
const KNOB_GRAB_PIXELS = 10;

/** Half of the distance between slices along a plane's normal, or half of the slab that is shown, mm. */
function halfSliceMm({ volume, slab }: ViewerScene, frame: PlaneFrame): number {
  if (!volume) return 0;
  const { directions, spacingMm } = volume.grid;
  const perMm = directions.map((direction, axis) => dot(direction, frame.normal) / spacingMm[axis]!);
  return Math.max(0.5 / Math.hypot(...perMm), slab.thicknessMm / 2);
}

/** What lies in a pane's plane: all of its points within half a slice. */
export function annotationsInPlane(scene: ViewerScene, frame: PlaneFrame): readonly Annotation[] {
  const reachMm = halfSliceMm(scene, frame) + 1e-6;
  return scene.annotations.list.filter(({ shape }) =>
    handlesOf(shape).every((point) => Math.abs(heightAbovePlane(frame, point)) <= reachMm),
  );
}

/** The lines of a shape, in order, LPS mm; the last point of a closed one is joined to the first. */
export function outlineOf(shape: AnnotationShape): {
  readonly points: readonly Vec3[];
  readonly isClosed: boolean;
} {
  if (shape.kind === 'ellipse') return { points: ellipseOutline(shape), isClosed: true };
  return { points: shape.pointsLpsMm, isClosed: shape.kind === 'freehand' };
}

function distanceToShape(pixel: PixelPoint, frame: PlaneFrame, shape: AnnotationShape): number {
  const { points, isClosed } = outlineOf(shape);
  const pixels = points.map((point) => lpsToPixel(frame, point));
  if (isClosed) return distanceToOutline(pixel, pixels);
  return pixels
    .slice(1)
    .reduce((nearest, to, at) => Math.min(nearest, distanceToSegment(pixel, pixels[at]!, to)), Infinity);
}

/** What can be grabbed of an annotation. */
export interface AnnotationTarget extends SelectedAnnotation {
  readonly annotation: Annotation;
}

/**
 * The annotation under a pixel, and its handle there. While a measuring tool is chosen only the handles of the selected
 * one are grabbed, so that another can begin on it; editing tools grab none.
 */
export function annotationTarget(
  pixel: PixelPoint,
  frame: PlaneFrame,
  scene: ViewerScene,
): AnnotationTarget | null {
  const { tool, annotations } = scene;
  if (tool === 'brush' || tool === 'eraser' || tool === 'scissors') return null;
  const isMeasuring = isAnnotationKind(tool);
  const isSelected = ({ id }: Annotation): boolean => id === annotations.selected?.id;
  const candidates = annotationsInPlane(scene, frame).filter((one) => !isMeasuring || isSelected(one));
  // The selected one first, then the one that was drawn last.
  const order = candidates.toReversed().sort((a, b) => Number(isSelected(b)) - Number(isSelected(a)));
  for (const annotation of order) {
    const handle = handlesOf(annotation.shape).findIndex(
      (point) => pixelDistance(lpsToPixel(frame, point), pixel) < KNOB_GRAB_PIXELS,
    );
    if (handle >= 0) return { id: annotation.id, handle, annotation };
  }
  if (isMeasuring) return null;
  const grabbed = order.find(({ shape }) => distanceToShape(pixel, frame, shape) < GRAB_PIXELS);
  return grabbed ? { id: grabbed.id, handle: null, annotation: grabbed } : null;
}

const shifted = ({ shape, plane }: Annotation, handle: number | null, shiftLpsMm: Vec3): AnnotationShape => {
  const point = handle === null ? undefined : handlesOf(shape)[handle];
  return handle === null || !point
    ? moved(shape, plane, shiftLpsMm)
    : withHandle(shape, plane, handle, add(point, shiftLpsMm));
};

/** The drag of a handle, or of the whole; a press alone selects it. */
export function dragAnnotation(
  host: PaneHost,
  view: PlaneView,
  { id, handle, annotation }: AnnotationTarget,
  from: PixelPoint,
): Drag {
  const frame = view.frame();
  const { onAnnotation } = host.events;
  onAnnotation({ kind: 'selected', selected: { id, handle } });
  let shape: AnnotationShape | null = null;
  return dragTo(
    (now) => {
      if (!shape && pixelDistance(now, from) < 1) return;
      shape = shifted(annotation, handle, pixelShiftToLps(frame, [now[0] - from[0], now[1] - from[1]]));
      onAnnotation({ kind: 'changed', id, shape, isFinal: false });
    },
    () => {
      if (shape) onAnnotation({ kind: 'changed', id, shape, isFinal: true });
    },
  );
}

/** The move of the selected handle by a key; null where it is not shown in this plane. */
export function nudgedAnnotation(
  scene: ViewerScene,
  frame: PlaneFrame,
  rightMm: number,
  downMm: number,
): AnnotationEvent | null {
  const { selected } = scene.annotations;
  const annotation = annotationsInPlane(scene, frame).find(({ id }) => id === selected?.id);
  if (!annotation || !selected) return null;
  const shift = addScaled(scale(frame.right, rightMm), frame.down, downMm);
  const shape = shifted(annotation, selected.handle, shift);
  return { kind: 'changed', id: annotation.id, shape, isFinal: false };
}
