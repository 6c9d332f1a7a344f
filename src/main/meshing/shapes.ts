import { type GridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { addScaled, cross, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Shapes with known measures: what a fresh thread warms up on, and what tests are held against. */

/**
 * A tube round a line, closed flat at its start and with a fan at its end. Rings lie perpendicular to the line.
 * @param directions the line's unit tangent at each point.
 */
export function tubeMesh(
  lineLpsMm: readonly Vec3[],
  directions: readonly Vec3[],
  radiusMm: (at: number) => number,
  around = 64,
): TriangleMesh {
  const positions: number[] = [];
  const triangles: number[] = [];
  let u = perpendicular(directions[0]!);
  lineLpsMm.forEach((centre, at) => {
    const direction = directions[at]!;
    // The frame is carried along the line without twist.
    const v = cross(direction, u);
    const norm = Math.hypot(...v);
    const side: Vec3 = [v[0] / norm, v[1] / norm, v[2] / norm];
    u = cross(side, direction);
    for (let step = 0; step < around; step++) {
      const angle = (2 * Math.PI * step) / around;
      const r = radiusMm(at / (lineLpsMm.length - 1));
      positions.push(...addScaled(addScaled(centre, u, r * Math.cos(angle)), side, r * Math.sin(angle)));
    }
  });
  const last = lineLpsMm.length - 1;
  for (let ring = 0; ring < last; ring++) {
    for (let step = 0; step < around; step++) {
      const [a, b] = [ring * around + step, ring * around + ((step + 1) % around)];
      triangles.push(a, b, b + around, a, b + around, a + around);
    }
  }
  const [start, end] = [positions.length / 3, positions.length / 3 + 1];
  positions.push(...lineLpsMm[0]!, ...lineLpsMm[last]!);
  for (let step = 0; step < around; step++) {
    const after = (step + 1) % around;
    triangles.push(start, after, step);
    triangles.push(end, last * around + step, last * around + after);
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

/** A tube bent round the y axis by `turnRadians`, starting at the origin along +z, the bend's centre on +x. */
export function bentTubeMesh(
  bendRadiusMm: number,
  tubeRadiusMm: number,
  turnRadians: number,
  rings = 160,
  around = 80,
): TriangleMesh {
  const at = (ring: number): number => (turnRadians * ring) / rings;
  const line = Array.from(
    { length: rings + 1 },
    (_, ring): Vec3 => [bendRadiusMm * (1 - Math.cos(at(ring))), 0, bendRadiusMm * Math.sin(at(ring))],
  );
  const directions = line.map((_, ring): Vec3 => [Math.sin(at(ring)), 0, Math.cos(at(ring))]);
  return tubeMesh(line, directions, () => tubeRadiusMm, around);
}

/** The label map of what is inside of an implicit shape (negative inside). */
export function labelsOf(
  grid: GridLps,
  shape: (pointLpsMm: Vec3) => number,
): { grid: GridLps; data: Uint8Array<ArrayBuffer> } {
  const [nI, nJ] = grid.sizeIjk;
  const data = new Uint8Array(voxelCount(grid));
  for (let voxel = 0; voxel < data.length; voxel++) {
    const ijk: Vec3 = [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))];
    data[voxel] = shape(ijkToLps(grid, ijk)) < 0 ? 1 : 0;
  }
  return { grid, data };
}
