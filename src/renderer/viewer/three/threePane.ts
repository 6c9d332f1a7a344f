import { subtract } from '#shared/geometry/vec3.ts';
import { drawingContext } from '../graphics.ts';
import type { PaneHost } from '../paneHost.ts';
import { createPaneElement, type Drag, listenToPane } from '../paneInput.ts';
import { type PixelPoint, type PlaneFrame, pixelShiftToLps, pixelToLps } from '../planes/planeFrame.ts';
import { zoomedMiddle } from '../planes/planeInteraction.ts';
import { sameGrid } from '../planes/scrolling.ts';
import type { ViewerScene } from '../types.ts';
import { cameraFrame, FROM_THE_FRONT, fitCamera, orbit } from './camera.ts';
import {
  createRenderedVolume,
  RENDERED_EDGE_MM,
  type RenderedVolume,
  renderedFocus,
  showSurfaces,
  subject,
} from './threeContent.ts';
import { drawThreeOverlay } from './threeDrawing.ts';
import { dragThreeTarget, threeTarget } from './threeHandles.ts';
import { createThreeScene, type ThreeScene } from './threeScene.ts';

export interface ThreePane {
  readonly element: HTMLElement;
  follow(scene: ViewerScene): void;
  /** The volume's voxels were changed in place. */
  touchVolume(): void;
  draw(isMoving: boolean): void;
  resetView(): void;
  /** Whether the copy for volume rendering is still being made. */
  isPreparing(): boolean;
  /** The picture and what lies over it; drawn afresh, because WebGL forgets its picture after each frame. */
  canvases(): readonly HTMLCanvasElement[];
  dispose(): void;
}

/** Longest side of the copy for volume rendering, in voxels. */
const LARGEST_SIDE = { software: 160, hardware: 512 } as const;
const KEY_STEP_PIXELS = 12;

export function createThreePane(host: PaneHost): ThreePane {
  const element = createPaneElement('three');
  const { isSoftware, hasWebGl2, largestTextureSide } = host.graphics;
  const overlay = document.createElement('canvas');
  element.append(overlay);
  const context = drawingContext(overlay, host.graphics);

  let directions = FROM_THE_FRONT;
  let fitted = subject(host.scene());
  let middleLpsMm = fitted.centreLpsMm;
  /** 1 fits what is looked at to the pane, whatever the pane's size. */
  let zoom = 1;
  let shown: ViewerScene | null = null;
  let isStale = true;
  let drawnKey = '';
  let isLost = false;
  const listeners = new AbortController();

  function redraw(): void {
    isStale = true;
    host.requestDraw();
  }

  const largestSide = Math.min(
    isSoftware ? LARGEST_SIDE.software : LARGEST_SIDE.hardware,
    largestTextureSide,
  );
  let three: ThreeScene | null = null;
  let volume: RenderedVolume | null = null;

  /** Puts the GPU's part in place; after the graphics system was reset, once more on a fresh context. */
  function openScene(): void {
    if (!hasWebGl2) return;
    three = createThreeScene(element, isSoftware);
    volume = createRenderedVolume(three, largestSide, redraw);
    element.append(overlay);
    const { canvas } = three;
    canvas.addEventListener('webglcontextlost', onLost, { once: true, signal: listeners.signal });
    canvas.addEventListener('webglcontextrestored', onRestored, { once: true, signal: listeners.signal });
  }

  function closeScene(): void {
    volume?.dispose();
    three?.dispose();
    three = null;
    volume = null;
  }

  function onLost(): void {
    isLost = true;
    host.requestDraw();
  }

  function onRestored(): void {
    closeScene();
    openScene();
    isLost = false;
    if (three && shown) showContent(three, shown, null);
    redraw();
  }

  function showContent(on: ThreeScene, scene: ViewerScene, before: ViewerScene | null): void {
    showSurfaces(on, scene, before);
    volume?.show(scene.volumeRendering ? scene.volume : null, renderedFocus(scene));
    isStale = true;
  }

  const size = (): PixelPoint => [Math.max(1, element.clientWidth), Math.max(1, element.clientHeight)];

  function frame(): PlaneFrame {
    const [width, height] = size();
    const { mmPerPixel } = fitCamera(directions, fitted.centreLpsMm, fitted.radiusMm, width, height);
    return cameraFrame({ directions, middleLpsMm, mmPerPixel: mmPerPixel / zoom }, width, height);
  }

  function fitView(scene: ViewerScene): void {
    fitted = subject(scene);
    middleLpsMm = fitted.centreLpsMm;
    zoom = 1;
  }

  function follow(scene: ViewerScene): void {
    const before = shown;
    shown = scene;
    const isSame = (...parts: ('mesh' | 'reference' | 'ostium' | 'volume' | 'volumeRendering')[]): boolean =>
      before !== null && parts.every((part) => before[part] === scene[part]);
    const isOther = !sameGrid(scene.volume?.grid, before?.volume?.grid);
    const isFirstMesh = scene.mesh !== null && !before?.mesh;
    const isRegionTurn = (scene.region?.editable ?? false) !== (before?.region?.editable ?? false);
    if (isOther) directions = FROM_THE_FRONT;
    // The way one looks stays; only what is looked at is fitted anew.
    if (isOther || isFirstMesh || isRegionTurn || !isSame('volumeRendering')) fitView(scene);
    // Moving the crosshair or the window leaves the 3D picture as it is.
    const isSameRegion = before?.region === scene.region || !scene.volumeRendering;
    if (!three || (isSameRegion && isSame('mesh', 'reference', 'ostium', 'volume', 'volumeRendering')))
      return;
    showContent(three, scene, before);
  }

  /** Pixels drawn for each CSS pixel: software renderers draw fewer, and still fewer while something moves. */
  function pixelScale(isMoving: boolean): number {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    if (!isSoftware) return isMoving && volume?.isShown() ? Math.min(1, ratio) : ratio;
    if (volume?.isShown()) return isMoving ? 0.3 : 0.75;
    return isMoving ? 0.75 : 1;
  }

  function note(): string {
    if (!hasWebGl2) return 'No 3D: this browser has no WebGL 2.';
    if (isLost) return 'The graphics system was reset; waiting for it.';
    if (volume?.isPreparing()) return 'Preparing volume…';
    return volume?.isShown() && renderedFocus(host.scene()) ? `${RENDERED_EDGE_MM} mm of the scan` : '';
  }

  function draw(isMoving: boolean): void {
    const view = frame();
    const scale = pixelScale(isMoving);
    const key = JSON.stringify([view, scale]);
    // Without a change the last picture stands: rendering is the dearest thing that the viewer does.
    if (three && !isLost && (isStale || key !== drawnKey)) {
      three.render(view, scale);
      drawnKey = key;
      isStale = false;
    }
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.widthPixels * ratio), Math.round(view.heightPixels * ratio)];
    if (overlay.width !== width || overlay.height !== height) {
      overlay.width = width;
      overlay.height = height;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawThreeOverlay(context, view, host.scene(), note());
  }

  function zoomBy(factor: number, at: PixelPoint): void {
    const before = frame();
    middleLpsMm = zoomedMiddle(before.centreLpsMm, pixelToLps(before, at), factor);
    zoom *= factor;
    host.keepMoving();
  }

  /** Left turns, middle shifts, right zooms. */
  function moveCamera(button: number, from: PixelPoint): Drag | null {
    let last = from;
    const step = (change: (dx: number, dy: number) => void): Drag => ({
      move(positions) {
        const now = positions.at(-1)!;
        change(now[0] - last[0], now[1] - last[1]);
        last = now;
      },
      end: () => {},
    });
    if (button === 2) return step((_, dy) => zoomBy(1.01 ** -dy, [size()[0] / 2, size()[1] / 2]));
    if (button === 1)
      return step((dx, dy) => {
        middleLpsMm = subtract(middleLpsMm, pixelShiftToLps(frame(), [dx, dy]));
      });
    if (button !== 0) return null;
    return step((dx, dy) => {
      directions = orbit(directions, dx, dy);
    });
  }

  listenToPane(
    element,
    'three',
    host,
    {
      begin(button, at) {
        const target = button === 0 ? threeTarget(at, frame(), host.scene()) : null;
        return target ? dragThreeTarget(host, frame(), target, at) : moveCamera(button, at);
      },
      hover(at, isDragging) {
        if (at && !isDragging)
          element.style.cursor = threeTarget(at, frame(), host.scene()) ? 'move' : 'grab';
      },
      wheel: (event, at) => zoomBy(Math.exp(-event.deltaY / 400), at),
      key(key) {
        const turns = new Map<string, PixelPoint>([
          ['ArrowLeft', [-KEY_STEP_PIXELS, 0]],
          ['ArrowRight', [KEY_STEP_PIXELS, 0]],
          ['ArrowUp', [0, -KEY_STEP_PIXELS]],
          ['ArrowDown', [0, KEY_STEP_PIXELS]],
        ]);
        const turn = turns.get(key);
        if (turn) directions = orbit(directions, ...turn);
        return turn !== undefined;
      },
    },
    listeners.signal,
  );
  openScene();

  return {
    element,
    follow,
    touchVolume: () => volume?.touch(),
    draw,
    resetView() {
      directions = FROM_THE_FRONT;
      fitView(host.scene());
      host.requestDraw();
    },
    isPreparing: () => volume?.isPreparing() ?? false,
    canvases() {
      isStale = true;
      draw(false);
      return three ? [three.canvas, overlay] : [overlay];
    },
    dispose() {
      listeners.abort();
      closeScene();
      element.remove();
    },
  };
}
