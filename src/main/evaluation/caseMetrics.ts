import { meshQuality } from '#main/mesh/quality.ts';
import { findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { diceOfClosedMeshes } from './dice.ts';
import { evaluateRims, type RimMetrics } from './rimMetrics.ts';
import { evaluateSurfaces, type SurfaceMetrics } from './surfaceMetrics.ts';

/** The surfaces of a case: the one that is compared (the open wall where there is one) and the closed lumen. */
export interface CaseSurfaces {
  readonly wall: TriangleMesh;
  readonly closed?: TriangleMesh;
}

export interface CaseMetrics {
  readonly surface: SurfaceMetrics;
  /** Present where both have a closed surface. */
  readonly dice?: number;
  /** Present where both walls have one rim. */
  readonly rim?: RimMetrics;
  /** How the predicted surface is connected. */
  readonly mesh: {
    readonly components: number;
    readonly boundaryLoops: number;
    readonly genus: number;
    readonly selfIntersections: number;
  };
}

/** @throws UserError where one of the surfaces has no face with an area */
export function evaluateCase(predicted: CaseSurfaces, truth: CaseSurfaces): CaseMetrics {
  const [rimP, rimT] = [onlyRim(predicted.wall), onlyRim(truth.wall)];
  const [closedP, closedT] = [closedOf(predicted), closedOf(truth)];
  const { components, boundaryLoops, genus } = meshTopology(predicted.wall);
  const { selfIntersections } = meshQuality(predicted.wall);
  return {
    surface: evaluateSurfaces(predicted.wall, truth.wall),
    ...(closedP && closedT ? { dice: diceOfClosedMeshes(closedP, closedT) } : {}),
    ...(rimP && rimT ? { rim: evaluateRims(rimP, rimT) } : {}),
    mesh: { components, boundaryLoops, genus, selfIntersections },
  };
}

const closedOf = ({ wall, closed }: CaseSurfaces): TriangleMesh | undefined =>
  [closed, wall].find((mesh) => mesh !== undefined && meshTopology(mesh).watertight);

/** The border of a mesh that has exactly one. */
export function onlyRim(mesh: TriangleMesh): Vec3[] | undefined {
  const [loop, ...others] = findBoundaryLoops(mesh);
  if (!loop || others.length > 0) return undefined;
  return Array.from(loop, (vertex) => vertexLpsMm(mesh, vertex));
}

/** A number of a case as tables and plots show it. */
export interface MetricColumn {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
  readonly of: (metrics: CaseMetrics) => number | undefined;
}

const column = (
  key: string,
  label: string,
  unit: string,
  digits: number,
  of: MetricColumn['of'],
): MetricColumn => ({ key, label, unit, digits, of });

/** The four numbers of Sørensen et al. 2022 first, then ours. */
export const METRIC_COLUMNS: readonly MetricColumn[] = [
  column('meanMm', 'Predicted to truth, mean', 'mm', 3, ({ surface }) => surface.seed.meanMm),
  column('medianMm', 'Predicted to truth, median', 'mm', 3, ({ surface }) => surface.seed.medianMm),
  column('accuracy90Mm', 'Mesh accuracy (90 %)', 'mm', 3, ({ surface }) => surface.seed.accuracy90Mm),
  column(
    'completion2MmPercent',
    'Completion (2 mm)',
    '%',
    1,
    ({ surface }) => 100 * surface.seed.completion2Mm,
  ),
  column(
    'averageSymmetricDistanceMm',
    'Average surface distance',
    'mm',
    3,
    ({ surface }) => surface.averageSymmetricDistanceMm,
  ),
  column('hausdorff95Mm', 'Hausdorff 95 %', 'mm', 3, ({ surface }) => surface.hausdorff95Mm),
  column('hausdorffMm', 'Hausdorff', 'mm', 3, ({ surface }) => surface.hausdorffMm),
  column('normalConsistency', 'Normal consistency', '', 4, ({ surface }) => surface.normalConsistency),
  column('dice', 'Dice of the closed lumen', '', 4, ({ dice }) => dice),
  column('rimMeanMm', 'Rim distance, mean', 'mm', 3, ({ rim }) => rim?.meanDistanceMm),
  column('rimMaxMm', 'Rim distance, maximum', 'mm', 3, ({ rim }) => rim?.maxDistanceMm),
  column('ostiumDiameterErrorMm', 'Ostium diameter error', 'mm', 3, ({ rim }) => rim?.areaDiameterErrorMm),
  column('planeAngleDegrees', 'Ostium plane, angle', '°', 1, ({ rim }) => rim?.planeAngleDegrees),
  column('components', 'Components', '', 0, ({ mesh }) => mesh.components),
  column('boundaryLoops', 'Boundary loops', '', 0, ({ mesh }) => mesh.boundaryLoops),
  column('genus', 'Genus', '', 0, ({ mesh }) => mesh.genus),
  column('selfIntersections', 'Self-intersections', '', 0, ({ mesh }) => mesh.selfIntersections),
];
