import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedFile } from '#shared/contract/values.ts';
import { defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { JobOptions } from '#shared/progress.ts';
import { isMissing, systemCodeOf } from '../files/systemCode.ts';
import type { RenderScan } from '../phantom/phantomFolder.ts';
import { notStored } from './storedFile.ts';

/** Which phantom, seen by which scan. */
export interface SampleScan {
  readonly seed: number;
  readonly spacing: { readonly inPlaneMm: number; readonly sliceMm: number };
  readonly sizeIjk: Vec3;
}

/** A chicken wing of 6 mL that no bundled model was trained on; 25 MB. */
export const SAMPLE_SCAN: SampleScan = {
  seed: 196,
  spacing: { inPlaneMm: 0.7, sliceMm: 1 },
  sizeIjk: [288, 288, 150],
};

/**
 * The sample study as DICOM files: made on the first call, then read from the application's folder. The patient's name
 * says that it is a phantom.
 * @throws UserError where it can neither be read nor kept; CancelledError when the signal fires, leaving nothing behind
 */
export async function sampleStudy(
  dataFolder: string,
  render: RenderScan,
  job: JobOptions = {},
  scan: SampleScan = SAMPLE_SCAN,
): Promise<NamedFile[]> {
  const [columns, rows, slices] = scan.sizeIjk;
  const { inPlaneMm, sliceMm } = scan.spacing;
  // Another scan gets another folder: an update of the program may show another sample.
  const name = `sample-${scan.seed}-${columns}x${rows}x${slices}-${inPlaneMm}-${sliceMm}`;
  const folder = join(dataFolder, 'samples', name);
  const kept = await readSample(folder, slices);
  if (kept) return kept;
  await makeSample(scan, folder, render, job);
  const made = await readSample(folder, slices);
  if (!made) throw new UserError(failure('storage.sample-unreadable'));
  return made;
}

/** Undefined where it is not there as a whole. */
async function readSample(folder: string, slices: number): Promise<NamedFile[] | undefined> {
  try {
    const names = (await readdir(folder)).sort();
    if (names.length !== slices) return undefined;
    return await Promise.all(
      names.map(async (name) => ({ name, bytes: new Uint8Array(await readFile(join(folder, name))) })),
    );
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw new UserError(failure('storage.sample-unreadable'));
  }
}

async function makeSample(
  scan: SampleScan,
  folder: string,
  render: RenderScan,
  { signal, onProgress }: JobOptions,
): Promise<void> {
  const report = (stage: string, fraction: number): void => onProgress?.({ stage, fraction });
  const withSignal = signal ? { signal } : {};
  report('Scanning the phantom', 0);
  // Loaded only where a phantom is made: each start of the program would wait for it.
  const [{ buildScene }, { writeCtSeries }, { phantomGrid }] = await Promise.all([
    import('../phantom/anatomy/index.ts'),
    import('../phantom/dicomWriter.ts'),
    import('../phantom/phantomFolder.ts'),
  ]);
  const scene = buildScene(scan.seed, { spacing: scan.spacing });
  const grid = phantomGrid(scene, scan);
  const data = await render(scene, grid, {
    ...withSignal,
    onProgress: (share) => report('Scanning the phantom', 0.9 * share),
  });
  throwIfCancelled(signal);
  const metadata = {
    ...defaultCtSeriesMetadata(scan.seed, grid),
    studyDescription: 'Auricle sample: a phantom, not a patient',
  };
  try {
    await writeCtSeries({ volume: { grid, data }, metadata }, folder, {
      ...withSignal,
      onProgress: ({ fraction }) => report('Writing slices', 0.9 + 0.1 * fraction),
    });
  } catch (thrown) {
    throw systemCodeOf(thrown) === undefined ? thrown : notStored('sample-study', thrown);
  }
}
