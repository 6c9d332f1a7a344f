import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { centreLine } from '#shared/anatomy/centreLine.ts';
import { LANDING_DISTANCES_MM, landingZones } from '#shared/anatomy/landingZone.ts';
import { measureSection } from '#shared/anatomy/sectionOutline.ts';
import type { LumenSection, SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage, Measurements } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3, surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type SizedSection, whyFlat, whyRagged } from '#shared/planning/sectionPlausibility.ts';
import { type MeshQuality, meshQuality } from '../mesh/quality.ts';
import { type MeasuredShape, plausibilityWarnings, whyNoBend, whyNoLandingZone } from './plausibility.ts';

/** Numbers are reported to a thousandth; more would pretend a precision that nobody has. */
export const round = (value: number): number => Math.round(value * 1000) / 1000;

export const roundOrNull = (value: number | undefined): number | null =>
  value === undefined ? null : round(value);

export const roundVec = ([x, y, z]: Vec3): [number, number, number] => [round(x), round(y), round(z)];

/**
 * The numbers as they are reported, rounded; those that the surface does not support are null, with the reason.
 * @param notWhole why the surface is not all of the appendage: volume, depth and area are withheld then.
 */
export function measurementsOf(
  { volumeMl, ostium }: MeasuredShape,
  notWhole: Failure | undefined,
): Measurements {
  const whyNone = notWhole ?? (ostium ? undefined : failure('measure.no-ostium'));
  const withheld = new Map<string, Failure>();
  const given = (name: string, value: number | undefined, reason: Failure | undefined): number | null => {
    if (value !== undefined && reason === undefined) return round(value);
    withheld.set(name, reason ?? failure('measure.not-measurable'));
    return null;
  };
  const sectionOf = (section: SizedSection, normal: Vec3, prefix = ''): LumenSection => {
    const { measures } = section;
    const ragged = whyRagged(section);
    const flat = whyFlat(section);
    return {
      centreLpsMm: roundVec(measures.centreLpsMm),
      normal: roundVec(normal),
      areaMm2: round(measures.areaMm2),
      perimeterMm: given(`${prefix}perimeterMm`, measures.perimeterMm, ragged),
      maxDiameterMm: round(measures.maxDiameter.lengthMm),
      minDiameterMm: round(measures.minDiameter.lengthMm),
      areaDerivedDiameterMm: given(
        `${prefix}areaDerivedDiameterMm`,
        measures.areaDerivedDiameterMm,
        ragged ? undefined : flat,
      ),
      perimeterDerivedDiameterMm: given(
        `${prefix}perimeterDerivedDiameterMm`,
        measures.perimeterDerivedDiameterMm,
        ragged ?? flat,
      ),
      eccentricity: round(measures.eccentricity),
    };
  };
  const zones = LANDING_DISTANCES_MM.flatMap((distanceMm) => {
    const zone = ostium?.landingZones.find((known) => known.distanceMm === distanceMm);
    const reason = whyNone ?? (ostium ? whyNoLandingZone(distanceMm, zone, ostium) : undefined);
    const name = `landingZone${distanceMm}`;
    if (reason) withheld.set(name, reason);
    return zone && !reason ? [{ distanceMm, ...sectionOf(zone, zone.plane.normal, `${name}.`) }] : [];
  });
  const line = ostium?.centreLine;
  return {
    ostium: ostium && sectionOf(ostium, ostium.planeNormal),
    landingZones: zones,
    volumeMl: given('volumeMl', volumeMl, notWhole),
    depthMm: given('depthMm', line?.depthMm, whyNone),
    depthToFirstBendMm: given(
      'depthToFirstBendMm',
      line?.depthToFirstBendMm,
      whyNone ?? (ostium ? whyNoBend(ostium) : undefined),
    ),
    surfaceAreaMm2: given('surfaceAreaMm2', ostium?.wallAreaMm2, whyNone),
    withheld: Object.fromEntries(withheld),
  };
}

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
  const section = ostium && measureSection(ostium.rimLpsMm, ostium.plane);
  const measures = section?.measures;
  // The line gives depths and landing zones only, which a cut appendage has none of.
  const line =
    ostium && measures && !isCut ? centreLine(closed, measures.centreLpsMm, ostium.plane) : undefined;
  const shape: MeasuredShape = {
    volumeMl,
    ostium:
      ostium && section
        ? {
            planeNormal: ostium.plane.normal,
            measures: section.measures,
            rawPerimeterMm: section.rawPerimeterMm,
            longestSpurMm: section.longestSpurMm,
            centreLine: line,
            landingZones: landingZones(closed, line, ostium.plane),
            wallAreaMm2: surfaceAreaMm2(ostium.wall),
          }
        : null,
  };
  const quality = meshQuality(closed);
  return {
    closed: ownMesh(closed),
    wall: ostium && ownMesh(ostium.wall),
    ostiumPlane: ostium?.plane ?? null,
    rimLpsMm: ostium && Float32Array.from(ostium.rimLpsMm.flat()),
    measurements: measurementsOf(shape, isCut ? failure('measure.appendage-cut') : undefined),
    mesh: meshReportOf(quality, ostium?.wall ?? null, droppedPieces),
    warnings: [
      ...warnings,
      ...sizeWarnings(isCut ? null : volumeMl, measures?.areaMm2 ?? null),
      ...plausibilityWarnings(shape, quality, isCut),
    ],
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
