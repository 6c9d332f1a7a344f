import { isAnnotationKind } from '#shared/contract/annotations.ts';
import type { PaneHost } from '../pane.ts';
import { type Drag, listenToPane } from '../paneInput.ts';
import {
  AXIS_OF_PLANE,
  type PixelPoint,
  type PlaneFrame,
  pixelShiftToLps,
  pixelToLps,
} from '../planeFrame.ts';
import { doubleClickOnLine, keyOnPoints, placeOnLine, pointInPlane } from '../points.ts';
import type { PlaneName, Tool, ViewerScene } from '../types.ts';
import { createWheelCounter } from '../wheelCounter.ts';
import type { AnnotationDrawing } from './annotationDrawing.ts';
import { annotationTarget, dragAnnotation } from './annotationHandles.ts';
import { dragHandle } from './handleDrags.ts';
import { planeTarget } from './planeHandles.ts';
import type { PointerMarks } from './planePainter.ts';
import type { PlaneView } from './planeView.ts';
import { scrolled } from './scrolling.ts';
import { dragTool } from './toolDrags.ts';

const SLICES_OF_KEY: ReadonlyMap<string, number> = new Map([
  ['ArrowUp', 1],
  ['ArrowRight', 1],
  ['ArrowDown', -1],
  ['ArrowLeft', -1],
  ['PageUp', 10],
  ['PageDown', -10],
]);

const CURSOR_OF_TOOL: Readonly<Record<Tool, string>> = {
  ruler: 'crosshair',
  angle: 'crosshair',
  ellipse: 'crosshair',
  freehand: 'crosshair',
  text: 'crosshair',
  crosshair: 'crosshair',
  window: 'ns-resize',
  pan: 'grab',
  zoom: 'zoom-in',
  brush: 'none',
  eraser: 'none',
  scissors: 'crosshair',
};

/** The pointer's shape over a pixel. */
function cursorAt(plane: PlaneName, pixel: PixelPoint, frame: PlaneFrame, scene: ViewerScene): string {
  if (scene.isPlacing) return 'crosshair';
  if (annotationTarget(pixel, frame, scene)) return 'move';
  const target = planeTarget(plane, pixel, frame, scene);
  if (!target) return CURSOR_OF_TOOL[scene.tool];
  if (target.kind === 'turn' || target.kind === 'ostiumTilt' || target.kind === 'deviceAim') return 'alias';
  if (target.kind === 'regionResize') return 'nwse-resize';
  return target.kind === 'crosshairLine' ? 'grab' : 'move';
}

/** Moves the crosshair by whole slices along a plane's normal, unless the owner has the plane follow something else. */
export function scrollPlane(plane: PlaneName, host: PaneHost, slices: number): void {
  const { volume, axes } = host.scene();
  if (!volume || host.events.onScroll(plane, slices)) return;
  const normal = axes[AXIS_OF_PLANE[plane]];
  host.proposeCrosshair(scrolled(volume.grid, host.crosshairLpsMm(), normal, slices));
}

/** Handles pointer, wheel and keys of a plane's pane until the signal fires. Returns what the pointer marks now. */
export function listenToPlane(
  element: HTMLElement,
  view: PlaneView,
  host: PaneHost,
  drawing: AnnotationDrawing,
  signal: AbortSignal,
): () => PointerMarks {
  const { plane } = view;
  const countWheel = createWheelCounter();
  let pointer: PixelPoint | null = null;
  let outline: readonly PixelPoint[] = [];

  function showOutline(next: readonly PixelPoint[]): void {
    outline = next;
    host.requestDraw(plane);
  }

  /** What a press of a button (0 left, 1 middle, 2 right) starts; null where it starts nothing. */
  function begin(button: number, from: PixelPoint): Drag | null {
    const scene = host.scene();
    if (!scene.volume) return null;
    if (button === 1) return dragTool(host, view, 'pan', from, showOutline);
    if (button === 2) return dragTool(host, view, 'window', from, showOutline);
    if (button !== 0) return null;
    if (scene.isPlacing) {
      host.events.onPlace(pixelToLps(view.frame(), from));
      return null;
    }
    const annotation = annotationTarget(from, view.frame(), scene);
    if (annotation) return dragAnnotation(host, view, annotation, from);
    if (scene.annotations.selected) host.events.onAnnotation({ kind: 'selected', selected: null });
    if (isAnnotationKind(scene.tool)) return drawing.begin(scene.tool, from);
    const target = planeTarget(plane, from, view.frame(), scene);
    return target
      ? dragHandle(host, view, target, from)
      : dragTool(host, view, scene.tool, from, showOutline);
  }

  function wheel(event: WheelEvent, at: PixelPoint): void {
    if (event.ctrlKey || event.metaKey) {
      view.zoomBy(Math.exp(-event.deltaY / 400), at);
      return;
    }
    const slices = countWheel(event.deltaY, event.deltaMode === WheelEvent.DOM_DELTA_PIXEL);
    if (slices === 0) return;
    scrollPlane(plane, host, -slices);
    host.keepMoving();
  }

  listenToPane(
    element,
    plane,
    host,
    {
      begin,
      holds(at) {
        const [frame, scene] = [view.frame(), host.scene()];
        if (scene.isPlacing) return false;
        if (annotationTarget(at, frame, scene)) return true;
        const target = planeTarget(plane, at, frame, scene);
        // The crosshair is set by a tap: its lines are held where they are touched alone.
        return target !== null && target.kind !== 'crosshairLine' && target.kind !== 'crosshairCentre';
      },
      wheel,
      hover(at, isDragging) {
        pointer = at;
        drawing.hover(at, isDragging);
        if (at && !isDragging) element.style.cursor = cursorAt(plane, at, view.frame(), host.scene());
        host.requestDraw(plane);
      },
      pinch(factor, middle, shift) {
        view.zoomBy(factor, middle);
        view.panBy(pixelShiftToLps(view.frame(), shift));
      },
      doubleClick: (at) => {
        const [frame, scene] = [view.frame(), host.scene()];
        return doubleClickOnLine(host, pointInPlane(at, frame, scene), placeOnLine(at, frame, scene));
      },
      key(key) {
        // The window's keys move what is selected.
        if (host.scene().annotations.selected && key.startsWith('Arrow')) return false;
        const [frame, scene] = [view.frame(), host.scene()];
        const [point, place] = pointer
          ? [pointInPlane(pointer, frame, scene), placeOnLine(pointer, frame, scene)]
          : [null, null];
        if (keyOnPoints(key, host, point, place)) return true;
        const slices = SLICES_OF_KEY.get(key);
        if (slices !== undefined) scrollPlane(plane, host, slices);
        return slices !== undefined;
      },
    },
    signal,
  );
  return () => ({ pointer, outline, drawing: drawing.shown() });
}
