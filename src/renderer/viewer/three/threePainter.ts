import { wordsIn } from '../../words/index.ts';
import { createDrawnState } from '../drawnState.ts';
import { drawingContext } from '../graphics.ts';
import { deviceRatio, fitCanvas, type PaneHost, pageScale } from '../pane.ts';
import type { PlaneFrame } from '../planeFrame.ts';
import type { ViewerScene } from '../types.ts';
import { createRenderedVolume, type RenderedVolume } from './renderedVolume.ts';
import { RENDERED_EDGE_MM, renderedFocus } from './subject.ts';
import { showSurfaces } from './surfaces.ts';
import { drawThreeOverlay } from './threeDrawing.ts';
import { createThreeScene, type ThreeScene } from './threeScene.ts';

/** Draws the 3D pane: what the GPU renders, and the overlay on it. */
export interface ThreePainter {
  /** Brings what changed in the scene to the GPU. */
  follow(scene: ViewerScene): void;
  /** The volume's voxels were changed in place. */
  touchVolume(): void;
  draw(frame: PlaneFrame, isMoving: boolean): void;
  /** Whether the copy for volume rendering is still being made. */
  isPreparing(): boolean;
  /** The rendered picture and the overlay, drawn again at once: WebGL clears its picture after each frame. */
  layers(frame: PlaneFrame): readonly HTMLCanvasElement[];
  dispose(): void;
}

/** Longest side of the copy for volume rendering, in voxels. */
const LARGEST_SIDE = { software: 160, hardware: 512 } as const;

/** Whether the GPU already shows what matters of a scene: the crosshair, the window and the like do not. */
function showsSame(scene: ViewerScene, before: ViewerScene | null): boolean {
  if (!before) return false;
  const parts = [
    'mesh',
    'reference',
    'unfilled',
    'doubt',
    'beside',
    'ostium',
    'device',
    'volume',
    'volumeRendering',
  ] as const;
  return (
    parts.every((part) => before[part] === scene[part]) &&
    (before.region === scene.region || !scene.volumeRendering)
  );
}

/** Adds the canvases to the pane's element and paints on them. */
export function createThreePainter(element: HTMLElement, host: PaneHost): ThreePainter {
  const { isSoftware, hasWebGl2, largestTextureSide } = host.graphics;
  const largestSide = Math.min(
    isSoftware ? LARGEST_SIDE.software : LARGEST_SIDE.hardware,
    largestTextureSide,
  );
  const overlay = document.createElement('canvas');
  element.append(overlay);
  const context = drawingContext(overlay, host.graphics);
  const drawn = createDrawnState();
  overlay.addEventListener('contextrestored', () => {
    drawn.forget();
    host.requestDraw('three');
  });
  const listeners = new AbortController();

  let gpu: { readonly three: ThreeScene; readonly volume: RenderedVolume } | null = null;
  let isLost = false;
  let shown: ViewerScene | null = null;
  let isStale = true;
  let renderedKey = '';
  let renderedScale = 0;

  /** Also after the graphics system was reset, then on a new context. */
  function openGpu(): void {
    if (!hasWebGl2) return;
    const three = createThreeScene(element, isSoftware);
    gpu = { three, volume: createRenderedVolume(three, largestSide, redraw) };
    // Over the canvas that the scene has just added.
    element.append(overlay);
    const once = { once: true, signal: listeners.signal };
    three.canvas.addEventListener('webglcontextlost', onLost, once);
    three.canvas.addEventListener('webglcontextrestored', onRestored, once);
  }

  function closeGpu(): void {
    gpu?.volume.dispose();
    gpu?.three.dispose();
    gpu = null;
  }

  function onLost(): void {
    isLost = true;
    host.requestDraw();
  }

  function onRestored(): void {
    closeGpu();
    openGpu();
    isLost = false;
    if (shown) showContent(shown, null);
    redraw();
  }

  function redraw(): void {
    isStale = true;
    host.requestDraw();
  }

  function showContent(scene: ViewerScene, before: ViewerScene | null): void {
    if (!gpu) return;
    showSurfaces(gpu.three, scene, before);
    gpu.volume.show(scene.volumeRendering ? scene.volume : null, renderedFocus(scene));
    isStale = true;
  }

  /** Pixels drawn for each pixel of the pane: software renderers draw fewer, and still fewer while something moves. */
  function pixelScale(isMoving: boolean): number {
    const ratio = Math.min(2, deviceRatio());
    const hasVolume = gpu?.volume.isShown() ?? false;
    if (!isSoftware) return isMoving && hasVolume ? Math.min(pageScale(), ratio) : ratio;
    if (hasVolume) return (isMoving ? 0.3 : 0.75) * pageScale();
    return (isMoving ? 0.75 : 1) * pageScale();
  }

  function note(): string {
    const { panes } = wordsIn(host.scene().language);
    if (!hasWebGl2) return panes.noWebGl;
    if (isLost) return panes.graphicsLost;
    if (gpu?.volume.isPreparing()) return panes.preparing;
    return gpu?.volume.isShown() && renderedFocus(host.scene()) ? panes.renderedPart(RENDERED_EDGE_MM) : '';
  }

  /**
   * Renders where something changed: it is the slowest thing that the viewer does. While something moves in another pane,
   * the fine picture that is there stays.
   */
  function render(frame: PlaneFrame, isMoving: boolean): void {
    if (!gpu || isLost) return;
    const scale = pixelScale(isMoving);
    const key = JSON.stringify(frame);
    const isFine = isMoving ? renderedScale >= scale : renderedScale === scale;
    if (!isStale && key === renderedKey && isFine) return;
    gpu.three.render(frame, scale);
    renderedKey = key;
    renderedScale = scale;
    isStale = false;
  }

  function draw(frame: PlaneFrame, isMoving: boolean): void {
    render(frame, isMoving);
    const text = note();
    if (!drawn.differs(host.scene(), frame, text)) return;
    fitCanvas(context, frame);
    drawThreeOverlay(context, frame, host.scene(), text);
  }

  openGpu();
  return {
    follow(scene) {
      const before = shown;
      shown = scene;
      if (!showsSame(scene, before)) showContent(scene, before);
    },
    touchVolume: () => gpu?.volume.touch(),
    draw,
    isPreparing: () => gpu?.volume.isPreparing() ?? false,
    layers(frame) {
      isStale = true;
      draw(frame, false);
      return gpu ? [gpu.three.canvas, overlay] : [overlay];
    },
    dispose() {
      listeners.abort();
      closeGpu();
    },
  };
}
