import type { OstiumPlane } from '#shared/contract/values.ts';
import { add, addScaled, cross, dot, normalize, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { PlaneName, ViewerScene } from '../../viewer/types.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What a key does to the ostium's plane; distal positive. */
export type OstiumNudge =
  | { readonly kind: 'moveOstium'; readonly distalMm: number }
  | { readonly kind: 'tiltOstium'; readonly about: 'superior' | 'left'; readonly degrees: number };

/** Right and down of a plane's picture, and its normal, as parts of the scene's axes: sign and index. */
const DIRECTIONS: Readonly<Record<PlaneName, readonly (readonly [1 | -1, 0 | 1 | 2])[]>> = {
  axial: [
    [1, 0],
    [1, 1],
    [1, 2],
  ],
  coronal: [
    [1, 0],
    [-1, 2],
    [1, 1],
  ],
  sagittal: [
    [1, 1],
    [-1, 2],
    [1, 0],
  ],
};

const directionOf = (axes: ViewerScene['axes'], plane: PlaneName, at: 0 | 1 | 2): Vec3 => {
  const [sign, index] = DIRECTIONS[plane][at]!;
  return scale(axes[index], sign);
};

/** The plane that keys act in: the one that the pointer was last in; for 3D the axial one. */
const activePlane = ({ viewer }: Workspace): PlaneName => {
  const pane = viewer.viewer()?.activePane() ?? 'axial';
  return pane === 'three' ? 'axial' : pane;
};

export function moveCrosshair(workspace: Workspace, rightMm: number, downMm: number): void {
  const { crosshairLpsMm, axes } = workspace.view.store.getState();
  const plane = activePlane(workspace);
  const right = addScaled(crosshairLpsMm, directionOf(axes, plane, 0), rightMm);
  workspace.view.change({ crosshairLpsMm: addScaled(right, directionOf(axes, plane, 1), downMm) });
}

/** One touch of the brush or the eraser at the crosshair, where one of them is chosen. */
export function dabAtCrosshair(workspace: Workspace): void {
  const { tool, crosshairLpsMm, axes, brushRadiusMm } = workspace.view.store.getState();
  if ((tool !== 'brush' && tool !== 'eraser') || !workspace.review.store.getState().current) return;
  const plane = activePlane(workspace);
  const stroke = { tool, plane, planeNormal: directionOf(axes, plane, 2) } as const;
  workspace.review.stroke({ ...stroke, phase: 'start', pointsLpsMm: [crosshairLpsMm] }, brushRadiusMm);
  workspace.review.stroke({ ...stroke, phase: 'end', pointsLpsMm: [] }, brushRadiusMm);
}

const AXES: Readonly<Record<'superior' | 'left', Vec3>> = { superior: [0, 0, 1], left: [1, 0, 0] };

/** The ostium's plane after a key. */
export function nudged({ pointLpsMm, normal }: OstiumPlane, command: OstiumNudge): OstiumPlane {
  if (command.kind === 'moveOstium')
    return { pointLpsMm: addScaled(pointLpsMm, normalize(normal), command.distalMm), normal };
  const axis = AXES[command.about];
  const angle = (command.degrees * Math.PI) / 180;
  // Rodrigues' rotation about an axis of unit length.
  const turned = add(
    add(scale(normal, Math.cos(angle)), scale(cross(axis, normal), Math.sin(angle))),
    scale(axis, dot(axis, normal) * (1 - Math.cos(angle))),
  );
  return { pointLpsMm, normal: normalize(turned) };
}
