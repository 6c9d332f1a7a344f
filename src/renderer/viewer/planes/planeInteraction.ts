import type { OstiumPlane } from '#shared/contract/values.ts';
import { add, addScaled, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { movePlane, tiltPlane } from '../ostium.ts';
import type { PaneHost } from '../paneHost.ts';
import type { Drag } from '../paneInput.ts';
import { resizeBox } from '../region.ts';
import type { PlaneName, RegionBox, Stroke, Tool, ViewerScene } from '../types.ts';
import { dragWindow } from './huWindow.ts';
import { turnAxes } from './obliqueAxes.ts';
import {
  AXIS_OF_PLANE,
  type PixelPoint,
  type PlaneFrame,
  pixelShiftToLps,
  pixelToLps,
} from './planeFrame.ts';
import { dragLine, type PlaneTarget, planeTarget, turnAngle } from './planeHandles.ts';
import { placedCrosshair } from './scrolling.ts';

/** A pane's side of what a drag may change without asking: the part of the patient in view. */
export interface PlaneView {
  readonly plane: PlaneName;
  frame(): PlaneFrame;
  panBy(shiftLpsMm: Vec3): void;
  /** Keeps what is under `at` in its place. */
  zoomBy(factor: number, at: PixelPoint): void;
  setOutline(outline: readonly PixelPoint[]): void;
}

type Shift = (now: PixelPoint) => Vec3;

const shiftOf =
  (frame: PlaneFrame, from: PixelPoint): Shift =>
  (now) =>
    pixelShiftToLps(frame, [now[0] - from[0], now[1] - from[1]]);

const follow = (onMove: (now: PixelPoint) => void, onEnd: () => void = () => {}): Drag => ({
  move: (positions) => onMove(positions.at(-1)!),
  end: onEnd,
});

function placeCrosshair(host: PaneHost, pointLpsMm: Vec3): void {
  const { volume, axes } = host.scene();
  if (volume) host.proposeCrosshair(placedCrosshair(volume.grid, axes, pointLpsMm));
}

function dragRegion(host: PaneHost, start: RegionBox, change: (now: PixelPoint) => RegionBox): Drag {
  let box = start;
  return follow(
    (now) => {
      box = change(now);
      host.events.onRegion(box, false);
    },
    () => host.events.onRegion(box, true),
  );
}

function dragOstium(host: PaneHost, start: OstiumPlane, change: (now: PixelPoint) => OstiumPlane): Drag {
  let plane = start;
  return follow(
    (now) => {
      plane = change(now);
      host.events.onOstiumPlane(plane, false);
    },
    () => host.events.onOstiumPlane(plane, true),
  );
}

function dragTurn(host: PaneHost, view: PlaneView, from: PixelPoint, start: ViewerScene): Drag {
  const frame = view.frame();
  return follow((now) => {
    const angle = turnAngle(frame, start.crosshairLpsMm, from, now);
    host.events.onAxes(turnAxes(start.axes, AXIS_OF_PLANE[view.plane], angle));
  });
}

/** The drag of a handle that was taken hold of. */
function dragTarget(host: PaneHost, view: PlaneView, target: PlaneTarget, from: PixelPoint): Drag | null {
  const scene = host.scene();
  const frame = view.frame();
  const shift = shiftOf(frame, from);
  const box = scene.region?.box;
  const plane = scene.ostium?.plane;
  switch (target.kind) {
    case 'crosshairCentre':
      return follow((now) => placeCrosshair(host, add(scene.crosshairLpsMm, shift(now))));
    case 'crosshairLine':
      return follow((now) =>
        placeCrosshair(host, dragLine(scene, target.line, scene.crosshairLpsMm, shift(now))),
      );
    case 'turn':
      return dragTurn(host, view, from, scene);
    case 'regionMove':
      return (
        (box &&
          dragRegion(host, box, (now) => ({ ...box, centreLpsMm: add(box.centreLpsMm, shift(now)) }))) ??
        null
      );
    case 'regionResize':
      return (
        (box &&
          dragRegion(host, box, (now) =>
            resizeBox(box, target.cornerLpsMm, add(target.cornerLpsMm, shift(now)), target.middleLpsMm),
          )) ??
        null
      );
    case 'ostiumMove':
      return (plane && dragOstium(host, plane, (now) => movePlane(plane, shift(now)))) ?? null;
    case 'ostiumTilt':
      return (
        (plane &&
          dragOstium(host, plane, (now) =>
            tiltPlane(plane, frame.normal, target.endLpsMm, add(target.endLpsMm, shift(now))),
          )) ??
        null
      );
    default:
      return target satisfies never;
  }
}

function dragStroke(host: PaneHost, view: PlaneView, tool: 'brush' | 'eraser', from: PixelPoint): Drag {
  const emit = (phase: Stroke['phase'], positions: readonly PixelPoint[]): void => {
    const frame = view.frame();
    host.events.onStroke({
      phase,
      tool,
      plane: view.plane,
      planeNormal: frame.normal,
      pointsLpsMm: positions.map((position) => pixelToLps(frame, position)),
    });
  };
  emit('start', [from]);
  return { move: (positions) => emit('move', positions), end: () => emit('end', []) };
}

/** The outline stays in the pane while it is drawn; the owner hears of all of it at the end. */
function dragScissors(host: PaneHost, view: PlaneView, from: PixelPoint): Drag {
  const frame = view.frame();
  let outline: PixelPoint[] = [from];
  const emit = (phase: Stroke['phase'], positions: readonly PixelPoint[]): void =>
    host.events.onStroke({
      phase,
      tool: 'scissors',
      plane: view.plane,
      planeNormal: frame.normal,
      pointsLpsMm: positions.map((position) => pixelToLps(frame, position)),
    });
  emit('start', []);
  return {
    move(positions) {
      outline = [...outline, ...positions];
      view.setOutline(outline);
    },
    end() {
      view.setOutline([]);
      emit('end', outline);
    },
  };
}

function dragWith(host: PaneHost, view: PlaneView, tool: Tool, from: PixelPoint): Drag {
  const scene = host.scene();
  const frame = view.frame();
  let last = from;
  switch (tool) {
    case 'crosshair': {
      const place = (now: PixelPoint): void => placeCrosshair(host, pixelToLps(frame, now));
      place(from);
      return follow(place);
    }
    case 'window':
      return follow((now) =>
        host.events.onWindow(dragWindow(scene.window, now[0] - from[0], now[1] - from[1])),
      );
    case 'pan':
      return follow((now) => {
        view.panBy(shiftOf(frame, last)(now));
        last = now;
      });
    case 'zoom':
      return follow((now) => {
        view.zoomBy(1.01 ** (last[1] - now[1]), from);
        last = now;
      });
    case 'brush':
    case 'eraser':
      return dragStroke(host, view, tool, from);
    case 'scissors':
      return dragScissors(host, view, from);
    default:
      return tool satisfies never;
  }
}

/** What a press of a button (0 left, 1 middle, 2 right) begins; null where it begins nothing. */
export function beginDrag(host: PaneHost, view: PlaneView, button: number, from: PixelPoint): Drag | null {
  const scene = host.scene();
  if (!scene.volume) return null;
  if (button === 1) return dragWith(host, view, 'pan', from);
  if (button === 2) return dragWith(host, view, 'window', from);
  if (button !== 0) return null;
  const target = planeTarget(view.plane, from, view.frame(), scene);
  return target ? dragTarget(host, view, target, from) : dragWith(host, view, scene.tool, from);
}

/** The pointer's shape over a pixel. */
export function cursorAt(plane: PlaneName, pixel: PixelPoint, frame: PlaneFrame, scene: ViewerScene): string {
  const target = planeTarget(plane, pixel, frame, scene);
  if (target) {
    if (target.kind === 'turn' || target.kind === 'ostiumTilt') return 'alias';
    if (target.kind === 'regionResize') return 'nwse-resize';
    return target.kind === 'crosshairLine' ? 'grab' : 'move';
  }
  const cursors: Record<Tool, string> = {
    crosshair: 'crosshair',
    window: 'ns-resize',
    pan: 'grab',
    zoom: 'zoom-in',
    brush: 'none',
    eraser: 'none',
    scissors: 'crosshair',
  };
  return cursors[scene.tool];
}

/** The middle of a view after a zoom that keeps a point in its place. */
export const zoomedMiddle = (middleLpsMm: Vec3, fixedLpsMm: Vec3, factor: number): Vec3 =>
  addScaled(fixedLpsMm, subtract(middleLpsMm, fixedLpsMm), 1 / factor);
