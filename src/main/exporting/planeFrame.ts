import type { PlaneLps } from '#shared/anatomy/plane.ts';
import { cross, dot, normalize, perpendicular, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** A right-handed frame whose third axis is a plane's normal and whose origin lies on the plane; mm, not mirrored. */
export interface PlaneFrame {
  readonly originLpsMm: Vec3;
  /** Unit vectors in LPS: two within the plane, then its normal. */
  readonly axes: readonly [Vec3, Vec3, Vec3];
}

export function planeFrame({ pointLpsMm, normal }: PlaneLps): PlaneFrame {
  const third = normalize(normal);
  const first = perpendicular(third);
  return { originLpsMm: pointLpsMm, axes: [first, cross(third, first), third] };
}

/** The mesh in the frame's coordinates (u, v, height over the plane), mm. */
export function meshToFrame(mesh: TriangleMesh, { originLpsMm, axes }: PlaneFrame): TriangleMesh {
  return moved(mesh, (point) => {
    const offset = subtract(point, originLpsMm);
    return [dot(offset, axes[0]), dot(offset, axes[1]), dot(offset, axes[2])];
  });
}

/** Back to LPS mm. */
export function meshFromFrame(mesh: TriangleMesh, { originLpsMm, axes }: PlaneFrame): TriangleMesh {
  const along = (axis: 0 | 1 | 2, [u, v, h]: Vec3): number =>
    originLpsMm[axis] + u * axes[0][axis] + v * axes[1][axis] + h * axes[2][axis];
  return moved(mesh, (point) => [along(0, point), along(1, point), along(2, point)]);
}

function moved(mesh: TriangleMesh, move: (point: Vec3) => Vec3): TriangleMesh {
  const p = mesh.positionsLpsMm;
  const positionsLpsMm = new Float32Array(p.length);
  for (let at = 0; at < p.length; at += 3) positionsLpsMm.set(move([p[at]!, p[at + 1]!, p[at + 2]!]), at);
  return { positionsLpsMm, triangles: mesh.triangles };
}
