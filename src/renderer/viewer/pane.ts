import type { Vec3 } from '#shared/geometry/vec3.ts';
import { pageScale } from './canvasText.ts';
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

/** Width and height in CSS pixels; at least 1, also while the pane is hidden. */
export const paneSize = (element: HTMLElement): PixelPoint => [
  Math.max(1, element.clientWidth),
  Math.max(1, element.clientHeight),
];

/** Gives a canvas the frame's size in device pixels and lets its context draw in CSS pixels. */
export function fitCanvas(context: CanvasRenderingContext2D, frame: PlaneFrame): void {
  const { canvas } = context;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(frame.widthPixels * ratio), Math.round(frame.heightPixels * ratio)];
  // Setting a canvas's size clears it, even to the same size.
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

/**
 * Draws words in a pane's corners as much larger as panels and bars are on wide screens (`--scale`, app/layout.css).
 * @param draw gets the pane's size in its own units, and their length in CSS pixels
 */
export function drawEnlarged(
  context: CanvasRenderingContext2D,
  { widthPixels, heightPixels }: PlaneFrame,
  draw: (width: number, height: number, scale: number) => void,
): void {
  const scale = pageScale();
  context.save();
  context.scale(scale, scale);
  draw(widthPixels / scale, heightPixels / scale, scale);
  context.restore();
}
