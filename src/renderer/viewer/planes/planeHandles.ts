import { isAnnotationKind } from '#shared/contract/annotations.ts';
import { add, addScaled, cross, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { type DeviceTarget, deviceTargetInPlane } from '../device.ts';
import { clipLine, distanceToOutline, distanceToSegment, pixelDistance } from '../hitTests.ts';
import { discRadiusMm, discSection } from '../ostium.ts';
import {
  AXIS_OF_PLANE,
  heightAbovePlane,
  lpsToPixel,
  type PixelPoint,
  PLANE_NAMES,
  type PlaneFrame,
  pixelToLps,
} from '../planeFrame.ts';
import { pointInPlane } from '../points.ts';
import { boxSection } from '../region.ts';
import type { MarkedPoint, PlaneName, ViewerScene } from '../types.ts';

/** Another plane's line in a pane. */
export interface CrosshairLine {
  readonly plane: PlaneName;
  readonly ends: readonly [PixelPoint, PixelPoint];
  readonly directionPixels: PixelPoint;
  /** The two knobs that turn the lines; those outside the pane are left out. */
  readonly knobs: readonly PixelPoint[];
}

/** What can be grabbed in a pane. */
export type PlaneTarget =
  | { readonly kind: 'crosshairCentre' }
  | { readonly kind: 'crosshairLine'; readonly line: PlaneName }
  | { readonly kind: 'turn' }
  | { readonly kind: 'regionMove' }
  | { readonly kind: 'regionResize'; readonly cornerLpsMm: Vec3; readonly middleLpsMm: Vec3 }
  | { readonly kind: 'point'; readonly point: MarkedPoint }
  | { readonly kind: 'ostiumMove' }
  | { readonly kind: 'ostiumTilt'; readonly endLpsMm: Vec3 }
  | DeviceTarget;

const GRAB_PIXELS = 7;
const KNOB_GRAB_PIXELS = 10;

export function crosshairLines(
  plane: PlaneName,
  frame: PlaneFrame,
  scene: Pick<ViewerScene, 'crosshairLpsMm' | 'axes'>,
): CrosshairLine[] {
  const centre = lpsToPixel(frame, scene.crosshairLpsMm);
  const reach = 0.34 * Math.min(frame.widthPixels, frame.heightPixels);
  const lines: CrosshairLine[] = [];
  for (const other of PLANE_NAMES) {
    if (other === plane) continue;
    const alongLps = normalize(cross(frame.normal, scene.axes[AXIS_OF_PLANE[other]]));
    const direction: PixelPoint = [dot(alongLps, frame.right), dot(alongLps, frame.down)];
    const ends = clipLine(centre, direction, frame.widthPixels, frame.heightPixels);
    if (!ends) continue;
    const knobs = [-reach, reach]
      .map((at): PixelPoint => [centre[0] + at * direction[0], centre[1] + at * direction[1]])
      .filter(([x, y]) => x > 6 && y > 6 && x < frame.widthPixels - 6 && y < frame.heightPixels - 6);
    lines.push({ plane: other, ends, directionPixels: direction, knobs });
  }
  return lines;
}

/** The ostium's line in a pane: its ends, and the middle where it is moved; null where the disc is elsewhere. */
export function ostiumLine(
  frame: PlaneFrame,
  ostium: NonNullable<ViewerScene['ostium']>,
): { readonly endsLpsMm: readonly [Vec3, Vec3]; readonly middleLpsMm: Vec3 } | null {
  const section = discSection(frame, ostium.plane, discRadiusMm(ostium.plane, ostium.rimLpsMm));
  if (!section) return null;
  const half = subtract(section[1], section[0]);
  return { endsLpsMm: section, middleLpsMm: addScaled(section[0], half, 0.5) };
}

/** The middle of the region's section, LPS mm: the cube's centre dropped on the plane. */
export const regionMiddle = (frame: PlaneFrame, region: NonNullable<ViewerScene['region']>): Vec3 =>
  addScaled(region.box.centreLpsMm, frame.normal, -heightAbovePlane(frame, region.box.centreLpsMm));

function regionTarget(pixel: PixelPoint, frame: PlaneFrame, scene: ViewerScene): PlaneTarget | null {
  if (!scene.region?.editable) return null;
  const section = boxSection(frame, scene.region.box);
  if (section.length === 0) return null;
  const middleLpsMm = regionMiddle(frame, scene.region);
  const corner = section.find((at) => pixelDistance(at, pixel) < KNOB_GRAB_PIXELS);
  if (corner) return { kind: 'regionResize', cornerLpsMm: pixelToLps(frame, corner), middleLpsMm };
  if (distanceToOutline(pixel, section) < GRAB_PIXELS) return { kind: 'regionMove' };
  return null;
}

function ostiumTarget(pixel: PixelPoint, frame: PlaneFrame, scene: ViewerScene): PlaneTarget | null {
  if (!scene.ostium?.editable) return null;
  const line = ostiumLine(frame, scene.ostium);
  if (!line) return null;
  for (const endLpsMm of line.endsLpsMm) {
    if (pixelDistance(lpsToPixel(frame, endLpsMm), pixel) < KNOB_GRAB_PIXELS)
      return { kind: 'ostiumTilt', endLpsMm };
  }
  const [a, b] = line.endsLpsMm.map((end) => lpsToPixel(frame, end)) as [PixelPoint, PixelPoint];
  return distanceToSegment(pixel, a, b) < GRAB_PIXELS ? { kind: 'ostiumMove' } : null;
}

function crosshairTarget(
  plane: PlaneName,
  pixel: PixelPoint,
  frame: PlaneFrame,
  scene: ViewerScene,
): PlaneTarget | null {
  if (scene.tool !== 'crosshair') return null;
  const lines = crosshairLines(plane, frame, scene);
  if (lines.some(({ knobs }) => knobs.some((knob) => pixelDistance(knob, pixel) < KNOB_GRAB_PIXELS)))
    return { kind: 'turn' };
  if (pixelDistance(lpsToPixel(frame, scene.crosshairLpsMm), pixel) < 2 * GRAB_PIXELS)
    return { kind: 'crosshairCentre' };
  const line = lines.find(({ ends }) => distanceToSegment(pixel, ...ends) < GRAB_PIXELS);
  return line ? { kind: 'crosshairLine', line: line.plane } : null;
}

/** What a press at a pixel grabs; null leaves the press to the tool. Editing and measuring tools always get the press, so that they can start on a handle. */
export function planeTarget(
  plane: PlaneName,
  pixel: PixelPoint,
  frame: PlaneFrame,
  scene: ViewerScene,
): PlaneTarget | null {
  if (scene.tool === 'brush' || scene.tool === 'eraser' || scene.tool === 'scissors') return null;
  if (isAnnotationKind(scene.tool)) return null;
  // A placed device's handles lie on the centre line, as the line's points do: what was placed last is held first.
  const device = deviceTargetInPlane(pixel, frame, scene.device);
  if (device) return device;
  const point = pointInPlane(pixel, frame, scene);
  if (point) return { kind: 'point', point };
  return (
    ostiumTarget(pixel, frame, scene) ??
    regionTarget(pixel, frame, scene) ??
    crosshairTarget(plane, pixel, frame, scene)
  );
}

/** The crosshair after one of its lines was dragged: only along the normal of the plane that the line stands for. */
export function dragLine(
  scene: Pick<ViewerScene, 'axes'>,
  line: PlaneName,
  startLpsMm: Vec3,
  shiftLpsMm: Vec3,
): Vec3 {
  const normal = scene.axes[AXIS_OF_PLANE[line]];
  return add(startLpsMm, addScaled([0, 0, 0], normal, dot(shiftLpsMm, normal)));
}

/** The angle, right-handed about the pane's normal, from one pixel to another as seen from the crosshair. */
export function turnAngle(frame: PlaneFrame, crosshairLpsMm: Vec3, from: PixelPoint, to: PixelPoint): number {
  const [a, b] = [from, to].map((pixel) => subtract(pixelToLps(frame, pixel), crosshairLpsMm)) as [
    Vec3,
    Vec3,
  ];
  return Math.atan2(dot(cross(a, b), frame.normal), dot(a, b));
}
