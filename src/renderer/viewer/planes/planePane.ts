import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { PolylineLps } from '#shared/mesh/sliceMesh.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { COLOURS } from '../colours.ts';
import { drawingContext } from '../graphics.ts';
import { positionInWords } from '../orientationLetters.ts';
import type { PaneHost } from '../paneHost.ts';
import { createPaneElement, listenToPane, PANE_TITLES } from '../paneInput.ts';
import type { PlaneName, ViewedVolume, ViewerScene } from '../types.ts';
import { meshContour } from './meshContour.ts';
import { isStraight, STRAIGHT_AXES } from './obliqueAxes.ts';
import {
  drawBrush,
  drawContours,
  drawCrosshair,
  drawLabels,
  drawOstium,
  drawOutline,
  drawRegion,
} from './planeDrawing.ts';
import {
  AXIS_OF_PLANE,
  carryOver,
  type PixelPoint,
  type PlaneDirections,
  type PlaneFrame,
  pixelToLps,
  planeDirections,
  planeFrame,
} from './planeFrame.ts';
import { beginDrag, cursorAt, type PlaneView, zoomedMiddle } from './planeInteraction.ts';
import { createPlanePicture, type PlanePicture } from './planePicture.ts';
import { huAt } from './reslice.ts';
import { createWheelCounter, sameGrid, scrolled, sliceNumber } from './scrolling.ts';

export interface PlanePane {
  readonly element: HTMLElement;
  readonly picture: PlanePicture;
  /** Follows the scene; call before `draw` when the volume or the axes may have changed. */
  follow(scene: ViewerScene): void;
  draw(quality: number): void;
  scroll(slices: number): void;
  resetView(): void;
  /** Zooms in until a cube fills the pane; never out beyond the whole volume. */
  frameCube(centreLpsMm: Vec3, edgeMm: number): void;
  canvas(): HTMLCanvasElement;
  dispose(): void;
}

const SLICES_OF_KEY: ReadonlyMap<string, number> = new Map([
  ['ArrowUp', 1],
  ['ArrowRight', 1],
  ['ArrowDown', -1],
  ['ArrowLeft', -1],
  ['PageUp', 10],
  ['PageDown', -10],
]);
const CLOSEST_MM_PER_PIXEL = 0.02;
const WIDEST_MM_PER_PIXEL = 5;

/** Mm per pixel at which all of a volume fits in a pane. */
function fittingScale(volume: ViewedVolume, { right, down }: PlaneDirections, size: PixelPoint): number {
  const { grid } = volume;
  const extent = (direction: Vec3): number =>
    grid.directions.reduce(
      (sum, axis, index) =>
        sum + Math.abs(dot(axis, direction)) * grid.spacingMm[index]! * grid.sizeIjk[index]!,
      0,
    );
  return Math.max(extent(right) / Math.max(1, size[0]), extent(down) / Math.max(1, size[1]));
}

/** Keeps a mesh's contour until the mesh or the plane changes. */
function createContourCache(): (mesh: TriangleMesh, frame: PlaneFrame) => readonly PolylineLps[] {
  let held: { mesh: TriangleMesh; key: string; lines: readonly PolylineLps[] } | null = null;
  return (mesh, frame) => {
    const key = [...frame.normal, dot(frame.normal, frame.centreLpsMm)].join(' ');
    if (held?.mesh !== mesh || held.key !== key)
      held = { mesh, key, lines: meshContour(mesh, frame.centreLpsMm, frame.normal) };
    return held.lines;
  };
}

export function createPlanePane(plane: PlaneName, host: PaneHost): PlanePane {
  const element = createPaneElement(plane);
  const canvas = document.createElement('canvas');
  element.append(canvas);
  const context = drawingContext(canvas, host.graphics, true);

  const picture = createPlanePicture(host.graphics);
  const contourOf = createContourCache();
  const referenceContourOf = createContourCache();
  let directions = planeDirections(plane, host.scene().axes);
  let volumeSeen: ViewedVolume | null = null;
  let middleLpsMm: Vec3 = [0, 0, 0];
  /** 1 fits the volume to the pane, whatever the pane's size. */
  let zoom = 1;
  const countWheel = createWheelCounter();
  let pointer: PixelPoint | null = null;
  let outline: readonly PixelPoint[] = [];

  const paneSize = (): PixelPoint => [Math.max(1, element.clientWidth), Math.max(1, element.clientHeight)];

  /** By the straight plane's extent, lest the picture breathe while the axes turn. */
  function wholeMmPerPixel(): number {
    const { volume } = host.scene();
    return volume ? fittingScale(volume, planeDirections(plane, STRAIGHT_AXES), paneSize()) : 1;
  }

  function frame(): PlaneFrame {
    const { crosshairLpsMm } = host.scene();
    const size = paneSize();
    const fitting = wholeMmPerPixel();
    return planeFrame(directions, crosshairLpsMm, middleLpsMm, {
      mmPerPixel: fitting / zoom,
      widthPixels: size[0],
      heightPixels: size[1],
    });
  }

  const view: PlaneView = {
    plane,
    frame,
    panBy(shiftLpsMm) {
      middleLpsMm = subtract(middleLpsMm, shiftLpsMm);
      host.requestDraw();
    },
    zoomBy(factor, at) {
      const before = frame();
      const next = Math.min(WIDEST_MM_PER_PIXEL, Math.max(CLOSEST_MM_PER_PIXEL, before.mmPerPixel / factor));
      middleLpsMm = zoomedMiddle(before.centreLpsMm, pixelToLps(before, at), before.mmPerPixel / next);
      zoom *= before.mmPerPixel / next;
      host.keepMoving();
    },
    setOutline(next) {
      outline = next;
      host.requestDraw(plane);
    },
  };

  function resetView(): void {
    zoom = 1;
    const { volume } = host.scene();
    middleLpsMm = volume ? gridCentreLps(volume.grid) : [0, 0, 0];
    host.requestDraw();
  }

  function frameCube(centreLpsMm: Vec3, edgeMm: number): void {
    zoom = Math.max(1, (wholeMmPerPixel() * Math.min(...paneSize())) / edgeMm);
    middleLpsMm = centreLpsMm;
    host.requestDraw();
  }

  function follow(scene: ViewerScene): void {
    const next = planeDirections(plane, scene.axes);
    middleLpsMm = carryOver(middleLpsMm, scene.crosshairLpsMm, directions, next);
    directions = next;
    const isOther = scene.volume !== null && !sameGrid(scene.volume.grid, volumeSeen?.grid);
    volumeSeen = scene.volume;
    if (isOther) resetView();
  }

  function scroll(slices: number): void {
    const { volume, axes } = host.scene();
    if (!volume) return;
    const normal = axes[AXIS_OF_PLANE[plane]];
    host.proposeCrosshair(scrolled(volume.grid, host.crosshairLpsMm(), normal, slices));
  }

  /** What stands in the corners; also on the element, for tests and for people who do not see the picture. */
  function words(shown: PlaneFrame): { title: string; place: string; probe: string } {
    const { volume, crosshairLpsMm } = host.scene();
    const straightTitle = PANE_TITLES[plane];
    const title = isStraight(shown.normal) ? straightTitle : `Oblique ${straightTitle.toLowerCase()}`;
    if (!volume) return { title, place: '', probe: '' };
    const number = sliceNumber(volume.grid, crosshairLpsMm, shown.normal);
    const position = positionInWords(shown.normal, dot(crosshairLpsMm, shown.normal));
    const place = number ? `${position} · slice ${number.slice} / ${number.of}` : position;
    const hu = pointer ? huAt(volume, pixelToLps(shown, pointer)) : null;
    return { title, place, probe: hu === null ? '' : `${hu} HU` };
  }

  function draw(quality: number): void {
    const scene = host.scene();
    const shown = frame();
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(shown.widthPixels * ratio), Math.round(shown.heightPixels * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = COLOURS.background;
    context.fillRect(0, 0, shown.widthPixels, shown.heightPixels);
    picture.update(scene, shown, quality);
    picture.draw(context, shown);
    drawOverlay(shown, scene);
  }

  function drawOverlay(shown: PlaneFrame, scene: ViewerScene): void {
    if (scene.reference) {
      const style = { colour: COLOURS.reference, width: 1.25, dash: [5, 4] };
      drawContours(context, shown, referenceContourOf(scene.reference, shown), style);
    }
    if (scene.mesh?.visible) {
      const style = { colour: COLOURS.contour, width: 1.75, dash: [] };
      drawContours(context, shown, contourOf(scene.mesh.closed, shown), style);
    }
    if (scene.volume) {
      drawCrosshair(context, plane, shown, scene, pointer !== null);
      drawRegion(context, shown, scene);
      drawOstium(context, shown, scene);
    }
    if (pointer && (scene.tool === 'brush' || scene.tool === 'eraser'))
      drawBrush(context, shown, scene, pointer);
    drawOutline(context, outline);
    const written = words(shown);
    drawLabels(context, plane, shown, scene, written);
    element.dataset.title = written.title;
    element.dataset.place = written.place;
    element.dataset.probe = written.probe;
    element.setAttribute('aria-description', written.place);
  }

  const listeners = new AbortController();
  listenToPane(
    element,
    plane,
    host,
    {
      begin: (button, at) => beginDrag(host, view, button, at),
      hover(at, dragging) {
        pointer = at;
        if (at && !dragging) element.style.cursor = cursorAt(plane, at, frame(), host.scene());
        host.requestDraw(plane);
      },
      wheel(event, at) {
        if (event.ctrlKey || event.metaKey) {
          view.zoomBy(Math.exp(-event.deltaY / 400), at);
          return;
        }
        const slices = countWheel(event.deltaY, event.deltaMode === WheelEvent.DOM_DELTA_PIXEL);
        if (slices === 0) return;
        scroll(-slices);
        host.keepMoving();
      },
      key(key) {
        const slices = SLICES_OF_KEY.get(key);
        if (slices !== undefined) scroll(slices);
        return slices !== undefined;
      },
    },
    listeners.signal,
  );

  return {
    element,
    picture,
    follow,
    draw,
    scroll,
    resetView,
    frameCube,
    canvas: () => canvas,
    dispose() {
      listeners.abort();
      element.remove();
    },
  };
}
