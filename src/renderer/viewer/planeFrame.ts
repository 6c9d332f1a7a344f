import { add, addScaled, cross, dot, normalize, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { PlaneName, ViewerScene } from './types.ts';

/** Unit vectors of a pane in LPS: to its right, down, and the normal of its plane. */
export interface PlaneDirections {
  readonly right: Vec3;
  readonly down: Vec3;
  readonly normal: Vec3;
}

/** Where a pane lies in the patient. Pixels are the pane's (pane.ts), from its upper left corner. */
export interface PlaneFrame extends PlaneDirections {
  /** The point of the plane in the pane's middle. */
  readonly centreLpsMm: Vec3;
  readonly mmPerPixel: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

export type PixelPoint = readonly [number, number];

export const PLANE_NAMES: readonly PlaneName[] = ['axial', 'coronal', 'sagittal'];

/** The axis of `axes` that is a plane's normal. */
export const AXIS_OF_PLANE: Readonly<Record<PlaneName, 0 | 1 | 2>> = { sagittal: 0, coronal: 1, axial: 2 };

const LEFT: Vec3 = [1, 0, 0];
const SUPERIOR: Vec3 = [0, 0, 1];
/** Above this cosine a reference direction lies too near to the normal to steer the pane. */
const NEARLY_PARALLEL = 0.95;

const withoutNormalPart = (direction: Vec3, normal: Vec3): Vec3 =>
  normalize(addScaled(direction, normal, -dot(direction, normal)));

/**
 * How a pane is turned. It follows from its normal alone, so that turning a pane's own lines does not turn its
 * picture: the axial pane keeps the patient's left on its right, the others keep the head up. Where the normal comes
 * too near to that direction, the pane's own axis takes its place. With straight axes: radiological convention.
 */
export function planeDirections(plane: PlaneName, axes: ViewerScene['axes']): PlaneDirections {
  const normal = axes[AXIS_OF_PLANE[plane]];
  if (plane === 'axial') {
    const reference = Math.abs(dot(LEFT, normal)) < NEARLY_PARALLEL ? LEFT : axes[0];
    const right = withoutNormalPart(reference, normal);
    return { right, down: cross(normal, right), normal };
  }
  const reference = Math.abs(dot(SUPERIOR, normal)) < NEARLY_PARALLEL ? SUPERIOR : axes[2];
  const down = scale(withoutNormalPart(reference, normal), -1);
  // The coronal pane is seen from the front, along its normal; the sagittal one from the left, against its normal.
  const right = plane === 'coronal' ? cross(down, normal) : cross(normal, down);
  return { right, down, normal };
}

/** The frame of the plane through `crosshairLpsMm`; `middleLpsMm` is projected on it to become the pane's middle. */
export function planeFrame(
  directions: PlaneDirections,
  crosshairLpsMm: Vec3,
  middleLpsMm: Vec3,
  view: Pick<PlaneFrame, 'mmPerPixel' | 'widthPixels' | 'heightPixels'>,
): PlaneFrame {
  const above = dot(subtract(middleLpsMm, crosshairLpsMm), directions.normal);
  return { ...directions, ...view, centreLpsMm: addScaled(middleLpsMm, directions.normal, -above) };
}

export function pixelToLps(frame: PlaneFrame, [x, y]: PixelPoint): Vec3 {
  const alongRight = (x - frame.widthPixels / 2) * frame.mmPerPixel;
  const alongDown = (y - frame.heightPixels / 2) * frame.mmPerPixel;
  return addScaled(addScaled(frame.centreLpsMm, frame.right, alongRight), frame.down, alongDown);
}

/** The pixel under a point's foot on the plane. */
export function lpsToPixel(frame: PlaneFrame, pointLpsMm: Vec3): PixelPoint {
  const offset = subtract(pointLpsMm, frame.centreLpsMm);
  return [
    frame.widthPixels / 2 + dot(offset, frame.right) / frame.mmPerPixel,
    frame.heightPixels / 2 + dot(offset, frame.down) / frame.mmPerPixel,
  ];
}

/** Signed distance of a point from the plane along its normal, mm. */
export const heightAbovePlane = (frame: PlaneFrame, pointLpsMm: Vec3): number =>
  dot(subtract(pointLpsMm, frame.centreLpsMm), frame.normal);

/** A shift in pixels as a shift in mm. */
export const pixelShiftToLps = (frame: PlaneFrame, [x, y]: PixelPoint): Vec3 =>
  add(scale(frame.right, x * frame.mmPerPixel), scale(frame.down, y * frame.mmPerPixel));

/** A point's place relative to `anchor` carried over from one pane's directions to another's. */
export function carryOver(
  pointLpsMm: Vec3,
  anchorLpsMm: Vec3,
  from: PlaneDirections,
  to: PlaneDirections,
): Vec3 {
  const offset = subtract(pointLpsMm, anchorLpsMm);
  const along = addScaled(scale(to.right, dot(offset, from.right)), to.down, dot(offset, from.down));
  return add(anchorLpsMm, addScaled(along, to.normal, dot(offset, from.normal)));
}

/** The middle of a view after a zoom that keeps the point `fixedLpsMm` in its place. */
export const zoomedMiddle = (middleLpsMm: Vec3, fixedLpsMm: Vec3, factor: number): Vec3 =>
  addScaled(fixedLpsMm, subtract(middleLpsMm, fixedLpsMm), 1 / factor);
