import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { imagesOf, type ScanImages } from '#shared/dicom/segmentationOnScan.ts';
import type { StackCorrection } from '#shared/dicom/stackCorrection.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { loadUsedSeries, requireBestSeries, type SeriesOptions } from '../../studies/loadSeries.ts';
import { scanDicomFolder } from '../../studies/scanDicomFolder.ts';
import { isVolumeFile, readVolumeFile, type VolumeValues } from './volumeFile.ts';

export interface Scan {
  readonly source: 'dicom' | 'file';
  readonly volume: Volume<Int16Array> | Volume<Float32Array>;
  /** How its slices were put on the volume's lattice; left out where they are the lattice's own. */
  readonly correction?: StackCorrection;
  /** '' where the scan names none. */
  readonly frameOfReferenceUid: string;
  /** Left out where the scan is no DICOM. */
  readonly images?: ScanImages;
  /** '' where the scan names none; never written anywhere. */
  readonly patientId: string;
  /** Of its series: what was left out, joined or could not be read, and what may be wrong with it. */
  readonly warnings: readonly Failure[];
}

/** The scan of a folder of DICOM, or a volume file. @throws UserError; CancelledError */
export async function readScan(path: string, job: JobOptions & SeriesOptions = {}): Promise<Scan> {
  const name = basename(resolve(path));
  if (await isFolder(path)) {
    const used = requireBestSeries(await scanDicomFolder(path, { ...job, isLoadedNext: true }), job);
    const { chosen } = used;
    const { geometry } = chosen;
    const correction = geometry.kind === 'regular' ? geometry.correction : undefined;
    const header = chosen.slices[0]?.header;
    const { volume, warnings } = await loadUsedSeries(used, job);
    return {
      source: 'dicom',
      volume,
      frameOfReferenceUid: header?.identity.frameOfReferenceUid ?? '',
      images: imagesOf(chosen),
      patientId: header?.labels.patientId ?? '',
      warnings,
      ...withoutUndefined({ correction }),
    };
  }
  if (!isVolumeFile(name)) throw new UserError(failure('preparation.not-an-image', { name }));
  const { grid, values } = await readVolumeFile(path, name);
  return {
    source: 'file',
    volume: { grid, data: inHu(values) },
    frameOfReferenceUid: '',
    patientId: '',
    warnings: [],
  } as Scan;
}

/** Whether it is a folder. @throws UserError where there is nothing of that name */
export async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UserError(failure('preparation.input-missing', { name: basename(resolve(path)) }));
  return found.isDirectory();
}

/** Whole numbers of 16 bits as they are, anything else as floats. */
function inHu(values: VolumeValues): Int16Array | Float32Array {
  if (values instanceof Int16Array || values instanceof Float32Array) return values;
  const floats = new Float32Array(values);
  const areWhole = floats.every((value) => Number.isInteger(value) && value >= -32768 && value < 32768);
  return areWhole ? new Int16Array(floats) : floats;
}
