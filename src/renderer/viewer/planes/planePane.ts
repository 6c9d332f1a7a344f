import type { Vec3 } from '#shared/geometry/vec3.ts';
import { createPaneElement, type PaneHost, paneSize } from '../pane.ts';
import type { PlaneName, ViewerScene } from '../types.ts';
import { type AnnotationDrawing, createAnnotationDrawing } from './annotationDrawing.ts';
import { listenToPlane, scrollPlane } from './planeInput.ts';
import { createPlanePainter } from './planePainter.ts';
import type { PlanePicture } from './planePicture.ts';
import { createPlaneView, type PlaneView } from './planeView.ts';

export interface PlanePane {
  readonly element: HTMLElement;
  readonly picture: PlanePicture;
  readonly view: Pick<PlaneView, 'frame'>;
  readonly drawing: Pick<AnnotationDrawing, 'cancel' | 'place'>;
  /** Follows the scene. Call before `draw` when the volume or the axes may have changed. */
  follow(scene: ViewerScene): void;
  draw(quality: number): void;
  scroll(slices: number): void;
  resetView(): void;
  /** Zooms in until a cube fills the pane; never out beyond the whole volume. */
  frameCube(centreLpsMm: Vec3, edgeMm: number): void;
  canvas(): HTMLCanvasElement;
  dispose(): void;
}

/** One plane's pane: its view state, its painter and its input put together. */
export function createPlanePane(plane: PlaneName, host: PaneHost): PlanePane {
  const element = createPaneElement(plane);
  const listeners = new AbortController();
  const view = createPlaneView(plane, host, () => paneSize(element));
  const painter = createPlanePainter(plane, element, host);
  const drawing = createAnnotationDrawing(host, view);
  const marks = listenToPlane(element, view, host, drawing, listeners.signal);
  return {
    element,
    picture: painter.picture,
    view,
    drawing,
    follow: view.follow,
    draw: (quality) => painter.draw(view.frame(), marks(), quality),
    scroll: (slices) => scrollPlane(plane, host, slices),
    resetView: view.reset,
    frameCube: view.frameCube,
    canvas: () => painter.canvas,
    dispose() {
      listeners.abort();
      element.remove();
    },
  };
}
