import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { faceCross } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { type SurfaceSamples, sampleSurface } from '../mesh/surfaceSamples.ts';
import { buildTriangleTree, nearestOnMesh, type TriangleTree } from '../mesh/triangleTree.ts';

/** How far apart two surfaces are; all distances in mm, point to triangle, exact. */
export interface SurfaceMetrics {
  /** Average symmetric surface distance: both directions, by area. */
  readonly averageSymmetricDistanceMm: number;
  /** The larger of the two directions' 95th percentiles, by area. */
  readonly hausdorff95Mm: number;
  /** The larger of the two directions' maxima. */
  readonly hausdorffMm: number;
  /** Mean |cosine| between a point's normal and that of the other surface's nearest point, both directions, by area. */
  readonly normalConsistency: number;
  /**
   * The four numbers of Sørensen et al. 2022: over the predicted vertices their distance to the truth (mean, median,
   * 90th percentile) and the share of the truth's vertices within 2 mm of the prediction.
   */
  readonly seed: {
    readonly meanMm: number;
    readonly medianMm: number;
    readonly accuracy90Mm: number;
    readonly completion2Mm: number;
  };
}

/** @throws UserError when one of the surfaces has no face with an area. */
export function evaluateSurfaces(predicted: TriangleMesh, truth: TriangleMesh): SurfaceMetrics {
  const predictedSamples = sampleSurface(predicted);
  const truthSamples = sampleSurface(truth);
  if (predictedSamples.faces.length === 0 || truthSamples.faces.length === 0) {
    throw new UserError(failure('meshing.nothing-to-compare'));
  }
  const predictedTree = buildTriangleTree(predicted);
  const truthTree = buildTriangleTree(truth);
  const forward = directed(predicted, predictedSamples, truthTree);
  const backward = directed(truth, truthSamples, predictedTree);
  const toTruth = vertexDistances(predicted, truthTree).sort();
  const toPredicted = vertexDistances(truth, predictedTree);
  return {
    averageSymmetricDistanceMm: (forward.integral + backward.integral) / (forward.area + backward.area),
    hausdorff95Mm: Math.max(forward.percentile95, backward.percentile95),
    hausdorffMm: Math.max(
      forward.maximum,
      backward.maximum,
      toTruth[toTruth.length - 1]!,
      maximum(toPredicted),
    ),
    normalConsistency: (forward.cosines + backward.cosines) / (forward.area + backward.area),
    seed: {
      meanMm: toTruth.reduce((sum, value) => sum + value, 0) / toTruth.length,
      medianMm: percentile(toTruth, 0.5),
      accuracy90Mm: percentile(toTruth, 0.9),
      completion2Mm: toPredicted.reduce((sum, value) => sum + (value <= 2 ? 1 : 0), 0) / toPredicted.length,
    },
  };
}

const maximum = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);

/** A percentile of sorted values, linear between neighbours. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
}

interface DirectedDistances {
  readonly integral: number;
  readonly area: number;
  readonly cosines: number;
  readonly percentile95: number;
  readonly maximum: number;
}

function directed(from: TriangleMesh, samples: SurfaceSamples, to: TriangleTree): DirectedDistances {
  const { pointsLpsMm: p, areasMm2, faces } = samples;
  const ownNormals = unitFaceNormals(from);
  const otherNormals = unitFaceNormals(to.mesh);
  const distances = new Float64Array(faces.length);
  let [integral, area, cosines, most] = [0, 0, 0, 0];
  const nearest = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 };
  for (let index = 0; index < faces.length; index++) {
    nearestOnMesh(to, p[3 * index]!, p[3 * index + 1]!, p[3 * index + 2]!, nearest);
    const [own, other] = [3 * faces[index]!, 3 * nearest.face];
    let cosine = 0;
    for (let axis = 0; axis < 3; axis++) cosine += ownNormals[own + axis]! * otherNormals[other + axis]!;
    const weight = areasMm2[index]!;
    distances[index] = nearest.distanceMm;
    integral += weight * nearest.distanceMm;
    area += weight;
    cosines += weight * Math.abs(cosine);
    if (nearest.distanceMm > most) most = nearest.distanceMm;
  }
  return {
    integral,
    area,
    cosines,
    percentile95: weightedPercentile(distances, areasMm2, 0.95),
    maximum: most,
  };
}

/** The smallest value that at least this share of the weight does not exceed. */
function weightedPercentile(values: Float64Array, weights: Float32Array, share: number): number {
  const order = Uint32Array.from(values, (_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const target = share * weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  for (const index of order) {
    sum += weights[index]!;
    if (sum >= target) return values[index]!;
  }
  return values[order[order.length - 1]!]!;
}

function unitFaceNormals(mesh: TriangleMesh): Float32Array {
  const normals = new Float32Array(3 * faceCount(mesh));
  for (let face = 0; face < faceCount(mesh); face++) {
    const [x, y, z] = faceCross(mesh, face);
    const norm = Math.hypot(x, y, z);
    if (norm > 0) normals.set([x / norm, y / norm, z / norm], 3 * face);
  }
  return normals;
}

function vertexDistances(mesh: TriangleMesh, to: TriangleTree): Float64Array {
  const distances = new Float64Array(vertexCount(mesh));
  const p = mesh.positionsLpsMm;
  for (let vertex = 0; vertex < distances.length; vertex++) {
    distances[vertex] = nearestOnMesh(to, p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!).distanceMm;
  }
  return distances;
}
