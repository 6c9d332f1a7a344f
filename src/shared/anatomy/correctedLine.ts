import { LPS_AXES } from '../geometry/gridLps.ts';
import { dot, subtract, type Vec3 } from '../geometry/vec3.ts';
import { rasterizeClosedMesh } from '../mesh/rasterize.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';
import { type CentreLine, describeLine, polylineLength } from './centreLine.ts';
import type { PlaneLps } from './plane.ts';
import { curveThrough } from './throughPoints.ts';

/** Distance of the points by which a computed line is corrected, mm. */
const HANDLE_MM = 5;
/** Points at the line's beginning that are not this far beyond the ostium's plane do not count: it begins at the ostium's centre. */
const BEYOND_OSTIUM_MM = 0.5;

/** A centre line that a reader may have corrected. */
export interface CorrectedLine {
  readonly pointsLpsMm: readonly Vec3[];
  /** False where all of the reader's points lie on the computed line: it is the computed one then, point by point. */
  readonly isCorrected: boolean;
  /** The points that do not lie on the computed line; they have to be in the lumen. */
  readonly movedLpsMm: readonly Vec3[];
}

/** The points by which a line can be corrected, about 5 mm apart, its tip the last; the ostium's centre is none of them. */
export function handlesOf(lineLpsMm: readonly Vec3[]): Vec3[] {
  const count = Math.max(2, Math.round(polylineLength(lineLpsMm) / HANDLE_MM));
  return Array.from(
    { length: count },
    (_, at) => lineLpsMm[Math.round(((at + 1) * (lineLpsMm.length - 1)) / count)]!,
  );
}

/**
 * The line from the ostium's centre through a reader's points to the last of them: a spline, and the computed line where
 * no point was moved. Points in front of the ostium's plane are left out, so that the line follows the plane.
 * @param computedLpsMm from the ostium's centre to the tip
 * @param pointsLpsMm the reader's, from the ostium on; null: nothing was corrected
 */
export function correctedLine(
  computedLpsMm: readonly Vec3[],
  pointsLpsMm: readonly Vec3[] | null,
  ostium: PlaneLps,
): CorrectedLine {
  const asComputed = { pointsLpsMm: computedLpsMm, isCorrected: false, movedLpsMm: [] };
  const heightMm = (point: Vec3): number => dot(subtract(point, ostium.pointLpsMm), ostium.normal);
  const first = (pointsLpsMm ?? []).findIndex((point) => heightMm(point) >= BEYOND_OSTIUM_MM);
  const start = computedLpsMm[0];
  if (!pointsLpsMm || !start || first < 0) return asComputed;
  const points = [start, ...pointsLpsMm.slice(first)];
  const { pointsLpsMm: through, movedLpsMm } = curveThrough(points, computedLpsMm, false);
  const endsThere = reaches(through, computedLpsMm);
  if (movedLpsMm.length === 0 && endsThere) return asComputed;
  return { pointsLpsMm: through, isCorrected: true, movedLpsMm };
}

const SAME_TIP_MM = 0.01;

const reaches = (line: readonly Vec3[], computed: readonly Vec3[]): boolean =>
  Math.abs(polylineLength(line) - polylineLength(computed)) < SAME_TIP_MM;

/** The same with its depths. @param computed what `corrected` was made of */
export function describeCorrected(computed: CentreLine, corrected: CorrectedLine): CentreLine {
  if (!corrected.isCorrected) return computed;
  // The tip is where the reader put it: what lies beyond is no longer the program's to judge.
  return describeLine(corrected.pointsLpsMm, 0);
}

/** The first of the moved points that is not in the lumen; undefined where all of them are. */
export const outsideLumen = (
  closed: TriangleMesh,
  { movedLpsMm }: Pick<CorrectedLine, 'movedLpsMm'>,
): Vec3 | undefined => movedLpsMm.find((point) => !isInside(closed, point));

const isInside = (closed: TriangleMesh, originLpsMm: Vec3): boolean =>
  rasterizeClosedMesh(closed, {
    sizeIjk: [1, 1, 1],
    originLpsMm,
    spacingMm: [1, 1, 1],
    directions: LPS_AXES,
  })[0] === 1;
