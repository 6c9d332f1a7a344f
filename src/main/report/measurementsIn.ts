import type { SegmentationReport } from '#shared/contract/report.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';

/** The numbers that a report gives. */
export const measurementsIn = ({
  ostium,
  landingZones,
  volumeMl,
  depthMm,
  depthToFirstBendMm,
  surfaceAreaMm2,
  withheld,
}: SegmentationReport): Measurements => ({
  ostium,
  landingZones,
  volumeMl,
  depthMm,
  depthToFirstBendMm,
  surfaceAreaMm2,
  withheld,
});
