import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Graphics } from './graphics.ts';
import type { PixelPoint, PlaneFrame } from './planeFrame.ts';
import type { PaneName, ViewerEvents, ViewerScene } from './types.ts';

/** What a pane knows of the viewer that it is part of. */
export interface PaneHost {
  readonly events: ViewerEvents;
  readonly graphics: Graphics;
  scene(): ViewerScene;
  /** Where the crosshair will be once the owner has answered: several wheel steps between two answers add up. */
  crosshairLpsMm(): Vec3;
  proposeCrosshair(pointLpsMm: Vec3): void;
  /** Draws one pane, or all, in the next frame. */
  requestDraw(pane?: PaneName): void;
  /** Something moves: pictures may be coarse until shortly after the last call. */
  keepMoving(): void;
  setActive(pane: PaneName): void;
}

/** An empty pane that can take the keyboard's focus; its name is set with what is drawn. */
export function createPaneElement(pane: PaneName): HTMLElement {
  const element = document.createElement('div');
  element.className = 'viewer-pane';
  element.tabIndex = 0;
  element.setAttribute('role', 'group');
  element.dataset.pane = pane;
  return element;
}

/**
 * CSS pixels to a pane's pixel: as much as panels and bars are larger on wide screens (`--scale`, app/layout.css). Panes count
 * and draw in their own pixels, so lines, handles, what grabs them and words all grow alike.
 */
export const pageScale = (): number =>
  typeof document === 'undefined'
    ? 1
    : Number(getComputedStyle(document.documentElement).getPropertyValue('--scale')) || 1;

/** Device pixels to a pane's pixel. */
export const deviceRatio = (): number => (window.devicePixelRatio || 1) * pageScale();

/** Width and height in the pane's pixels; at least 1, also while the pane is hidden. */
export function paneSize(element: Pick<HTMLElement, 'clientWidth' | 'clientHeight'>): PixelPoint {
  const scale = pageScale();
  return [Math.max(1, element.clientWidth) / scale, Math.max(1, element.clientHeight) / scale];
}

/** Where a pointer is in a pane, in the pane's pixels. */
export function panePoint(element: HTMLElement, event: MouseEvent): PixelPoint {
  const box = element.getBoundingClientRect();
  const scale = pageScale();
  return [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
}

/** Gives a canvas the frame's size in device pixels and lets its context draw in the pane's pixels. */
export function fitCanvas(context: CanvasRenderingContext2D, frame: PlaneFrame): void {
  const { canvas } = context;
  const ratio = deviceRatio();
  const [width, height] = [Math.round(frame.widthPixels * ratio), Math.round(frame.heightPixels * ratio)];
  // Setting a canvas's size clears it, even to the same size.
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}
