import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type CtSeriesMetadata, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { CancelledError, throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { JobOptions, OnProgress } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { type AcquisitionSpacing, buildScene, type Filling, suggestedCtGrid } from './anatomy/index.ts';
import { writeCtSeries } from './dicomWriter.ts';
import {
  type PhantomPhase,
  phantomPhases,
  phaseFolderName,
  phaseGrid,
  phaseMetadata,
  truthOfPhases,
} from './phantomPhases.ts';
import type { PhantomTruth } from './phantomTruth.ts';
import type { PhantomScene } from './scene.ts';
import { truthFiles } from './truthFiles.ts';

/** Renders a scene on a grid: renderCt, or the same in threads. */
export type RenderScan = (
  scene: PhantomScene,
  grid: GridLps,
  options: { readonly signal?: AbortSignal; readonly onProgress: (share: number) => void },
) => Promise<Int16Array>;

export const SCAN_CENTRES = ['heart', 'appendage'] as const;
export type ScanCentre = (typeof SCAN_CENTRES)[number];

export interface PhantomRequest {
  readonly seed: number;
  /** Drawn from the seed where left out. */
  readonly spacing?: AcquisitionSpacing;
  /** Columns, rows, slices. Default: 512 × 512, 150 mm of slices. */
  readonly sizeIjk?: Vec3;
  /** What the scan is centred on. Default: the heart, as a technician would. */
  readonly centre?: ScanCentre;
  /** How contrast fills the appendage. Default: as the seed draws it. */
  readonly filling?: Filling;
  /** Cells per axis of the true surface. Default 256: 0.27 mm. */
  readonly resolution?: number;
  /** Phases of the heart cycle, each as a series in a folder of its own. Default: 1, without a percentage. */
  readonly phases?: number;
  readonly programVersion: string;
  readonly render: RenderScan;
}

export interface WrittenPhantom {
  readonly truth: PhantomTruth;
  readonly warnings: readonly Failure[];
}

/** What a phantom's folder holds; anything else in it belongs to someone else. */
const ENTRIES = ['dicom', 'truth'];

/**
 * The scan grid of a phantom: {@link suggestedCtGrid}, or one of the wanted size round the same middle, or round the
 * middle of the appendage's centre line, so that a small scan holds the whole appendage.
 */
export function phantomGrid(
  scene: PhantomScene,
  { spacing, sizeIjk, centre = 'heart' }: Pick<PhantomRequest, 'spacing' | 'sizeIjk' | 'centre'>,
): GridLps {
  const suggested = suggestedCtGrid(scene, spacing);
  const { spacingMm, originLpsMm } = suggested;
  const size = sizeIjk ?? suggested.sizeIjk;
  const origin = (axis: Axis): number => {
    if (centre === 'heart')
      return originLpsMm[axis] + (spacingMm[axis] * (suggested.sizeIjk[axis] - size[axis])) / 2;
    const along = scene.appendage.centreLineLpsMm.map((point) => point[axis]);
    const middle = (Math.min(...along) + Math.max(...along)) / 2;
    return middle - (spacingMm[axis] * (size[axis] - 1)) / 2;
  };
  return { ...suggested, sizeIjk: size, originLpsMm: [origin(0), origin(1), origin(2)] };
}

type Axis = 0 | 1 | 2;

/**
 * Throws a UserError where a phantom must not or cannot be written to a folder: where it holds other things, or its
 * parent cannot be written. Called before any work is done for it.
 */
export async function assertPhantomFolder(folder: string): Promise<void> {
  const target = resolve(folder);
  const entries = await readdir(target).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw new UserError(failure('phantom.folder-not-writable', { folder: basename(target) }));
  });
  if (!entries.every((name) => ENTRIES.includes(name))) {
    throw new UserError(failure('phantom.folder-in-use', { folder: basename(target) }));
  }
}

/**
 * Writes a phantom: `dicom/` with the CT series and `truth/` with what is known of it. The folder appears whole or not
 * at all, and replaces an earlier phantom. The same request gives the same bytes.
 * @throws UserError where the folder holds other things or cannot be written; CancelledError, leaving nothing behind.
 */
export async function writePhantom(
  request: PhantomRequest,
  folder: string,
  { signal, onProgress }: JobOptions = {},
): Promise<WrittenPhantom> {
  const { seed, spacing } = request;
  await assertPhantomFolder(folder);
  const staging = await openStaging(folder);
  // Not the staging folder itself, which nobody else may read.
  const fresh = join(staging, 'phantom');
  const part = (from: number, to: number, stage?: string): OnProgress => {
    return (progress) =>
      onProgress?.({ stage: stage ?? progress.stage, fraction: from + (to - from) * progress.fraction });
  };
  const job = (onPart: OnProgress): JobOptions => ({ onProgress: onPart, ...withoutUndefined({ signal }) });
  try {
    const scene = buildScene(seed, withoutUndefined({ spacing, filling: request.filling }));
    const grid = phantomGrid(scene, request);
    const series = seriesToWrite(scene, grid, request.phases);
    const { metadata } = series.find(({ phase }) => phase === undefined || phase.scale === 1)!;
    for (const [at, one] of series.entries()) {
      const share = (of: number): number => (0.6 * (at + of)) / series.length;
      const onRender = part(share(0), share(0.8), 'Scanning the phantom');
      onRender({ stage: '', fraction: 0 });
      const data = await request.render(scene, one.renderGrid, {
        onProgress: (fraction) => onRender({ stage: '', fraction }),
        ...withoutUndefined({ signal }),
      });
      const target = join(fresh, 'dicom', one.folder);
      await writeCtSeries(
        { volume: { grid, data }, metadata: one.metadata },
        target,
        job(part(share(0.8), share(1))),
      );
    }
    const { files, truth, shareInScan } = await truthFiles(
      { scene, grid, metadata, programVersion: request.programVersion },
      {
        ...job(part(0.6, 1)),
        ...withoutUndefined({ resolution: request.resolution }),
      },
    );
    await mkdir(join(fresh, 'truth'));
    for (const [name, content] of files) await writeFile(join(fresh, 'truth', name), content);
    const phases = series.flatMap(({ phase }) => phase ?? []);
    if (phases.length > 0) {
      const known = truthOfPhases(truth, scene.appendage.ostiumPointLpsMm, phases);
      await writeFile(join(fresh, 'truth', 'phases.json'), `${JSON.stringify(known, null, 2)}\n`);
    }
    throwIfCancelled(signal);
    await replaceFolder(fresh, resolve(folder));
    const percent = Math.round(100 * (1 - shareInScan));
    return { truth, warnings: percent > 0 ? [failure('phantom.appendage-cut', { seed, percent })] : [] };
  } catch (thrown) {
    if (thrown instanceof UserError || thrown instanceof CancelledError || !isSystemError(thrown))
      throw thrown;
    throw notWritable(folder, thrown);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

interface SeriesToWrite {
  /** Undefined where there is but one. */
  readonly phase: PhantomPhase | undefined;
  /** Below `dicom`; '' for that folder itself. */
  readonly folder: string;
  readonly metadata: CtSeriesMetadata;
  /** Where the scene is sampled. */
  readonly renderGrid: GridLps;
}

function seriesToWrite(scene: PhantomScene, grid: GridLps, count = 1): SeriesToWrite[] {
  const metadata = defaultCtSeriesMetadata(scene.seed, grid);
  if (count === 1) return [{ phase: undefined, folder: '', metadata, renderGrid: grid }];
  return phantomPhases(count).map((phase, at) => ({
    phase,
    folder: phaseFolderName(phase),
    metadata: phaseMetadata(metadata, phase, at),
    renderGrid: phaseGrid(grid, scene.appendage.ostiumPointLpsMm, phase),
  }));
}

const isSystemError = (thrown: unknown): thrown is NodeJS.ErrnoException =>
  thrown instanceof Error && 'code' in thrown && 'syscall' in thrown;

const notWritable = (folder: string, { code }: NodeJS.ErrnoException): UserError =>
  new UserError(
    failure('phantom.not-written', { folder: basename(resolve(folder)), systemCode: String(code) }),
  );

/** A hidden folder beside the target, on the same disk. */
async function openStaging(folder: string): Promise<string> {
  const target = resolve(folder);
  try {
    await makeFolder(dirname(target));
    return await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  } catch (thrown) {
    if (isSystemError(thrown)) throw notWritable(folder, thrown);
    throw thrown;
  }
}

async function replaceFolder(fresh: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
}
