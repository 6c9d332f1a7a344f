import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import { distance, lerp, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { SURFACE_COLOURS } from '../colours.ts';
import { drawingContext } from '../graphics.ts';
import { discOutline, discRadiusMm } from '../ostium.ts';
import type { PaneHost } from '../paneHost.ts';
import { type PixelPoint, type PlaneFrame, pixelShiftToLps, pixelToLps } from '../planes/planeFrame.ts';
import { type Drag, zoomedMiddle } from '../planes/planeInteraction.ts';
import type { ViewedVolume, ViewerScene } from '../types.ts';
import { cameraFrame, FROM_THE_FRONT, fitCamera, orbit, type ParallelCamera } from './camera.ts';
import { beginRenderingCopy, type RenderingCopy } from './renderingCopy.ts';
import { drawThreeOverlay } from './threeDrawing.ts';
import { dragThreeTarget, threeTarget } from './threeHandles.ts';
import { createThreeScene, type SurfaceLook, type ThreeScene } from './threeScene.ts';
import { closedTube } from './tube.ts';

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

const SLICE_BUDGET_MS = 12;
/** Longest side of the copy for volume rendering, in voxels. */
const LARGEST_SIDE = { software: 160, hardware: 512 } as const;

const outlineToMesh = (points: readonly Vec3[]): TriangleMesh => ({
  positionsLpsMm: Float32Array.from(points.flat()),
  triangles: Uint32Array.from(
    Array.from({ length: points.length - 2 }, (_, index) => [0, index + 1, index + 2]).flat(),
  ),
});

/** The middle and radius of what is worth looking at: a region being set, the mesh, a fixed region, the scan. */
function subject(scene: ViewerScene): { centreLpsMm: Vec3; radiusMm: number } {
  const surface = scene.mesh?.closed ?? scene.reference;
  if (scene.region?.editable)
    return { centreLpsMm: scene.region.box.centreLpsMm, radiusMm: 0.85 * scene.region.box.edgeMm };
  if (surface && surface.positionsLpsMm.length > 0 && !scene.volumeRendering) {
    const { low, high } = boundingBoxLpsMm(surface);
    const middle = lerp(low, high, 0.5);
    return { centreLpsMm: middle, radiusMm: distance(middle, high) };
  }
  if (scene.region && !scene.volumeRendering)
    return { centreLpsMm: scene.region.box.centreLpsMm, radiusMm: 0.75 * scene.region.box.edgeMm };
  if (!scene.volume) return { centreLpsMm: [0, 0, 0], radiusMm: 100 };
  const { grid } = scene.volume;
  const sides = grid.sizeIjk.map((size, axis) => size * grid.spacingMm[axis]!);
  return { centreLpsMm: gridCentreLps(grid), radiusMm: 0.4 * Math.hypot(...sides) };
}

export function createThreePane(host: PaneHost): ThreePane {
  const element = document.createElement('div');
  element.className = 'viewer-pane';
  element.tabIndex = 0;
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', '3D');
  element.dataset.pane = 'three';
  const { isSoftware, largestTextureSide } = host.graphics;
  const three: ThreeScene | null = host.graphics.hasWebGl2 ? createThreeScene(element, isSoftware) : null;
  const overlay = document.createElement('canvas');
  element.append(overlay);
  const context = drawingContext(overlay, host.graphics);

  let camera: ParallelCamera | null = null;
  let shown: ViewerScene | null = null;
  let copied: { readonly volume: ViewedVolume; readonly copy: RenderingCopy } | null = null;
  let preparing: { readonly volume: ViewedVolume; readonly timer: number } | null = null;
  let sceneChanged = true;
  let drawnKey = '';
  let drag: { readonly drag: Drag; readonly pointerId: number } | null = null;

  const size = (): PixelPoint => [Math.max(1, element.clientWidth), Math.max(1, element.clientHeight)];

  function frame(): PlaneFrame {
    const [width, height] = size();
    if (!camera) {
      const { centreLpsMm, radiusMm } = subject(host.scene());
      camera = fitCamera(FROM_THE_FRONT, centreLpsMm, radiusMm, width, height);
    }
    return cameraFrame(camera, width, height);
  }

  function showSurfaces(scene: ViewerScene): void {
    const look = (rgb: SurfaceLook['rgb'], opacity: number, flat = false): SurfaceLook => ({
      rgb,
      opacity,
      flat,
    });
    const opacity = scene.mesh?.visible ? scene.mesh.opacity : 0;
    three?.setSurface('mesh', scene.mesh?.closed ?? null, look(SURFACE_COLOURS.mesh, opacity));
    three?.setSurface('reference', scene.reference, look(SURFACE_COLOURS.reference, 0.3));
    if (shown && shown.ostium === scene.ostium) return;
    const ostium = scene.ostium;
    const hasRim = ostium?.rimLpsMm && ostium.rimLpsMm.length >= 9;
    const rim = hasRim ? closedTube(ostium.rimLpsMm, ostium.plane.normal, 0.45) : null;
    three?.setSurface('rim', rim, look(SURFACE_COLOURS.rim, 1, true));
    const disc = ostium
      ? outlineToMesh(discOutline(ostium.plane, discRadiusMm(ostium.plane, ostium.rimLpsMm)))
      : null;
    three?.setSurface('ostium', disc, look(SURFACE_COLOURS.ostium, 0.3, true));
  }

  function stopPreparing(): void {
    if (preparing) clearTimeout(preparing.timer);
    preparing = null;
  }

  /** Makes the copy for volume rendering a little at a time, so that the planes stay responsive meanwhile. */
  function prepareVolume(volume: ViewedVolume): void {
    if (!three || copied?.volume === volume || preparing?.volume === volume) return;
    stopPreparing();
    const wanted = isSoftware ? LARGEST_SIDE.software : LARGEST_SIDE.hardware;
    const { copy, step } = beginRenderingCopy(volume, Math.min(wanted, largestTextureSide));
    const work = (): void => {
      const until = performance.now() + SLICE_BUDGET_MS;
      let goesOn = true;
      while (goesOn && performance.now() < until) goesOn = step();
      if (goesOn) {
        preparing = { volume, timer: window.setTimeout(work) };
        return;
      }
      preparing = null;
      copied = { volume, copy };
      three.setVolume(copy);
      sceneChanged = true;
      host.requestDraw();
    };
    preparing = { volume, timer: window.setTimeout(work) };
  }

  function follow(scene: ViewerScene): void {
    showSurfaces(scene);
    const isOther = scene.volume?.grid !== shown?.volume?.grid;
    const isFirstMesh = scene.mesh !== null && !shown?.mesh;
    const isRegionTurn = (scene.region?.editable ?? false) !== (shown?.region?.editable ?? false);
    if (
      isOther ||
      isFirstMesh ||
      isRegionTurn ||
      scene.volumeRendering !== (shown?.volumeRendering ?? false)
    ) {
      // The way one looks stays; only what is looked at is fitted anew.
      const directions = camera?.directions ?? FROM_THE_FRONT;
      const { centreLpsMm, radiusMm } = subject(scene);
      const [width, height] = size();
      camera = fitCamera(isOther ? FROM_THE_FRONT : directions, centreLpsMm, radiusMm, width, height);
    }
    if (!scene.volume || !scene.volumeRendering) {
      stopPreparing();
      copied = null;
      three?.setVolume(null);
    } else {
      prepareVolume(scene.volume);
    }
    shown = scene;
    sceneChanged = true;
  }

  /** Pixels drawn for each CSS pixel: software renderers draw fewer, and still fewer while something moves. */
  function pixelScale(isMoving: boolean): number {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    if (!isSoftware) return isMoving && copied ? Math.min(1, ratio) : ratio;
    if (copied) return isMoving ? 0.3 : 0.75;
    return isMoving ? 0.75 : 1;
  }

  function draw(isMoving: boolean): void {
    const view = frame();
    const scale = pixelScale(isMoving);
    const key = JSON.stringify([view, scale]);
    // Without a change the last picture stands: rendering is the dearest thing that the viewer does.
    if (three && (sceneChanged || key !== drawnKey)) {
      three.render(view, scale);
      drawnKey = key;
      sceneChanged = false;
    }
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.widthPixels * ratio), Math.round(view.heightPixels * ratio)];
    if (overlay.width !== width || overlay.height !== height) {
      overlay.width = width;
      overlay.height = height;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const note = three ? (preparing ? 'Preparing volume…' : '') : 'No 3D: this browser has no WebGL 2.';
    drawThreeOverlay(context, view, host.scene(), note);
  }

  function zoomBy(factor: number, at: PixelPoint): void {
    const before = frame();
    camera = {
      directions: before,
      middleLpsMm: zoomedMiddle(before.centreLpsMm, pixelToLps(before, at), factor),
      mmPerPixel: before.mmPerPixel / factor,
    };
    host.keepMoving();
  }

  function turnOrShift(button: number, from: PixelPoint): Drag | null {
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
        const view = frame();
        camera = {
          directions: view,
          middleLpsMm: subtract(view.centreLpsMm, pixelShiftToLps(view, [dx, dy])),
          mmPerPixel: view.mmPerPixel,
        };
      });
    if (button !== 0) return null;
    return step((dx, dy) => {
      const view = frame();
      camera = {
        directions: orbit(view, dx, dy),
        middleLpsMm: view.centreLpsMm,
        mmPerPixel: view.mmPerPixel,
      };
    });
  }

  const listeners = new AbortController();
  const listen = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ): void => element.addEventListener(type, listener, { ...options, signal: listeners.signal });
  const positionOf = (event: MouseEvent): PixelPoint => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const finishDrag = (): void => {
    const ended = drag;
    drag = null;
    ended?.drag.end();
    host.requestDraw();
  };

  listen('pointerdown', (event) => {
    host.setActive('three');
    if (drag) return;
    element.focus({ preventScroll: true });
    if (event.button === 1) event.preventDefault();
    const at = positionOf(event);
    const target = event.button === 0 ? threeTarget(at, frame(), host.scene()) : null;
    const begun = target ? dragThreeTarget(host, frame(), target, at) : turnOrShift(event.button, at);
    if (!begun) return;
    element.setPointerCapture(event.pointerId);
    drag = { drag: begun, pointerId: event.pointerId };
  });
  listen('pointermove', (event) => {
    host.setActive('three');
    if (drag?.pointerId === event.pointerId) {
      drag.drag.move([positionOf(event)]);
      host.keepMoving();
      return;
    }
    element.style.cursor = threeTarget(positionOf(event), frame(), host.scene()) ? 'move' : 'grab';
  });
  listen('pointerup', (event) => {
    if (drag?.pointerId === event.pointerId) finishDrag();
  });
  listen('pointercancel', finishDrag);
  listen('lostpointercapture', () => {
    if (drag) finishDrag();
  });
  listen('contextmenu', (event) => event.preventDefault());
  listen('dblclick', () => host.events.onPaneToggle('three'));
  listen('focus', () => host.setActive('three'));
  listen(
    'wheel',
    (event) => {
      event.preventDefault();
      host.setActive('three');
      zoomBy(Math.exp(-event.deltaY / 400), positionOf(event));
    },
    { passive: false },
  );
  listen('keydown', (event) => {
    const step = { ArrowLeft: [-12, 0], ArrowRight: [12, 0], ArrowUp: [0, -12], ArrowDown: [0, 12] }[
      event.key
    ];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    turnOrShift(0, [0, 0])?.move([[step[0]!, step[1]!]]);
    host.keepMoving();
  });

  return {
    element,
    follow,
    touchVolume() {
      copied = null;
      stopPreparing();
      if (shown?.volume && shown.volumeRendering) prepareVolume(shown.volume);
    },
    draw,
    resetView() {
      camera = null;
      host.requestDraw();
    },
    isPreparing: () => preparing !== null,
    canvases() {
      sceneChanged = true;
      draw(false);
      return three ? [three.canvas, overlay] : [overlay];
    },
    dispose() {
      stopPreparing();
      listeners.abort();
      three?.dispose();
      element.remove();
    },
  };
}
