import {
  add,
  addScaled,
  cross,
  normalize,
  perpendicular,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import { drawKnob, drawText } from './canvasText.ts';
import { COLOURS } from './colours.ts';
import { pixelDistance } from './hitTests.ts';
import type { PaneHost } from './pane.ts';
import { type Drag, dragTo } from './paneInput.ts';
import {
  heightAbovePlane,
  lpsToPixel,
  type PixelPoint,
  type PlaneFrame,
  pixelShiftToLps,
} from './planeFrame.ts';
import type { ShownDevice } from './types.ts';

/** A virtual device in the panes: its handles, and what is drawn over the picture. Its surface is drawn as others are. */

/** What of a device can be grabbed: its centre moves it along the centre line, the knob beyond its end tilts it. */
export type DeviceTarget = { readonly kind: 'deviceMove' } | { readonly kind: 'deviceAim' };

/** The knob lies beyond the device's end, mm. */
const BEYOND_END_MM = 6;
/** Seen along its axis, a device is not tilted by its knob, which lies on the centre then. */
const APART_PIXELS = 16;

/** Where the knob that tilts the device lies, LPS mm. */
export const deviceKnob = ({ centreLpsMm, axis, endMm }: ShownDevice): Vec3 =>
  addScaled(centreLpsMm, axis, endMm + BEYOND_END_MM);

interface DeviceHandles {
  readonly centre: PixelPoint;
  /** Null where it would lie on the centre. */
  readonly knob: PixelPoint | null;
}

function handlesOf(frame: PlaneFrame, device: ShownDevice): DeviceHandles | null {
  if (!device.editable) return null;
  const centre = lpsToPixel(frame, device.centreLpsMm);
  const knob = lpsToPixel(frame, deviceKnob(device));
  return { centre, knob: pixelDistance(centre, knob) < APART_PIXELS ? null : knob };
}

/** In a plane only where the plane runs through the device near its centre. */
const inPlane = (frame: PlaneFrame, device: ShownDevice): boolean =>
  Math.abs(heightAbovePlane(frame, device.centreLpsMm)) < device.radiusMm;

function targetAt(
  pixel: PixelPoint,
  frame: PlaneFrame,
  device: ShownDevice,
  grabPixels: number,
): DeviceTarget | null {
  const handles = handlesOf(frame, device);
  if (!handles) return null;
  if (handles.knob && pixelDistance(handles.knob, pixel) < grabPixels) return { kind: 'deviceAim' };
  return pixelDistance(handles.centre, pixel) < grabPixels ? { kind: 'deviceMove' } : null;
}

/** What a press at a pixel of a plane grabs of a device. */
export const deviceTargetInPlane = (
  pixel: PixelPoint,
  frame: PlaneFrame,
  device: ShownDevice | null,
): DeviceTarget | null => (device && inPlane(frame, device) ? targetAt(pixel, frame, device, 10) : null);

/** The same in 3D, where a device is seen whole. */
export const deviceTargetInThree = (
  pixel: PixelPoint,
  frame: PlaneFrame,
  device: ShownDevice | null,
): DeviceTarget | null => device && targetAt(pixel, frame, device, 11);

/** The drag of a device's handle, in a plane or in 3D; null where there is no device any more. */
export function dragDevice(
  host: PaneHost,
  frame: PlaneFrame,
  target: DeviceTarget,
  from: PixelPoint,
): Drag | null {
  const { device } = host.scene();
  if (!device) return null;
  const knob = deviceKnob(device);
  const report = (now: PixelPoint, isFinal: boolean): void => {
    const shift = pixelShiftToLps(frame, [now[0] - from[0], now[1] - from[1]]);
    host.events.onDevice(
      target.kind === 'deviceMove'
        ? { kind: 'move', pointLpsMm: add(device.centreLpsMm, shift) }
        : { kind: 'aim', axis: normalize(subtract(add(knob, shift), device.centreLpsMm)) },
      isFinal,
    );
  };
  let last = from;
  return dragTo(
    (now) => {
      last = now;
      report(now, false);
    },
    () => report(last, true),
  );
}

type Context = CanvasRenderingContext2D;

function strokeLine(
  context: Context,
  points: readonly PixelPoint[],
  width: number,
  dash: readonly number[],
): void {
  for (const [lineWidth, colour] of [
    [width + 2, COLOURS.halo],
    [width, COLOURS.device],
  ] as const) {
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.lineWidth = lineWidth;
    context.strokeStyle = colour;
    context.setLineDash(colour === COLOURS.device ? [...dash] : []);
    context.stroke();
  }
  context.setLineDash([]);
}

function drawHandles(context: Context, handles: DeviceHandles): void {
  if (handles.knob) {
    strokeLine(context, [handles.centre, handles.knob], 1.25, []);
    drawKnob(context, handles.knob, COLOURS.device);
  }
  drawKnob(context, handles.centre, COLOURS.device, 5.5);
}

/** How a device's outline is drawn in planes: dashed where its table says that the size does not fit. */
export const deviceStyle = ({ fits }: ShownDevice) => ({
  colour: COLOURS.device,
  width: 2,
  dash: fits ? [] : [5, 4],
});

/**
 * Name and handles of a device in a plane that runs through it.
 * @param isCut the plane cuts its surface: without an outline there is nothing to name
 */
export function drawDeviceInPlane(
  context: Context,
  frame: PlaneFrame,
  device: ShownDevice,
  isCut: boolean,
): void {
  if (!inPlane(frame, device)) return;
  const handles = handlesOf(frame, device);
  if (handles) drawHandles(context, handles);
  if (!isCut) return;
  const [x, y] = lpsToPixel(frame, device.centreLpsMm);
  const radius = device.radiusMm / frame.mmPerPixel;
  // Below it: above it stand the landing zone's diameters.
  drawText(context, device.label, x, Math.min(frame.heightPixels - 30, y + radius + 18), {
    align: 'center',
    colour: COLOURS.device,
  });
}

/** In 3D the lumen hides what lies in it: the device's circles are drawn over it. */
export function drawDeviceInThree(context: Context, frame: PlaneFrame, device: ShownDevice): void {
  for (const [alongMm, radiusMm] of device.circles) {
    strokeLine(
      context,
      circle(frame, device, alongMm, radiusMm),
      alongMm === 0 ? 2 : 1,
      alongMm === 0 ? [] : [3, 3],
    );
  }
  const handles = handlesOf(frame, device);
  if (handles) drawHandles(context, handles);
}

const CIRCLE_STEPS = 48;

function circle(
  frame: PlaneFrame,
  { centreLpsMm, axis }: ShownDevice,
  alongMm: number,
  radiusMm: number,
): PixelPoint[] {
  const u = perpendicular(axis);
  const v = cross(axis, u);
  const middle = addScaled(centreLpsMm, axis, alongMm);
  return Array.from({ length: CIRCLE_STEPS + 1 }, (_, step) => {
    const angle = (2 * Math.PI * step) / CIRCLE_STEPS;
    const point = addScaled(addScaled(middle, u, radiusMm * Math.cos(angle)), v, radiusMm * Math.sin(angle));
    return lpsToPixel(frame, point);
  });
}
