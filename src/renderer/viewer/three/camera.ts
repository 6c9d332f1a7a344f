import { beamFrame, type CArmView, turnedView, viewOfBeam } from '#shared/anatomy/cArmView.ts';
import { addScaled, cross, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { rotateAbout } from '../obliqueAxes.ts';
import type { PlaneDirections, PlaneFrame } from '../planeFrame.ts';
import { sideBySide } from './sideBySide.ts';
import type { Subject } from './subject.ts';

/**
 * A parallel camera: lengths look the same near and far, and the picture is a plane's frame seen along its normal,
 * so that the planes' own mappings between pixels and LPS hold in 3D too.
 */
export interface ParallelCamera {
  readonly directions: PlaneDirections;
  readonly middleLpsMm: Vec3;
  readonly mmPerPixel: number;
}

/** From the front: the patient's left on the right, the head up. */
export const FROM_THE_FRONT: PlaneDirections = { right: [1, 0, 0], down: [0, 0, -1], normal: [0, 1, 0] };

const RADIANS_PER_PIXEL = 0.009;
const DEGREES_PER_PIXEL = (RADIANS_PER_PIXEL * 180) / Math.PI;

/** The camera's directions after a drag: as if the drag held the near side of a ball. */
export function orbit(directions: PlaneDirections, dxPixels: number, dyPixels: number): PlaneDirections {
  const sideways = (vector: Vec3): Vec3 => rotateAbout(vector, directions.down, dxPixels * RADIANS_PER_PIXEL);
  const turned = { right: sideways(directions.right), down: directions.down };
  const down = normalize(rotateAbout(turned.down, turned.right, dyPixels * -RADIANS_PER_PIXEL));
  const right = normalize(addScaled(turned.right, down, -dot(turned.right, down)));
  return { right, down, normal: cross(right, down) };
}

/** The camera's directions where it looks along a C-arm's beam, as the detector sees the patient. */
export function directionsOfView(view: CArmView): PlaneDirections {
  const { along, right, down } = beamFrame(view);
  return { right, down, normal: along };
}

/** The C-arm's view along which a camera looks; a roll about its direction is left out, which no C-arm has. */
export const viewOfDirections = ({ normal, right }: PlaneDirections): CArmView => viewOfBeam(normal, right);

/** The C-arm's view after a drag: as `orbit`, about the patient's long axis and the picture's horizontal alone. */
export const orbitView = (view: CArmView, dxPixels: number, dyPixels: number): CArmView =>
  turnedView(view, dxPixels * -DEGREES_PER_PIXEL, dyPixels * DEGREES_PER_PIXEL);

export const cameraFrame = (
  camera: ParallelCamera,
  widthPixels: number,
  heightPixels: number,
): PlaneFrame => ({
  ...camera.directions,
  centreLpsMm: camera.middleLpsMm,
  mmPerPixel: camera.mmPerPixel,
  widthPixels,
  heightPixels,
});

/** Free room round what is shown, as a share of it. */
const ROOM = 1.1;

/** The camera that shows a subject in a pane of this size: a ball, or a ball with a surface to its right. */
export function fitCamera(
  directions: PlaneDirections,
  subject: Subject,
  widthPixels: number,
  heightPixels: number,
): ParallelCamera {
  const [width, height] = [Math.max(1, widthPixels), Math.max(1, heightPixels)];
  const { centreLpsMm, radiusMm, right } = subject;
  if (!right) {
    return {
      directions,
      middleLpsMm: centreLpsMm,
      mmPerPixel: (2 * ROOM * radiusMm) / Math.min(width, height),
    };
  }
  const { shiftMm, halfWidthMm, halfHeightMm } = sideBySide(subject, right, directions);
  return {
    directions,
    middleLpsMm: addScaled(centreLpsMm, directions.right, shiftMm),
    mmPerPixel: Math.max((2 * ROOM * halfWidthMm) / width, (2 * ROOM * halfHeightMm) / height),
  };
}

/** The six faces of a small cube that shows how the patient lies: the faces that look at the camera, nearest last. */
export function cubeFaces(directions: PlaneDirections): readonly {
  readonly letter: string;
  /** Corners to the right and down of the cube's middle, in units of half its edge. */
  readonly corners: readonly (readonly [number, number])[];
  /** How squarely the face looks at the camera, 0 to 1. */
  readonly facing: number;
}[] {
  const flat = (point: Vec3): readonly [number, number] => [
    dot(point, directions.right),
    dot(point, directions.down),
  ];
  return [0, 1, 2]
    .flatMap((axis) =>
      [1, -1].map((side) => {
        const at = (a: number, b: number): Vec3 => {
          const point: [number, number, number] = [0, 0, 0];
          point[axis] = side;
          point[(axis + 1) % 3] = a;
          point[(axis + 2) % 3] = b;
          return point;
        };
        const outward = subtract(at(0, 0), [0, 0, 0]);
        return {
          letter: (['LR', 'PA', 'SI'] as const)[axis]![side === 1 ? 0 : 1]!,
          corners: [at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)].map(flat),
          facing: -dot(outward, directions.normal),
        };
      }),
    )
    .filter(({ facing }) => facing > 0.02)
    .sort((a, b) => a.facing - b.facing);
}
