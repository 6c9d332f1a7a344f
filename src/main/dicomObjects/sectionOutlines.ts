import { type DiameterMm, measureOstium } from '#shared/anatomy/ostiumMeasures.ts';
import type { LumenSection } from '#shared/contract/report.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import { addScaled, distance, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { sliceMesh } from '#shared/mesh/sliceMesh.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { findBoundaryLoops } from '../mesh/topology.ts';

/** The surface that was measured. */
export interface MeasuredSurface {
  /** The closed lumen, LPS mm. */
  readonly closed: TriangleMesh;
  /** The ostium's rim, a closed loop; null where there is none. */
  readonly rimLpsMm: readonly Vec3[] | null;
}

/** The points of 3·n coordinates. */
export const pointsOf = (coordinatesLpsMm: ArrayLike<number>): Vec3[] =>
  Array.from(
    { length: coordinatesLpsMm.length / 3 },
    (_, at): Vec3 => [
      coordinatesLpsMm[3 * at] ?? 0,
      coordinatesLpsMm[3 * at + 1] ?? 0,
      coordinatesLpsMm[3 * at + 2] ?? 0,
    ],
  );

/** The rim of an open wall; null where it is not one loop. */
export function rimOf(wall: TriangleMesh): Vec3[] | null {
  const [loop, ...others] = findBoundaryLoops(wall);
  return loop === undefined || others.length > 0
    ? null
    : Array.from(loop, (vertex) => vertexLpsMm(wall, vertex));
}

/** Where a section of the lumen lies, all in its plane. */
export interface SectionOutline {
  /** A closed loop: the last point joins the first. */
  readonly outlineLpsMm: readonly Vec3[];
  readonly majorAxis: DiameterMm;
  readonly minorAxis: DiameterMm;
}

/** The outline of the ostium; undefined where the rim is not known or is not the one that was measured. */
export function ostiumOutline(
  { rimLpsMm }: MeasuredSurface,
  { ostium }: Pick<Measurements, 'ostium'>,
): SectionOutline | undefined {
  return rimLpsMm === null || ostium === null ? undefined : outlineOf(rimLpsMm, ostium);
}

/** The outline of a landing zone, cut again out of the surface; undefined where that gives other measures. */
export function zoneOutline({ closed }: MeasuredSurface, zone: LumenSection): SectionOutline | undefined {
  const loops = sliceMesh(closed, zone.centreLpsMm, zone.normal).filter((line) => line.closed);
  for (const { pointsLpsMm } of loops) {
    const outline = outlineOf(pointsLpsMm, zone);
    if (outline !== undefined) return outline;
  }
  return undefined;
}

/** The measures are rounded where they come from a file, and so are the surface's points. */
const AGREEMENT_MM = 0.05;

function outlineOf(loopLpsMm: readonly Vec3[], section: LumenSection): SectionOutline | undefined {
  if (loopLpsMm.length < 3) return undefined;
  const { centreLpsMm, normal } = section;
  const plane = { pointLpsMm: centreLpsMm, normal };
  const outlineLpsMm = loopLpsMm.map((point) =>
    addScaled(point, normal, -dot(subtract(point, centreLpsMm), normal)),
  );
  let measures: ReturnType<typeof measureOstium>;
  try {
    measures = measureOstium(outlineLpsMm, plane);
  } catch (thrown) {
    // A loop without area is no section.
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
  const { maxDiameter, minDiameter } = measures;
  const isSame =
    Math.abs(maxDiameter.lengthMm - section.maxDiameterMm) < AGREEMENT_MM &&
    Math.abs(minDiameter.lengthMm - section.minDiameterMm) < AGREEMENT_MM &&
    distance(measures.centreLpsMm, centreLpsMm) < AGREEMENT_MM;
  return isSame ? { outlineLpsMm, majorAxis: maxDiameter, minorAxis: minDiameter } : undefined;
}
