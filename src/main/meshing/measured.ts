import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { type CentreLine, centreLine } from '#shared/anatomy/centreLine.ts';
import { type LandingZone, landingZones } from '#shared/anatomy/landingZone.ts';
import { measureOstium, type OstiumMeasures } from '#shared/anatomy/ostiumMeasures.ts';
import type { LumenSection, SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage, Measurements } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3, surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type MeshQuality, meshQuality } from '../mesh/quality.ts';

/** Numbers are reported to a thousandth; more would pretend a precision that nobody has. */
export const round = (value: number): number => Math.round(value * 1000) / 1000;

export const roundOrNull = (value: number | undefined): number | null =>
  value === undefined ? null : round(value);

export const roundVec = ([x, y, z]: Vec3): [number, number, number] => [round(x), round(y), round(z)];

/** What the numbers of a surface are taken from. */
export interface MeasuredShape {
  readonly volumeMl: number;
  /** Null where no ostium can be told from the wall. */
  readonly ostium: {
    readonly planeNormal: Vec3;
    readonly measures: OstiumMeasures;
    /** Undefined where the lumen is too small. */
    readonly centreLine: CentreLine | undefined;
    readonly landingZones: readonly LandingZone[];
    readonly wallAreaMm2: number;
  } | null;
}

/**
 * The numbers as they are reported, rounded.
 * @param isCut the scan or the cube cuts the appendage: volume, depth and area are withheld.
 */
export function measurementsOf({ volumeMl, ostium }: MeasuredShape, isCut: boolean): Measurements {
  return {
    ostium: ostium && sectionOf(ostium.measures, ostium.planeNormal),
    landingZones:
      isCut || !ostium
        ? []
        : ostium.landingZones.map(({ distanceMm, measures, plane }) => ({
            distanceMm,
            ...sectionOf(measures, plane.normal),
          })),
    volumeMl: isCut ? null : round(volumeMl),
    depthMm: isCut ? null : roundOrNull(ostium?.centreLine?.depthMm),
    depthToFirstBendMm: isCut ? null : roundOrNull(ostium?.centreLine?.depthToFirstBendMm),
    surfaceAreaMm2: isCut ? null : roundOrNull(ostium?.wallAreaMm2),
  };
}

const sectionOf = (measures: OstiumMeasures, normal: Vec3): LumenSection => ({
  centreLpsMm: roundVec(measures.centreLpsMm),
  normal: roundVec(normal),
  areaMm2: round(measures.areaMm2),
  perimeterMm: round(measures.perimeterMm),
  maxDiameterMm: round(measures.maxDiameter.lengthMm),
  minDiameterMm: round(measures.minDiameter.lengthMm),
  areaDerivedDiameterMm: round(measures.areaDerivedDiameterMm),
  perimeterDerivedDiameterMm: round(measures.perimeterDerivedDiameterMm),
  eccentricity: round(measures.eccentricity),
});

/** What the report says of a closed surface's mesh. */
export function meshReportOf(
  quality: MeshQuality,
  wall: TriangleMesh | null,
  droppedPieces: number,
): SegmentationReport['mesh'] {
  return {
    vertices: quality.vertices,
    faces: quality.faces,
    components: quality.components,
    watertight: quality.watertight,
    outwardNormals: quality.outward === true,
    manifold: quality.manifold,
    genus: quality.manifold ? quality.genus : null,
    selfIntersections: quality.selfIntersections,
    degenerateFaces: quality.degenerateFaces,
    minAngleDegrees: round(quality.minAngleDegrees),
    wallBoundaryLoops: wall && findBoundaryLoops(wall).length,
    droppedPieces,
  };
}

/** A closed surface, divided at the rim of its ostium where it has one. */
export interface DividedSurface {
  readonly closed: TriangleMesh;
  readonly ostium: {
    readonly wall: TriangleMesh;
    /** The rim as a closed loop, LPS mm. */
    readonly rimLpsMm: readonly Vec3[];
    readonly plane: OstiumPlane;
  } | null;
  /** Separate pieces that were left out. */
  readonly droppedPieces: number;
  readonly warnings: readonly Failure[];
}

/** A copy in memory of its own, as it can cross between threads. */
export const ownMesh = (mesh: TriangleMesh): MeasuredAppendage['closed'] => ({
  positionsLpsMm: new Float32Array(mesh.positionsLpsMm),
  triangles: new Uint32Array(mesh.triangles),
});

/** Measures a divided surface. */
export function measureDivided(
  { closed, ostium, droppedPieces, warnings }: DividedSurface,
  isCut: boolean,
): MeasuredAppendage {
  const volumeMl = signedVolumeMm3(closed) / 1000;
  const measures = ostium && measureOstium(ostium.rimLpsMm, ostium.plane);
  // The line gives depths and landing zones only, which a cut appendage has none of.
  const line = measures && !isCut ? centreLine(closed, measures.centreLpsMm, ostium.plane) : undefined;
  const shape: MeasuredShape = {
    volumeMl,
    ostium:
      ostium && measures
        ? {
            planeNormal: ostium.plane.normal,
            measures,
            centreLine: line,
            landingZones: landingZones(closed, line, ostium.plane),
            wallAreaMm2: surfaceAreaMm2(ostium.wall),
          }
        : null,
  };
  return {
    closed: ownMesh(closed),
    wall: ostium && ownMesh(ostium.wall),
    ostiumPlane: ostium?.plane ?? null,
    rimLpsMm: ostium && Float32Array.from(ostium.rimLpsMm.flat()),
    measurements: measurementsOf(shape, isCut),
    mesh: meshReportOf(meshQuality(closed), ostium?.wall ?? null, droppedPieces),
    warnings: [...warnings, ...sizeWarnings(isCut ? null : volumeMl, measures?.areaMm2 ?? null)],
  };
}

/** Published appendages: 7.4 ± 3.0 to 8.5 ± 4.8 mL; ostium 389 ± 138 to 428 ± 159 mm² (docs/clinical.md). */
const PLAUSIBLE_VOLUME_ML = [1.5, 25] as const;
const PLAUSIBLE_OSTIUM_MM2 = [100, 1000] as const;

/** A warning for each size that appendages rarely have; null sizes are not judged. */
export function sizeWarnings(volumeMl: number | null, ostiumAreaMm2: number | null): Failure[] {
  const warnings: Failure[] = [];
  if (volumeMl !== null && (volumeMl < PLAUSIBLE_VOLUME_ML[0] || volumeMl > PLAUSIBLE_VOLUME_ML[1])) {
    warnings.push(failure('meshing.volume-unusual', { volumeMl }));
  }
  if (
    ostiumAreaMm2 !== null &&
    (ostiumAreaMm2 < PLAUSIBLE_OSTIUM_MM2[0] || ostiumAreaMm2 > PLAUSIBLE_OSTIUM_MM2[1])
  ) {
    warnings.push(failure('meshing.ostium-unusual', { areaMm2: ostiumAreaMm2 }));
  }
  return warnings;
}
