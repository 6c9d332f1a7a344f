import { add, cross, dot, normalize, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { ViewerScene } from './types.ts';

/** Turns a vector about a unit axis by an angle in radians, right-handed (Rodrigues' formula). */
export function rotateAbout(vector: Vec3, axis: Vec3, radians: number): Vec3 {
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return add(
    add(scale(vector, cos), scale(cross(axis, vector), sin)),
    scale(axis, dot(axis, vector) * (1 - cos)),
  );
}

/** The axes turned about one of them, made orthonormal again so that no error grows over many small turns. */
export function turnAxes(axes: ViewerScene['axes'], about: 0 | 1 | 2, radians: number): ViewerScene['axes'] {
  const axis = axes[about];
  const next = ((about + 1) % 3) as 0 | 1 | 2;
  const turned = rotateAbout(axes[next], axis, radians);
  const first = normalize(axis);
  const second = normalize(add(turned, scale(first, -dot(turned, first))));
  const third = cross(first, second);
  const result: [Vec3, Vec3, Vec3] = [first, first, first];
  result[about] = first;
  result[next] = second;
  result[(about + 2) % 3] = third;
  return result;
}

/** Whether a plane with this normal is one of the patient's own, to within about a twentieth of a degree. */
export const isStraight = (normal: Vec3): boolean =>
  normal.some((component) => Math.abs(component) > 1 - 5e-7);

export const STRAIGHT_AXES: ViewerScene['axes'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
