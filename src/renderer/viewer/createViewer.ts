import { probeGraphics } from './graphics.ts';
import type { PaneHost } from './paneHost.ts';
import { drawAtRest, movingQuality } from './planes/drawingQuality.ts';
import { PLANE_NAMES } from './planes/planeFrame.ts';
import { createPlanePane, type PlanePane } from './planes/planePane.ts';
import { createThreePane } from './three/threePane.ts';
import type { CreateViewer, PaneName, PlaneName, Viewer, ViewerScene } from './types.ts';

/** After this long without movement the pictures become fine again, ms. */
const RESTING_AFTER_MS = 140;
/** Combines a pane's layers into a PNG. */
async function composePng(layers: readonly HTMLCanvasElement[]): Promise<Uint8Array<ArrayBuffer>> {
  const top = layers.at(-1)!;
  const canvas = document.createElement('canvas');
  canvas.width = top.width;
  canvas.height = top.height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw on a canvas.');
  // In the same turn as the drawing: a WebGL canvas is cleared once the browser has shown it.
  for (const layer of layers) context.drawImage(layer, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The picture could not be written.');
  return new Uint8Array(await blob.arrayBuffer());
}

/** Calls back before the next paint; soon, where the page is hidden and never painted. */
function onNextFrame(callback: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(callback);
    return () => clearTimeout(timer);
  }
  const request = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(request);
}

export const createViewer: CreateViewer = (element, events, initialScene) => {
  let scene: ViewerScene = initialScene;
  let crosshairLpsMm = scene.crosshairLpsMm;
  let active: PaneName = 'axial';
  let cancelFrame: (() => void) | null = null;
  let restTimer: ReturnType<typeof setTimeout> | null = null;
  let isMoving = false;
  let isDisposed = false;
  let waiting: (() => void)[] = [];
  const waitingPanes = new Set<PaneName>();

  const graphics = probeGraphics();
  const host: PaneHost = {
    events,
    graphics,
    scene: () => scene,
    crosshairLpsMm: () => crosshairLpsMm,
    proposeCrosshair(pointLpsMm) {
      crosshairLpsMm = pointLpsMm;
      events.onCrosshair(pointLpsMm);
    },
    requestDraw,
    keepMoving() {
      isMoving = true;
      if (restTimer !== null) clearTimeout(restTimer);
      restTimer = setTimeout(rest, RESTING_AFTER_MS);
      requestDraw();
    },
    setActive(pane) {
      active = pane;
    },
  };

  function rest(): void {
    restTimer = null;
    isMoving = false;
    requestDraw();
  }

  function requestDraw(pane?: PaneName): void {
    for (const [name] of pane ? [[pane] as const] : panes) waitingPanes.add(name);
    if (isDisposed || cancelFrame) return;
    cancelFrame = onNextFrame(() => {
      cancelFrame = null;
      drawWaiting();
    });
  }

  const grid = document.createElement('div');
  grid.className = 'viewer';
  element.append(grid);
  const planes = Object.fromEntries(
    PLANE_NAMES.map((plane) => [plane, createPlanePane(plane, host)]),
    // fromEntries forgets which names it was given.
  ) as Record<PlaneName, PlanePane>;
  const three = createThreePane(host);
  const panes: readonly [PaneName, HTMLElement][] = [
    ['axial', planes.axial.element],
    ['coronal', planes.coronal.element],
    ['sagittal', planes.sagittal.element],
    ['three', three.element],
  ];
  grid.append(...panes.map(([, pane]) => pane));

  const isShown = (pane: PaneName): boolean => scene.layout === 'quad' || scene.layout === pane;

  function drawWaiting(): void {
    const drawn = new Set([...waitingPanes].filter(isShown));
    waitingPanes.clear();
    for (const plane of PLANE_NAMES) {
      if (!drawn.has(plane)) continue;
      const pane = planes[plane];
      if (isMoving) pane.draw(movingQuality(pane.picture.fullMilliseconds()));
      else drawAtRest(pane);
    }
    if (drawn.has('three')) three.draw(isMoving);
    if (isMoving || cancelFrame || (isShown('three') && three.isPreparing())) return;
    const done = waiting;
    waiting = [];
    for (const resolve of done) resolve();
  }

  function followScene(): void {
    grid.dataset.layout = scene.layout;
    for (const [name, pane] of panes) pane.hidden = !isShown(name);
    for (const plane of PLANE_NAMES) planes[plane].follow(scene);
    three.follow(scene);
    requestDraw();
  }

  const sizes = new ResizeObserver(() => requestDraw());
  sizes.observe(grid);
  for (const [, pane] of panes) sizes.observe(pane);
  followScene();

  const viewer: Viewer = {
    show(parts) {
      if (isDisposed) return;
      scene = { ...scene, ...parts };
      if (parts.crosshairLpsMm || parts.volume) crosshairLpsMm = scene.crosshairLpsMm;
      if (parts.volume) {
        // Shown again, the same volume has been filled further.
        for (const plane of PLANE_NAMES) planes[plane].picture.touchVolume();
        three.touchVolume();
      }
      followScene();
    },
    touchLabels(lowIjk, highIjk) {
      for (const plane of PLANE_NAMES) planes[plane].picture.touchLabels(lowIjk, highIjk);
      requestDraw();
    },
    scroll(plane, slices) {
      planes[plane].scroll(slices);
    },
    resetCameras() {
      for (const plane of PLANE_NAMES) planes[plane].resetView();
      three.resetView();
    },
    frameCube(centreLpsMm, edgeMm) {
      for (const plane of PLANE_NAMES) planes[plane].frameCube(centreLpsMm, edgeMm);
    },
    activePane: () => active,
    async capture(pane) {
      if (pane === 'three') return composePng(three.canvases());
      planes[pane].draw(1);
      return composePng([planes[pane].canvas()]);
    },
    settled() {
      if (isDisposed) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        requestDraw();
      });
    },
    graphics: () => ({ name: graphics.name, isSoftware: graphics.isSoftware }),
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      cancelFrame?.();
      if (restTimer !== null) clearTimeout(restTimer);
      sizes.disconnect();
      for (const plane of PLANE_NAMES) planes[plane].dispose();
      three.dispose();
      grid.remove();
      for (const resolve of waiting) resolve();
      waiting = [];
    },
  };
  return viewer;
};
