import { add, addScaled, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { type DeviceTarget, deviceTargetInThree, dragDevice } from '../device.ts';
import { pixelDistance } from '../hitTests.ts';
import { aimPlane, discRadiusMm } from '../ostium.ts';
import type { PaneHost } from '../pane.ts';
import type { Drag } from '../paneInput.ts';
import { lpsToPixel, type PixelPoint, type PlaneFrame, pixelShiftToLps } from '../planeFrame.ts';
import { dragPoint, pointInThree } from '../points.ts';
import { boxCorners, resizeBox } from '../region.ts';
import type { MarkedPoint, ViewerScene } from '../types.ts';

export type ThreeTarget =
  | { readonly kind: 'regionMove' }
  | { readonly kind: 'regionResize'; readonly cornerLpsMm: Vec3 }
  | { readonly kind: 'point'; readonly point: MarkedPoint }
  | { readonly kind: 'ostiumMove' }
  | { readonly kind: 'ostiumAim' }
  | DeviceTarget;

const GRAB_PIXELS = 11;

/** The tip of the ostium's arrow: drawn along the normal, long enough to be grabbed. */
export const ostiumTip = (ostium: NonNullable<ViewerScene['ostium']>): Vec3 =>
  addScaled(ostium.plane.pointLpsMm, ostium.plane.normal, 1.3 * discRadiusMm(ostium.plane, ostium.rimLpsMm));

/** What a press at a pixel grabs; null turns the camera. */
export function threeTarget(pixel: PixelPoint, frame: PlaneFrame, scene: ViewerScene): ThreeTarget | null {
  const isNear = (point: Vec3): boolean => pixelDistance(lpsToPixel(frame, point), pixel) < GRAB_PIXELS;
  const device = deviceTargetInThree(pixel, frame, scene.device);
  if (device) return device;
  const point = pointInThree(pixel, frame, scene);
  if (point) return { kind: 'point', point };
  if (scene.ostium?.editable) {
    if (isNear(ostiumTip(scene.ostium))) return { kind: 'ostiumAim' };
    if (isNear(scene.ostium.plane.pointLpsMm)) return { kind: 'ostiumMove' };
  }
  if (scene.region?.editable) {
    const cornerLpsMm = boxCorners(scene.region.box).find(isNear);
    if (cornerLpsMm) return { kind: 'regionResize', cornerLpsMm };
    if (isNear(scene.region.box.centreLpsMm)) return { kind: 'regionMove' };
  }
  return null;
}

/** How far along a direction a shift on the screen moves; for a direction towards the viewer, up is forward. */
export function shiftAlong(direction: Vec3, frame: PlaneFrame, shiftPixels: PixelPoint): number {
  const shift = pixelShiftToLps(frame, shiftPixels);
  const inView = addScaled(direction, frame.normal, -dot(direction, frame.normal));
  const share = dot(inView, inView);
  if (share < 0.06) return -shiftPixels[1] * frame.mmPerPixel;
  return dot(shift, inView) / share;
}

/** The drag of a handle in the 3D view. */
export function dragThreeTarget(
  host: PaneHost,
  frame: PlaneFrame,
  target: ThreeTarget,
  from: PixelPoint,
): Drag | null {
  if (target.kind === 'point') return dragPoint(host, frame, target.point, from);
  if (target.kind === 'deviceMove' || target.kind === 'deviceAim')
    return dragDevice(host, frame, target, from);
  const { region, ostium } = host.scene();
  const shiftPixels = (now: PixelPoint): PixelPoint => [now[0] - from[0], now[1] - from[1]];
  if (target.kind === 'regionMove' || target.kind === 'regionResize') {
    if (!region) return null;
    let box = region.box;
    return {
      move(positions) {
        const shift = pixelShiftToLps(frame, shiftPixels(positions.at(-1)!));
        box =
          target.kind === 'regionMove'
            ? { ...region.box, centreLpsMm: add(region.box.centreLpsMm, shift) }
            : resizeBox(
                region.box,
                target.cornerLpsMm,
                add(target.cornerLpsMm, shift),
                // Measured in the picture: the corner's depth does not change while it is dragged.
                addScaled(
                  region.box.centreLpsMm,
                  frame.normal,
                  dot(subtract(target.cornerLpsMm, region.box.centreLpsMm), frame.normal),
                ),
              );
        host.events.onRegion(box, false);
      },
      end: () => host.events.onRegion(box, true),
    };
  }
  if (!ostium) return null;
  let plane = ostium.plane;
  return {
    move(positions) {
      const now = positions.at(-1)!;
      if (target.kind === 'ostiumMove') {
        const along = shiftAlong(ostium.plane.normal, frame, shiftPixels(now));
        plane = { ...plane, pointLpsMm: addScaled(ostium.plane.pointLpsMm, ostium.plane.normal, along) };
      } else {
        const tip = ostiumTip(ostium);
        const moved = add(tip, pixelShiftToLps(frame, shiftPixels(now)));
        plane = aimPlane(ostium.plane, moved);
      }
      host.events.onOstiumPlane(plane, false);
    },
    end: () => host.events.onOstiumPlane(plane, true),
  };
}
