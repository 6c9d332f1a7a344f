import type { SurfaceComparison } from '#shared/contract/services/comparison.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { isInside } from '../mesh/rayCast.ts';
import { meshTopology } from '../mesh/topology.ts';
import { buildTriangleTree, type NearestOnMesh, nearestOnMesh } from '../mesh/triangleTree.ts';
import { diceOfClosedMeshes } from './dice.ts';
import { evaluateSurfaces } from './surfaceMetrics.ts';

/** How two surfaces differ; the signed distances tell inside from outside where the second is closed. @throws UserError where one of the surfaces has no face with an area */
export function compareSurfaces(first: TriangleMesh, second: TriangleMesh): SurfaceComparison {
  const { averageSymmetricDistanceMm, hausdorff95Mm, hausdorffMm } = evaluateSurfaces(first, second);
  const areClosed = meshTopology(first).watertight && meshTopology(second).watertight;
  return {
    dice: areClosed ? diceOfClosedMeshes(first, second) : null,
    meanMm: averageSymmetricDistanceMm,
    percentile95Mm: hausdorff95Mm,
    largestMm: hausdorffMm,
    signedMm: signedDistances(first, second),
  };
}

function signedDistances(
  { positionsLpsMm: p }: TriangleMesh,
  other: TriangleMesh,
): Float32Array<ArrayBuffer> {
  const tree = buildTriangleTree(other);
  const nearest: NearestOnMesh = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 };
  const signed = new Float32Array(p.length / 3);
  for (let vertex = 0; vertex < signed.length; vertex++) {
    const [x, y, z] = [p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!];
    const { distanceMm } = nearestOnMesh(tree, x, y, z, nearest);
    signed[vertex] = isInside(tree, x, y, z) ? -distanceMm : distanceMm;
  }
  return signed;
}
