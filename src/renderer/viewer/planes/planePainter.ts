import type { AnnotationShape } from '#shared/contract/annotations.ts';
import { positionInWords } from '#shared/geometry/orientationLetters.ts';
import { dot } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { wordsIn } from '../../words/index.ts';
import { COLOURS } from '../colours.ts';
import { deviceStyle, drawDeviceInPlane } from '../device.ts';
import { createDrawnState } from '../drawnState.ts';
import { drawingContext } from '../graphics.ts';
import { isStraight } from '../obliqueAxes.ts';
import { fitCanvas, type PaneHost } from '../pane.ts';
import { drawPlanInPlane } from '../planDrawing.ts';
import { type PixelPoint, type PlaneFrame, pixelToLps } from '../planeFrame.ts';
import { drawPointsInPlane } from '../points.ts';
import { cornersSection, gridCorners } from '../region.ts';
import type { PlaneName, ViewerScene } from '../types.ts';
import { drawAnnotations } from './annotationPainting.ts';
import { createContourCache } from './meshContour.ts';
import {
  drawBrush,
  drawContours,
  drawCrosshair,
  drawLabels,
  drawOstium,
  drawOutline,
  drawRegion,
} from './planeDrawing.ts';
import { createPlanePicture, type PlanePicture } from './planePicture.ts';
import { huAt } from './reslice.ts';
import { sliceNumber } from './scrolling.ts';

/** What the pointer adds to a pane's drawing. */
export interface PointerMarks {
  /** Where the pointer is; null when it is elsewhere. */
  readonly pointer: PixelPoint | null;
  /** The scissors' outline as far as it is drawn. */
  readonly outline: readonly PixelPoint[];
  /** What a measuring tool has drawn so far. */
  readonly drawing: AnnotationShape | null;
}

/** Draws a plane's pane: the picture and everything over it. */
export interface PlanePainter {
  readonly canvas: HTMLCanvasElement;
  readonly picture: PlanePicture;
  /** @param quality samples each way, as a share of those at rest */
  draw(frame: PlaneFrame, marks: PointerMarks, quality: number): void;
}

interface CornerTexts {
  readonly title: string;
  readonly place: string;
  readonly probe: string;
}

/** What stands in a pane's corners, for a frame and the pointer's place. */
function cornerTexts(
  plane: PlaneName,
  frame: PlaneFrame,
  { volume, crosshairLpsMm, language }: ViewerScene,
  pointer: PixelPoint | null,
): CornerTexts {
  const inWords = wordsIn(language);
  const straightTitle = inWords.panes[plane];
  const title = isStraight(frame.normal) ? straightTitle : inWords.panes.oblique(straightTitle);
  if (!volume) return { title, place: '', probe: '' };
  const number = sliceNumber(volume.grid, crosshairLpsMm, frame.normal);
  const position = inWords.numbersIn(positionInWords(frame.normal, dot(crosshairLpsMm, frame.normal)));
  const place = number ? `${position} · ${inWords.panes.slice(number.slice, number.of)}` : position;
  const hu = pointer ? huAt(volume, pixelToLps(frame, pointer)) : null;
  return { title, place, probe: hu === null ? '' : `${hu} HU` };
}

/** Puts the corners' texts on the element too, for tests and for people who do not see the picture. */
function describePane(
  element: HTMLElement,
  { title, place, probe }: CornerTexts,
  annotations: readonly string[],
): void {
  element.dataset.title = title;
  element.dataset.place = place;
  element.dataset.probe = probe;
  element.dataset.annotations = annotations.join('; ');
  element.setAttribute('aria-description', [place, ...annotations].join('; '));
}

/** Adds a canvas to the pane's element and paints on it. */
export function createPlanePainter(plane: PlaneName, element: HTMLElement, host: PaneHost): PlanePainter {
  const canvas = document.createElement('canvas');
  element.append(canvas);
  const context = drawingContext(canvas, host.graphics, true);
  const picture = createPlanePicture(host.graphics);
  const drawn = createDrawnState();
  canvas.addEventListener('contextrestored', () => {
    drawn.forget();
    host.requestDraw(plane);
  });
  const contourOf = createContourCache();
  const referenceContourOf = createContourCache();
  const deviceContourOf = createContourCache();
  const unfilledContourOf = createContourCache();
  const besideContours = new WeakMap<TriangleMesh, ReturnType<typeof createContourCache>>();

  /** Contours only where there are slices: beyond them a surface is guesswork. */
  function drawSurfaces(frame: PlaneFrame, scene: ViewerScene): void {
    if (!scene.volume) return;
    const section = cornersSection(frame, gridCorners(scene.volume.grid));
    if (section.length === 0) return;
    context.save();
    context.beginPath();
    for (const [x, y] of section) context.lineTo(x, y);
    context.clip();
    drawContoursOf(frame, scene);
    context.restore();
  }

  function drawColoured(frame: PlaneFrame, surfaces: ViewerScene['beside'], width: number): void {
    for (const { mesh, colour } of surfaces) {
      const contoursOf = besideContours.get(mesh) ?? createContourCache();
      besideContours.set(mesh, contoursOf);
      drawContours(context, frame, contoursOf(mesh, frame), { colour, width, dash: [] });
    }
  }

  function drawContoursOf(frame: PlaneFrame, scene: ViewerScene): void {
    if (scene.reference) {
      const style = { colour: COLOURS.reference, width: 1.25, dash: [5, 4] };
      drawContours(context, frame, referenceContourOf(scene.reference, frame), style);
    }
    drawColoured(frame, scene.beside, 1.5);
    if (scene.unfilled) {
      const style = { colour: COLOURS.unfilled, width: 2, dash: [] };
      drawContours(context, frame, unfilledContourOf(scene.unfilled, frame), style);
    }
    if (scene.mesh?.visible) {
      const style = { colour: COLOURS.contour, width: 1.75, dash: [] };
      drawContours(context, frame, contourOf(scene.mesh.closed, frame), style);
    }
    drawColoured(frame, scene.doubt, 2.5);
  }

  function drawOverlay(frame: PlaneFrame, scene: ViewerScene, marks: PointerMarks): void {
    const { pointer, outline, drawing } = marks;
    drawSurfaces(frame, scene);
    if (scene.volume) {
      drawCrosshair(context, plane, frame, scene, pointer !== null);
      drawRegion(context, frame, scene);
      drawOstium(context, frame, scene);
      if (scene.plan) drawPlanInPlane(context, frame, scene.plan);
      if (scene.device) {
        const outline = deviceContourOf(scene.device.mesh, frame);
        drawContours(context, frame, outline, deviceStyle(scene.device));
        drawDeviceInPlane(context, frame, scene.device, outline.length > 0);
      }
      drawPointsInPlane(context, frame, scene);
    }
    const annotations = drawAnnotations(context, frame, scene, drawing);
    if (pointer && (scene.tool === 'brush' || scene.tool === 'eraser'))
      drawBrush(context, frame, scene, pointer);
    drawOutline(context, outline);
    const texts = cornerTexts(plane, frame, scene, pointer);
    drawLabels(context, plane, frame, scene, texts);
    describePane(element, texts, annotations);
  }

  return {
    canvas,
    picture,
    draw(frame, marks, quality) {
      const scene = host.scene();
      const isPictureNew = picture.update(scene, frame, quality);
      if (!drawn.differs(scene, frame, marks) && !isPictureNew) return;
      fitCanvas(context, frame);
      context.fillStyle = COLOURS.background;
      context.fillRect(0, 0, frame.widthPixels, frame.heightPixels);
      picture.draw(context, frame);
      drawOverlay(frame, scene, marks);
    },
  };
}
