import {
  addScaled,
  cross,
  dot,
  length,
  normalize,
  perpendicular,
  scale,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** A tube around a closed line (3·N coordinates, LPS mm), its cross-sections steered by a direction across the line. */
export function closedTube(
  lineLpsMm: Float32Array,
  acrossNormal: Vec3,
  radiusMm: number,
  sides = 8,
): TriangleMesh {
  const count = lineLpsMm.length / 3;
  const point = (index: number): Vec3 => {
    const at = 3 * ((index + count) % count);
    return [lineLpsMm[at]!, lineLpsMm[at + 1]!, lineLpsMm[at + 2]!];
  };
  const positionsLpsMm = new Float32Array(3 * count * sides);
  const triangles = new Uint32Array(6 * count * sides);
  for (let index = 0; index < count; index++) {
    const step = subtract(point(index + 1), point(index - 1));
    const tangent = length(step) > 1e-9 ? normalize(step) : perpendicular(acrossNormal);
    const upright = addScaled(acrossNormal, tangent, -dot(acrossNormal, tangent));
    const up = length(upright) > 1e-6 ? normalize(upright) : perpendicular(tangent);
    const side = cross(up, tangent);
    for (let turn = 0; turn < sides; turn++) {
      const angle = (2 * Math.PI * turn) / sides;
      const outward = addScaled(scale(side, Math.cos(angle)), up, Math.sin(angle));
      positionsLpsMm.set(addScaled(point(index), outward, radiusMm), 3 * (index * sides + turn));
      const [a, b] = [index * sides + turn, index * sides + ((turn + 1) % sides)];
      const shift = ((index + 1) % count) * sides - index * sides;
      triangles.set([a, b, a + shift, b, b + shift, a + shift], 6 * (index * sides + turn));
    }
  }
  return { positionsLpsMm, triangles };
}
