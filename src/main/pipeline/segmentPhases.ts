import { DEFAULT_RESOLUTION } from '#shared/contract/services/app.ts';
import { assessSeries } from '#shared/dicom/assessSeries.ts';
import { heartPhases, leftOutWarnings, type PhaseSeries, phasesBeside } from '#shared/dicom/heartPhases.ts';
import { pickBestSeries } from '#shared/dicom/pickBestSeries.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { scanWarnings } from '#shared/dicom/studyScan.ts';
import { CancelledError, throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { loadUsedSeries } from '../studies/loadSeries.ts';
import { type StudyScan, scanDicomFolder } from '../studies/scanDicomFolder.ts';
import { reportSource } from './buildReport.ts';
import { type InferenceSession, openInferenceSession } from './inferenceSession.ts';
import { loadNetworkModels, type NetworkModels } from './networks.ts';
import type { SegmentationStart } from './segmentAppendage.ts';
import type { SegmentedStudy, StudyOptions } from './segmentStudy.ts';
import { createStageClock } from './stageClock.ts';

/** What becomes of one phase: its segmentation, or why there is none. */
export type PhaseOutcome =
  | { readonly kind: 'segmented'; readonly study: SegmentedStudy }
  | { readonly kind: 'refused'; readonly reason: Failure };

export interface PhasesOptions extends StudyOptions {
  /** Where the appendage lies in a phase whose result is there already, which is not computed again; null where none is. */
  readonly known: (phase: PhaseSeries, models: NetworkModels) => Promise<Vec3 | null>;
  /** Keeps what became of a phase, as soon as it is known. */
  readonly onPhase: (phase: PhaseSeries, outcome: PhaseOutcome, models: NetworkModels) => Promise<void>;
}

/**
 * Segments every phase of a study, one after the other, with one start of the engine and one volume in memory. The region
 * is searched for in the first phase, that of the best series; from there on each begins where the one before it in the
 * cycle was found, and searches only where nothing is found there. A phase that is refused does not end the others.
 *
 * @returns the phases in the order of the cycle
 * @throws UserError where there are no two phases, or neither models nor engine start; CancelledError
 */
export async function segmentPhases(folder: string, options: PhasesOptions): Promise<readonly PhaseSeries[]> {
  const { signal, onProgress } = options;
  const models = await loadNetworkModels(options);
  const scan = await scanDicomFolder(folder, {
    ...withoutUndefined({ signal }),
    onProgress: ({ stage, fraction }) => onProgress?.({ stage, fraction: HEADERS_SHARE * fraction }),
  });
  const phases = phasesOfStudy(scan, options);
  const order = fromBest(phases);
  let session: InferenceSession | undefined;
  let start: SegmentationStart | undefined = options.centreLpsMm && { centreLpsMm: options.centreLpsMm };
  try {
    for (const [at, phase] of order.entries()) {
      throwIfCancelled(signal);
      const share = (fraction: number): number =>
        HEADERS_SHARE + ((1 - HEADERS_SHARE) * (at + fraction)) / order.length;
      const title = `${phase.phase.label} (${at + 1} of ${order.length})`;
      const job: JobOptions = {
        ...withoutUndefined({ signal }),
        onProgress: ({ stage, fraction }) =>
          onProgress?.({ stage: `${title}: ${stage}`, fraction: share(fraction) }),
      };
      const known = await options.known(phase, models);
      if (known) {
        start = { centreLpsMm: known };
        continue;
      }
      const refusal = assessSeries(phase.series).refusal;
      if (refusal) {
        await options.onPhase(phase, { kind: 'refused', reason: refusal }, models);
        continue;
      }
      session ??= await openInferenceSession(models, options);
      const outcome = await segmentPhase(session, scan, phase, start, options, job);
      if (outcome.kind === 'segmented') {
        // Without the confidence of the search: that was of another scan.
        start = { centreLpsMm: outcome.study.segmentation.frame.centreLpsMm };
      }
      await options.onPhase(phase, outcome, models);
    }
    return phases;
  } finally {
    await session?.free();
  }
}

const HEADERS_SHARE = 0.03;

/** The phases to segment: those of the series that `segment` takes, else the largest set. @throws UserError */
function phasesOfStudy(
  scan: StudyScan,
  { resampleUneven: isResampled }: StudyOptions,
): readonly PhaseSeries[] {
  const all = isResampled ? scan.series.map(resampleUneven) : scan.series;
  const sets = heartPhases(all);
  const best = pickBestSeries(all).chosen;
  const phases = (best && phasesBeside(sets, best.id)) ?? sets[0];
  if (phases === undefined) throw new UserError(failure('pipeline.one-phase', { series: all.length }));
  return phases;
}

/** The same round the cycle, beginning with the best. */
function fromBest(phases: readonly PhaseSeries[]): PhaseSeries[] {
  const best = pickBestSeries(phases.map(({ series }) => series)).chosen;
  const first = Math.max(
    0,
    phases.findIndex(({ series }) => series === best),
  );
  return [...phases.slice(first), ...phases.slice(0, first)];
}

async function segmentPhase(
  session: InferenceSession,
  scan: StudyScan,
  phase: PhaseSeries,
  start: SegmentationStart | undefined,
  { resolution = DEFAULT_RESOLUTION, mesher }: StudyOptions,
  job: JobOptions,
): Promise<PhaseOutcome> {
  const { series } = phase;
  const clock = createStageClock();
  const warnings = [...assessSeries(series).warnings, ...leftOutWarnings(phase), ...scanWarnings(scan)];
  try {
    const loaded = await clock.time('load', () => loadUsedSeries({ chosen: series, warnings }, job));
    const { volume } = loaded;
    const source = reportSource({
      series,
      grid: volume.grid,
      otherSeries: [],
      skippedFiles: scan.skippedNonDicom + scan.problems.length,
    });
    const segmentFrom = async (from: SegmentationStart | undefined): Promise<PhaseOutcome> => {
      const request = { volume, source, seriesWarnings: loaded.warnings, resolution, clock };
      const segmented = await session.segmentScan(
        { ...request, ...withoutUndefined({ start: from, mesher }) },
        job,
      );
      return { kind: 'segmented', study: { volume, ...segmented } };
    };
    try {
      return await segmentFrom(start);
    } catch (thrown) {
      // Another phase's place may be none of this one.
      if (start === undefined || !(thrown instanceof UserError)) throw thrown;
      return await segmentFrom(undefined);
    }
  } catch (thrown) {
    if (thrown instanceof CancelledError || !(thrown instanceof UserError)) throw thrown;
    return { kind: 'refused', reason: thrown.failure };
  }
}
