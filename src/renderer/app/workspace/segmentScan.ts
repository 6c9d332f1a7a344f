import type { AuricleClient } from '#shared/contract/auricle.ts';
import { reportOfSurface } from '#shared/contract/reportOfSurface.ts';
import type { Region } from '#shared/contract/services/segmentation.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { cropVolume, type Regions } from '../../features/region/index.ts';
import { type ReviewCase, withholdCutOstium } from '../../features/review/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';
import type { Scan } from './scanStore.ts';

interface SegmentHost {
  readonly client: Pick<AuricleClient, 'segmentation' | 'app'>;
  readonly jobs: Jobs;
  readonly alerts: Alerts;
  readonly regions: Regions;
}

/** The pipeline centres its cube again on what it finds: 20 mm of room on each side. */
const ROOM_MM = 40;
const LEAST_CROP_EDGE_MM = 110;

/** A whole scan, as it is segmented. */
export type ScanToSegment = Pick<
  Scan,
  'volume' | 'sourceSeries' | 'seriesInstanceUid' | 'patient' | 'isSample' | 'warnings'
> & { readonly source: NonNullable<Scan['source']> };

/** Segments the scan's own voxels around the box. @returns the case to review; null where there is no box or no result */
export async function segmentScan(
  scan: Scan,
  { client, jobs, alerts, regions }: SegmentHost,
): Promise<ReviewCase | null> {
  const { source } = scan;
  if (!source) return null;
  const outcome = await jobs.run('segment', async (job) => {
    const region = await regions.whenKnown();
    if (!region) return null;
    job.signal.throwIfAborted();
    return segmentRegion({ ...scan, source }, region, client, job);
  });
  if (outcome.kind !== 'done') return null;
  if (!outcome.value) alerts.notice(failure('page.no-region-placed'));
  return outcome.value;
}

/** Segments the scan's own voxels around a box. */
export async function segmentRegion(
  { volume, source, sourceSeries, seriesInstanceUid, patient, isSample, warnings }: ScanToSegment,
  region: Region,
  client: SegmentHost['client'],
  { signal, onProgress }: Required<JobOptions>,
): Promise<ReviewCase> {
  const edgeMm = Math.max(LEAST_CROP_EDGE_MM, region.edgeMm + ROOM_MM);
  const crop = cropVolume(volume, region.centreLpsMm, edgeMm);
  const { resolution } = await client.app.settings({});
  const { appendage, labels, report, isCut, unfilled, offChances } = await client.segmentation.segment(
    {
      crop: { grid: crop.grid, data: ownBuffer(crop.data) },
      region,
      source,
      seriesWarnings: [...warnings],
      resolution,
    },
    { signal, onProgress },
  );
  const original = withholdCutOstium(appendage, volume.grid);
  return {
    id: crypto.randomUUID(),
    seriesInstanceUid,
    patient,
    isSample,
    crop,
    scanGrid: volume.grid,
    sourceSeries,
    region,
    labels,
    original,
    report: original === appendage ? report : reportOfSurface({ report, original: appendage }, original),
    isCut,
    unfilled,
    offChances,
    // Looked for when the surface is shown.
    atrium: null,
  };
}
