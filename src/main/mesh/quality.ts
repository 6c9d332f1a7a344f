import { type MeshTopology, meshTopology } from '#main/mesh/topology.ts';
import { hypot3 } from '#shared/geometry/vec3.ts';
import { type MeshEdges, meshEdges } from '#shared/mesh/edges.ts';
import { faceAreasMm2, signedVolumeMm3, smallestAnglesDegrees } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { selfIntersectingFaces } from './selfIntersections.ts';

/** What a user must know of a mesh before printing it or computing with it. */
export interface MeshQuality extends MeshTopology {
  /** No edge with more than two faces, no pinched vertex, consistent orientation. */
  readonly manifold: boolean;
  /** For a closed mesh whether its normals point outward; undefined for an open one. */
  readonly outward: boolean | undefined;
  readonly selfIntersections: number;
  /** Faces with two equal corners or an area below 1e-8 mm². */
  readonly degenerateFaces: number;
  readonly minAngleDegrees: number;
  /** The angle that 99 % of the faces' smallest angles exceed. */
  readonly angle1PercentDegrees: number;
  readonly meanEdgeMm: number;
  readonly areaMm2: number;
  /** Signed volume, mm³; undefined for an open mesh. */
  readonly volumeMm3: number | undefined;
}

/** @param selfIntersections of the mesh, where they were counted before */
export function meshQuality(
  mesh: TriangleMesh,
  selfIntersections = selfIntersectingFaces(mesh).length,
): MeshQuality {
  const edges = meshEdges(mesh);
  const topology = meshTopology(mesh, edges);
  const areas = faceAreasMm2(mesh);
  let areaMm2 = 0;
  let degenerateFaces = 0;
  for (let face = 0; face < areas.length; face++) {
    areaMm2 += areas[face]!;
    if (areas[face]! < 1e-8) degenerateFaces++;
  }
  const angles = smallestAnglesDegrees(mesh).sort();
  const edgeSum = lengthOfEdges(mesh, edges);
  const volume = topology.watertight ? signedVolumeMm3(mesh) : undefined;
  return {
    ...topology,
    manifold:
      topology.nonManifoldEdges === 0 &&
      topology.nonManifoldVertices === 0 &&
      topology.misorientedEdges === 0,
    outward: volume === undefined ? undefined : volume > 0,
    selfIntersections,
    degenerateFaces,
    minAngleDegrees: angles[0] ?? 0,
    angle1PercentDegrees: angles[Math.floor(angles.length / 100)] ?? 0,
    meanEdgeMm: edges.facesAtEdge.length > 0 ? edgeSum / edges.facesAtEdge.length : 0,
    areaMm2,
    volumeMm3: volume,
  };
}

function lengthOfEdges({ positionsLpsMm: p }: TriangleMesh, { vertexPairs }: MeshEdges): number {
  let sum = 0;
  for (let index = 0; index < vertexPairs.length; index += 2) {
    const a = 3 * vertexPairs[index]!;
    const b = 3 * vertexPairs[index + 1]!;
    sum += hypot3(p[a]! - p[b]!, p[a + 1]! - p[b + 1]!, p[a + 2]! - p[b + 2]!);
  }
  return sum;
}
