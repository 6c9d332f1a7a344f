import { faceAreasMm2 } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { isInside } from '../../mesh/rayCast.ts';
import {
  buildTriangleTree,
  type NearestOnMesh,
  nearestOnMesh,
  type TriangleTree,
} from '../../mesh/triangleTree.ts';

/** The surfaces that a case's truth is measured from, LPS mm, normals outward. */
export interface LumenSurfaces {
  /** The open wall: what the unsigned field is the distance to. */
  readonly wall: TriangleMesh;
  /** The closed lumen, watertight: what the signed field is the distance to. */
  readonly closed: TriangleMesh;
}

/** Both fields at points. */
export interface FieldDistances {
  /** Distance to the open wall, mm. */
  readonly unsignedMm: Float64Array;
  /** Distance to the closed lumen, mm, negative inside; undefined where it was not asked for. */
  readonly signedMm: Float64Array | undefined;
}

/** The surfaces that points are drawn round, and both fields' distances. */
export interface SurfaceDistances {
  readonly wallTree: TriangleTree;
  readonly closedTree: TriangleTree;
  /** @param pointsLpsMm 3·N coordinates */
  measure(pointsLpsMm: Float64Array, withSigned: boolean): FieldDistances;
}

/** Exact distances to the triangles. */
export function surfaceDistances({ wall, closed }: LumenSurfaces): SurfaceDistances {
  const wallTree = buildTriangleTree(wall);
  const closedTree = buildTriangleTree(closed);
  const out: NearestOnMesh = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 };
  return {
    wallTree,
    closedTree,
    measure(points, withSigned) {
      const count = points.length / 3;
      const unsignedMm = new Float64Array(count);
      const signedMm = withSigned ? new Float64Array(count) : undefined;
      for (let n = 0; n < count; n++) {
        const [x, y, z] = [points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!];
        unsignedMm[n] = nearestOnMesh(wallTree, x, y, z, out).distanceMm;
        if (!signedMm) continue;
        const { distanceMm } = nearestOnMesh(closedTree, x, y, z, out);
        signedMm[n] = isInside(closedTree, x, y, z) ? -distanceMm : distanceMm;
      }
      return { unsignedMm, signedMm };
    },
  };
}

/** Draws faces by their area, or by area times a weight. */
export interface FaceChoice {
  /** The face for a number from 0 to 1. */
  face(share: number): number;
}

export function chooseFaces(mesh: TriangleMesh, weight: (face: number) => number = () => 1): FaceChoice {
  const sums = faceAreasMm2(mesh);
  let total = 0;
  for (let face = 0; face < sums.length; face++) {
    total += sums[face]! * weight(face);
    sums[face] = total;
  }
  return {
    face(share) {
      const wanted = share * total;
      let [low, high] = [0, sums.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle]! > wanted) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}
