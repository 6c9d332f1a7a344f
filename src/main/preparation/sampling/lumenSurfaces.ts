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

/** Both fields' exact distances. */
export interface SurfaceDistances {
  readonly wallTree: TriangleTree;
  readonly closedTree: TriangleTree;
  /** Distance to the open wall, mm. */
  unsignedMm(x: number, y: number, z: number): number;
  /** Distance to the closed lumen, mm, negative inside. */
  signedMm(x: number, y: number, z: number): number;
}

export function surfaceDistances({ wall, closed }: LumenSurfaces): SurfaceDistances {
  const wallTree = buildTriangleTree(wall);
  const closedTree = buildTriangleTree(closed);
  const out: NearestOnMesh = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 };
  return {
    wallTree,
    closedTree,
    unsignedMm: (x, y, z) => nearestOnMesh(wallTree, x, y, z, out).distanceMm,
    signedMm(x, y, z) {
      const { distanceMm } = nearestOnMesh(closedTree, x, y, z, out);
      return isInside(closedTree, x, y, z) ? -distanceMm : distanceMm;
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
