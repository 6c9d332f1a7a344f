import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { segmentationReportSchema } from '#shared/contract/report.ts';
import { ostiumDistanceSchema } from '#shared/contract/surroundings.ts';
import { heartPhaseSchema, stackCorrectionSchema } from '#shared/contract/values.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { readSourceSeries, type SourceSeries } from '#shared/dicom/sourceSeries.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';
import { distance } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import { isMissing } from '../files/systemCode.ts';
import { type PlacedLabels, placeOfStack } from '../interchange/gzipSlices.ts';
import { decodeNrrd, decodeNrrdValues } from '../interchange/nrrd.ts';
import { decodeStl } from '../interchange/stl.ts';
import { readFileRange } from '../studies/dicomFiles.ts';
import { scanDicomFolder } from '../studies/scanDicomFolder.ts';
import { type ObjectContext, sourceProblem } from './objectContext.ts';

/** What is read of a result's `report.json`; its warnings are sentences there. */
const reportFileSchema = segmentationReportSchema
  .pick({
    notice: true,
    program: true,
    ostium: true,
    landingZones: true,
    volumeMl: true,
    depthMm: true,
    depthToFirstBendMm: true,
    surfaceAreaMm2: true,
    contrast: true,
    filling: true,
    models: true,
  })
  .extend({
    source: z.object({
      heartPhase: heartPhaseSchema.optional(),
      seriesInstanceUid: z.string(),
      firstSopInstanceUid: z.string().optional(),
      firstFrameNumber: z.number().optional(),
      correction: stackCorrectionSchema.optional(),
    }),
    planning: z
      .object({ ostiumDistances: z.array(ostiumDistanceSchema).default([]) })
      .nullable()
      .default(null),
    warnings: z.array(z.string()),
  })
  .strip();

export type ReportFile = z.output<typeof reportFileSchema>;

/** A result of `auricle segment` and the scan that it was made from. */
export interface ResultFolder {
  readonly context: ObjectContext;
  /** The series that it was made from. */
  readonly series: ImageSeries;
  /** Where it lies. */
  readonly folder: string;
  /** For messages. */
  readonly folderName: string;
  readonly report: ReportFile;
  /** 1 where the appendage is, on the scan's own slices. */
  readonly mask: PlacedLabels;
  readonly closed: TriangleMesh;
  /** Null where no ostium was found. */
  readonly wall: TriangleMesh | null;
  /** The picture of the result, PNG; null where the folder has none. */
  readonly previewPng: Uint8Array | null;
}

/**
 * Reads a result, and finds the series of the scan that it was made from: the one of the same UID on whose grid the mask
 * lies; of several, as phases share both, the one of the report's first slice.
 * @throws UserError where it is no result, of another scan, or of one of several phases and does not say which;
 *   CancelledError
 */
export async function readResultFolder(
  dicomFolder: string,
  resultFolder: string,
  job: JobOptions = {},
): Promise<ResultFolder> {
  const folder = basename(resolve(resultFolder));
  const missing = (fileName: string): UserError =>
    new UserError(failure('objects.not-a-result', { folder, fileName }));
  const read = (fileName: string): Promise<Buffer> =>
    readFile(join(resultFolder, fileName)).catch(() => {
      throw missing(fileName);
    });
  const reportText = await read('report.json');
  const { mtime } = await stat(join(resultFolder, 'report.json'));
  const report = parsedReport(reportText, () => missing('report.json'));
  const mask = placedMask(await read('mask.nrrd'), report, () => missing('mask.nrrd'));
  const closed = decodeStl(await read('laa-closed.stl'));
  const optional = (fileName: string): Promise<Buffer | null> =>
    readFile(join(resultFolder, fileName)).catch((thrown: unknown) => {
      if (isMissing(thrown)) return null;
      throw new UserError(failure('files.unreadable', { fileName }));
    });
  const wall = await optional('laa-wall.stl');
  const previewPng = await optional('preview.png');

  const { series, source } = await seriesOfResult(
    dicomFolder,
    { name: folder, place: mask, source: report.source },
    job,
  );
  return {
    report,
    series,
    folder: resultFolder,
    folderName: folder,
    mask,
    closed,
    wall: wall && decodeStl(wall),
    previewPng,
    context: {
      source,
      programVersion: report.program.version,
      models: report.models,
      edits: [],
      review: 'not reviewed',
      reviewedBy: null,
      notice: report.notice,
      // The report is written last: the same result gives the same objects, whenever they are made.
      madeAt: mtime,
    },
  };
}

/** What tells the series of a result from others. */
export interface MadeOf {
  /** Of the result, for messages. */
  readonly name: string;
  /** Where its mask lies: all of the scan or a part of it. */
  readonly place: Pick<PlacedLabels, 'grid' | 'stack'>;
  readonly source: ReportFile['source'];
}

/**
 * The series of a scan that a result was made from, and what objects take over from it.
 * @throws UserError where it is not there, or is one of several phases and the result does not say which; CancelledError
 */
export async function seriesOfResult(
  dicomFolder: string,
  { name: folder, place, source }: MadeOf,
  job: JobOptions = {},
): Promise<{ readonly series: ImageSeries; readonly source: SourceSeries }> {
  const { series } = await scanDicomFolder(dicomFolder, job);
  const fitting = series.filter(
    (one) => one.seriesInstanceUid === source.seriesInstanceUid && isMaskOf(place, one),
  );
  if (fitting.length === 0) throw new UserError(failure('objects.result-of-another-scan', { folder }));
  const own = fitting.length === 1 ? fitting[0] : seriesOfSlice(fitting, source);
  if (own === undefined) {
    throw new UserError(failure('objects.result-of-unknown-phase', { folder, phases: fitting.length }));
  }
  const taken = await sourceOf(own);
  const problem = sourceProblem(taken);
  if (problem !== undefined) throw new UserError(problem);
  return { series: own, source: taken };
}

/** The one that begins with a slice; undefined where none does, or more than one. */
function seriesOfSlice(
  series: readonly ImageSeries[],
  { firstSopInstanceUid, firstFrameNumber }: ReportFile['source'],
): ImageSeries | undefined {
  const own = series.filter(({ slices }) => {
    const identity = slices[0]?.header.identity;
    const isSameFrame = firstFrameNumber === undefined || identity?.frameNumber === firstFrameNumber;
    return identity?.sopInstanceUid === firstSopInstanceUid && isSameFrame;
  });
  return own.length === 1 ? own[0] : undefined;
}

/** @throws UserError where it is no mask */
function placedMask(bytes: Uint8Array, { source }: ReportFile, broken: () => UserError): PlacedLabels {
  if (source.correction === undefined) {
    const { grid, data } = decodeNrrd(bytes);
    if (!(data instanceof Uint8Array)) throw broken();
    return { grid, data };
  }
  const place = placeOfStack(source.correction.slices);
  const { sizeIjk, data } = decodeNrrdValues(bytes);
  const isItsSize = sizeIjk.every((size, axis) => size === place.grid.sizeIjk[axis]);
  if (!(data instanceof Uint8Array) || !isItsSize) throw broken();
  return { ...place, data };
}

/** Slices in the same place, mm. */
const SAME_PLACE_MM = 0.01;

/** Whether a mask lies on the voxels of a series: on its lattice, or slice by slice where that was corrected. */
function isMaskOf({ grid, stack }: MadeOf['place'], { geometry, slices }: ImageSeries): boolean {
  if (stack === undefined) {
    return geometry.kind === 'regular' && firstVoxelOfPart(grid, geometry.grid) !== null;
  }
  return (
    slices.length === stack.positionsLpsMm.length &&
    slices.every(({ header: { plane } }, k) => {
      const isSize = plane.rows === stack.rows && plane.columns === stack.columns;
      return isSize && distance(plane.positionLpsMm, stack.positionsLpsMm[k]!) < SAME_PLACE_MM;
    })
  );
}

function parsedReport(text: Buffer, broken: () => UserError): ReportFile {
  try {
    return reportFileSchema.parse(JSON.parse(text.toString('utf8')));
  } catch {
    throw broken();
  }
}

/** More than the header of any single slice; of longer ones the attributes stand before this. */
const HEADER_BYTES = 4 * 2 ** 20;

async function sourceOf(series: ImageSeries): Promise<SourceSeries> {
  const [first] = series.slices;
  const file = first ? await readFileRange(first.sourceId, 0, HEADER_BYTES) : new Uint8Array();
  return readSourceSeries(series, file);
}
