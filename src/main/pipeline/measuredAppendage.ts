import type { SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { Segmentation } from './segmentAppendage.ts';
import { unsharedMesh } from './unsharedMemory.ts';

/** A segmentation's surface with the numbers that its report gives, as the application shows it. */
export function measuredAppendage(
  { appendage, surfaceWarnings }: Segmentation,
  report: SegmentationReport,
): MeasuredAppendage {
  const ostium = appendage.ostium.found ? appendage.ostium : null;
  const { landingZones, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2, mesh } = report;
  return {
    closed: unsharedMesh(appendage.closed),
    wall: ostium && unsharedMesh(ostium.wall),
    ostiumPlane: ostium && { pointLpsMm: ostium.planePointLpsMm, normal: ostium.planeNormal },
    rimLpsMm: ostium && Float32Array.from(ostium.rimLpsMm.flat()),
    measurements: {
      ostium: report.ostium,
      landingZones,
      volumeMl,
      depthMm,
      depthToFirstBendMm,
      surfaceAreaMm2,
    },
    mesh,
    warnings: [...surfaceWarnings],
  };
}
