import { wordsIn } from '../words/index.ts';
import { createDrawSchedule } from './drawSchedule.ts';
import { probeGraphics } from './graphics.ts';
import type { PaneHost } from './pane.ts';
import { PLANE_NAMES } from './planeFrame.ts';
import { nudgedAnnotation } from './planes/annotationHandles.ts';
import { drawAtRest, movingQuality } from './planes/drawingQuality.ts';
import { createPlanePane, type PlanePane } from './planes/planePane.ts';
import { createThreePane } from './three/threePane.ts';
import type { CreateViewer, PaneName, PlaneName, Viewer, ViewerScene } from './types.ts';

export const createViewer: CreateViewer = (element, events, initialScene) => {
  let scene: ViewerScene = initialScene;
  let crosshairLpsMm = scene.crosshairLpsMm;
  let active: PaneName = 'axial';
  let isDisposed = false;

  const isShown = (pane: PaneName): boolean => scene.layout === 'quad' || scene.layout === pane;
  const schedule = createDrawSchedule({
    draw(requested, isMoving) {
      for (const plane of PLANE_NAMES) {
        if (!requested.has(plane) || !isShown(plane)) continue;
        const pane = planes[plane];
        if (isMoving) pane.draw(movingQuality(pane.picture.fullMilliseconds()));
        else drawAtRest(pane);
      }
      if (requested.has('three') && isShown('three')) three.draw(isMoving);
    },
    isPreparing: () => isShown('three') && three.isPreparing(),
    // By which tests know that a picture of the panes is final.
    onSettled(isSettled) {
      grid.dataset.settled = String(isSettled);
    },
  });
  const { requestDraw } = schedule;

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
    keepMoving: schedule.keepMoving,
    setActive(pane) {
      active = pane;
    },
  };

  const grid = document.createElement('div');
  grid.className = 'viewer';
  element.append(grid);
  const planes = Object.fromEntries(
    PLANE_NAMES.map((plane) => [plane, createPlanePane(plane, host)]),
    // fromEntries does not keep the names' type.
  ) as Record<PlaneName, PlanePane>;
  const eachPlane = (act: (pane: PlanePane) => void): void => {
    for (const plane of PLANE_NAMES) act(planes[plane]);
  };
  const three = createThreePane(host);
  const panes: readonly [PaneName, HTMLElement][] = [
    ['axial', planes.axial.element],
    ['coronal', planes.coronal.element],
    ['sagittal', planes.sagittal.element],
    ['three', three.element],
  ];
  grid.append(...panes.map(([, pane]) => pane));

  function followScene(): void {
    grid.dataset.layout = scene.layout;
    const { panes: titles } = wordsIn(scene.language);
    for (const [name, pane] of panes) {
      pane.hidden = !isShown(name);
      pane.setAttribute('aria-label', titles[name]);
    }
    eachPlane((pane) => pane.follow(scene));
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
        eachPlane((pane) => pane.picture.touchVolume());
        three.touchVolume();
      }
      followScene();
    },
    touchLabels(lowIjk, highIjk) {
      eachPlane((pane) => pane.picture.touchLabels(lowIjk, highIjk));
      requestDraw();
    },
    scroll(plane, slices) {
      planes[plane].scroll(slices);
    },
    resetCameras() {
      eachPlane((pane) => pane.resetView());
      three.resetView();
    },
    frameCube(centreLpsMm, edgeMm) {
      eachPlane((pane) => pane.frameCube(centreLpsMm, edgeMm));
    },
    placeAnnotation() {
      planes[active === 'three' ? 'axial' : active].drawing.place();
    },
    nudgeAnnotation(rightMm, downMm) {
      const first = active === 'three' ? 'axial' : active;
      const order = [first, ...PLANE_NAMES.filter((plane) => plane !== first)].filter(isShown);
      for (const plane of order) {
        const event = nudgedAnnotation(scene, planes[plane].view.frame(), rightMm, downMm);
        if (!event) continue;
        events.onAnnotation(event);
        return true;
      }
      return false;
    },
    cancelAnnotation: () => PLANE_NAMES.filter((plane) => planes[plane].drawing.cancel()).length > 0,
    activePane: () => active,
    async capture(pane) {
      if (pane === 'three') return composePng(three.canvases());
      planes[pane].draw(1);
      return composePng([planes[pane].canvas()]);
    },
    settled: schedule.settled,
    graphics: () => ({ name: graphics.name, isSoftware: graphics.isSoftware }),
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      schedule.dispose();
      sizes.disconnect();
      eachPlane((pane) => pane.dispose());
      three.dispose();
      grid.remove();
    },
  };
  return viewer;
};

/** Combines a pane's layers, the last one on top and as large as the picture, into a PNG. */
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
