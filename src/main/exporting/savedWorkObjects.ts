import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import type { DeviceTable } from '#shared/contract/planning.ts';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import type { JobOptions } from '#shared/progress.ts';
import {
  type ObjectContext,
  type ResultFolder,
  seriesOfResult,
  type WrittenObject,
} from '../dicomObjects/index.ts';
import { placeOfStack } from '../interchange/gzipSlices.ts';
import { reportPdf } from '../report/reportPdf.ts';
import { type DicomObject, dicomFiles, type ObjectsRequest, objectContext } from './dicomFiles.ts';
import { readSavedWork, reportOfSaved } from './savedWorkReport.ts';

/** Saved work as its file holds it. */
export interface SavedFile {
  /** For messages. */
  readonly name: string;
  readonly archive: Uint8Array;
  readonly savedAt: string;
}

/** Saved work beside the scan that it was made from. */
export interface SavedObjects extends Pick<ResultFolder, 'closed' | 'wall'> {
  readonly context: ObjectContext;
  /** An object as the application's export makes it. @param referTo a segmentation that was written before */
  make(object: DicomObject, referTo?: Omit<WrittenObject, 'bytes'> | null): Promise<readonly WrittenObject[]>;
}

/**
 * What objects of saved work are made of: its surface with the reader's edits, verdict, outlines, drawings and device, as the
 * application exports it. The same work gives the same objects, whenever they are made.
 * @param tables where the placed device is described
 * @param savedWork all saved work: other phases of the same heart may have been worked on since
 * @throws UserError where it cannot be read, or the scan is not the one that it was made from; CancelledError
 */
export async function savedWorkObjects(
  { name, archive, savedAt }: SavedFile,
  dicomFolder: string,
  {
    tables,
    savedWork,
  }: { readonly tables: readonly DeviceTable[]; readonly savedWork: readonly SessionSummary[] },
  job: JobOptions = {},
): Promise<SavedObjects> {
  const saved = readSavedWork(archive);
  const options = { letterhead: NO_LETTERHEAD, tables, landingZoneMm: null, device: null, savedWork };
  const input = { ...reportOfSaved(saved, options), madeAt: new Date(savedAt) };
  const { source } = input.report;
  const slices = source.correction?.slices;
  const place = slices === undefined ? { grid: saved.crop.grid } : placeOfStack(slices);
  const of = await seriesOfResult(dicomFolder, { name, place, source }, job);
  const { head, appendage } = saved;
  const { geometry } = of.series;
  const request: ObjectsRequest = {
    ...input,
    appendage: { ...appendage, measurements: input.measurements, warnings: [...input.warnings] },
    labels: saved.labels(),
    scanGrid: head.scanGrid ?? (geometry.kind === 'regular' ? geometry.grid : null),
    marks: head.marks,
    sourceSeries: of.source,
    phases: [...input.phases],
    annotations: [...input.annotations],
    edits: [...input.edits],
    reviewedSteps: [...input.reviewedSteps],
    pictures: [],
  };
  return {
    closed: appendage.closed,
    wall: appendage.wall,
    context: objectContext(request, input.madeAt),
    async make(object, referTo = null) {
      const [one] = [...dicomFiles([object], request, input.madeAt, () => reportPdf(input), referTo)];
      return (await one?.make()) ?? [];
    },
  };
}
