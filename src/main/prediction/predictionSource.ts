import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { EncodedCrop } from '#shared/nudf/engine/fieldEngine.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { OpenNetworks } from '../pipeline/networks.ts';
import { findStart } from '../pipeline/segmentAppendage.ts';
import { settleCrop } from '../pipeline/settleCrop.ts';
import { SPLIT_FILE } from '../preparation/preparedCase.ts';
import {
  listPreparedCases,
  readCaseDescription,
  readPreparedImage,
  readSplit,
} from '../preparation/readPreparedCase.ts';
import { loadUsedSeries, requireBestSeries, type SeriesOptions } from '../studies/loadSeries.ts';
import { scanDicomFolder } from '../studies/scanDicomFolder.ts';
import { APPENDAGE_CUBE_EDGE_MM, type CropFrame } from '../surface/cropFrame.ts';

/** One case to predict. */
export interface PredictionSource {
  /** Its name, and that of its folder of results. */
  readonly name: string;
  readonly folder: string;
  readonly kind: 'prepared' | 'dicom';
}

/** An encoded case. The caller frees `crop`. */
export interface EncodedCase {
  readonly crop: EncodedCrop;
  /** The cube; its centre is the origin where the case does not say where it lies. */
  readonly frame: CropFrame;
  readonly isPlaceKnown: boolean;
  /** Of the scan's series. */
  readonly warnings: readonly Failure[];
}

export const SPLIT_PARTS = ['train', 'val', 'test', 'all'] as const;
export type SplitPart = (typeof SPLIT_PARTS)[number];

const IMAGE = /^imageinput_\d+\.npy$/;

const isPreparedCase = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(() => [])).some((name) => IMAGE.test(name));

/**
 * The cases of a folder: itself where it is a prepared case; its prepared cases, those of the part where a split file
 * lies beside them; else the folder is taken for a scan.
 * @throws UserError where a split names no case
 */
export async function predictionSources(folder: string, part?: SplitPart): Promise<PredictionSource[]> {
  const name = basename(resolve(folder));
  if (await isPreparedCase(folder)) return [{ name, folder, kind: 'prepared' }];
  const split = join(folder, SPLIT_FILE);
  const isDivided = existsSync(split);
  const listed = await listPreparedCases(folder);
  if (listed.length === 0 && !isDivided) return [{ name, folder, kind: 'dicom' }];
  const chosen = part ?? (isDivided ? 'test' : 'all');
  const names = chosen === 'all' || !isDivided ? listed : (await readSplit(split))[chosen];
  if (names.length === 0) throw new UserError(failure('prediction.no-cases', { folder: name, part: chosen }));
  return names.map((each) => ({
    name: each.replaceAll('/', '-'),
    folder: join(folder, each),
    kind: 'prepared',
  }));
}

/** The case's image through the encoder, once. @throws UserError, CancelledError */
export async function encodeCase(
  source: PredictionSource,
  networks: OpenNetworks,
  job: JobOptions & SeriesOptions = {},
): Promise<EncodedCase> {
  const { engine, spec } = networks.field;
  if (source.kind === 'prepared') {
    const { valuesHu } = await readPreparedImage(source.folder, spec.resolution);
    const description = await readCaseDescription(source.folder);
    const crop = await engine.encode(Float32Array.from(valuesHu), job.signal);
    const { centreLpsMm, edgeMm } = description?.cube ?? {
      centreLpsMm: [0, 0, 0] as const,
      edgeMm: APPENDAGE_CUBE_EDGE_MM,
    };
    const isPlaceKnown = description !== undefined;
    return { crop, frame: { centreLpsMm, edgeMm }, isPlaceKnown, warnings: [] };
  }
  const used = requireBestSeries(await scanDicomFolder(source.folder, { ...job, isLoadedNext: true }), job);
  const { volume, warnings } = await loadUsedSeries(used, job);
  const start = await findStart(volume, networks.region, job);
  const { crop, frame } = await settleCrop(volume, engine, spec.resolution, start.centreLpsMm, {
    signal: job.signal,
  });
  return { crop, frame, isPlaceKnown: true, warnings };
}
