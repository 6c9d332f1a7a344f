import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { add, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm, vertexNormals } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';

/** What must be seen beyond a wall to know that it is one, mm: the networks end a lumen up to 2 mm before a scan's edge. */
const BEYOND_MM = 2.5;

/** Whether the scan has a value at a point. */
function isShown({ grid, data }: VolumeHu, pointLpsMm: Vec3): boolean {
  const place = lpsToIjk(grid, pointLpsMm);
  const i = Math.round(place[0]);
  const j = Math.round(place[1]);
  const k = Math.round(place[2]);
  const [nI, nJ, nK] = grid.sizeIjk;
  if (i < 0 || j < 0 || k < 0 || i >= nI || j >= nJ || k >= nK) return false;
  return data[i + nI * (j + nJ * k)]! > OUTSIDE_HU;
}

/** The share of a wall whose outer side lies outside of the scan: there it may be the scan that ends, not the lumen. */
export function unseenWallShare(volume: VolumeHu, wall: TriangleMesh): number {
  const normals = vertexNormals(wall);
  const vertices = vertexCount(wall);
  let unseen = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    const normal: Vec3 = [normals[3 * vertex]!, normals[3 * vertex + 1]!, normals[3 * vertex + 2]!];
    if (!isShown(volume, add(vertexLpsMm(wall, vertex), scale(normal, BEYOND_MM)))) unseen++;
  }
  return unseen / Math.max(1, vertices);
}

/** Whether any of the points lies within 2.5 mm of the scan's edge or beyond it. */
export const isAtScanEdge = ({ grid }: { readonly grid: GridLps }, pointsLpsMm: readonly Vec3[]): boolean =>
  pointsLpsMm.some((point) =>
    lpsToIjk(grid, point).some((at, axis) => {
      const size = grid.sizeIjk[axis as 0 | 1 | 2];
      return Math.min(at + 0.5, size - 0.5 - at) * grid.spacingMm[axis as 0 | 1 | 2] < BEYOND_MM;
    }),
  );
