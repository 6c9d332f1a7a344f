import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { tubeMesh } from '../shapes.ts';

/** A straight tube along +z from the origin. */
export function cylinderMesh(radiusMm: number, lengthMm: number, rings = 60, around = 96): TriangleMesh {
  const line = Array.from({ length: rings + 1 }, (_, ring): Vec3 => [0, 0, (lengthMm * ring) / rings]);
  return tubeMesh(
    line,
    line.map((): Vec3 => [0, 0, 1]),
    () => radiusMm,
    around,
  );
}
