import earcut from 'earcut';
import { cross, dot, perpendicular } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { leastSpreadDirection } from './leastSpreadDirection.ts';
import { findBoundaryLoops } from './topology.ts';

/**
 * Closes every hole whose rim is shorter than `belowMm`, except the longest rim, which is the appendage's ostium. The
 * hole is triangulated in the plane that its rim lies nearest to; no vertex is added.
 */
export function fillSmallHoles(mesh: TriangleMesh, belowMm: number): TriangleMesh {
  const loops = findBoundaryLoops(mesh)
    .map((loop) => ({ loop, lengthMm: loopLengthMm(mesh, loop) }))
    .sort((a, b) => b.lengthMm - a.lengthMm);
  const added: number[] = [];
  for (const { loop, lengthMm } of loops.slice(1)) {
    if (lengthMm >= belowMm || loop.length < 3) continue;
    // A rim runs with the surface on its left; the patch lies on its other side and goes round the other way.
    const rim = [...loop].reverse();
    const corners = planeCoordinates(mesh, rim);
    for (const corner of earcut(corners)) added.push(rim[corner]!);
  }
  return { positionsLpsMm: mesh.positionsLpsMm, triangles: Uint32Array.from([...mesh.triangles, ...added]) };
}

/** The length of a closed chain of vertices, mm. */
export function loopLengthMm({ positionsLpsMm }: TriangleMesh, loop: Uint32Array): number {
  let length = 0;
  for (let index = 0; index < loop.length; index++) {
    const [a, b] = [3 * loop[index]!, 3 * loop[(index + 1) % loop.length]!];
    length += Math.hypot(
      positionsLpsMm[b]! - positionsLpsMm[a]!,
      positionsLpsMm[b + 1]! - positionsLpsMm[a + 1]!,
      positionsLpsMm[b + 2]! - positionsLpsMm[a + 2]!,
    );
  }
  return length;
}

/** 2·N coordinates of a rim in its plane, seen from the side from which it runs counter-clockwise. */
export function planeCoordinates(mesh: TriangleMesh, rim: readonly number[]): number[] {
  const normal = leastSpreadDirection(mesh.positionsLpsMm, rim);
  const u = perpendicular(normal);
  const v = cross(normal, u);
  const flat = rim.map(
    (vertex) => [dot(vertexLpsMm(mesh, vertex), u), dot(vertexLpsMm(mesh, vertex), v)] as const,
  );
  const area = flat.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = flat[(index + 1) % flat.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
  return flat.flatMap(([x, y]) => (area < 0 ? [-x, y] : [x, y]));
}
