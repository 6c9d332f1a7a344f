import type { OstiumPlane } from '#shared/contract/values.ts';
import { add, type Vec3 } from '#shared/geometry/vec3.ts';
import { dragDevice } from '../device.ts';
import { turnAxes } from '../obliqueAxes.ts';
import { movePlane, tiltPlane } from '../ostium.ts';
import type { PaneHost } from '../pane.ts';
import { type Drag, dragTo } from '../paneInput.ts';
import { AXIS_OF_PLANE, type PixelPoint, pixelShiftToLps } from '../planeFrame.ts';
import { dragPoint } from '../points.ts';
import { resizeBox } from '../region.ts';
import type { RegionBox, ViewerScene } from '../types.ts';
import { dragLine, type PlaneTarget, turnAngle } from './planeHandles.ts';
import type { PlaneView } from './planeView.ts';
import { placedCrosshair } from './scrolling.ts';

/** Moves the crosshair to a point, or to the voxel's centre there where the planes lie along the scan's axes. */
export function placeCrosshair(host: PaneHost, pointLpsMm: Vec3): void {
  const { volume, axes } = host.scene();
  if (volume) host.proposeCrosshair(placedCrosshair(volume.grid, axes, pointLpsMm));
}

function dragRegion(host: PaneHost, start: RegionBox, change: (now: PixelPoint) => RegionBox): Drag {
  let box = start;
  return dragTo(
    (now) => {
      box = change(now);
      host.events.onRegion(box, false);
    },
    () => host.events.onRegion(box, true),
  );
}

function dragOstium(host: PaneHost, start: OstiumPlane, change: (now: PixelPoint) => OstiumPlane): Drag {
  let plane = start;
  return dragTo(
    (now) => {
      plane = change(now);
      host.events.onOstiumPlane(plane, false);
    },
    () => host.events.onOstiumPlane(plane, true),
  );
}

function dragTurn(host: PaneHost, view: PlaneView, from: PixelPoint, start: ViewerScene): Drag {
  const frame = view.frame();
  return dragTo((now) => {
    const angle = turnAngle(frame, start.crosshairLpsMm, from, now);
    host.events.onAxes(turnAxes(start.axes, AXIS_OF_PLANE[view.plane], angle));
  });
}

/** The drag of a handle, from the pixel where it was pressed; null where the scene no longer has what it moves. */
export function dragHandle(
  host: PaneHost,
  view: PlaneView,
  target: PlaneTarget,
  from: PixelPoint,
): Drag | null {
  const scene = host.scene();
  const frame = view.frame();
  const shift = (now: PixelPoint): Vec3 => pixelShiftToLps(frame, [now[0] - from[0], now[1] - from[1]]);
  const box = scene.region?.box;
  const plane = scene.ostium?.plane;
  switch (target.kind) {
    case 'crosshairCentre':
      return dragTo((now) => placeCrosshair(host, add(scene.crosshairLpsMm, shift(now))));
    case 'crosshairLine':
      return dragTo((now) =>
        placeCrosshair(host, dragLine(scene, target.line, scene.crosshairLpsMm, shift(now))),
      );
    case 'turn':
      return dragTurn(host, view, from, scene);
    case 'regionMove':
      if (!box) return null;
      return dragRegion(host, box, (now) => ({ ...box, centreLpsMm: add(box.centreLpsMm, shift(now)) }));
    case 'regionResize':
      if (!box) return null;
      return dragRegion(host, box, (now) =>
        resizeBox(box, target.cornerLpsMm, add(target.cornerLpsMm, shift(now)), target.middleLpsMm),
      );
    case 'point':
      return dragPoint(host, frame, target.point, from);
    case 'ostiumMove':
      if (!plane) return null;
      return dragOstium(host, plane, (now) => movePlane(plane, shift(now)));
    case 'ostiumTilt':
      if (!plane) return null;
      return dragOstium(host, plane, (now) =>
        tiltPlane(plane, frame.normal, target.endLpsMm, add(target.endLpsMm, shift(now))),
      );
    case 'deviceMove':
    case 'deviceAim':
      return dragDevice(host, frame, target, from);
    default:
      return target satisfies never;
  }
}
