import type { SegmentationReport } from '#shared/contract/report.ts';
import type { Patient } from '#shared/contract/services/exporting.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type {
  FoundSurroundings,
  Region,
  SegmentedAppendage,
} from '#shared/contract/services/segmentation.ts';
import type { LabelMap, OstiumPlane } from '#shared/contract/values.ts';
import type { SourceSeries } from '#shared/dicom/sourceSeries.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { dot, normalize, subtract } from '#shared/geometry/vec3.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';
import type { ViewedVolume } from '../../viewer/types.ts';

/** One segmentation as it came from the network, with all that is needed to continue without the scan. */
export interface ReviewCase {
  /** Also the id of the saved session. */
  readonly id: string;
  readonly seriesInstanceUid: string;
  readonly patient: Patient;
  readonly isSample: boolean;
  /** The scan's own voxels around the appendage. */
  readonly crop: ViewedVolume;
  /** Of the whole scan that the crop was cut from; null for work that was saved before it was kept. */
  readonly scanGrid: GridLps | null;
  /** What DICOM objects take over from the series; null for work that was saved before it was kept. */
  readonly sourceSeries: SourceSeries | null;
  readonly region: Region;
  /** On the crop's voxels; edits change its data in place. */
  readonly labels: LabelMap;
  readonly original: MeasuredAppendage;
  readonly report: SegmentationReport;
  readonly isCut: boolean;
  /** The surface of what contrast does not fill, as first segmented; null where that is nothing. */
  readonly unfilled: TriangleMesh | null;
  /** How likely each vertex of the original's closed surface is off by more than 1 mm; null where nobody knows. */
  readonly offChances: SegmentedAppendage['offChances'];
  /** The left atrium near the ostium; null where no network looked, and in work of earlier versions. */
  readonly atrium: FoundSurroundings['atrium'];
}

/** Whether it is the same segmentation; its surroundings are found later, and it is another object then. */
export const isSameCase = (a: Pick<ReviewCase, 'id'> | null, b: Pick<ReviewCase, 'id'> | null): boolean =>
  a?.id === b?.id;

export type Verdict = 'not reviewed' | 'accepted' | 'rejected';

export const samePlane = (a: OstiumPlane | null, b: OstiumPlane | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.pointLpsMm.every((value, at) => value === b.pointLpsMm[at]) &&
    a.normal.every((value, at) => value === b.normal[at]));

/** Tolerances for rounding. */
const SAME_PLANE_MM = 0.01;
const SAME_DIRECTION = 1 - 1e-6;

/** Whether a surface was cut at this plane: where nothing is segmented at it, a surface keeps an end of its own. */
export function endsAt(
  { ostiumPlane }: Pick<MeasuredAppendage, 'ostiumPlane'>,
  { pointLpsMm, normal }: OstiumPlane,
): boolean {
  if (!ostiumPlane) return false;
  const offsetMm = dot(subtract(pointLpsMm, ostiumPlane.pointLpsMm), ostiumPlane.normal);
  const cosine = dot(normalize(normal), normalize(ostiumPlane.normal));
  return Math.abs(offsetMm) < SAME_PLANE_MM && cosine > SAME_DIRECTION;
}

/** The mask that is written: the network's own for its own surface, else the voxels inside of the surface as it is now. */
export function exportedLabels(
  { labels, original }: Pick<ReviewCase, 'labels' | 'original'>,
  appendage: MeasuredAppendage,
): LabelMap {
  if (appendage.closed === original.closed) return labels;
  return { grid: labels.grid, data: ownBuffer(rasterizeClosedMesh(appendage.closed, labels.grid)) };
}
